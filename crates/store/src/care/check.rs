//! Checking a whole data folder, without altering a byte of it.

use std::fs::{self, File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use model::PersonId;

use super::truth::{Truth, temporary_folder};
use crate::embedded::folder::{OWN_NAMES, check_format, distrust_of_index};
use crate::embedded::index::Index;
use crate::embedded::layout::Mark;
use crate::embedded::private::{PrivateFiles, person_of_key};
use crate::embedded::replay::Standing;
use crate::embedded::{open, summary};
use crate::journal::segment::segment_number;
use crate::own_files::{UNFINISHED, files_under};
use crate::{EmbeddedStore, Progress, StoreError, TornTail, Why};

/// Memory for the copy of the index that is looked at.
const CACHE_BYTES: u64 = 64 << 20;

/// How often an index in use is held against the journal again, until the writes
/// that came in between are told from what is wrong.
const ROUNDS: usize = 20;

/// What is found so often in a row, unaltered, is wrong.
const LASTING: u32 = 3;

/// How long the index in use is waited for in one round.
const WAITS: u32 = 400;
const WAIT: Duration = Duration::from_millis(5);

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The format's file is missing while there is a journal.
    FormatMissing,
    /// The format's file is of a newer program or not readable.
    Format(StoreError),
    /// The journal is damaged, or a segment is missing. What stands behind the
    /// place was not read.
    Journal(StoreError),
    /// A write at the end was not finished. The next start cuts it off.
    TornTail(TornTail),
    /// The end of the journal is broken, though it was on the disk once.
    EndBroken(TornTail),
    /// The journal ends before what the index knows of it.
    EndLost,
    /// The index is made again at the next start, because of this.
    IndexUnusable(Why),
    /// The index lacks so many frames, which the next start puts in.
    IndexBehind(u64),
    /// The index says something else than the journal, at so many places.
    IndexDiffers(u64),
    /// A person's key is damaged, or does not carry a key's name.
    Key(PathBuf),
    /// A blob is damaged, or carries the name of other bytes.
    Blob(PathBuf),
    /// A file or folder could not be read.
    Unreadable(StoreError),
    /// A write of a file was not finished.
    Unfinished(PathBuf),
    /// Something that is none of the program's files.
    Stray(PathBuf),
}

impl Finding {
    /// Whether nothing is lost or shown wrongly because of it.
    pub fn is_harmless(&self) -> bool {
        matches!(
            self,
            Finding::TornTail(_)
                | Finding::IndexUnusable(_)
                | Finding::IndexBehind(_)
                | Finding::Unfinished(_)
                | Finding::Stray(_)
        )
    }
}

/// A folder that was checked.
pub struct Checked {
    /// What is not as it should be.
    pub findings: Vec<Finding>,
    /// What the journal says, for looking at the documents.
    pub truth: Truth,
    /// Persons' keys that are good.
    pub keys: u64,
    /// Blobs that are good.
    pub blobs: u64,
    /// Summaries as the index keeps them, of documents it could be asked for.
    pub summaries: Option<summary::Found>,
}

/// Checks a data folder. `serving` is the store that has it open in this very
/// process; without one, nobody may open the folder meanwhile.
pub fn check(
    data: &Path,
    serving: Option<&EmbeddedStore>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Checked, StoreError> {
    let _alone = match serving {
        Some(_) => None,
        None => share_lock(data)?,
    };
    let mut findings = Vec::new();
    match check_format(data) {
        Ok(true) => {}
        Ok(false) => findings.push(Finding::FormatMissing),
        Err(error) => findings.push(Finding::Format(error)),
    }
    let journal = data.join("journal");
    open::check_journal_is_there(&journal, true)?;
    let (mut truth, damage) = Truth::read(&journal, progress)?;
    findings.extend(damage.clone().map(Finding::Journal));
    let mut summaries = None;
    if let Some(store) = serving {
        summaries = Some(store.index().summaries.read()?);
    }
    if damage.is_none() {
        let torn = truth.scanned.torn;
        let found = match serving {
            Some(store) => compare_serving(&mut truth, store, progress),
            None => compare_copy(&mut truth, data, &mut summaries, progress),
        };
        let found = found.unwrap_or_else(|error| {
            vec![Finding::IndexUnusable(Why::WouldNotOpen(error.to_string()))]
        });
        // While a service runs, a write under way looks like a torn one.
        let known = found.iter().any(|one| matches!(one, Finding::EndBroken(_)));
        if serving.is_none() && !known {
            findings.extend(torn.map(Finding::TornTail));
        }
        findings.extend(found);
    }
    let (keys, blobs) = check_private(data, &mut findings)?;
    check_names(data, &mut findings)?;
    Ok(Checked {
        findings,
        truth,
        keys,
        blobs,
        summaries,
    })
}

/// A person's key in a data folder that need not be open.
pub fn key_of(data: &Path, person: PersonId) -> Result<Option<[u8; 32]>, StoreError> {
    PrivateFiles::at(data).key(person)
}

/// Keeps others from opening the folder, if it was ever opened.
fn share_lock(data: &Path) -> Result<Option<File>, StoreError> {
    let path = data.join("LOCK");
    let Ok(file) = File::open(&path) else {
        return Ok(None);
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked {
            folder: data.to_path_buf(),
        }),
        Err(TryLockError::Error(error)) => Err(StoreError::disk(&path, &error)),
    }
}

