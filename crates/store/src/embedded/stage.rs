//! What a group of records does to the index, gathered into one batch. The
//! committer and the replay of the journal both go through here, so that a
//! rebuilt index cannot differ from one that grew.

use std::collections::HashMap;

use model::{ChangeHash, DocumentId, FeedId, Kind, Seq};
use sled::Batch;

use super::index::Index;
use super::layout::{
    Header, Line, MARK, Mark, SnapshotLine, document_key, encode, encode_entry, encode_value,
    entry_key, feed_key, hash_key, line_key, record_key,
};
use crate::journal::Pointer;
use crate::journal::record::ChangeRecord;
use crate::{Append, Appended, StoreError, Table};

/// Writes that the index does not show yet, over what it shows.
pub(super) struct Stage<'a> {
    index: &'a Index,
    batch: Batch,
    heads: HashMap<FeedId, Seq>,
    headers: HashMap<DocumentId, Header>,
    places: HashMap<(ChangeHash, DocumentId), Seq>,
    changes: u64,
}

impl<'a> Stage<'a> {
    /// An empty stage over an index that holds so many changes.
    pub fn new(index: &'a Index, changes: u64) -> Stage<'a> {
        Stage {
            index,
            batch: Batch::default(),
            heads: HashMap::new(),
            headers: HashMap::new(),
            places: HashMap::new(),
            changes,
        }
    }

    /// Changes in the index once this stage is applied.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// What is known of a document.
    pub fn header(&self, document: DocumentId) -> Result<Option<Header>, StoreError> {
        match self.headers.get(&document) {
            Some(header) => Ok(Some(header.clone())),
            None => self.index.header(document),
        }
    }

    /// Refuses a batch that would give a document a second kind.
    pub fn check_kinds(&self, batch: &[Append]) -> Result<(), StoreError> {
        let mut seen: HashMap<DocumentId, Kind> = HashMap::new();
        for append in batch {
            let document = append.document;
            if !seen.contains_key(&document) {
                let held = self.header(document)?.map(|header| header.kind);
                seen.insert(document, held.unwrap_or_else(|| append.kind.clone()));
            }
            if seen[&document] != append.kind {
                return Err(StoreError::KindMismatch { document });
            }
        }
        Ok(())
    }

    /// Gives a change its place, unless its document has it.
    pub fn place(&mut self, append: &Append) -> Result<Appended, StoreError> {
        let name = (append.hash, append.document);
        let held = match self.places.get(&name) {
            Some(seq) => Some(*seq),
            None => self.index.place(append.hash, append.document)?,
        };
        if let Some(seq) = held {
            return Ok(Appended::Already(seq));
        }
        let seq = self.head(append.home_feed)? + 1;
        self.heads.insert(append.home_feed, seq);
        self.places.insert(name, seq);
        Ok(Appended::New(seq))
    }

    /// The newest place of a feed.
    pub fn head(&self, feed: FeedId) -> Result<Seq, StoreError> {
        match self.heads.get(&feed) {
            Some(seq) => Ok(*seq),
            None => self.index.head(feed),
        }
    }

    /// Adds a change that has its place.
    pub fn change(&mut self, change: &ChangeRecord<'_>, bytes: Pointer) -> Result<(), StoreError> {
        let document = change.document;
        let mut header = match self.headers.remove(&document) {
            Some(header) => Some(header),
            None => self.index.header(document)?,
        }
        .unwrap_or_else(|| new_header(change));
        if header.changes > 0 {
            let listed = entry_key(header.home_feed, header.newest_seq);
            self.batch.remove(&listed);
        }
        if header.home_feed != change.home_feed {
            header.home_feed = change.home_feed;
            header.joined_at_change = header.changes;
            header.joined_seq = change.seq;
        }
        self.insert_change(change, header.changes, &header.kind, bytes);
        header.changes += 1;
        header.revision += 1;
        header.newest_seq = change.seq;
        header.newest_hash = change.hash;
        header.received_at = change.received_at;
        self.headers.insert(document, header);
        self.heads.insert(change.home_feed, change.seq);
        self.changes += 1;
        Ok(())
    }

    fn insert_change(&mut self, change: &ChangeRecord<'_>, nth: u64, kind: &Kind, bytes: Pointer) {
        let line = Line {
            seq: change.seq,
            hash: change.hash,
            device: change.device,
            received_at: change.received_at,
            bytes,
        };
        let document = change.document;
        self.batch.insert(&line_key(document, nth), encode(&line));
        self.batch.insert(
            &hash_key(change.hash, document)[..],
            &change.seq.to_be_bytes(),
        );
        self.batch.insert(
            &entry_key(change.home_feed, change.seq),
            encode_entry(document, kind),
        );
    }

    /// Puts a snapshot of the document's first `through` changes in place.
    pub fn snapshot(
        &mut self,
        document: DocumentId,
        mut header: Header,
        line: SnapshotLine,
    ) -> u64 {
        header.snapshot = Some(line);
        header.revision += 1;
        let revision = header.revision;
        self.headers.insert(document, header);
        revision
    }

    /// Writes or deletes a record.
    pub fn record(&mut self, table: Table, key: &[u8], value: Option<(&[u8], Pointer)>) {
        let key = record_key(table, key);
        match value {
            Some((value, pointer)) => self.batch.insert(key, encode_value(value, pointer)),
            None => self.batch.remove(key),
        }
    }

    /// Everything as one batch that leaves the index at this mark.
    pub fn into_batch(mut self, mark: &Mark) -> Batch {
        for (document, header) in &self.headers {
            self.batch.insert(&document_key(*document), encode(header));
        }
        for (feed, head) in &self.heads {
            self.batch.insert(&feed_key(*feed), &head.to_be_bytes());
        }
        self.batch.insert(MARK, encode(mark));
        self.batch
    }
}

fn new_header(change: &ChangeRecord<'_>) -> Header {
    Header {
        kind: Kind::from(change.kind),
        home_feed: change.home_feed,
        revision: 0,
        changes: 0,
        newest_seq: 0,
        newest_hash: change.hash,
        first_received_at: change.received_at,
        received_at: change.received_at,
        joined_at_change: 0,
        joined_seq: change.seq,
        snapshot: None,
    }
}
