//! What can go wrong while measuring. Nothing is measured around it: the run
//! ends and says why.

use std::io;

/// Why a measurement ended.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A file or a socket.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The program under measurement did not start, or ended.
    #[error("the program: {0}")]
    Program(String),
    /// An answer that is no HTTP, or not the one expected.
    #[error("{path}: {words}")]
    Answer {
        /// What was asked for.
        path: String,
        /// What was wrong with the answer.
        words: String,
    },
    /// JSON that is none, or lacks something.
    #[error("JSON: {0}")]
    Json(String),
    /// The phone in memory could not do what it was told.
    #[error(transparent)]
    Replica(Box<sync::ReplicaError>),
    /// Practice visits could not be made.
    #[error("practice visits: {0}")]
    Practice(String),
}

impl BenchError {
    /// An answer that is not the one expected.
    pub fn answer(path: &str, words: impl Into<String>) -> Self {
        BenchError::Answer {
            path: path.to_owned(),
            words: words.into(),
        }
    }
}

impl From<serde_json::Error> for BenchError {
    fn from(error: serde_json::Error) -> Self {
        BenchError::Json(error.to_string())
    }
}

impl From<sync::ReplicaError> for BenchError {
    fn from(error: sync::ReplicaError) -> Self {
        BenchError::Replica(Box::new(error))
    }
}
