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

use std::path::PathBuf;

pub use error::CrashError;

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
    /// A folder for what is made meanwhile, in memory where that is possible.
    fn fast_folder(&self) -> std::io::Result<tempfile::TempDir> {
        let memory = PathBuf::from("/dev/shm");
        let place = if memory.is_dir() {
            &memory
        } else {
            &self.output
        };
        tempfile::Builder::new()
            .prefix("stairwell-crash-")
            .tempdir_in(place)
    }

    /// A folder on the disk.
    fn folder(&self) -> std::io::Result<tempfile::TempDir> {
        std::fs::create_dir_all(&self.output)?;
        tempfile::Builder::new()
            .prefix("crash-")
            .tempdir_in(&self.output)
    }
}
