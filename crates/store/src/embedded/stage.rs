//! What a group of records does to the index, gathered into one batch. The
//! committer and the replay of the journal both go through here, so that a
//! rebuilt index cannot differ from one that grew.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use model::{ChangeHash, DocumentId, FeedId, Kind, Seq};
use sled::Batch;

use super::block::Block;
use super::index::Index;
use super::layout::{
    Counts, Header, Line, MARK, Mark, SnapshotLine, block_key, document_key, encode, encode_value,
    feed_key, hash_key, line_key, record_key,
};
use crate::journal::Pointer;
use crate::journal::record::ChangeRecord;
use crate::{Append, Appended, StoreError, Table};

/// Writes that the index does not show yet, over what it shows.
pub(crate) struct Stage<'a> {
    index: &'a Index,
    batch: Batch,
    heads: HashMap<FeedId, Seq>,
    headers: HashMap<DocumentId, Header>,
    blocks: HashMap<(FeedId, u64), Block>,
    places: HashMap<(ChangeHash, DocumentId), Seq>,
    counts: Counts,
}

impl<'a> Stage<'a> {
    /// An empty stage over an index that holds so much.
    pub fn new(index: &'a Index, counts: Counts) -> Stage<'a> {
        Stage {
            index,
            batch: Batch::default(),
            heads: HashMap::new(),
            headers: HashMap::new(),
            blocks: HashMap::new(),
            places: HashMap::new(),
            counts,
        }
    }

    /// How much the index holds once this stage is applied.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// What is known of a document.
    pub fn header(&mut self, document: DocumentId) -> Result<Option<&mut Header>, StoreError> {
        match self.headers.entry(document) {
            Entry::Occupied(staged) => Ok(Some(staged.into_mut())),
            Entry::Vacant(place) => {
                let held = self.index.header(document)?;
                Ok(held.map(|header| place.insert(header)))
            }
        }
    }

    /// Refuses a batch that would give a document a second kind.
    pub fn check_kinds(&mut self, batch: &[Append]) -> Result<(), StoreError> {
        let mut new: HashMap<DocumentId, &Kind> = HashMap::new();
        for append in batch {
            let document = append.document;
            let agrees = match self.header(document)? {
                Some(header) => header.kind == append.kind,
                None => **new.entry(document).or_insert(&append.kind) == append.kind,
            };
            if !agrees {
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
            None => self.held(append.hash, append.document)?,
        };
        if let Some(seq) = held {
            return Ok(Appended::Already(seq));
        }
        let seq = self.head(append.home_feed)? + 1;
        self.heads.insert(append.home_feed, seq);
        self.places.insert(name, seq);
        Ok(Appended::New(seq))
    }

    fn held(&mut self, hash: ChangeHash, document: DocumentId) -> Result<Option<Seq>, StoreError> {
        let index = self.index;
        match self.header(document)? {
            None => Ok(None),
            Some(header) if header.first.hash == hash => Ok(Some(header.first.seq)),
            Some(_) => index.later_place(hash, document),
        }
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
        let line = Line {
            seq: change.seq,
            hash: change.hash,
            device: change.device,
            received_at: change.received_at,
            bytes,
        };
        let header = match self.headers.entry(document) {
            Entry::Occupied(staged) => staged.into_mut(),
            Entry::Vacant(place) => {
                let held = self.index.header(document)?;
                self.counts.documents += u64::from(held.is_none());
                place.insert(held.unwrap_or_else(|| new_header(change, line)))
            }
        };
        let listed = (header.home_feed, header.newest_seq);
        if header.home_feed != change.home_feed {
            header.home_feed = change.home_feed;
            header.joined_at_change = header.changes;
            header.joined_seq = change.seq;
        }
        let nth = header.changes;
        header.changes += 1;
        header.revision += 1;
        header.newest_seq = change.seq;
        header.newest_hash = change.hash;
        header.received_at = change.received_at;
        let kind = header.kind.clone();
        if nth > 0 {
            self.block(listed.0, listed.1)?.remove(listed.1);
            self.insert_later(document, nth, &line);
        }
        let block = self.block(change.home_feed, change.seq)?;
        block.put(change.seq, document, kind);
        self.heads.insert(change.home_feed, change.seq);
        self.counts.changes += 1;
        Ok(())
    }

    /// The block of a feed that a place is in.
    fn block(&mut self, feed: FeedId, seq: Seq) -> Result<&mut Block, StoreError> {
        let number = Block::number_of(seq);
        match self.blocks.entry((feed, number)) {
            Entry::Occupied(staged) => Ok(staged.into_mut()),
            Entry::Vacant(place) => Ok(place.insert(self.index.block(feed, number)?)),
        }
    }

    fn insert_later(&mut self, document: DocumentId, nth: u64, line: &Line) {
        let name = hash_key(line.hash, document);
        let place = line_key(document, nth);
        self.batch.insert(&place, encode(line));
        self.batch.insert(&name[..], &line.seq.to_be_bytes());
    }

    /// Puts a snapshot in the place of a document's first changes. Gives the
    /// new revision, or `None` if there is no such document.
    pub fn snapshot(
        &mut self,
        document: DocumentId,
        line: SnapshotLine,
    ) -> Result<Option<u64>, StoreError> {
        Ok(self.header(document)?.map(|header| {
            header.snapshot = Some(line);
            header.revision += 1;
            header.revision
        }))
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
        for ((feed, number), block) in &self.blocks {
            let key = block_key(*feed, *number);
            match block.encode() {
                Some(value) => self.batch.insert(&key, value),
                None => self.batch.remove(&key),
            }
        }
        for (feed, head) in &self.heads {
            self.batch.insert(&feed_key(*feed), &head.to_be_bytes());
        }
        self.batch.insert(MARK, encode(mark));
        self.batch
    }
}

fn new_header(change: &ChangeRecord<'_>, first: Line) -> Header {
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
        first,
    }
}
