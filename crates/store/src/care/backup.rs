//! Copying a data folder away while it may be in use, without any lock.
//!
//! The journal only grows at its end, so the whole frames of any moment are a
//! journal as it was. Keys and blobs are copied after it: what a change needs of
//! them was there before the change. The index is left out, it can be rebuilt.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::digest::{Contents, Digesting};
use super::files::{PRIVATE_FOLDERS, copy_file, file_sum};
use super::manifest::{FileSum, MANIFEST, Manifest};
use super::restore::{RestoreError, verify_backup};
use crate::embedded::folder::{FORMAT, check_format};
use crate::journal::files::sync_folder;
use crate::journal::scan::{Scanned, scan};
use crate::journal::segment::segment_path;
use crate::own_files::{UNFINISHED, files_under, keep_private, make_folder, replace_file};
use crate::{Progress, StoreError, Task};

/// Why there is no backup.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// Reading the data or writing the copy failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder to copy to holds something already.
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
    /// The copy, read again, is not what was written.
    #[error("the copy is not what was written: {0}")]
    CopyBroken(Box<RestoreError>),
}

/// Copies a data folder into an empty folder, says in a manifest what is there,
/// and reads the copy once more to be sure of it.
pub fn backup(
    data: &Path,
    target: &Path,
    taken_at: i64,
    progress: &mut dyn FnMut(Progress),
) -> Result<Manifest, BackupError> {
    if !check_format(data)? {
        let path = data.to_path_buf();
        return Err(StoreError::NotAStore { path }.into());
    }
    make_empty(target)?;
    let journal = data.join("journal");
    let mut digesting = Digesting::default();
    let scanned = scan(&journal, &mut |frame| digesting.frame(frame))?;
    let contents = digesting.finish();
    let mut copy = Copy {
        data,
        target,
        total_bytes: scanned.bytes,
        done_bytes: 0,
        files: Vec::new(),
        progress,
    };
    copy.journal(&journal, &scanned)?;
    for folder in PRIVATE_FOLDERS {
        copy.folder(folder)?;
    }
    let manifest = copy.finish(taken_at, contents)?;
    match verify_backup(target, progress) {
        Ok(read_back) if read_back == manifest => Ok(manifest),
        Ok(_) => Err(BackupError::CopyBroken(Box::new(RestoreError::NotABackup(
            target.to_path_buf(),
        )))),
        Err(RestoreError::Store(error)) => Err(error.into()),
        Err(broken) => Err(BackupError::CopyBroken(Box::new(broken))),
    }
}

/// Makes the folder for the program's own user alone, or finds it empty.
fn make_empty(folder: &Path) -> Result<(), BackupError> {
    make_folder(folder)?;
    let failed = |error| StoreError::disk(folder, &error);
    if fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(BackupError::NotEmpty(folder.to_path_buf()));
    }
    Ok(keep_private(folder)?)
}

struct Copy<'a> {
    data: &'a Path,
    target: &'a Path,
    total_bytes: u64,
    done_bytes: u64,
    files: Vec<FileSum>,
    progress: &'a mut dyn FnMut(Progress),
}

impl Copy<'_> {
    /// The segments, the last one up to its last whole frame.
    fn journal(&mut self, journal: &Path, scanned: &Scanned) -> Result<(), StoreError> {
        let Some((last, end)) = &scanned.last else {
            return Ok(());
        };
        for number in 1..=scanned.segments {
            let from = segment_path(journal, number);
            let length = (number == last.number).then_some(*end);
            if length.is_some() {
                // What the copy holds is then on the disk of the original too.
                File::open(&from)
                    .and_then(|file| file.sync_data())
                    .map_err(|error| StoreError::disk(&from, &error))?;
            }
            let place = Path::new("journal").join(from.file_name().unwrap_or_default());
            if !self.file(&place, length)? {
                return Err(StoreError::damaged(&from, 0, "the file is missing"));
            }
        }
        Ok(())
    }

    /// The files of a folder. What is being written or erased at this moment is
    /// left out.
    fn folder(&mut self, folder: &str) -> Result<(), StoreError> {
        for place in files_under(self.data, folder)? {
            if place.extension().is_none_or(|name| name != UNFINISHED) {
                self.file(&place, None)?;
            }
        }
        Ok(())
    }

    /// Copies one file, and notes its sum. `false`: there is none.
    fn file(&mut self, place: &Path, length: Option<u64>) -> Result<bool, StoreError> {
        let to = self.target.join(place);
        make_folder(to.parent().unwrap_or(self.target))?;
        let copied = copy_file(&self.data.join(place), &to, length, &mut |bytes| {
            self.done_bytes += bytes;
            (self.progress)(Progress {
                task: Task::Copy,
                done_bytes: self.done_bytes,
                total_bytes: self.total_bytes.max(self.done_bytes),
            });
        })?;
        self.files.extend(copied.map(|sum| file_sum(place, sum)));
        Ok(copied.is_some())
    }

    /// Forces the names to disk and writes the manifest.
    fn finish(self, taken_at: i64, contents: Contents) -> Result<Manifest, StoreError> {
        let manifest = Manifest {
            taken_at,
            data_format: FORMAT,
            contents,
            files: self.files,
        };
        sync_folders_of(self.target, &manifest)?;
        let path = self.target.join(MANIFEST);
        replace_file(&path, manifest.encode().as_bytes())?;
        Ok(manifest)
    }
}

/// Forces the names of all files of a manifest to disk.
pub(super) fn sync_folders_of(target: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    let parents = manifest.files.iter().map(|file| target.join(&file.path));
    let mut folders: Vec<PathBuf> = parents
        .filter_map(|path| Some(path.parent()?.to_path_buf()))
        .chain(PRIVATE_FOLDERS.map(|folder| target.join(folder)))
        .chain([target.to_path_buf()])
        .collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        match sync_folder(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            synced => synced.map_err(|error| StoreError::disk(&folder, &error))?,
        }
    }
    Ok(())
}
