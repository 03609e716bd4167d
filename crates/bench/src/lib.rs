//! Measures the program as others meet it: the real binary, real HTTP over
//! loopback, real folders. Figures are printed and kept, never asserted.
//!
//! Each measurement is a module with one `run`. What they share stands beside
//! them: the running program, a client that counts every byte, an enrolled
//! phone, and the figures. The crash bench uses these too; nothing else does.

pub mod commands;
pub mod desk;
pub mod enrolled;
pub mod error;
pub mod figures;
pub mod http;
pub mod machine;
pub mod phone;
pub mod phone_browser;
pub mod phone_download;
pub mod program;
pub mod rush;
pub mod sync;
pub mod visits;

mod process;
mod proxy;
mod spread;

use std::path::{Path, PathBuf};

pub use error::BenchError;
pub use figures::Figures;

/// What every measurement is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program to measure.
    pub program: PathBuf,
    /// The web app as it was built, with its compressed twins.
    pub web: PathBuf,
    /// Where figures are kept, and where data folders are made while measuring.
    pub output: PathBuf,
    /// A data folder to make, or to use if it was made before, and to keep; without it one is made
    /// and goes away again.
    pub data: Option<PathBuf>,
    /// The other engines, with their packages installed; without it they are left out.
    pub peers: Option<PathBuf>,
    /// Times as many practice visits; 1 is about 10,000.
    pub scale: u32,
    /// How often each request is made.
    pub repeats: usize,
}

impl Settings {
    /// The name of the community that is measured.
    pub(crate) fn workload(&self) -> String {
        format!("practice-x{}", self.scale)
    }

    /// The data folder, inside `temporary` unless one was named.
    pub(crate) fn data_in(&self, temporary: &Path) -> PathBuf {
        match &self.data {
            Some(data) => data.clone(),
            None => temporary.join("data"),
        }
    }
}
