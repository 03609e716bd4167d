//! What the journal alone says: an index of its own, made from nothing in a
//! temporary folder, so that another index can be held against it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::DocumentId;
use sled::IVec;
use tempfile::TempDir;

use super::digest::{Contents, Digesting};
use crate::embedded::index::Index;
use crate::embedded::layout::{Counts, MARK, Mark};
use crate::embedded::read;
use crate::embedded::replay::Replay;
use crate::journal::reader::Reader;
use crate::journal::scan::{Scanned, scan};
use crate::{Progress, Record, StoreError, StoredDocument, Table, Task};

/// Memory for the index; what does not fit lies in the temporary folder.
const CACHE_BYTES: u64 = 64 << 20;

/// Progress is told each time so many bytes are done.
const PROGRESS_STEP_BYTES: u64 = 1 << 20;

/// Keys that differ and are noted one by one; more are only counted.
const NOTED_KEYS: usize = 10_000;

/// A journal, read through.
pub struct Truth {
    index: Index,
    reader: Reader,
    journal: PathBuf,
    mark: Option<Mark>,
    pub(super) scanned: Scanned,
    /// What the journal holds, as far as it could be read.
    pub(super) contents: Contents,
    /// Goes last.
    _home: TempDir,
}

impl Truth {
    /// Reads a journal that may be in use. Damage ends the reading and comes
    /// back beside what stands before it.
    pub(super) fn read(
        journal: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Truth, Option<StoreError>), StoreError> {
        let home = temporary_folder()?;
        let mut truth = Truth {
            index: Index::open(&home.path().join("index"), CACHE_BYTES)?,
            reader: Reader::new(journal),
            journal: journal.to_path_buf(),
            mark: None,
            scanned: Scanned::default(),
            contents: Contents::default(),
            _home: home,
        };
        match truth.catch_up(progress) {
            Ok(()) => Ok((truth, None)),
            Err(damage @ StoreError::Damaged { .. }) => Ok((truth, Some(damage))),
            Err(error) => Err(error),
        }
    }

    /// Takes in what the journal has by now.
    pub(super) fn catch_up(
        &mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), StoreError> {
        let total_bytes = crate::embedded::open::journal_bytes(&self.journal)?;
        let (mut done_bytes, mut told_bytes) = (0, 0);
        let mut digesting = Digesting::default();
        let mut replay = Replay::new(&self.index, self.mark);
        let scanned = scan(&self.journal, &mut |frame| {
            done_bytes += frame.payload.len() as u64;
            if done_bytes - told_bytes >= PROGRESS_STEP_BYTES {
                told_bytes = done_bytes;
                progress(Progress {
                    task: Task::CheckJournal,
                    done_bytes,
                    total_bytes,
                });
            }
            replay.frame(frame)?;
            digesting.frame(frame)
        });
        let frames = scanned.as_ref().map_or(u64::MAX, |scanned| scanned.frames);
        self.mark = replay.finish(frames)?.1;
        self.contents = digesting.finish();
        self.scanned = scanned?;
        Ok(())
    }

    /// The journal as frames and bytes.
    pub fn frames(&self) -> u64 {
        self.scanned.frames
    }

    /// What the journal holds.
    pub fn contents(&self) -> Contents {
        self.contents
    }

    /// How many documents there are.
    pub fn documents(&self) -> u64 {
        self.counts().documents
    }

    fn counts(&self) -> Counts {
        self.mark.map_or_else(Counts::default, |mark| mark.counts)
    }

    /// Shows every document as the journal has it.
    pub fn each_document(
        &self,
        each: &mut dyn FnMut(DocumentId, &StoredDocument),
    ) -> Result<(), StoreError> {
        for found in self.index.headers() {
            let (id, _) = found?;
            if let Some(document) = read::document(&self.index, &self.reader, id)? {
                each(id, &document);
            }
        }
        Ok(())
    }

    /// All records of a table.
    pub fn records(&self, table: Table) -> Result<Vec<Record>, StoreError> {
        read::records(&self.index, &self.reader, table)
    }

    pub(super) fn mark(&self) -> Option<Mark> {
        self.mark
    }

    /// Where another index says something else than the journal.
    pub(super) fn differences(
        &self,
        other: &Index,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Differences, StoreError> {
        let mut differences = Differences::default();
        let (mut ours, mut theirs) = (self.index.under(&[]), other.under(&[]));
        let (mut our, mut their) = (ours.next().transpose()?, theirs.next().transpose()?);
        let (mut done, total) = (0, self.counts().changes);
        loop {
            let order = match (&our, &their) {
                (None, None) => return Ok(differences),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((our, _)), Some((their, _))) => our.cmp(their),
            };
            let (key, differs) = match (&our, &their) {
                (Some((key, our)), Some((_, their))) if order.is_eq() => (key, our != their),
                (Some((key, _)), _) if order.is_lt() => (key, true),
                (_, Some((key, _))) | (Some((key, _)), None) => (key, true),
                (None, None) => return Ok(differences),
            };
            if differs && &**key != MARK {
                differences.note(key);
            }
            if order.is_le() {
                our = ours.next().transpose()?;
                done += 1;
                progress(Progress {
                    task: Task::Compare,
                    done_bytes: done.min(total),
                    total_bytes: total,
                });
            }
            if order.is_ge() {
                their = theirs.next().transpose()?;
            }
        }
    }

    /// Looks at the noted keys again: drops those that are equal by now, and
    /// counts how often the others were found to hold the same two values.
    pub(super) fn look_again(
        &self,
        differences: &mut Differences,
        other: &Index,
    ) -> Result<(), StoreError> {
        let mut still = BTreeMap::new();
        for (key, seen) in std::mem::take(&mut differences.noted) {
            let pair = (self.index.raw(&key)?, other.raw(&key)?);
            if pair.0 != pair.1 {
                let times = match seen {
                    Some((before, times)) if before == pair => times + 1,
                    _ => 1,
                };
                still.insert(key, Some((pair, times)));
            }
        }
        differences.noted = still;
        Ok(())
    }
}

/// What two indexes hold under one key.
type Pair = (Option<IVec>, Option<IVec>);

/// Keys of an index that hold something else than they should.
#[derive(Default)]
pub(super) struct Differences {
    /// The two values, and how often in a row they were seen.
    noted: BTreeMap<Vec<u8>, Option<(Pair, u32)>>,
    more: u64,
}

impl Differences {
    fn note(&mut self, key: &[u8]) {
        if self.noted.len() < NOTED_KEYS {
            self.noted.insert(key.to_vec(), None);
        } else {
            self.more += 1;
        }
    }

    pub fn count(&self) -> u64 {
        self.noted.len() as u64 + self.more
    }

    /// Keys whose two values were seen so often in a row: no write that came in
    /// between explains them.
    pub fn seen(&self, times: u32) -> u64 {
        let is_lasting = |seen: &&Option<(Pair, u32)>| matches!(seen, Some((_, n)) if *n >= times);
        self.noted.values().filter(is_lasting).count() as u64
    }
}

/// A folder that is gone when its value is dropped.
pub(super) fn temporary_folder() -> Result<TempDir, StoreError> {
    let place = std::env::temp_dir();
    tempfile::Builder::new()
        .prefix("stairwell-")
        .tempdir_in(&place)
        .map_err(|error| StoreError::disk(&place, &error))
}
