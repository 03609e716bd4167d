//! The store in one folder: a journal that is the truth, and sled as its index.
//!
//! A write goes to the committer's thread, into the journal, to the disk, into
//! the index, and then its caller hears of it. A read asks the index where
//! things are and takes the bytes from the journal; it waits for no writer.

mod block;
mod committer;
pub(crate) mod folder;
pub(crate) mod index;
pub(crate) mod layout;
pub(crate) mod open;
pub(crate) mod private;
pub(crate) mod read;
pub(crate) mod replay;
mod report;
mod stage;
pub(crate) mod summary;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use model::{ChangeHash, DocumentId, FeedId, PersonId, Seq};

use self::committer::{Committer, Outcome, Request, Watch, Write};
use self::folder::Folder;
use self::index::Index;
pub use self::open::Options;
use self::private::PrivateFiles;
pub use self::report::{IndexState, OpenReport, Progress, Task, Why};
pub use self::summary::Found as FoundSummaries;
use crate::care::digest::contents_of;
use crate::journal::reader::Reader;
use crate::journal::writer::{JournalCounters, Writer};
use crate::limits::{check_changes, check_records, check_snapshot};
use crate::own_files::make_folder;
use crate::{
    Append, Appended, BlobHash, ChangesAfter, Compacted, Contents, FeedEntry, Record, RecordChange,
    Statistics, Store, StoreError, StoredDocument, SummaryPut, SummaryRow, Table,
};

/// A store in a folder of its own.
pub struct EmbeddedStore {
    /// Present until the store is dropped.
    index: Option<Arc<Index>>,
    reader: Reader,
    private: PrivateFiles,
    requests: Option<Sender<Request>>,
    committer: Option<JoinHandle<()>>,
    watch: Arc<Watch>,
    counters: Arc<JournalCounters>,
    /// Holds the lock, so it is dropped last.
    folder: Arc<Folder>,
}

