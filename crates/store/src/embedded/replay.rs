//! Brings the index up to the journal, frame by frame.

use std::path::Path;

use model::DocumentId;

use super::index::Index;
use super::layout::{Counts, Mark, SnapshotLine};
use super::stage::Stage;
use crate::StoreError;
use crate::journal::Pointer;
use crate::journal::record::{ChangeRecord, JournalRecord, Records};
use crate::journal::scan::ScannedFrame;

/// A batch is applied once it holds so many records: large enough to be quick,
/// small enough to be no burden on memory.
const RECORDS_PER_BATCH: usize = 1_000;

/// How the index stands to the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It reflects this many frames fewer than the journal has, and has caught
    /// up with them now.
    Behind(u64),
    /// It reflects frames that the journal does not have.
    Ahead,
    /// It reflects a frame that stands otherwise in the journal.
    Otherwise,
}

/// Takes frames in order and applies those that the index lacks.
pub(crate) struct Replay<'a> {
    index: &'a Index,
    stage: Stage<'a>,
    staged: usize,
    started_at: Option<Mark>,
    reached: Option<Mark>,
    otherwise: bool,
    applied: u64,
}

impl<'a> Replay<'a> {
    /// A replay over an index at this mark; `None` for an empty one.
    pub fn new(index: &'a Index, mark: Option<Mark>) -> Replay<'a> {
        Replay {
            index,
            stage: Stage::new(index, mark.map_or_else(Counts::default, |mark| mark.counts)),
            staged: 0,
            started_at: mark,
            reached: mark,
            otherwise: false,
            applied: 0,
        }
    }

    /// Takes the next frame of the journal.
    pub fn frame(&mut self, frame: &ScannedFrame<'_>) -> Result<(), StoreError> {
        if let Some(mark) = self.started_at {
            let same_journal = mark.journal == frame.journal;
            let same_frame = frame.position.frame != mark.frame || mark.is_at(frame.position);
            self.otherwise |= !(same_journal && same_frame);
            if frame.position.frame <= mark.frame {
                return Ok(());
            }
        }
        if self.otherwise {
            return Ok(());
        }
        for record in Records::new(frame.payload) {
            let record = record.map_err(|error| unreadable(frame, &error.to_string()))?;
            self.record(frame, &record)?;
            self.staged += 1;
        }
        self.applied += 1;
        self.reached = Some(Mark::new(
            frame.journal,
            frame.position,
            self.stage.counts(),
        ));
        if self.staged >= RECORDS_PER_BATCH {
            self.flush()?;
        }
        Ok(())
    }

    fn record(
        &mut self,
        frame: &ScannedFrame<'_>,
        record: &JournalRecord<'_>,
    ) -> Result<(), StoreError> {
        let pointer = |at: usize, bytes: &[u8]| Pointer {
            segment: frame.position.segment,
            offset: frame.payload_at + at as u64,
            // One value is at most MAX_WRITE_BYTES, which a u32 holds.
            length: bytes.len() as u32,
            checksum: crc32c::crc32c(bytes),
        };
        match *record {
            JournalRecord::Change { change, at } => {
                self.check_place(frame, &change)?;
                self.stage.change(&change, pointer(at, change.bytes))
            }
            JournalRecord::Write {
                table,
                key,
                value,
                at,
            } => {
                let value = value.map(|value| (value, pointer(at, value)));
                self.stage.record(table, key, value);
                Ok(())
            }
            JournalRecord::Snapshot {
                document,
                through,
                seq,
                bytes,
                at,
            } => {
                let bytes = pointer(at, bytes);
                let line = SnapshotLine {
                    through,
                    seq,
                    bytes,
                };
                self.snapshot(frame, document, line)
            }
        }
    }

    fn check_place(
        &self,
        frame: &ScannedFrame<'_>,
        change: &ChangeRecord<'_>,
    ) -> Result<(), StoreError> {
        let expected = self.stage.head(change.home_feed)? + 1;
        if change.seq == expected {
            return Ok(());
        }
        let finding = format!("a change stands at place {}, not {expected}", change.seq);
        Err(unreadable(frame, &finding))
    }

    fn snapshot(
        &mut self,
        frame: &ScannedFrame<'_>,
        document: DocumentId,
        line: SnapshotLine,
    ) -> Result<(), StoreError> {
        match self.stage.snapshot(document, line)? {
            Some(_) => Ok(()),
            None => Err(unreadable(
                frame,
                "a snapshot of a document that is not there",
            )),
        }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let Some(mark) = self.reached else {
            return Ok(());
        };
        let next = Stage::new(self.index, mark.counts);
        let stage = std::mem::replace(&mut self.stage, next);
        self.staged = 0;
        self.index.apply(stage.into_batch(&mark))
    }

    /// Applies what is left and says how the index stood, given the number of
    /// the journal's last frame. The mark is where the index stands now.
    pub fn finish(mut self, frames: u64) -> Result<(Standing, Option<Mark>), StoreError> {
        if self.otherwise {
            return Ok((Standing::Otherwise, self.reached));
        }
        if self.started_at.is_some_and(|mark| mark.frame > frames) {
            return Ok((Standing::Ahead, self.reached));
        }
        if self.applied > 0 {
            self.flush()?;
        }
        Ok((Standing::Behind(self.applied), self.reached))
    }
}

fn unreadable(frame: &ScannedFrame<'_>, finding: &str) -> StoreError {
    let path: &Path = frame.path;
    StoreError::damaged(path, frame.payload_at, finding)
}
