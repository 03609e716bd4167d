//! A store that forgets everything when it is dropped: for tests, and the
//! model that the others are compared with. Plainness comes before speed here.

mod document;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use model::{ChangeHash, DocumentId, FeedId, PersonId, Seq};

use self::document::Document;
use crate::limits::{check_changes, check_records, check_snapshot};
use crate::{
    Append, Appended, BlobHash, ChangesAfter, Compacted, FeedEntry, Record, RecordChange,
    Statistics, Store, StoreError, StoredDocument, SummaryRow, Table,
};

/// A store in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(RwLock<State>);

#[derive(Debug, Default)]
struct State {
    documents: BTreeMap<DocumentId, Document>,
    feeds: BTreeMap<FeedId, Feed>,
    places: BTreeMap<(ChangeHash, DocumentId), Seq>,
    records: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    keys: BTreeMap<PersonId, [u8; 32]>,
    blobs: BTreeMap<BlobHash, Vec<u8>>,
    writes: u64,
}

#[derive(Debug, Default)]
struct Feed {
    head: Seq,
    entries: BTreeMap<Seq, DocumentId>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Only a panic while writing poisons the lock, and the state is then of
        // no use to anyone but the test that is failing already.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check_kinds(&self, batch: &[Append]) -> Result<(), StoreError> {
        let mut new = BTreeMap::new();
        for append in batch {
            let known = self.documents.get(&append.document).map(|held| &held.kind);
            let kind = known.unwrap_or_else(|| new.entry(append.document).or_insert(&append.kind));
            if *kind != append.kind {
                return Err(StoreError::KindMismatch {
                    document: append.document,
                });
            }
        }
        Ok(())
    }

    fn append(&mut self, append: &Append) -> Appended {
        let seq = match self.places.entry((append.hash, append.document)) {
            Entry::Occupied(place) => return Appended::Already(*place.get()),
            Entry::Vacant(place) => {
                let feed = self.feeds.entry(append.home_feed).or_default();
                feed.head += 1;
                *place.insert(feed.head)
            }
        };
        let document = self
            .documents
            .entry(append.document)
            .or_insert_with(|| Document::new(append));
        if let Some((feed, newest)) = document.listed() {
            self.feeds.entry(feed).or_default().entries.remove(&newest);
        }
        document.push(append, seq);
        let feed = self.feeds.entry(append.home_feed).or_default();
        feed.entries.insert(seq, append.document);
        Appended::New(seq)
    }
}

impl Store for MemoryStore {
    fn append(&self, batch: &[Append]) -> Result<Vec<Appended>, StoreError> {
        check_changes(batch)?;
        let mut state = self.write();
        state.check_kinds(batch)?;
        state.writes += 1;
        Ok(batch.iter().map(|append| state.append(append)).collect())
    }

    fn feed_head(&self, feed: FeedId) -> Result<Seq, StoreError> {
        Ok(self.read().feeds.get(&feed).map_or(0, |feed| feed.head))
    }

    fn since(&self, feed: FeedId, cursor: Seq, limit: usize) -> Result<Vec<FeedEntry>, StoreError> {
        let state = self.read();
        let Some(feed) = state.feeds.get(&feed) else {
            return Ok(Vec::new());
        };
        let later = feed.entries.range((Excluded(cursor), Unbounded));
        let entry = |(seq, document): (&Seq, &DocumentId)| FeedEntry {
            document: *document,
            kind: state.documents[document].kind.clone(),
            seq: *seq,
        };
        Ok(later.take(limit).map(entry).collect())
    }

    fn document(&self, document: DocumentId) -> Result<Option<StoredDocument>, StoreError> {
        Ok(self.read().documents.get(&document).map(Document::stored))
    }

    fn changes_after(&self, document: DocumentId, cursor: Seq) -> Result<ChangesAfter, StoreError> {
        let state = self.read();
        let held = state.documents.get(&document);
        Ok(held.map_or_else(ChangesAfter::default, |held| held.changes_after(cursor)))
    }

    fn find_change(
        &self,
        document: DocumentId,
        hash: ChangeHash,
    ) -> Result<Option<Seq>, StoreError> {
        Ok(self.read().places.get(&(hash, document)).copied())
    }

    fn compact(
        &self,
        document: DocumentId,
        expected_revision: u64,
        snapshot: &[u8],
    ) -> Result<Compacted, StoreError> {
        check_snapshot(snapshot)?;
        let mut state = self.write();
        let Some(held) = state.documents.get_mut(&document) else {
            return Ok(Compacted::Stale(0));
        };
        let compacted = held.compact(expected_revision, snapshot);
        state.writes += 1;
        Ok(compacted)
    }

    fn put_summary(
        &self,
        document: DocumentId,
        heads: &[ChangeHash],
        json: &str,
    ) -> Result<(), StoreError> {
        if let Some(held) = self.write().documents.get_mut(&document) {
            held.summary = Some((heads.to_vec(), json.to_owned()));
        }
        Ok(())
    }

    fn summaries(&self, each: &mut dyn FnMut(SummaryRow)) -> Result<(), StoreError> {
        // The lock is given back first, since `each` may call the store.
        let state = self.read();
        let row = |(document, held): (&DocumentId, &Document)| held.row(*document);
        let rows: Vec<SummaryRow> = state.documents.iter().map(row).collect();
        drop(state);
        rows.into_iter().for_each(each);
        Ok(())
    }

    fn write_records(&self, changes: &[RecordChange]) -> Result<(), StoreError> {
        check_records(changes)?;
        let mut state = self.write();
        state.writes += 1;
        for change in changes {
            let key = (change.table, change.key.clone());
            match &change.value {
                Some(value) => state.records.insert(key, value.clone()),
                None => state.records.remove(&key),
            };
        }
        Ok(())
    }

    fn get_record(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.read().records.get(&(table, key.to_vec())).cloned())
    }

    fn records(&self, table: Table) -> Result<Vec<Record>, StoreError> {
        let state = self.read();
        let records = state.records.iter().filter(|((of, _), _)| *of == table);
        Ok(records
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect())
    }

    fn put_key(&self, person: PersonId, key: &[u8; 32]) -> Result<(), StoreError> {
        let mut state = self.write();
        let held = *state.keys.entry(person).or_insert(*key);
        if held == *key {
            return Ok(());
        }
        Err(StoreError::KeyExists { person })
    }

    fn key(&self, person: PersonId) -> Result<Option<[u8; 32]>, StoreError> {
        Ok(self.read().keys.get(&person).copied())
    }

    fn destroy_key(&self, person: PersonId) -> Result<(), StoreError> {
        self.write().keys.remove(&person);
        Ok(())
    }

    fn put_blob(&self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        let hash = BlobHash::of(bytes);
        self.write().blobs.insert(hash, bytes.to_vec());
        Ok(hash)
    }

    fn blob(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.read().blobs.get(&hash).cloned())
    }

    fn delete_blob(&self, hash: BlobHash) -> Result<(), StoreError> {
        self.write().blobs.remove(&hash);
        Ok(())
    }

    fn statistics(&self) -> Result<Statistics, StoreError> {
        let state = self.read();
        Ok(Statistics {
            changes: state.places.len() as u64,
            documents: state.documents.len() as u64,
            writes: state.writes,
            ..Statistics::default()
        })
    }

    fn health(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
