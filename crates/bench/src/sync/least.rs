//! The least that anybody could send for a day: what it says, and the changes
//! that say it, each compressed as a whole by the slowest brotli.

use brotli::enc::BrotliEncoderParams;

use crate::BenchError;
use crate::proxy::{Bytes, Traffic};

use super::cost::{Cost, Costs, Time};
use super::ours::DayChanges;
use super::workload::Day;

const ENGINE: &str = "limit";

/// Adds both limits of a day.
pub fn tell(changes: &DayChanges, day: &Day, costs: &mut Costs) -> Result<(), BenchError> {
    let json = [day.visits_json(), day.edits_json()].map(|value| value.to_string());
    let [visits, edits] = &json;
    add("day_json", visits.as_bytes(), edits.as_bytes(), costs)?;
    add("day_changes", &changes.up, &changes.down, costs)
}

fn add(case: &str, up: &[u8], down: &[u8], costs: &mut Costs) -> Result<(), BenchError> {
    let bytes = |payload: &[u8]| {
        let bytes = brotli(payload)?.len() as u64;
        Ok::<_, BenchError>(Bytes {
            wire: bytes,
            body: bytes,
        })
    };
    costs.add(Cost {
        engine: ENGINE,
        case: case.to_owned(),
        traffic: Traffic {
            up: bytes(up)?,
            down: bytes(down)?,
            ..Traffic::default()
        },
        time: Time::None,
        server: None,
    });
    Ok(())
}

fn brotli(mut payload: &[u8]) -> Result<Vec<u8>, BenchError> {
    let mut packed = Vec::new();
    let parameters = BrotliEncoderParams {
        quality: 11,
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut payload, &mut packed, &parameters)?;
    Ok(packed)
}
