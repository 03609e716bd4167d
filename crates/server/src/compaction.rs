//! Compaction: a document's many changes put into one piece, which loads and travels faster. The
//! single changes stay in the journal.
//!
//! A reader who has the document's feed in full is sent nothing for it; one who is behind gets the
//! piece instead of the changes.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use automerge::Automerge;
use model::DocumentId;
use store::{Compacted, StoreError, StoredDocument};
use sync::admission::guarded;

use crate::office::{Office, documents};

/// When somebody asks for it, a document of so many changes, or bytes of them, is compacted.
const ASKED_CHANGES: usize = 32;
const ASKED_BYTES: usize = 64 << 10;

/// By itself a document is compacted long before it is so large that it takes no more changes.
const GROWN_CHANGES: usize = 1_000;
const GROWN_BYTES: usize = 512 << 10;

/// Why a document is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A person asked for all of them.
    Asked,
    /// It has grown.
    Grown,
}

/// What became of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Smaller {
    /// Bytes it was read from before.
    pub bytes_before: u64,
    /// Bytes it is read from now.
    pub bytes_after: u64,
}

/// Documents that have grown and wait to be compacted, off the way of changes.
#[derive(Debug, Default)]
pub struct Grown(Mutex<BTreeSet<DocumentId>>);

impl Grown {
    /// Notes a document, if it is worth it.
    pub fn note(&self, document: DocumentId, stored: &StoredDocument) {
        if is_worth_it(stored, Reason::Grown) {
            self.lock().insert(document);
        }
    }

    fn take(&self) -> BTreeSet<DocumentId> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<DocumentId>> {
        // Each use is one step on a set, so poison means nothing here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Compacts what has grown since the last call. Answers how many documents.
pub fn compact_grown(office: &Office) -> Result<usize, StoreError> {
    let mut count = 0;
    for document in office.grown.take() {
        if let Some(smaller) = compact(office, document, Reason::Grown)? {
            count += 1;
            tracing::info!(
                %document,
                from = smaller.bytes_before,
                to = smaller.bytes_after,
                "a document was compacted"
            );
        }
    }
    Ok(count)
}

/// Compacts one document, if that is worth it. A change that comes in between makes the attempt void;
/// the document is then left for another time.
pub fn compact(
    office: &Office,
    document: DocumentId,
    reason: Reason,
) -> Result<Option<Smaller>, StoreError> {
    let Some(stored) = office.store.document(document)? else {
        return Ok(None);
    };
    if !is_worth_it(&stored, reason) {
        return Ok(None);
    }
    let Some(snapshot) = snapshot_of(&stored) else {
        tracing::error!(%document, "a document cannot be compacted; it is left as it is");
        return Ok(None);
    };
    let compacted = office.store.compact(document, stored.revision, &snapshot)?;
    let smaller = Smaller {
        bytes_before: documents::chunks(&stored).len() as u64,
        bytes_after: snapshot.len() as u64,
    };
    Ok(matches!(compacted, Compacted::Done(_)).then_some(smaller))
}

fn is_worth_it(stored: &StoredDocument, reason: Reason) -> bool {
    let bytes: usize = stored.changes.iter().map(|change| change.bytes.len()).sum();
    let count = stored.changes.len();
    match reason {
        Reason::Asked => count >= ASKED_CHANGES || (count > 1 && bytes >= ASKED_BYTES),
        Reason::Grown => count >= GROWN_CHANGES || (count > 1 && bytes >= GROWN_BYTES),
    }
}

/// The whole document in one piece. It is read once more before it takes the place of the changes.
fn snapshot_of(stored: &StoredDocument) -> Option<Vec<u8>> {
    let document = documents::open(stored).ok()?;
    let again = guarded(|| {
        let bytes = document.save();
        Automerge::load(&bytes).map(|read| (bytes, documents::heads(&read)))
    });
    let (bytes, heads) = again.ok()?.ok()?;
    (heads == documents::heads(&document)).then_some(bytes)
}
