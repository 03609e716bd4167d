//! The desk's index: what supervisors' lists and counts, feed walks and digests are answered from.

mod columns;
mod documents;
mod doors;
mod feeds;
mod index;
mod interner;
mod last;
mod natural;
mod numbers;
mod pieces;
mod rows;
mod visits;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use doors::{DoorFilter, FoundDoor, Seen};
pub use index::{Index, Row};
pub use last::LastVisit;
pub use natural::natural_key;
pub use numbers::Numbers;
pub use rows::DoorRow;
pub use visits::{FoundVisit, Page, ReviewState, VisitFilter};

/// The index behind its lock. Readers hold it for the milliseconds of one answer.
#[derive(Default)]
pub struct Desk {
    index: RwLock<Index>,
}

impl Desk {
    /// A desk over rows taken in at start.
    pub fn new(index: Index) -> Self {
        Self {
            index: RwLock::new(index),
        }
    }

    /// Reads.
    pub fn read(&self) -> RwLockReadGuard<'_, Index> {
        // A panic while a row is put in may leave a count off, never a row unsafe to read; the next
        // start counts anew.
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes.
    pub fn write(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}
