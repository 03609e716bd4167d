//! What can go wrong in a crash run. A broken promise is one kind; the others
//! mean that nothing was found out.

use std::io;

use bench::BenchError;
use store::StoreError;

/// Why a run ended.
#[derive(Debug, thiserror::Error)]
pub enum CrashError {
    /// The program did what it must never do.
    #[error("{0}")]
    Broken(String),
    /// Something of this machine is missing or does not work.
    #[error("{0}")]
    Machine(String),
    /// What was recorded of the program's calls cannot be read.
    #[error("the trace: {0}")]
    Trace(String),
    /// The program or a phone, where neither was to fail.
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// The store library, on a folder that nobody had broken.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// JSON that is none.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl CrashError {
    /// A promise that was broken.
    pub fn broken(words: impl Into<String>) -> Self {
        CrashError::Broken(words.into())
    }
}
