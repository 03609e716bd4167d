//! What the office's data lies on, and what is left of it after each kind of death.

mod scratch;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::faulty::Faults;
use store::{EmbeddedStore, Options, Store, StoreError};
use tempfile::TempDir;

use self::scratch::Scratch;
use crate::story::{Death, DiskKind, Failure};

/// Small, so that a story of some events has several segments.
const SEGMENT_BYTES: u64 = 6 << 10;
const INDEX_CACHE_BYTES: u64 = 1 << 20;

/// What the office's data lies on.
pub enum Disk {
    /// Memory; see [`Scratch`].
    Memory(Arc<Scratch>),
    /// Files.
    Files(Files),
}

/// A data folder; each death leaves a new one.
pub struct Files {
    home: TempDir,
    number: u32,
    faults: Faults,
    rebuild_index: bool,
}

impl Disk {
    /// An empty one.
    pub fn new(kind: DiskKind) -> io::Result<Self> {
        Ok(match kind {
            DiskKind::Memory => Self::Memory(Arc::default()),
            DiskKind::Files => Self::Files(Files {
                home: temporary_folder()?,
                number: 0,
                faults: Faults::none(),
                rebuild_index: false,
            }),
        })
    }

    /// Opens the store. The one before must have been dropped.
    pub fn open(&mut self) -> Result<Arc<dyn Store>, StoreError> {
        match self {
            Self::Memory(scratch) => {
                scratch.heal();
                Ok(Arc::clone(scratch) as Arc<dyn Store>)
            }
            Self::Files(files) => files.open(),
        }
    }

    /// Has writing fail after so many more writes.
    pub fn fail(&self, after: u8, how: Failure) {
        match (self, how) {
            (Self::Memory(scratch), _) => scratch.fail_after(after, how),
            (Self::Files(files), Failure::Full) => {
                let kind = io::ErrorKind::StorageFull;
                files
                    .faults
                    .fail_writing_after(u64::from(after) * 300, kind);
            }
            (Self::Files(files), Failure::Sync) => {
                let kind = io::ErrorKind::Other;
                files.faults.fail_syncing_after(after.into(), kind);
            }
        }
    }

    /// Puts what a death leaves at this moment in the place of the present data. The present store
    /// is of no use any more and must be dropped before the next is opened.
    pub fn die(&mut self, how: Death) -> io::Result<()> {
        match self {
            Self::Memory(scratch) => {
                if how == Death::Power {
                    scratch.forget_summaries();
                }
                Ok(())
            }
            Self::Files(files) => files.die(how),
        }
    }

    /// Has the next opening build the index anew.
    pub fn rebuild(&mut self) {
        match self {
            Self::Memory(scratch) => scratch.forget_summaries(),
            Self::Files(files) => files.rebuild_index = true,
        }
    }

    /// Puts a copy of everything but the index in the place of the present data.
    pub fn restore_copy(&mut self) -> io::Result<()> {
        match self {
            Self::Memory(scratch) => scratch.forget_summaries(),
            Self::Files(files) => {
                files.copy_to_next()?;
                fs::remove_dir_all(files.folder().join("index"))?;
                fs::remove_file(files.folder().join("INDEX"))?;
            }
        }
        Ok(())
    }
}

impl Files {
    fn folder(&self) -> PathBuf {
        self.home.path().join(self.number.to_string())
    }

    fn open(&mut self) -> Result<Arc<dyn Store>, StoreError> {
        if let Some(before) = self.number.checked_sub(1) {
            // What is left of the folder before is of no use, and costs memory.
            let _ = fs::remove_dir_all(self.home.path().join(before.to_string()));
        }
        self.faults = Faults::none();
        let options = Options {
            segment_bytes: SEGMENT_BYTES,
            index_cache_bytes: INDEX_CACHE_BYTES,
            rebuild_index: std::mem::take(&mut self.rebuild_index),
            files: self.faults.files(),
            ..Options::default()
        };
        let (store, _) = EmbeddedStore::open_with(&self.folder(), options, &mut |_| {})?;
        Ok(Arc::new(store))
    }

    fn copy_to_next(&mut self) -> io::Result<()> {
        let from = self.folder();
        self.number += 1;
        copy(&from, &self.folder())
    }

    fn die(&mut self, how: Death) -> io::Result<()> {
        self.copy_to_next()?;
        if how == Death::Power {
            self.faults.lose_power(&self.folder().join("journal"))?;
            // The machine comes up again as another boot.
            fs::write(
                self.folder().join("INDEX"),
                "open since boot of another day\n",
            )?;
        }
        Ok(())
    }
}

/// In memory where the system has such a folder: thousands of stores are made and thrown away.
fn temporary_folder() -> io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => fs::copy(entry.path(), &to).map(|_| ())?,
        }
    }
    Ok(())
}