fn compare_serving(
    truth: &mut Truth,
    store: &EmbeddedStore,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Finding>, StoreError> {
    let index = store.index();
    let mut differences = truth.differences(index, progress)?;
    for _ in 0..ROUNDS {
        if differences.count() == differences.seen(LASTING) {
            break;
        }
        truth.catch_up(&mut |_| {})?;
        wait_for(index, truth)?;
        truth.look_again(&mut differences, index)?;
    }
    Ok(differs(differences.seen(LASTING)))
}

/// Waits until an index in use has what the journal had: its writer puts a frame
/// into the journal first. A disk that takes too long is not waited for.
fn wait_for(index: &Index, truth: &Truth) -> Result<(), StoreError> {
    let frame = |mark: Option<Mark>| mark.map_or(0, |mark| mark.frame);
    for _ in 0..WAITS {
        if frame(index.mark()?) >= frame(truth.mark()) {
            break;
        }
        std::thread::sleep(WAIT);
    }
    Ok(())
}

fn differs(count: u64) -> Vec<Finding> {
    let differs = (count > 0).then_some(Finding::IndexDiffers(count));
    differs.into_iter().collect()
}

/// Looks at a copy of the index: opening one writes into it.
fn compare_copy(
    truth: &mut Truth,
    data: &Path,
    summaries: &mut Option<summary::Found>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Finding>, StoreError> {
    let unusable = |cause: String| Ok(vec![Finding::IndexUnusable(Why::WouldNotOpen(cause))]);
    if let Some(why) = distrust_of_index(data)? {
        return Ok(vec![Finding::IndexUnusable(why)]);
    }
    let home = temporary_folder()?;
    for place in files_under(data, "index")? {
        let to = home.path().join(&place);
        let copied = to.parent().map_or(Ok(()), fs::create_dir_all);
        copied
            .and_then(|()| fs::copy(data.join(&place), &to))
            .map_err(|error| StoreError::disk(&to, &error))?;
    }
    // sled panics over some damaged files, at opening or later.
    let compared = catch_unwind(AssertUnwindSafe(|| {
        let index = Index::open(&home.path().join("index"), CACHE_BYTES)?;
        let found = compare_closed(truth, data, &index, progress)?;
        let read = index.summaries.read()?;
        Ok((found, read))
    }));
    match compared {
        Ok(Ok((found, read))) => {
            *summaries = Some(read);
            Ok(found)
        }
        Ok(Err(StoreError::Index { cause })) => unusable(cause),
        Ok(Err(error)) => Err(error),
        Err(_) => unusable("it panicked".to_owned()),
    }
}

fn compare_closed(
    truth: &Truth,
    data: &Path,
    index: &Index,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Finding>, StoreError> {
    let Some(mark) = index.mark()? else {
        return Ok(vec![Finding::IndexUnusable(Why::Missing)]);
    };
    let journal = data.join("journal");
    let (standing, _) = open::catch_up(&journal, index, Some(mark), &mut |_| {})?;
    let mut found = match standing {
        Standing::Behind(0) => Vec::new(),
        Standing::Behind(frames) => vec![Finding::IndexBehind(frames)],
        Standing::Ahead => return Ok(vec![ahead(truth, &mark)]),
        Standing::Otherwise => {
            return Ok(vec![Finding::IndexUnusable(Why::OtherJournal)]);
        }
    };
    found.extend(differs(truth.differences(index, progress)?.count()));
    Ok(found)
}

fn ahead(truth: &Truth, mark: &Mark) -> Finding {
    match truth.scanned.torn.filter(|torn| mark.is_within(torn)) {
        Some(torn) => Finding::EndBroken(torn),
        None => Finding::EndLost,
    }
}

/// Every key and every blob, against its own checksum or name.
fn check_private(data: &Path, findings: &mut Vec<Finding>) -> Result<(u64, u64), StoreError> {
    let private = PrivateFiles::at(data);
    let (mut keys, mut blobs) = (0, 0);
    for place in files_under(data, "keys")? {
        let path = data.join(&place);
        if is_unfinished(&path) {
            findings.push(Finding::Unfinished(path));
            continue;
        }
        match person_of_key(&path).map(|person| private.key(person)) {
            Some(Ok(_)) => keys += 1,
            None | Some(Err(StoreError::Damaged { .. })) => findings.push(Finding::Key(path)),
            Some(Err(error)) => findings.push(Finding::Unreadable(error)),
        }
    }
    for place in files_under(data, "blobs")? {
        let path = data.join(&place);
        if is_unfinished(&path) {
            findings.push(Finding::Unfinished(path));
            continue;
        }
        match private.blob_at(&path) {
            Ok(true) => blobs += 1,
            Ok(false) => findings.push(Finding::Blob(path)),
            Err(error) => findings.push(Finding::Unreadable(error)),
        }
    }
    Ok((keys, blobs))
}

fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|name| name == UNFINISHED)
}

/// Names that are none of the program's, in the folder and in the journal's.
fn check_names(data: &Path, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let is_own = |name: &str| name == "FORMAT" || OWN_NAMES.contains(&name);
    for folder in [data.to_path_buf(), data.join("journal")] {
        let failed = |error| StoreError::disk(&folder, &error);
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().unwrap_or_default();
            let is_known = if folder == data {
                is_own(&name.to_string_lossy())
            } else {
                segment_number(name).is_some()
            };
            if is_unfinished(&path) {
                findings.push(Finding::Unfinished(path));
            } else if !is_known {
                findings.push(Finding::Stray(path));
            }
        }
    }
    Ok(())
}
