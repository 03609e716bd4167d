//! The one thread that writes. Callers hand it their writes and wait; all that
//! wait at one time become one frame, and one force to disk serves them all.
//!
//! Order within a group: journal, force to disk, index, answers. So a reader
//! never sees what is not durable, and no reader waits for the disk.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, OnceLock};

use model::DocumentId;

use super::folder::Folder;
use super::index::Index;
use super::layout::{Counts, Mark, SnapshotLine};
use super::stage::Stage;
use crate::journal::frame::Frame;
use crate::journal::record::ChangeRecord;
use crate::journal::writer::Writer;
use crate::{Append, Appended, Compacted, RecordChange, StoreError};

/// A group takes no more writes once it holds so many bytes. The smallest write
/// counts as `LEAST_WRITE_BYTES`, which bounds the number of writes too.
const GROUP_BYTES: usize = 4 << 20;
const LEAST_WRITE_BYTES: usize = 512;

/// What a caller wants written.
pub(super) enum Write {
    Append(Vec<Append>),
    Records(Vec<RecordChange>),
    Compact {
        document: DocumentId,
        expected_revision: u64,
        snapshot: Vec<u8>,
    },
}

/// What became of a write.
pub(super) enum Outcome {
    Appended(Vec<Appended>),
    Recorded,
    Compacted(Compacted),
}

/// A write, and where its outcome goes. If the committer stops, the channel is
/// dropped and the reason stands in [`Watch::stopped`].
pub(super) struct Request {
    pub write: Write,
    pub reply: Sender<Result<Outcome, StoreError>>,
}

/// What other threads may see of the committer.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Why it takes no more writes.
    pub stopped: OnceLock<StoreError>,
    /// Changes in the index.
    changes: AtomicU64,
    /// Documents in the index.
    documents: AtomicU64,
    /// Writes made durable since the start.
    pub writes: AtomicU64,
    /// Writes handed over and not yet answered.
    pub waiting: AtomicU64,
}

impl Watch {
    /// How much the index holds.
    pub fn counts(&self) -> Counts {
        Counts {
            changes: self.changes.load(Ordering::Relaxed),
            documents: self.documents.load(Ordering::Relaxed),
        }
    }

    /// Notes how much the index holds now.
    pub fn note(&self, counts: Counts) {
        self.changes.store(counts.changes, Ordering::Relaxed);
        self.documents.store(counts.documents, Ordering::Relaxed);
    }
}

pub(super) struct Committer {
    pub index: Arc<Index>,
    pub writer: Writer,
    pub watch: Arc<Watch>,
    pub folder: Arc<Folder>,
}

impl Committer {
    /// Serves requests until all who can send them are gone. After a failure
    /// nothing is written any more: what the disk holds is then not known, and
    /// forcing it again would say yes to what was lost.
    pub fn run(mut self, requests: &Receiver<Request>) {
        while let Ok(first) = requests.recv() {
            let group = gather(first, requests);
            if self.watch.stopped.get().is_some() {
                continue;
            }
            match self.commit(&group) {
                Ok(outcomes) => {
                    for (request, outcome) in group.into_iter().zip(outcomes) {
                        // A caller that is gone needs no answer.
                        let _ = request.reply.send(outcome);
                    }
                }
                Err(error) => {
                    tracing::error!(code = error.code(), %error, "the store stopped");
                    if matches!(error, StoreError::Index { .. }) {
                        self.folder.distrust_index();
                    }
                    // It was not set before, and only this thread sets it.
                    let _ = self.watch.stopped.set(error);
                }
            }
        }
    }

