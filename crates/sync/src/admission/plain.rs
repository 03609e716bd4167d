//! The short way for what nearly every change is: the first one of a new visit,
//! which fills in the fresh document and touches nothing of anybody's.
//!
//! It only ever says yes, and only where the long way would say the same: what
//! it does not vouch for is left to the long way. It is applied here like any
//! other; what it leaves out is reading back from the document what stands in
//! the operations, and saving and loading the document (`model::read_plain` says
//! why such a change survives that). Tests hold both ways to the same answers.

use model::{ChangeHash, Permit, read_plain};

use super::examine::DOCUMENT_OPERATIONS;
use super::{Adopted, Examined, Inspected, Outcome, guarded};

/// Examines the only change of a document that is not stored yet. `None`: the
/// long way must find out.
pub(super) fn examine(inspected: &Inspected, permit: &Permit) -> Option<Examined> {
    let Inspected {
        kind,
        feed,
        change,
        operations,
        hash,
        ..
    } = inspected;
    let is_small = change.max_op() <= DOCUMENT_OPERATIONS;
    if kind != permit.kind() || *feed != permit.feed() || !is_small {
        return None;
    }
    let plain = read_plain(kind, change, operations)?;
    if !plain
        .touched
        .iter()
        .all(|touched| permit.may_write(touched, true))
    {
        return None;
    }
    let applied = guarded(|| {
        let mut document = model::genesis_document(kind)?.clone();
        document.apply_changes([change.clone()]).ok()?;
        Some(document.get_heads())
    });
    let heads: Vec<ChangeHash> = applied.ok()??.into_iter().map(ChangeHash::from).collect();
    if heads != [*hash] {
        return None;
    }
    Some(Examined {
        verdicts: vec![Ok(Adopted {
            hash: *hash,
            bytes: inspected.bytes().to_vec(),
            already: false,
        })],
        order: vec![0],
        outcome: Some(Outcome {
            heads,
            summary: plain.summary,
        }),
    })
}
