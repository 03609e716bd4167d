//! The limit of the processor: what the automerge crate alone needs for the
//! changes that the phones made. Parsing one and applying it to a copy of the
//! genesis document; no check, no store, no answer.

use std::hint::black_box;

use automerge::{ActorId, Automerge, Change};
use model::Kind;

use crate::BenchError;
use crate::figures::Figures;
use crate::machine::ProcessorTime;

const ENGINE: &str = "automerge_bare";
const CASE: &str = "as_fast_as_they_can";

/// Parses and applies each change.
pub fn run(changes: &[Vec<u8>], figures: &mut Figures) -> Result<(), BenchError> {
    let unknown = || BenchError::Practice("visits have no genesis".to_owned());
    let office = ActorId::from(&[1_u8][..]);
    let genesis = model::new_document(&Kind::Visit, office).ok_or_else(unknown)?;
    let chunks = changes.to_vec();
    let begun = ProcessorTime::of_this_thread()?;
    let mut parsed = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        parsed.push(Change::from_bytes(chunk).map_err(wrong)?);
    }
    let parse = ProcessorTime::of_this_thread()? - begun;
    let begun = ProcessorTime::of_this_thread()?;
    for change in parsed {
        let mut document: Automerge = genesis.clone();
        document.apply_changes([change]).map_err(wrong)?;
        black_box(document);
    }
    let apply = ProcessorTime::of_this_thread()? - begun;
    let per_visit = |nanoseconds: u64| nanoseconds as f64 / 1e3 / changes.len().max(1) as f64;
    let total = per_visit(parse + apply);
    figures.add_of(ENGINE, CASE, "cpu_us_per_visit", total, "us");
    figures.add_of(
        ENGINE,
        CASE,
        "cpu_parse_us_per_visit",
        per_visit(parse),
        "us",
    );
    figures.add_of(
        ENGINE,
        CASE,
        "cpu_apply_us_per_visit",
        per_visit(apply),
        "us",
    );
    Ok(())
}

fn wrong(error: impl std::fmt::Display) -> BenchError {
    BenchError::Practice(error.to_string())
}
