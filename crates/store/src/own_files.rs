//! Files that are replaced as a whole: written beside, forced to disk, renamed
//! into place. Whoever reads one finds the old bytes or the new ones.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::journal::files::sync_folder;

/// How the name of a file ends while it is being written.
pub(crate) const UNFINISHED: &str = "unfinished";

/// Makes a folder with all above it; it may be there already.
pub(crate) fn make_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(|error| StoreError::disk(path, &error))?;
    sync_parent(path)
}

/// Lets nobody but the program's own user look into a folder.
pub(crate) fn keep_private(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .map_err(|error| StoreError::disk(folder, &error))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// All files under a part of a folder, as paths from that folder on, sorted. A folder that is not there has none, nor has one that vanishes.
pub(crate) fn files_under(folder: &Path, part: &str) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(part)];
    while let Some(part) = folders.pop() {
        let path = folder.join(&part);
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| StoreError::disk(&path, &error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| StoreError::disk(&path, &error))?;
            let place = part.join(entry.file_name());
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder { &mut folders } else { &mut found }.push(place);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Reads a file; `None` if there is none.
pub(crate) fn read_file(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::disk(path, &error)),
    }
}

/// Puts these bytes at a path, durably. Two callers for one path must take
/// turns.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_and_rename(path, bytes)?;
    sync_parent(path)
}

/// Puts files into a folder, durably on return: their names are forced to disk
/// together.
pub(crate) fn replace_files(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), StoreError> {
    if files.is_empty() {
        return Ok(());
    }
    files
        .iter()
        .try_for_each(|(path, bytes)| write_and_rename(path, bytes))?;
    sync_folder(folder).map_err(|error| StoreError::disk(folder, &error))
}

fn write_and_rename(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let beside = path.with_extension(UNFINISHED);
    let write = || {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    if let Err(error) = write() {
        // The half-written file is of no use; the error to report is the first.
        let _ = fs::remove_file(&beside);
        return Err(StoreError::disk(path, &error));
    }
    Ok(())
}

/// Removes a file, durably; it need not be there.
pub(crate) fn remove_file(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StoreError::disk(path, &error)),
        Ok(()) => sync_parent(path),
    }
}

fn sync_parent(path: &Path) -> Result<(), StoreError> {
    let parent = path.parent().unwrap_or(path);
    // The parent of a path of one part is the empty path: the present folder.
    let parent = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    sync_folder(parent).map_err(|error| StoreError::disk(parent, &error))
}
