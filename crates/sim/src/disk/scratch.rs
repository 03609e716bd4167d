//! The store in memory, with writes that fail on demand. It outlives the office that uses it, as a
//! disk does.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{ChangeHash, DocumentId, FeedId, PersonId, Seq};
use store::{
    Append, Appended, BlobHash, ChangesAfter, Compacted, FeedEntry, MemoryStore, Record,
    RecordChange, Statistics, Store, StoreError, StoredDocument, SummaryRow, Table,
};

use crate::story::Failure;

/// Memory that outlives the office.
#[derive(Default)]
pub struct Scratch {
    held: MemoryStore,
    plan: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    fails_after: Option<(u8, Failure)>,
    has_stopped: bool,
    /// Documents whose summary was put since the summaries were last lost; `None`: none were lost.
    known: Option<BTreeSet<DocumentId>>,
}

impl Scratch {
    /// Has writing fail after so many more writes.
    pub fn fail_after(&self, writes: u8, how: Failure) {
        self.plan().fails_after = Some((writes, how));
    }

    /// Nothing fails any more, as after a new start.
    pub fn heal(&self) {
        let mut plan = self.plan();
        plan.fails_after = None;
        plan.has_stopped = false;
    }

    /// Loses all summaries, which may happen to a store at any time.
    pub fn forget_summaries(&self) {
        self.plan().known = Some(BTreeSet::new());
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does a write, or fails as planned: a full disk has nothing of it, one that could not be
    /// forced may have all of it.
    fn write<T>(&self, write: impl Fn() -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut plan = self.plan();
        self.check(&plan)?;
        match &mut plan.fails_after {
            Some((0, how)) => {
                if *how == Failure::Sync {
                    write()?;
                }
                plan.has_stopped = true;
                Err(failed())
            }
            Some((left, _)) => {
                *left -= 1;
                write()
            }
            None => write(),
        }
    }

    fn check(&self, plan: &Plan) -> Result<(), StoreError> {
        match plan.has_stopped {
            true => Err(StoreError::Stopped {
                because: Box::new(failed()),
            }),
            false => Ok(()),
        }
    }
}

fn failed() -> StoreError {
    StoreError::Disk {
        path: PathBuf::from("scratch"),
        cause: "as planned".to_owned(),
    }
}

impl Store for Scratch {
    fn append(&self, batch: &[Append]) -> Result<Vec<Appended>, StoreError> {
        self.write(|| self.held.append(batch))
    }

    fn feed_head(&self, feed: FeedId) -> Result<Seq, StoreError> {
        self.held.feed_head(feed)
    }

    fn since(&self, feed: FeedId, cursor: Seq, limit: usize) -> Result<Vec<FeedEntry>, StoreError> {
        self.held.since(feed, cursor, limit)
    }

    fn document(&self, document: DocumentId) -> Result<Option<StoredDocument>, StoreError> {
        self.held.document(document)
    }

    fn changes_after(&self, document: DocumentId, cursor: Seq) -> Result<ChangesAfter, StoreError> {
        self.held.changes_after(document, cursor)
    }

    fn find_change(
        &self,
        document: DocumentId,
        hash: ChangeHash,
    ) -> Result<Option<Seq>, StoreError> {
        self.held.find_change(document, hash)
    }

    fn compact(
        &self,
        document: DocumentId,
        expected_revision: u64,
        snapshot: &[u8],
    ) -> Result<Compacted, StoreError> {
        self.write(|| self.held.compact(document, expected_revision, snapshot))
    }

    fn put_summary(
        &self,
        document: DocumentId,
        heads: &[ChangeHash],
        json: &str,
    ) -> Result<(), StoreError> {
        self.held.put_summary(document, heads, json)?;
        if let Some(known) = &mut self.plan().known {
            known.insert(document);
        }
        Ok(())
    }

    fn summaries(&self, each: &mut dyn FnMut(SummaryRow)) -> Result<(), StoreError> {
        let known = self.plan().known.clone();
        self.held.summaries(&mut |mut row| {
            if known
                .as_ref()
                .is_some_and(|known| !known.contains(&row.document))
            {
                row.json = None;
                row.heads.clear();
            }
            each(row);
        })
    }

    fn write_records(&self, changes: &[RecordChange]) -> Result<(), StoreError> {
        self.write(|| self.held.write_records(changes))
    }

    fn get_record(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.held.get_record(table, key)
    }

    fn records(&self, table: Table) -> Result<Vec<Record>, StoreError> {
        self.held.records(table)
    }

    fn put_key(&self, person: PersonId, key: &[u8; 32]) -> Result<(), StoreError> {
        self.held.put_key(person, key)
    }

    fn key(&self, person: PersonId) -> Result<Option<[u8; 32]>, StoreError> {
        self.held.key(person)
    }

    fn destroy_key(&self, person: PersonId) -> Result<(), StoreError> {
        self.held.destroy_key(person)
    }

    fn put_blob(&self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        self.held.put_blob(bytes)
    }

    fn blob(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.held.blob(hash)
    }

    fn delete_blob(&self, hash: BlobHash) -> Result<(), StoreError> {
        self.held.delete_blob(hash)
    }

    fn statistics(&self) -> Result<Statistics, StoreError> {
        self.held.statistics()
    }

    fn health(&self) -> Result<(), StoreError> {
        self.check(&self.plan())
    }
}