    /// Makes a group durable. Single writes may be refused; an error means that
    /// none of the group is acknowledged.
    fn commit(
        &mut self,
        group: &[Request],
    ) -> Result<Vec<Result<Outcome, StoreError>>, StoreError> {
        let counts = self.watch.counts();
        let mut stage = Stage::new(&self.index, counts);
        let mut frame = self.writer.begin()?;
        let outcomes: Vec<Result<Outcome, StoreError>> = group
            .iter()
            .map(|request| put(&mut stage, &mut frame, &request.write))
            .collect::<Result<_, _>>()?;
        if frame.is_empty() {
            self.writer.give_back(frame);
            return Ok(outcomes);
        }
        let position = self.writer.commit(frame)?;
        let mark = Mark::new(self.writer.journal(), position, stage.counts());
        self.index.apply(stage.into_batch(&mark))?;
        let written = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        self.watch.note(mark.counts);
        self.watch
            .writes
            .fetch_add(written as u64, Ordering::Relaxed);
        Ok(outcomes)
    }
}

/// Takes what else is waiting. It waits for nothing: while one group is forced
/// to disk the next one gathers by itself.
fn gather(first: Request, requests: &Receiver<Request>) -> Vec<Request> {
    let mut bytes = first.write.bytes();
    let mut group = vec![first];
    while bytes < GROUP_BYTES
        && let Ok(request) = requests.try_recv()
    {
        bytes += request.write.bytes();
        group.push(request);
    }
    group
}

impl Write {
    fn bytes(&self) -> usize {
        let bytes = match self {
            Write::Append(batch) => batch.iter().map(|append| append.bytes.len()).sum(),
            Write::Records(changes) => changes
                .iter()
                .map(|change| change.value.as_ref().map_or(0, Vec::len))
                .sum(),
            Write::Compact { snapshot, .. } => snapshot.len(),
        };
        bytes.max(LEAST_WRITE_BYTES)
    }
}

/// Puts one write into the frame and the stage. The inner error refuses this
/// write alone and has left no trace; the outer one stops the store.
fn put(
    stage: &mut Stage<'_>,
    frame: &mut Frame,
    write: &Write,
) -> Result<Result<Outcome, StoreError>, StoreError> {
    match write {
        Write::Append(batch) => match stage.check_kinds(batch) {
            Ok(()) => Ok(Ok(Outcome::Appended(append(stage, frame, batch)?))),
            Err(refusal @ StoreError::KindMismatch { .. }) => Ok(Err(refusal)),
            Err(error) => Err(error),
        },
        Write::Records(changes) => {
            for change in changes {
                let pointer = frame.write(change);
                let value = change.value.as_deref().zip(pointer);
                stage.record(change.table, &change.key, value);
            }
            Ok(Ok(Outcome::Recorded))
        }
        Write::Compact {
            document,
            expected_revision,
            snapshot,
        } => {
            let compacted = compact(stage, frame, *document, *expected_revision, snapshot)?;
            Ok(Ok(Outcome::Compacted(compacted)))
        }
    }
}

fn append(
    stage: &mut Stage<'_>,
    frame: &mut Frame,
    batch: &[Append],
) -> Result<Vec<Appended>, StoreError> {
    let mut places = Vec::with_capacity(batch.len());
    for append in batch {
        let place = stage.place(append)?;
        if let Appended::New(seq) = place {
            let change = ChangeRecord {
                document: append.document,
                kind: append.kind.as_str(),
                home_feed: append.home_feed,
                device: append.device,
                hash: append.hash,
                received_at: append.received_at,
                seq,
                bytes: &append.bytes,
            };
            let pointer = frame.change(&change);
            stage.change(&change, pointer)?;
        }
        places.push(place);
    }
    Ok(places)
}

fn compact(
    stage: &mut Stage<'_>,
    frame: &mut Frame,
    document: DocumentId,
    expected_revision: u64,
    snapshot: &[u8],
) -> Result<Compacted, StoreError> {
    let Some(header) = stage.header(document)? else {
        return Ok(Compacted::Stale(0));
    };
    if header.revision != expected_revision {
        return Ok(Compacted::Stale(header.revision));
    }
    let (through, seq) = (header.changes, header.newest_seq);
    let line = SnapshotLine {
        through,
        seq,
        bytes: frame.snapshot(document, through, seq, snapshot),
    };
    let revision = stage.snapshot(document, line)?;
    Ok(revision.map_or(Compacted::Stale(0), Compacted::Done))
}
