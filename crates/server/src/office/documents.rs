//! Stored documents as Automerge sees them.

use automerge::{ActorId, Automerge};
use model::{ChangeHash, Kind, genesis};
use store::StoredDocument;
use sync::admission::{Known, guarded};

/// A stored document that does not load. What was admitted loads, so this means damage.
#[derive(Debug, thiserror::Error)]
#[error("文档读不出来 / the stored document does not load")]
pub struct DoesNotLoad;

/// All chunks of a stored document, oldest first, without the genesis unless a snapshot holds it.
pub fn chunks(stored: &StoredDocument) -> Vec<u8> {
    let mut bytes = stored
        .snapshot
        .as_ref()
        .map(|snapshot| snapshot.bytes.clone())
        .unwrap_or_default();
    stored
        .changes
        .iter()
        .for_each(|change| bytes.extend_from_slice(&change.bytes));
    bytes
}

/// A stored document as admission takes it.
pub fn known(stored: &StoredDocument) -> Known {
    Known {
        kind: stored.kind.clone(),
        home_feed: stored.home_feed,
        chunks: chunks(stored),
    }
}

/// The whole document as bytes that any Automerge loads: the genesis, then everything stored.
pub fn whole(stored: &StoredDocument) -> Vec<u8> {
    match (&stored.snapshot, genesis(&stored.kind)) {
        (None, Some(genesis)) => [genesis, &chunks(stored)].concat(),
        _ => chunks(stored),
    }
}

/// Opens a stored document.
pub fn open(stored: &StoredDocument) -> Result<Automerge, DoesNotLoad> {
    let bytes = whole(stored);
    guarded(|| Automerge::load(&bytes))
        .ok()
        .and_then(Result::ok)
        .ok_or(DoesNotLoad)
}

/// Opens a stored document for writing as `actor`, or begins one from its kind's genesis. `None`:
/// the kind is not known.
pub fn open_or_begin(
    stored: Option<&StoredDocument>,
    kind: &Kind,
    actor: ActorId,
) -> Result<Option<Automerge>, DoesNotLoad> {
    match stored {
        Some(stored) => open(stored).map(|document| Some(document.with_actor(actor))),
        None => Ok(model::new_document(kind, actor)),
    }
}

/// A document's heads as the wire and the store have them: sorted.
pub fn heads(document: &Automerge) -> Vec<ChangeHash> {
    let mut heads: Vec<_> = document
        .get_heads()
        .into_iter()
        .map(ChangeHash::from)
        .collect();
    heads.sort_unstable();
    heads
}
