//! Visits to write down: what the practice community's workers wrote, as if
//! written today by somebody else.

use model::edit::VisitDraft;
use model::{Kind, PersonId, Summary, summarise};
use sync::document;

use crate::BenchError;

/// Another community than the one that is served, with the same doors.
const SEED: u64 = 40;
/// From door to door.
const STEP_MS: i64 = 8 * 60_000;

/// So many visits of one grid, the last of them at `now_ms`.
pub fn drafts(count: usize, by: PersonId, now_ms: i64) -> Result<Vec<VisitDraft>, BenchError> {
    let practice = practice::generate(SEED, now_ms, 1);
    let device = practice.workers[0].device;
    let mut drafts = Vec::with_capacity(count);
    for item in practice.items() {
        let item = item.map_err(|error| BenchError::Practice(error.to_string()))?;
        if drafts.len() == count {
            break;
        }
        if item.kind != Kind::Visit || item.device != device {
            continue;
        }
        let at = now_ms - (count - drafts.len() - 1) as i64 * STEP_MS;
        drafts.extend(draft(&item, by, at));
    }
    match drafts.len() == count {
        true => Ok(drafts),
        false => Err(BenchError::Practice(format!("only {}", drafts.len()))),
    }
}

/// What an item wrote, if it is the beginning of a visit.
fn draft(item: &practice::Item, by: PersonId, at: i64) -> Option<VisitDraft> {
    let (_, chunk) = item.changes.first()?;
    let document = document::open(&item.kind, chunk).ok()?;
    let Ok(Summary::Visit(visit)) = summarise(&document) else {
        return None;
    };
    Some(VisitDraft {
        door: visit.door?,
        at,
        by,
        purpose: visit.purpose,
        outcome: visit.outcome,
        note: visit.note,
        checks: visit.checks,
        met: visit.met.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_visits_are_forty_different_ones_in_order_of_time() {
        let by = PersonId::from_bytes([1; 16]);
        let drafts = drafts(40, by, 1_800_000_000_000).unwrap();
        assert_eq!(drafts.len(), 40);
        assert!(drafts.is_sorted_by_key(|draft| draft.at));
        assert!(
            drafts
                .iter()
                .all(|draft| draft.by == by && !draft.note.is_empty())
        );
        let mut notes: Vec<&str> = drafts.iter().map(|draft| draft.note.as_str()).collect();
        notes.sort_unstable();
        notes.dedup();
        assert!(notes.len() > 15);
    }
}
