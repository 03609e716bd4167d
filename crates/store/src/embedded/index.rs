//! The index: sled with the layout's types. It knows nothing that the journal
//! does not, except the summaries, which can be made again.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use model::{ChangeHash, DocumentId, FeedId, Seq};
use sled::{Batch, Db, IVec};

use super::layout::{
    DOCUMENTS, Header, Line, MARK, Mark, decode, decode_entry, decode_number, document_key,
    entry_key, feed_key, hash_key, hash_prefix, key_tail, line_key, record_key,
};
use crate::{FeedEntry, StoreError, Table};

/// How often sled's own thread writes its buffers out. What a killed process
/// loses of it is replayed from the journal.
const FLUSH_EVERY_MILLISECONDS: u64 = 5_000;

pub(super) struct Index(Db);

impl Index {
    /// Opens or makes an index. sled panics over some damaged files; that is an
    /// error like others here, since the index can be built again.
    pub fn open(folder: &Path, cache_bytes: u64) -> Result<Index, StoreError> {
        let config = sled::Config::new()
            .path(folder)
            .mode(sled::Mode::LowSpace)
            .cache_capacity(cache_bytes)
            .flush_every_ms(Some(FLUSH_EVERY_MILLISECONDS));
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(opened) => opened.map(Index).map_err(failed),
            Err(_) => Err(StoreError::Index {
                cause: "opening it panicked".into(),
            }),
        }
    }

    /// Applies all writes of a batch or none.
    pub fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.0.apply_batch(batch).map_err(failed)
    }

    pub fn mark(&self) -> Result<Option<Mark>, StoreError> {
        self.get(MARK)?.map(|value| decode(&value)).transpose()
    }

    pub fn head(&self, feed: FeedId) -> Result<Seq, StoreError> {
        let head = self.get(&feed_key(feed))?;
        head.map_or(Ok(0), |value| decode_number(&value))
    }

    pub fn header(&self, document: DocumentId) -> Result<Option<Header>, StoreError> {
        let value = self.get(&document_key(document))?;
        value.map(|value| decode(&value)).transpose()
    }

    /// The place that a change was given in a document.
    pub fn place(&self, hash: ChangeHash, document: DocumentId) -> Result<Option<Seq>, StoreError> {
        let value = self.get(&hash_key(hash, document))?;
        value.map(|value| decode_number(&value)).transpose()
    }

    /// A document that holds a change, and the place the change was given.
    pub fn find(&self, hash: ChangeHash) -> Result<Option<(DocumentId, Seq)>, StoreError> {
        let found = self.0.scan_prefix(hash_prefix(hash)).next();
        let Some((key, value)) = found.transpose().map_err(failed)? else {
            return Ok(None);
        };
        let document = DocumentId::from_bytes(key_tail(&key)?);
        Ok(Some((document, decode_number(&value)?)))
    }

    /// The entries of a feed after a place, oldest first. What comes in
    /// meanwhile is left for the next call, so that no document is met twice.
    pub fn entries(
        &self,
        feed: FeedId,
        cursor: Seq,
        limit: usize,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        let head = self.head(feed)?;
        if cursor >= head {
            return Ok(Vec::new());
        }
        let keys = entry_key(feed, cursor + 1)..=entry_key(feed, head);
        let entry = |found: sled::Result<(IVec, IVec)>| {
            let (key, value) = found.map_err(failed)?;
            let (document, kind) = decode_entry(&value)?;
            Ok(FeedEntry {
                document,
                kind,
                seq: u64::from_be_bytes(key_tail(&key)?),
            })
        };
        self.0.range(keys).take(limit).map(entry).collect()
    }

    /// The lines of a document's changes with numbers in `from..to`, oldest
    /// first.
    pub fn lines(&self, document: DocumentId, from: u64, to: u64) -> Result<Vec<Line>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let keys = line_key(document, from)..line_key(document, to);
        let lines = self.0.range(keys).map(line);
        let lines: Vec<Line> = lines.collect::<Result<_, _>>()?;
        whole(lines, to - from)
    }

    /// Of the same, only those after a place in the feed.
    pub fn lines_after(
        &self,
        document: DocumentId,
        from: u64,
        to: u64,
        cursor: Seq,
    ) -> Result<Vec<Line>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let keys = line_key(document, from)..line_key(document, to);
        let mut lines = Vec::new();
        for found in self.0.range(keys).rev() {
            let line = line(found)?;
            if line.seq <= cursor {
                break;
            }
            lines.push(line);
        }
        lines.reverse();
        Ok(lines)
    }

    /// All documents, in the order of their ids.
    pub fn headers(&self) -> impl Iterator<Item = Result<(DocumentId, Header), StoreError>> {
        self.0.scan_prefix(DOCUMENTS).map(|found| {
            let (key, value) = found.map_err(failed)?;
            Ok((DocumentId::from_bytes(key_tail(&key)?), decode(&value)?))
        })
    }

    /// A record's value as the layout writes it.
    pub fn record(&self, table: Table, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.get(&record_key(table, key))
    }

    /// Whether a key is there.
    pub fn has(&self, key: &[u8]) -> Result<bool, StoreError> {
        self.0.contains_key(key).map_err(failed)
    }

    /// The keys and values that begin with a prefix, in order.
    pub fn under(&self, prefix: &[u8]) -> impl Iterator<Item = Result<(IVec, IVec), StoreError>> {
        self.0
            .scan_prefix(prefix)
            .map(|found| found.map_err(failed))
    }

    pub fn bytes_on_disk(&self) -> Result<u64, StoreError> {
        self.0.size_on_disk().map_err(failed)
    }

    /// Writes everything out and closes. sled itself never makes sure that its
    /// files are on the disk, so they are synced here one by one.
    pub fn close(self, folder: &Path) -> Result<(), StoreError> {
        self.0.flush().map_err(failed)?;
        drop(self);
        sync_files(folder).map_err(|error| StoreError::disk(folder, &error))
    }

    fn get(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.0.get(key).map_err(failed)
    }
}

fn line(found: sled::Result<(IVec, IVec)>) -> Result<Line, StoreError> {
    let (_, value) = found.map_err(failed)?;
    decode(&value)
}

fn whole(lines: Vec<Line>, expected: u64) -> Result<Vec<Line>, StoreError> {
    if lines.len() as u64 == expected {
        return Ok(lines);
    }
    Err(StoreError::Index {
        cause: "a document's changes are not all there".into(),
    })
}

fn failed(error: sled::Error) -> StoreError {
    StoreError::Index {
        cause: error.to_string(),
    }
}

fn sync_files(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sync_files(&path)?;
        } else {
            fs::File::open(&path)?.sync_all()?;
        }
    }
    crate::journal::files::sync_folder(folder)
}
