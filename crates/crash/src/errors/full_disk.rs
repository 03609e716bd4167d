//! A disk that is really full, the program's log on it too: a small file system in
//! memory, where making one is allowed.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::disk::tree::{self, Entry, Folder};
use crate::{CrashError, Settings};

/// Space beside what lies there already.
const FREE_BYTES: usize = 48 << 20;
/// Of that, what is left once the disk is nearly full.
const LEFT_BYTES: u64 = 100_000;
/// Others' data.
const FILLER: &str = "filler";

/// A file system of its own. Dropped, it is gone.
pub struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    /// One that holds a copy of this data folder and little more; or why none can
    /// be made here.
    pub fn holding(settings: &Settings, data: &Path) -> Result<Result<Self, String>, CrashError> {
        let folder = settings.folder()?;
        let held = tree::read(data)?;
        let size = format!("size={}", bytes_in(&held) + FREE_BYTES);
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "none"])
            .arg(folder.path())
            .output();
        let made = match made {
            Ok(output) if output.status.success() => Ok(Self { folder }),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        };
        if let Ok(disk) = &made {
            let copy = Folder::from([("data".to_owned(), Entry::Folder(held))]);
            tree::write(&copy, &disk.path())?;
        }
        Ok(made)
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }

    /// Somebody else takes nearly all of the space.
    pub fn fill(&self) -> Result<(), CrashError> {
        let mut file = File::create(self.path().join(FILLER))?;
        let piece = vec![1; 1 << 16];
        let mut length = 0;
        while let Ok(written) = file.write(&piece) {
            length += written as u64;
        }
        Ok(file.set_len(length.saturating_sub(LEFT_BYTES))?)
    }

    /// Makes room, as an operator does.
    pub fn make_room(&self) -> Result<(), CrashError> {
        Ok(fs::remove_file(self.path().join(FILLER))?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // What cannot be taken away here is told by the folder that stays behind.
        let _ = Command::new("umount").arg(self.folder.path()).status();
    }
}

fn bytes_in(folder: &Folder) -> usize {
    let bytes = |entry: &Entry| match entry {
        // A file takes whole pages.
        Entry::File(bytes) => bytes.len().next_multiple_of(4096),
        Entry::Folder(folder) => bytes_in(folder),
    };
    folder.values().map(bytes).sum()
}
