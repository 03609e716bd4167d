//! `bench rush`: the evening. Two thousand phones, eight grids to a community,
//! each bring forty visits: spread over a minute, then as fast as they can.
//!
//! Everything that only a phone does (writing visits, packing, reading the
//! answer) is done before the clock starts or after it stops. Beside the program
//! stand its limits on this machine, the disk alone and automerge alone, and, if
//! it is linked in, samod doing the same.

mod bare;
mod district;
mod evening;
mod forced;
#[cfg(feature = "peers")]
pub mod samod;

use std::time::Duration;

use crate::figures::Figures;
use crate::program::Program;
use crate::{BenchError, Settings};

use district::District;
use evening::Evening;

/// Phones at scale 1; the usual scale of 10 gives two thousand.
const PHONES: usize = 200;
/// Visits that each phone brings.
const VISITS: usize = 40;
/// Two thousand phones in a minute.
const PACE: Duration = Duration::from_millis(30);
/// Connections that the phones share, and threads that serve them.
const CONNECTIONS: usize = 64;

/// Changes that automerge alone and samod are measured with.
const BARE_CHANGES: usize = 4_000;

const WORKLOAD: &str = "phrases";

/// Measures.
pub fn run(settings: &Settings) -> Result<Figures, BenchError> {
    let mut figures = Figures::new("rush", WORKLOAD.to_owned());
    let folder = tempfile::tempdir_in(&settings.output)?;
    let data = settings.data_in(folder.path());
    let program = Program::start_bare(settings, &data)?;
    let mut district = District::settle(&program, &data, PHONES * settings.scale as usize)?;
    let paced = Evening::prepare(&mut district)?.run(&program, Some(PACE))?;
    paced.tell("within_a_minute", &mut figures);
    let evening = Evening::prepare(&mut district)?;
    let changes = evening.some_changes(BARE_CHANGES);
    let rush = evening.run(&program, None)?;
    rush.tell("as_fast_as_they_can", &mut figures);
    drop(district);
    program.stop()?;
    forced::run(folder.path(), &rush.journal, &mut figures)?;
    bare::run(&changes, &mut figures)?;
    #[cfg(feature = "peers")]
    samod::run(folder.path(), &changes, &rush, &mut figures)?;
    Ok(figures)
}