impl EmbeddedStore {
    /// Opens the store in a folder, making it if the folder is empty. Checks
    /// every byte of the journal, and rebuilds the index if it needs that.
    pub fn open(
        folder: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(EmbeddedStore, OpenReport), StoreError> {
        EmbeddedStore::open_with(folder, Options::default(), progress)
    }

    /// Opens the store in a folder otherwise than usual.
    pub fn open_with(
        folder: &Path,
        options: Options,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(EmbeddedStore, OpenReport), StoreError> {
        let folder = Arc::new(Folder::lock(folder)?);
        let is_store = folder.check_format()?;
        let crashed = is_store && !folder.was_closed()?;
        let journal = folder.journal();
        make_folder(&journal)?;
        open::check_journal_is_there(&journal, is_store)?;
        let private = PrivateFiles::open(folder.path())?;
        let opened = open::open_index(&folder, &options, progress)?;
        let (scanned, index) = (opened.scanned, Arc::new(opened.index));
        if !is_store && scanned.frames > 0 {
            return Err(StoreError::NotAStore { path: journal });
        }
        let writer = Writer::resume(&journal, options.files, &scanned, options.segment_bytes)?;
        if !is_store {
            folder.write_format()?;
        }
        let watch = Arc::new(Watch::default());
        watch.note(opened.counts);
        let report = OpenReport {
            created: !is_store,
            crashed,
            journal_frames: scanned.frames,
            journal_bytes: scanned.bytes,
            torn: scanned.torn,
            index: opened.state,
        };
        let counters = writer.counters();
        let committer = Committer {
            index: index.clone(),
            writer,
            watch: watch.clone(),
            folder: folder.clone(),
        };
        let (requests, received) = channel();
        let committer = std::thread::Builder::new()
            .name("store-committer".into())
            .spawn(move || committer.run(&received))
            .map_err(|error| StoreError::disk(folder.path(), &error))?;
        let store = EmbeddedStore {
            index: Some(index),
            reader: Reader::new(&journal),
            private,
            requests: Some(requests),
            committer: Some(committer),
            watch,
            counters,
            folder,
        };
        Ok((store, report))
    }

    /// Hands a write to the committer and waits until it is durable.
    fn write(&self, write: Write) -> Result<Outcome, StoreError> {
        self.health()?;
        let gone = || match self.watch.stopped.get() {
            Some(because) => because.clone(),
            None => StoreError::WriterGone,
        };
        let requests = self.requests.as_ref().ok_or(StoreError::WriterGone)?;
        let (reply, answer) = channel();
        requests
            .send(Request { write, reply })
            .map_err(|_| gone())?;
        self.watch.waiting.fetch_add(1, Ordering::Relaxed);
        let answer = answer.recv();
        self.watch.waiting.fetch_sub(1, Ordering::Relaxed);
        answer.map_err(|_| gone())?
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What is kept, every value read once more: for comparing one folder with
    /// another. Nothing may be written meanwhile.
    pub fn contents(&self, progress: &mut dyn FnMut(Progress)) -> Result<Contents, StoreError> {
        let total = self.statistics()?.changes;
        let read = contents_of(self.index(), &self.reader, &mut |done| {
            progress(Progress {
                task: Task::Compare,
                done_bytes: done,
                total_bytes: total,
            });
        });
        self.watched(read)
    }

    pub(crate) fn index(&self) -> &Index {
        // Only dropping the store takes the index out, and then nobody can call.
        self.index.as_ref().expect("the store is not dropped")
    }

    /// Has the index rebuilt at the next start if it could not be read.
    fn watched<T>(&self, read: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::Index { .. }) = &read {
            self.folder.distrust_index();
        }
        read
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        drop(self.requests.take());
        let joined = self.committer.take().map(JoinHandle::join);
        let in_order = matches!(joined, Some(Ok(()))) && self.watch.stopped.get().is_none();
        let Some(index) = self.index.take().and_then(Arc::into_inner) else {
            return;
        };
        // Whatever fails here costs a rebuild of the index at the next start
        // and nothing else.
        let closed = index.close(&self.folder.index());
        if in_order && closed.is_ok() {
            let _ = self.folder.note_index_closed();
        }
    }
}

impl Store for EmbeddedStore {
    fn append(&self, batch: &[Append]) -> Result<Vec<Appended>, StoreError> {
        check_changes(batch)?;
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        match self.write(Write::Append(batch.to_vec()))? {
            Outcome::Appended(places) => Ok(places),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn feed_head(&self, feed: FeedId) -> Result<Seq, StoreError> {
        self.watched(self.index().head(feed))
    }

    fn since(&self, feed: FeedId, cursor: Seq, limit: usize) -> Result<Vec<FeedEntry>, StoreError> {
        self.watched(self.index().entries(feed, cursor, limit))
    }

    fn document(&self, document: DocumentId) -> Result<Option<StoredDocument>, StoreError> {
        self.watched(read::document(self.index(), &self.reader, document))
    }

    fn changes_after(&self, document: DocumentId, cursor: Seq) -> Result<ChangesAfter, StoreError> {
        self.watched(read::changes_after(
            self.index(),
            &self.reader,
            document,
            cursor,
        ))
    }

    fn find_change(
        &self,
        document: DocumentId,
        hash: ChangeHash,
    ) -> Result<Option<Seq>, StoreError> {
        self.watched(read::place(self.index(), document, hash))
    }

    fn compact(
        &self,
        document: DocumentId,
        expected_revision: u64,
        snapshot: &[u8],
    ) -> Result<Compacted, StoreError> {
        check_snapshot(snapshot)?;
        let write = Write::Compact {
            document,
            expected_revision,
            snapshot: snapshot.to_vec(),
        };
        match self.write(write)? {
            Outcome::Compacted(compacted) => Ok(compacted),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn put_summary(
        &self,
        document: DocumentId,
        heads: &[ChangeHash],
        json: &str,
    ) -> Result<(), StoreError> {
        self.index().summaries.put([(document, heads, json)]);
        Ok(())
    }

    fn put_summaries(&self, all: &[SummaryPut]) -> Result<(), StoreError> {
        let all = all.iter();
        let all = all.map(|put| (put.document, &put.heads[..], put.json.as_str()));
        self.index().summaries.put(all);
        Ok(())
    }

    fn summaries(&self, each: &mut dyn FnMut(SummaryRow)) -> Result<(), StoreError> {
        self.watched(read::summaries(self.index(), each))
    }

    fn write_records(&self, changes: &[RecordChange]) -> Result<(), StoreError> {
        check_records(changes)?;
        if changes.is_empty() {
            return Ok(());
        }
        match self.write(Write::Records(changes.to_vec()))? {
            Outcome::Recorded => Ok(()),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn get_record(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.watched(read::record(self.index(), &self.reader, table, key))
    }

    fn records(&self, table: Table) -> Result<Vec<Record>, StoreError> {
        self.watched(read::records(self.index(), &self.reader, table))
    }

    fn put_key(&self, person: PersonId, key: &[u8; 32]) -> Result<(), StoreError> {
        self.private.put_key(person, key)
    }

    fn put_keys(&self, keys: &[(PersonId, [u8; 32])]) -> Result<(), StoreError> {
        self.private.put_keys(keys)
    }

    fn key(&self, person: PersonId) -> Result<Option<[u8; 32]>, StoreError> {
        self.private.key(person)
    }

    fn destroy_key(&self, person: PersonId) -> Result<(), StoreError> {
        self.private.destroy_key(person)
    }

    fn put_blob(&self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        self.private.put_blob(bytes)
    }

    fn blob(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.private.blob(hash)
    }

    fn delete_blob(&self, hash: BlobHash) -> Result<(), StoreError> {
        self.private.delete_blob(hash)
    }

    fn statistics(&self) -> Result<Statistics, StoreError> {
        Ok(Statistics {
            changes: self.watch.counts().changes,
            documents: self.watch.counts().documents,
            journal_bytes: self.counters.bytes.load(Ordering::Relaxed),
            journal_segments: self.counters.segments.load(Ordering::Relaxed),
            journal_frames: self.counters.frames.load(Ordering::Relaxed),
            index_bytes: self.watched(self.index().bytes_on_disk())?,
            writes: self.watch.writes.load(Ordering::Relaxed),
            waiting: self.watch.waiting.load(Ordering::Relaxed),
            syncs: self.counters.syncs.load(Ordering::Relaxed),
        })
    }

    fn embedded(&self) -> Option<&EmbeddedStore> {
        Some(self)
    }

    fn health(&self) -> Result<(), StoreError> {
        match self.watch.stopped.get() {
            Some(because) => Err(because.stopped()),
            None => Ok(()),
        }
    }
}
