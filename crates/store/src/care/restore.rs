//! Putting a backup in place of a data folder that is not there, and checking a
//! backup without doing so.
//!
//! The format's file is written last, so a folder whose restoring was cut short
//! is not taken for whole.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::backup::sync_folders_of;
use super::digest::{Contents, Digesting};
use super::files::{copy_file, sum_of};
use super::manifest::{FileSum, MANIFEST, Manifest};
use crate::embedded::folder::{FORMAT, write_format};
use crate::journal::scan::scan;
use crate::own_files::{keep_private, make_folder, read_file};
use crate::{EmbeddedStore, OpenReport, Progress, StoreError, Task};

/// Why a backup was not restored, or is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// Reading or writing failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no manifest, or it is not as it was written: the folder is no
    /// backup, or one that was cut short.
    #[error("{0} holds no whole manifest")]
    NotABackup(PathBuf),
    /// Files of the backup are not as they were written.
    #[error("{} files are broken", .0.len())]
    Broken(Vec<BrokenFile>),
    /// The files are as they were written, but hold something else than the
    /// manifest says.
    #[error("the contents are not those of the manifest")]
    OtherContents {
        /// What the manifest says.
        expected: Contents,
        /// What was found.
        found: Contents,
    },
    /// The folder to restore into holds something already.
    #[error("{0} is not empty")]
    NotEmpty(PathBuf),
}

/// One file of a backup that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenFile {
    /// Its place in the backup.
    pub path: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What can be wrong with a file of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there.
    Missing,
    /// It has this many bytes instead of those that were written.
    Length(u64),
    /// Its bytes are others.
    Altered,
}

/// What was restored.
#[derive(Debug)]
pub struct Restored {
    /// The backup's own words.
    pub manifest: Manifest,
    /// What opening the new folder found.
    pub report: OpenReport,
}

/// Checks every file of a backup against its manifest, and that the journal in
/// it can be read to its end and holds what the manifest says.
pub fn verify_backup(
    backup: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Manifest, RestoreError> {
    let manifest = read_manifest(backup)?;
    let total_bytes = manifest.bytes();
    let mut done_bytes = 0;
    let mut broken = Vec::new();
    for file in &manifest.files {
        let found = sum_of(&backup.join(&file.path), &mut |bytes| {
            done_bytes += bytes;
            progress(Progress {
                task: Task::CheckCopy,
                done_bytes,
                total_bytes: total_bytes.max(done_bytes),
            });
        })?;
        if let Some(flaw) = flaw_of(file, found) {
            let path = file.path.clone();
            broken.push(BrokenFile { path, flaw });
        }
    }
    if !broken.is_empty() {
        return Err(RestoreError::Broken(broken));
    }
    let mut digesting = Digesting::default();
    scan(&backup.join("journal"), &mut |frame| digesting.frame(frame))?;
    same(manifest.contents, digesting.finish())?;
    Ok(manifest)
}

/// Restores a backup into a folder that is empty or not there.
pub fn restore(
    backup: &Path,
    data: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Restored, RestoreError> {
    refuse_full(data)?;
    let manifest = verify_backup(backup, progress)?;
    make_folder(data)?;
    keep_private(data)?;
    copy_all(backup, data, &manifest, progress)?;
    write_format(data)?;
    let (store, report) = EmbeddedStore::open(data, progress)?;
    same(manifest.contents, store.contents(progress)?)?;
    Ok(Restored { manifest, report })
}

fn refuse_full(folder: &Path) -> Result<(), RestoreError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(RestoreError::NotEmpty(folder.to_path_buf())),
            None => Ok(()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::disk(folder, &error).into()),
    }
}

fn read_manifest(backup: &Path) -> Result<Manifest, RestoreError> {
    let bytes = read_file(&backup.join(MANIFEST))?.unwrap_or_default();
    let manifest = std::str::from_utf8(&bytes).ok().and_then(Manifest::decode);
    let manifest = manifest.filter(|manifest| manifest.files.iter().all(stays_inside));
    let manifest = manifest.ok_or_else(|| RestoreError::NotABackup(backup.to_path_buf()))?;
    if manifest.data_format > FORMAT {
        return Err(RestoreError::Store(StoreError::NewerFormat {
            found: manifest.data_format,
            known: FORMAT,
        }));
    }
    Ok(manifest)
}

/// A manifest names nothing outside its own folder.
fn stays_inside(file: &FileSum) -> bool {
    let path = Path::new(&file.path);
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
}

fn flaw_of(file: &FileSum, found: Option<(u64, [u8; 32])>) -> Option<Flaw> {
    match found {
        None => Some(Flaw::Missing),
        Some((bytes, _)) if bytes != file.bytes => Some(Flaw::Length(bytes)),
        Some((_, sum)) if sum != file.sha256 => Some(Flaw::Altered),
        Some(_) => None,
    }
}

fn copy_all(
    backup: &Path,
    data: &Path,
    manifest: &Manifest,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), RestoreError> {
    let mut done_bytes = 0;
    for file in &manifest.files {
        let to = data.join(&file.path);
        make_folder(to.parent().unwrap_or(data))?;
        let copied = copy_file(&backup.join(&file.path), &to, None, &mut |bytes| {
            done_bytes += bytes;
            progress(Progress {
                task: Task::Copy,
                done_bytes,
                total_bytes: manifest.bytes().max(done_bytes),
            });
        })?;
        // It was whole a moment ago.
        if let Some(flaw) = flaw_of(file, copied) {
            let path = file.path.clone();
            return Err(RestoreError::Broken(vec![BrokenFile { path, flaw }]));
        }
    }
    Ok(sync_folders_of(data, manifest)?)
}

fn same(expected: Contents, found: Contents) -> Result<(), RestoreError> {
    if expected == found {
        return Ok(());
    }
    Err(RestoreError::OtherContents { expected, found })
}
