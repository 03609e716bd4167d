//! Opening a store: lock, check the journal, bring the index up to it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::folder::{Folder, distrust_of_index};
use super::index::Index;
use super::layout::{Counts, Mark};
use super::replay::{Replay, Standing};
use super::report::{IndexState, Progress, Task, Why};
use crate::StoreError;
use crate::journal::files::{DiskFiles, JournalFiles};
use crate::journal::scan::{Scanned, scan};
use crate::journal::segment::{list_segments, segment_path};

/// How a store is opened.
pub struct Options {
    /// A segment that has reached this size gets no more frames.
    pub segment_bytes: u64,
    /// Memory for the index.
    pub index_cache_bytes: u64,
    /// An index larger than this is rebuilt, if it is also many times larger than
    /// the journal. sled's files only grow.
    pub index_bloated_bytes: u64,
    /// Rebuild the index even if it is in order.
    pub rebuild_index: bool,
    /// What the journal is written with.
    pub files: Box<dyn JournalFiles>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            segment_bytes: 64 << 20,
            index_cache_bytes: 64 << 20,
            index_bloated_bytes: 256 << 20,
            rebuild_index: false,
            files: Box::new(DiskFiles),
        }
    }
}

/// An index of a large size is bloated if it is so many times larger than the
/// journal.
const BLOATED_TIMES: u64 = 10;

/// Progress is told each time so many bytes are done.
const PROGRESS_STEP_BYTES: u64 = 1 << 20;

/// An index that reflects all of the journal.
pub(super) struct Opened {
    pub index: Index,
    pub scanned: Scanned,
    pub counts: Counts,
    pub state: IndexState,
}

/// Reads the journal and brings the index up to it, from nothing if need be.
pub(super) fn open_index(
    folder: &Folder,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Opened, StoreError> {
    let found = if options.rebuild_index {
        Err(Why::Asked)
    } else {
        open_present(folder, options)?
    };
    let why = match found {
        Err(why) => why,
        Ok((index, mark)) => match catch_up(&folder.journal(), &index, Some(mark), progress) {
            Ok((Standing::Behind(frames), opened)) => {
                let state = match frames {
                    0 => IndexState::Ready,
                    frames => IndexState::CaughtUp(frames),
                };
                return Ok(opened.into_opened(index, state));
            }
            Ok((Standing::Ahead, found)) => {
                check_end(folder, &mark, &found.scanned)?;
                Why::AheadOfJournal
            }
            Ok((Standing::Otherwise, _)) => Why::OtherJournal,
            Err(StoreError::Index { cause }) => Why::WouldNotOpen(cause),
            Err(error) => return Err(error),
        },
    };
    rebuild(folder, options, why, progress)
}

/// Opens the index that is there, or says why it cannot be used.
fn open_present(
    folder: &Folder,
    options: &Options,
) -> Result<Result<(Index, Mark), Why>, StoreError> {
    if let Some(why) = distrust_of_index(folder.path())? {
        return Ok(Err(why));
    }
    folder.note_index_open()?;
    let opened = Index::open(&folder.index(), options.index_cache_bytes);
    let read = opened.and_then(|index| {
        let mark = index.mark()?;
        let bytes = index.bytes_on_disk()?;
        Ok((index, mark, bytes))
    });
    Ok(match read {
        Err(error) => Err(Why::WouldNotOpen(error.to_string())),
        Ok((_, None, _)) => Err(Why::Missing),
        Ok((_, _, bytes))
            if bytes > options.index_bloated_bytes
                && bytes / BLOATED_TIMES > journal_bytes(&folder.journal())? =>
        {
            Err(Why::Bloated)
        }
        Ok((index, Some(mark), _)) => Ok((index, mark)),
    })
}

fn rebuild(
    folder: &Folder,
    options: &Options,
    why: Why,
    progress: &mut dyn FnMut(Progress),
) -> Result<Opened, StoreError> {
    folder.remove_index()?;
    folder.note_index_open()?;
    let index = Index::open(&folder.index(), options.index_cache_bytes)?;
    let (_, caught_up) = catch_up(&folder.journal(), &index, None, progress)?;
    // There was nothing to rebuild from when the store is being made.
    let state = match caught_up.scanned.frames {
        0 => IndexState::Ready,
        _ => IndexState::Rebuilt(why),
    };
    Ok(caught_up.into_opened(index, state))
}

pub(crate) struct CaughtUp {
    scanned: Scanned,
    counts: Counts,
}

impl CaughtUp {
    fn into_opened(self, index: Index, state: IndexState) -> Opened {
        Opened {
            index,
            scanned: self.scanned,
            counts: self.counts,
            state,
        }
    }
}

/// Applies what an index at this mark lacks of a journal.
pub(crate) fn catch_up(
    journal: &Path,
    index: &Index,
    mark: Option<Mark>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Standing, CaughtUp), StoreError> {
    let total_bytes = journal_bytes(journal)?;
    let task = match mark {
        Some(_) => Task::CheckJournal,
        None => Task::RebuildIndex,
    };
    let mut tell = |done_bytes| {
        progress(Progress {
            task,
            done_bytes,
            total_bytes,
        });
    };
    let mut replay = Replay::new(index, mark);
    let (mut done_bytes, mut told_bytes) = (0, 0);
    let scanned = scan(journal, &mut |frame| {
        done_bytes += frame.payload.len() as u64;
        if done_bytes - told_bytes >= PROGRESS_STEP_BYTES {
            told_bytes = done_bytes;
            tell(done_bytes);
        }
        replay.frame(frame)
    })?;
    let (standing, mark) = replay.finish(scanned.frames)?;
    tell(total_bytes);
    let counts = mark.map_or_else(Counts::default, |mark| mark.counts);
    Ok((standing, CaughtUp { scanned, counts }))
}

/// The index is ahead of the journal. If the bytes of the frame that it knows
/// are there and are merely wrong, they were durable once and are damaged now,
/// which is not to be cut off as torn.
fn check_end(folder: &Folder, mark: &Mark, scanned: &Scanned) -> Result<(), StoreError> {
    match scanned.torn {
        Some(torn) if mark.is_within(&torn) => Err(StoreError::damaged(
            &segment_path(&folder.journal(), torn.segment),
            torn.offset,
            "a frame that was durable is broken",
        )),
        _ => Ok(()),
    }
}

/// Bytes of all segments.
pub(crate) fn journal_bytes(journal: &Path) -> Result<u64, StoreError> {
    let length = |number: u32| Ok(fs::metadata(segment_path(journal, number))?.len());
    list_segments(journal)
        .and_then(|numbers| numbers.into_iter().map(length).sum())
        .map_err(|error| StoreError::disk(journal, &error))
}

/// Refuses a store whose journal is gone, or a journal that is no store's.
pub(crate) fn check_journal_is_there(folder: &Path, is_store: bool) -> Result<(), StoreError> {
    let numbers = match list_segments(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        numbers => numbers.map_err(|error| StoreError::disk(folder, &error))?,
    };
    if is_store && numbers.is_empty() {
        let first = segment_path(folder, 1);
        return Err(StoreError::damaged(&first, 0, "the journal is missing"));
    }
    if !is_store && numbers.len() > 1 {
        return Err(StoreError::NotAStore {
            path: folder.to_path_buf(),
        });
    }
    Ok(())
}
