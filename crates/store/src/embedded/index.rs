//! The index: sled with the layout's types. It knows nothing that the journal
//! does not, except the summaries, which can be made again.

use std::fs::{self, File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use model::{ChangeHash, DocumentId, FeedId, Seq};
use sled::{Batch, Db, IVec};

use super::block::Block;
use super::layout::{
    DOCUMENTS, FEEDS, Header, Line, MARK, Mark, block_key, decode, decode_number, document_key,
    feed_key, hash_key, key_tail, line_key, record_key,
};
use super::summary::Summaries;
use crate::{FeedEntry, StoreError, Table};

/// How often sled's own thread writes its buffers out. What a killed process
/// loses of it is replayed from the journal.
const FLUSH_EVERY_MILLISECONDS: u64 = 5_000;

/// The file that sled locks.
const SLED_FILE: &str = "db";
/// How long sled may keep its lock after it was dropped. It takes milliseconds; an index that is not
/// free by then is built anew at the next start.
const LET_GO_WITHIN: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(1);

pub(crate) struct Index {
    tree: Db,
    /// Beside the tree, in its folder.
    pub summaries: Summaries,
}

impl Index {
    /// Opens or makes an index. sled panics over some damaged files; that is an
    /// error like others here, since the index can be built again.
    pub fn open(folder: &Path, cache_bytes: u64) -> Result<Index, StoreError> {
        let config = sled::Config::new()
            .path(folder)
            .mode(sled::Mode::LowSpace)
            .cache_capacity(cache_bytes)
            .flush_every_ms(Some(FLUSH_EVERY_MILLISECONDS));
        let opened = catch_unwind(AssertUnwindSafe(|| config.open()));
        let opened = opened.map_err(|_| StoreError::Index {
            cause: "opening it panicked".into(),
        })?;
        Ok(Index {
            tree: opened.map_err(failed)?,
            summaries: Summaries::open(folder)?,
        })
    }

    /// Applies all writes of a batch or none.
    pub fn apply(&self, batch: Batch) -> Result<(), StoreError> {
        self.tree.apply_batch(batch).map_err(failed)
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

    /// The place that a change was given in a document that has it not for its
    /// first.
    pub fn later_place(
        &self,
        hash: ChangeHash,
        document: DocumentId,
    ) -> Result<Option<Seq>, StoreError> {
        let value = self.get(&hash_key(hash, document))?;
        value.map(|value| decode_number(&value)).transpose()
    }

    /// The block of a feed with this number.
    pub fn block(&self, feed: FeedId, number: u64) -> Result<Block, StoreError> {
        let value = self.get(&block_key(feed, number))?;
        value.map_or(Ok(Block::default()), |value| Block::decode(&value))
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
        let mut entries = Vec::new();
        if cursor >= head {
            return Ok(entries);
        }
        let keys = Block::key_of(feed, cursor + 1)..=Block::key_of(feed, head);
        for found in self.tree.range(keys) {
            if entries.len() >= limit {
                break;
            }
            let (key, value) = found.map_err(failed)?;
            let number = u64::from_be_bytes(key_tail(&key)?);
            let block = Block::decode(&value)?.into_entries(number);
            entries.extend(block.filter(|entry| entry.seq > cursor && entry.seq <= head));
        }
        entries.truncate(limit);
        Ok(entries)
    }

    /// The lines of a document's changes from the one with number `from` on,
    /// oldest first.
    pub fn lines(
        &self,
        document: DocumentId,
        header: &Header,
        from: u64,
    ) -> Result<Vec<Line>, StoreError> {
        let mut lines = Vec::new();
        if from == 0 && header.changes > 0 {
            lines.push(header.first);
        }
        if header.changes > from.max(1) {
            let keys = line_key(document, from.max(1))..line_key(document, header.changes);
            for found in self.tree.range(keys) {
                lines.push(line(found)?);
            }
        }
        whole(lines, header.changes.saturating_sub(from))
    }

    /// Of the same, only those after a place in the feed.
    pub fn lines_after(
        &self,
        document: DocumentId,
        header: &Header,
        from: u64,
        cursor: Seq,
    ) -> Result<Vec<Line>, StoreError> {
        let mut lines = Vec::new();
        let mut at_cursor = false;
        if header.changes > from.max(1) {
            let keys = line_key(document, from.max(1))..line_key(document, header.changes);
            for found in self.tree.range(keys).rev() {
                let line = line(found)?;
                at_cursor = line.seq <= cursor;
                if at_cursor {
                    break;
                }
                lines.push(line);
            }
        }
        if from == 0 && !at_cursor && header.changes > 0 && header.first.seq > cursor {
            lines.push(header.first);
        }
        lines.reverse();
        Ok(lines)
    }

    /// All documents, in the order of their ids.
    pub fn headers(&self) -> impl Iterator<Item = Result<(DocumentId, Header), StoreError>> {
        self.tree.scan_prefix(DOCUMENTS).map(|found| {
            let (key, value) = found.map_err(failed)?;
            Ok((DocumentId::from_bytes(key_tail(&key)?), decode(&value)?))
        })
    }

    /// The heads of all feeds.
    pub fn heads(&self) -> impl Iterator<Item = Result<(FeedId, Seq), StoreError>> {
        self.under(FEEDS).map(|found| {
            let (key, value) = found?;
            Ok((FeedId::from_bytes(key_tail(&key)?), decode_number(&value)?))
        })
    }

    /// The keys of a table's records, with values as the layout writes them.
    pub fn records(
        &self,
        table: Table,
    ) -> impl Iterator<Item = Result<(Vec<u8>, IVec), StoreError>> {
        let prefix = record_key(table, &[]);
        let prefix_bytes = prefix.len();
        self.under(&prefix).map(move |found| {
            let (key, value) = found?;
            Ok((key[prefix_bytes..].to_vec(), value))
        })
    }

    /// A record's value as the layout writes it.
    pub fn record(&self, table: Table, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.get(&record_key(table, key))
    }

    /// The keys and values that begin with a prefix, in order.
    pub fn under(
        &self,
        prefix: &[u8],
    ) -> impl Iterator<Item = Result<(IVec, IVec), StoreError>> + use<> {
        self.tree
            .scan_prefix(prefix)
            .map(|found| found.map_err(failed))
    }

    /// A value as it stands there.
    pub fn raw(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.get(key)
    }

    pub fn bytes_on_disk(&self) -> Result<u64, StoreError> {
        self.tree.size_on_disk().map_err(failed)
    }

    /// Writes everything out and closes. sled itself never makes sure that its
    /// files are on the disk, so they are synced here one by one.
    pub fn close(self, folder: &Path) -> Result<(), StoreError> {
        self.tree.flush().map_err(failed)?;
        drop(self);
        wait_until_let_go(folder)
            .and_then(|()| sync_files(folder))
            .map_err(|error| StoreError::disk(folder, &error))
    }

    fn get(&self, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        self.tree.get(key).map_err(failed)
    }
}

/// sled's own threads may hold its lock a moment longer than it lives. Whoever opens the index next
/// would be refused, and would build it anew for nothing.
fn wait_until_let_go(folder: &Path) -> io::Result<()> {
    let locked = File::open(folder.join(SLED_FILE))?;
    let patience = Instant::now() + LET_GO_WITHIN;
    while let Err(held) = locked.try_lock() {
        match held {
            TryLockError::WouldBlock if Instant::now() < patience => thread::sleep(LOOK_AGAIN),
            held => return Err(held.into()),
        }
    }
    locked.unlock()
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
