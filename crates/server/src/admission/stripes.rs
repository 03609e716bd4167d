//! One writer to a document at a time: a fixed number of locks that documents share.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::DocumentId;

/// Enough that two documents rarely share a lock, few enough to cost nothing.
const STRIPES: usize = 256;

/// The locks. A document's check against its history and the append that follows happen under one.
pub struct Stripes {
    locks: Vec<Mutex<()>>,
}

impl Default for Stripes {
    fn default() -> Self {
        Self {
            locks: (0..STRIPES).map(|_| Mutex::new(())).collect(),
        }
    }
}

impl Stripes {
    /// Locks every stripe that these documents need, always in the same order, so that two callers
    /// with overlapping documents cannot wait for each other.
    pub fn lock(&self, documents: impl IntoIterator<Item = DocumentId>) -> Vec<MutexGuard<'_, ()>> {
        let mut needed: Vec<usize> = documents.into_iter().map(stripe_of).collect();
        needed.sort_unstable();
        needed.dedup();
        // The locks guard nothing of their own, so poison means nothing here.
        needed
            .into_iter()
            .map(|stripe| {
                self.locks[stripe]
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
            })
            .collect()
    }
}

/// The last bytes of an id are random in every kind of id used here.
fn stripe_of(document: DocumentId) -> usize {
    usize::from(document.as_bytes()[15]) % STRIPES
}
