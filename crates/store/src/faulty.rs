//! Journal files that fail on demand, like a real disk would: for tests and
//! simulations. Underneath they are real files.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::{DiskFiles, JournalFile, JournalFiles};

/// What is to go wrong, shared between a test and the files it gave away.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Plan>);

#[derive(Debug, Default)]
struct Plan {
    /// After so many more bytes written, writing fails.
    write: Mutex<Option<(u64, ErrorKind)>>,
    /// After so many more syncs, one fails.
    sync: Mutex<Option<(u64, ErrorKind)>>,
    syncs: AtomicU64,
    gate: Gate,
    files: Mutex<BTreeMap<PathBuf, OnDisk>>,
}

/// Where syncs wait while they are held.
#[derive(Debug, Default)]
struct Gate {
    state: Mutex<GateState>,
    altered: Condvar,
}

#[derive(Debug, Default)]
struct GateState {
    closed: bool,
    waiting: u64,
}

impl Gate {
    fn pass(&self) {
        let mut state = lock(&self.state);
        state.waiting += 1;
        self.altered.notify_all();
        while state.closed {
            state = wait(&self.altered, state);
        }
        state.waiting -= 1;
    }
}

/// Holds every sync while it lives.
#[derive(Debug)]
pub struct HeldSyncs(Faults);

impl HeldSyncs {
    /// Waits until a sync is being held.
    pub fn wait_for_one(&self) {
        let gate = &self.0.0.gate;
        let mut state = lock(&gate.state);
        while state.waiting == 0 {
            state = wait(&gate.altered, state);
        }
    }
}

impl Drop for HeldSyncs {
    fn drop(&mut self) {
        let gate = &self.0.0.gate;
        lock(&gate.state).closed = false;
        gate.altered.notify_all();
    }
}

/// How much of a file would be left after a power cut.
#[derive(Debug, Clone, Copy, Default)]
struct OnDisk {
    /// Its name was forced to disk.
    named: bool,
    written: u64,
    synced: u64,
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

    /// From now on `times` more syncs succeed and then one fails. Those after it
    /// say that all is well, as those of a real disk do.
    pub fn fail_syncing_after(&self, times: u64, kind: ErrorKind) {
        *lock(&self.0.sync) = Some((times, kind));
    }

    /// From now on every sync waits, like one of a very slow disk, until what
    /// this returns is dropped.
    pub fn hold_syncs(&self) -> HeldSyncs {
        lock(&self.0.gate.state).closed = true;
        HeldSyncs(self.clone())
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

    /// Leaves in a copy of the journal's folder only what was forced to disk:
    /// what a power cut leaves at worst.
    pub fn lose_power(&self, copy: &Path) -> io::Result<()> {
        for (path, on_disk) in &*lock(&self.0.files) {
            let path = copy.join(path.file_name().unwrap_or_default());
            if on_disk.named {
                let file = OpenOptions::new().write(true).open(path)?;
                file.set_len(on_disk.synced)?;
            } else {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn file(&self, path: &Path, note: impl FnOnce(&mut OnDisk)) {
        note(lock(&self.0.files).entry(path.to_path_buf()).or_default());
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
    path: PathBuf,
    file: Box<dyn JournalFile>,
}

impl JournalFiles for FaultyFiles {
    fn open(&self, path: &Path, create: bool) -> io::Result<Box<dyn JournalFile>> {
        let file = self.disk.open(path, create)?;
        let length = fs::metadata(path)?.len();
        self.faults.file(path, |on_disk| {
            *on_disk = OnDisk {
                named: !create,
                written: length,
                synced: length,
            };
        });
        Ok(Box::new(FaultyFile {
            faults: self.faults.clone(),
            path: path.to_path_buf(),
            file,
        }))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.disk.sync_folder(folder)?;
        for (path, on_disk) in &mut *lock(&self.faults.0.files) {
            on_disk.named |= path.parent() == Some(folder);
        }
        Ok(())
    }
}

impl JournalFile for FaultyFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (fits, failure) = match &mut *lock(&self.faults.0.write) {
            Some((left, kind)) => {
                let fits = bytes
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= fits as u64;
                (fits, (fits < bytes.len()).then_some(*kind))
            }
            None => (bytes.len(), None),
        };
        self.file.append(&bytes[..fits])?;
        self.faults
            .file(&self.path, |on_disk| on_disk.written += fits as u64);
        failure.map_or(Ok(()), |kind| Err(kind.into()))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.faults.0.gate.pass();
        let mut plan = lock(&self.faults.0.sync);
        match plan.take() {
            Some((0, kind)) => return Err(kind.into()),
            left => *plan = left.map(|(times, kind)| (times - 1, kind)),
        }
        drop(plan);
        self.file.sync()?;
        self.faults.0.syncs.fetch_add(1, Ordering::SeqCst);
        self.faults
            .file(&self.path, |on_disk| on_disk.synced = on_disk.written);
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.cut(length)?;
        self.faults.file(&self.path, |on_disk| {
            on_disk.written = length;
            on_disk.synced = on_disk.synced.min(length);
        });
        Ok(())
    }
}

fn wait<'a, T>(altered: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    altered.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each use is one assignment, so a panic elsewhere left nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
