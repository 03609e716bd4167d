//! Crashes the real program and looks at what is left: killed processes, power
//! cuts, failing disks. What was acknowledged must be there.
//!
//! `kill`, `power` and `errors` are the benches. What they share stands
//! beside them: the phones, the list of receipts, strace, the disk in memory and
//! the reading back. Nothing imports this crate, and nothing of the program
//! knows of it.

pub mod errors;
pub mod kill;
pub mod power;
pub mod report;

mod chance;
mod content;
mod disk;
mod error;
mod fleet;
mod heard;
mod ledger;
mod office;
mod prefill;
mod strace;
mod verifier;

use std::path::{Path, PathBuf};

pub use error::CrashError;

/// Room that must be free in memory before folders are made there: a container often has less than a
/// bench needs.
const MEMORY_BYTES: u64 = 1 << 30;

/// What every bench is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program to crash.
    pub program: PathBuf,
    /// The web app as it was built.
    pub web: PathBuf,
    /// Where figures are kept, and where data folders are made meanwhile.
    pub output: PathBuf,
    /// How often the program is killed.
    pub rounds: usize,
    /// How many folders are made in each mode of power cuts.
    pub states: usize,
    /// Decides all chance.
    pub seed: u64,
    /// A small community, few faults: a minute in all.
    pub is_quick: bool,
}

impl Settings {
    /// A folder for what is made meanwhile, in memory where that has room.
    fn fast_folder(&self) -> std::io::Result<tempfile::TempDir> {
        let has_room = |room: rustix::fs::StatVfs| room.f_bavail * room.f_frsize >= MEMORY_BYTES;
        let memory = Path::new("/dev/shm");
        if rustix::fs::statvfs(memory).is_ok_and(has_room)
            && let Ok(folder) = temporary().tempdir_in(memory)
        {
            return Ok(folder);
        }
        self.folder()
    }

    /// A folder on the disk.
    fn folder(&self) -> std::io::Result<tempfile::TempDir> {
        std::fs::create_dir_all(&self.output)?;
        temporary().tempdir_in(&self.output)
    }
}

fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("stairwell-crash-");
    builder
}
