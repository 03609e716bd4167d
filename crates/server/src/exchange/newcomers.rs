//! Documents that came in lately, and who brought them: a walk need not read what its reader has
//! just brought, only to send nothing of it.
//!
//! Belongs here: remembering for a while. Does not belong here: what a walk passes over
//! (`sync::walk`). What is forgotten costs a read.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{DeviceId, DocumentId, FeedId, Seq};

/// Documents that are remembered: what a whole district brings while one answer is made, and more.
const NEWCOMERS_MAX: usize = 10_000;

/// How a document came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newcomer {
    /// The feed that lists it.
    pub feed: FeedId,
    /// The place of the last change it came with. A document with a later change is listed at a later
    /// place, so that what is said here is never taken for it.
    pub seq: Seq,
    /// The device that brought all of its changes up to there.
    pub device: DeviceId,
}

/// The last documents that came in.
#[derive(Default)]
pub struct Newcomers {
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    by_document: HashMap<DocumentId, Newcomer>,
    oldest: VecDeque<DocumentId>,
}

impl Newcomers {
    /// Notes documents that were not there before.
    pub fn note(&self, came: impl IntoIterator<Item = (DocumentId, Newcomer)>) {
        let mut last = self.lock();
        for (document, newcomer) in came {
            if last.by_document.insert(document, newcomer).is_none() {
                last.oldest.push_back(document);
            }
        }
        while last.oldest.len() > NEWCOMERS_MAX {
            if let Some(document) = last.oldest.pop_front() {
                last.by_document.remove(&document);
            }
        }
    }

    /// Whether a document is known to have come in like that, and to be so still.
    pub fn has(&self, document: DocumentId, newcomer: Newcomer) -> bool {
        self.lock().by_document.get(&document) == Some(&newcomer)
    }

    fn lock(&self) -> MutexGuard<'_, Last> {
        // A document that is in one list only is forgotten sooner or later; nothing else can be amiss.
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(number: usize) -> DocumentId {
        DocumentId::from_bytes((number as u128).to_be_bytes())
    }

    fn newcomer(feed: u8, seq: Seq, device: u8) -> Newcomer {
        Newcomer {
            feed: FeedId::from_bytes([feed; 16]),
            seq,
            device: DeviceId::from_bytes([device; 16]),
        }
    }

    #[test]
    fn a_document_that_was_changed_moved_or_brought_by_another_is_not_taken_for_the_newcomer() {
        let newcomers = Newcomers::default();
        newcomers.note([(document(1), newcomer(1, 5, 1))]);
        assert!(newcomers.has(document(1), newcomer(1, 5, 1)));
        for other in [newcomer(1, 6, 1), newcomer(2, 5, 1), newcomer(1, 5, 2)] {
            assert!(!newcomers.has(document(1), other), "{other:?}");
        }
        assert!(!newcomers.has(document(2), newcomer(1, 5, 1)));
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let newcomers = Newcomers::default();
        let came = |number| (document(number), newcomer(1, number as Seq, 1));
        newcomers.note((0..=NEWCOMERS_MAX).map(came));
        let has = |number| newcomers.has(document(number), newcomer(1, number as Seq, 1));
        assert_eq!([has(0), has(1), has(NEWCOMERS_MAX)], [false, true, true]);
    }
}
