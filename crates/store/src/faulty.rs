//! Journal files that fail on demand, like a real disk would: for tests and
//! simulations. Underneath they are real files.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::{DiskFiles, JournalFile, JournalFiles};

/// What is to go wrong, shared between a test and the files it gave away.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Plan>);

#[derive(Debug, Default)]
struct Plan {
    /// After so many more bytes written, writing fails.
    write: Mutex<Option<(u64, ErrorKind)>>,
    /// After so many more syncs, syncing fails.
    sync: Mutex<Option<(u64, ErrorKind)>>,
    syncs: AtomicU64,
}

impl Faults {
    /// Nothing goes wrong until it is asked for.
    pub fn none() -> Faults {
        Faults::default()
    }

    /// From now on `bytes` more bytes can be written; the write that would go
    /// beyond them stops there and fails.
    pub fn fail_writing_after(&self, bytes: u64, kind: ErrorKind) {
        *lock(&self.0.write) = Some((bytes, kind));
    }

    /// From now on `times` more syncs succeed, and then they fail.
    pub fn fail_syncing_after(&self, times: u64, kind: ErrorKind) {
        *lock(&self.0.sync) = Some((times, kind));
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        *lock(&self.0.write) = None;
        *lock(&self.0.sync) = None;
    }

    /// How often a file was forced to disk.
    pub fn syncs(&self) -> u64 {
        self.0.syncs.load(Ordering::SeqCst)
    }

    /// Files that fail as planned here.
    pub fn files(&self) -> Box<dyn JournalFiles> {
        Box::new(FaultyFiles {
            faults: self.clone(),
            disk: DiskFiles,
        })
    }
}

struct FaultyFiles {
    faults: Faults,
    disk: DiskFiles,
}

struct FaultyFile {
    faults: Faults,
    file: Box<dyn JournalFile>,
}

impl JournalFiles for FaultyFiles {
    fn open(&self, path: &Path, create: bool) -> io::Result<Box<dyn JournalFile>> {
        Ok(Box::new(FaultyFile {
            faults: self.faults.clone(),
            file: self.disk.open(path, create)?,
        }))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.disk.sync_folder(folder)
    }
}

impl JournalFile for FaultyFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut plan = lock(&self.faults.0.write);
        let Some((left, kind)) = &mut *plan else {
            return self.file.append(bytes);
        };
        let fits = bytes
            .len()
            .min(usize::try_from(*left).unwrap_or(usize::MAX));
        *left -= fits as u64;
        self.file.append(&bytes[..fits])?;
        if fits < bytes.len() {
            return Err((*kind).into());
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        match &mut *lock(&self.faults.0.sync) {
            Some((0, kind)) => return Err((*kind).into()),
            Some((left, _)) => *left -= 1,
            None => {}
        }
        self.file.sync()?;
        self.faults.0.syncs.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.cut(length)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Each use is one assignment, so a panic elsewhere left nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
