//! The data folder itself: what lies where in it, who has it open, and which
//! format it has.
//!
//! | name | what |
//! |---|---|
//! | `FORMAT` | the format's number, as text; written once the folder is whole |
//! | `LOCK` | locked by the program that has the folder open |
//! | `INDEX` | whether the index was closed in order |
//! | `journal/` | the truth |
//! | `index/` | can be rebuilt from the journal |
//! | `keys/`, `blobs/` | person keys and blobs, one file each |

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::report::Why;
use crate::StoreError;
use crate::own_files::{files_under, keep_private, make_folder, read_file, replace_file};

/// The format that this program writes, and the newest that it reads.
pub(crate) const FORMAT: u64 = 1;

const FORMAT_TITLE: &str = "stairwell data, format ";

/// An open data folder. The lock lasts as long as this value.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be, for the program's own user alone, and locks
    /// it against other programs.
    pub fn lock(path: &Path) -> Result<Folder, StoreError> {
        if !path.is_dir() {
            make_folder(path)?;
            keep_private(path)?;
        }
        refuse_foreign(path)?;
        let lock_path = path.join("LOCK");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| StoreError::disk(&lock_path, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Folder {
                path: path.to_path_buf(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked {
                folder: path.to_path_buf(),
            }),
            Err(TryLockError::Error(error)) => Err(StoreError::disk(&lock_path, &error)),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn journal(&self) -> PathBuf {
        self.path.join("journal")
    }

    pub fn index(&self) -> PathBuf {
        self.path.join("index")
    }

    /// Whether the folder is a store already. Refuses a newer format.
    pub fn check_format(&self) -> Result<bool, StoreError> {
        check_format(&self.path)
    }

    /// Marks the folder as a whole store. Comes after the journal was begun, so
    /// that a store without a journal is known for damage.
    pub fn write_format(&self) -> Result<(), StoreError> {
        write_format(&self.path)
    }

    /// Whether the program that last had the folder open closed it in order.
    /// Only a folder that was never opened has no note of it.
    pub fn was_closed(&self) -> Result<bool, StoreError> {
        let state = read_file(&self.path.join("INDEX"))?;
        Ok(state.is_none_or(|state| state.starts_with(CLOSED.as_bytes())))
    }

    /// Notes, durably, that the index is open from now on.
    pub fn note_index_open(&self) -> Result<(), StoreError> {
        let boot = boot().unwrap_or_else(|| "unknown".into());
        replace_file(&self.path.join("INDEX"), open_since(&boot).as_bytes())
    }

    /// Notes that the index was closed in order, and what its files are. Not if
    /// it is distrusted: then there is no note to replace.
    pub fn note_index_closed(&self) -> Result<(), StoreError> {
        let path = self.path.join("INDEX");
        if read_file(&path)?.is_none() {
            return Ok(());
        }
        let note = closed_with(checksum_of(&self.path.join("index"))?);
        replace_file(&path, note.as_bytes())
    }

    /// Has the next start rebuild the index. Used after it failed, so whether
    /// the note itself can be removed is not asked.
    pub fn distrust_index(&self) {
        let _ = fs::remove_file(self.path.join("INDEX"));
    }

    /// Throws the index away.
    pub fn remove_index(&self) -> Result<(), StoreError> {
        let path = self.index();
        let removed = match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
            Err(error) => Err(error),
        };
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(StoreError::disk(&path, &error))
            }
            _ => Ok(()),
        }
    }
}

/// What may lie in a folder whose making was cut short, or on a disk of its own.
pub(crate) const OWN_NAMES: [&str; 10] = [
    "LOCK",
    "INDEX",
    "INDEX.unfinished",
    "FORMAT.unfinished",
    "admin.sock",
    "journal",
    "index",
    "keys",
    "blobs",
    "lost+found",
];

/// Refuses to begin a store in a folder that holds other things: a mistyped
/// path, or a backup. Once a store is there, what lies beside it is left alone.
fn refuse_foreign(folder: &Path) -> Result<(), StoreError> {
    if folder.join("FORMAT").exists() {
        return Ok(());
    }
    let failed = |error| StoreError::disk(folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && !OWN_NAMES.contains(&&*name) {
            let path = folder.to_path_buf();
            return Err(StoreError::NotAStore { path });
        }
    }
    Ok(())
}

/// Whether a folder is a store already. Refuses a newer format.
pub(crate) fn check_format(folder: &Path) -> Result<bool, StoreError> {
    let path = folder.join("FORMAT");
    let Some(bytes) = read_file(&path)? else {
        return Ok(false);
    };
    let text = String::from_utf8_lossy(&bytes);
    let number = text.trim_end().strip_prefix(FORMAT_TITLE);
    match number.and_then(|number| number.parse::<u64>().ok()) {
        Some(FORMAT) => Ok(true),
        Some(found) if found > FORMAT => Err(StoreError::NewerFormat {
            found,
            known: FORMAT,
        }),
        _ => Err(StoreError::NotAStore { path }),
    }
}

/// Marks a folder as a whole store.
pub(crate) fn write_format(folder: &Path) -> Result<(), StoreError> {
    let text = format!("{FORMAT_TITLE}{FORMAT}\n");
    replace_file(&folder.join("FORMAT"), text.as_bytes())
}

/// Why the index of a folder cannot be believed; `None` if it can: it was closed
/// in order and its files are as they were then, or the program that had it open
/// was killed while the machine went on, so that nothing written was lost. sled
/// does not see to its files being on the disk, so after a power cut it may open
/// and lie; nor does it notice every file that was altered.
pub(crate) fn distrust_of_index(folder: &Path) -> Result<Option<Why>, StoreError> {
    let index = folder.join("index");
    if !index.is_dir() {
        return Ok(Some(Why::Missing));
    }
    let note = read_file(&folder.join("INDEX"))?.unwrap_or_default();
    if note.starts_with(CLOSED.as_bytes()) {
        let is_same = note == closed_with(checksum_of(&index)?).as_bytes();
        return Ok((!is_same).then_some(Why::Altered));
    }
    let is_of_this_boot = boot().is_some_and(|boot| note == open_since(&boot).as_bytes());
    Ok((!is_of_this_boot).then_some(Why::NotClosed))
}

/// One checksum of all files of the index, with their names and lengths.
fn checksum_of(index: &Path) -> Result<u32, StoreError> {
    let mut checksum = 0;
    for place in files_under(index, "")? {
        let path = index.join(&place);
        let failed = |error| StoreError::disk(&path, &error);
        let mut file = File::open(&path).map_err(failed)?;
        let (mut buffer, mut length) = (vec![0; 1 << 20], 0);
        checksum = crc32c::crc32c_append(checksum, place.as_os_str().as_encoded_bytes());
        loop {
            let read = file.read(&mut buffer).map_err(failed)?;
            if read == 0 {
                break;
            }
            length += read as u64;
            checksum = crc32c::crc32c_append(checksum, &buffer[..read]);
        }
        checksum = crc32c::crc32c_append(checksum, &length.to_le_bytes());
    }
    Ok(checksum)
}

/// How the note of an index that was closed in order begins.
const CLOSED: &str = "closed";

fn closed_with(checksum: u32) -> String {
    format!("{CLOSED}, checksum {checksum:08x}\n")
}

fn open_since(boot: &str) -> String {
    format!("open since boot {boot}\n")
}

/// Names this run of the machine, where the operating system tells.
fn boot() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}
