//! What can go wrong with a store. The sentences for people are in
//! `error_text`.

use std::io;
use std::path::{Path, PathBuf};

use model::{DocumentId, PersonId};

/// Why a store could not do what it was asked. It can be copied, because one
/// failed write answers many callers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text_en())]
pub enum StoreError {
    /// No space is left on the disk.
    DiskFull {
        /// The file or folder that was written.
        path: PathBuf,
    },
    /// The folder may not be written.
    ReadOnly {
        /// The file or folder that was written.
        path: PathBuf,
    },
    /// Another program has the folder open.
    Locked {
        /// The data folder.
        folder: PathBuf,
    },
    /// Bytes that were durable are not as they were written.
    Damaged {
        /// The damaged file.
        file: PathBuf,
        /// Where in the file, in bytes.
        offset: u64,
        /// What was found there.
        finding: String,
    },
    /// The folder was written by a newer program.
    NewerFormat {
        /// The format of the folder.
        found: u64,
        /// The newest format this program reads.
        known: u64,
    },
    /// The folder holds something that is not a store.
    NotAStore {
        /// What was found.
        path: PathBuf,
    },
    /// The disk or the operating system refused something else.
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        cause: String,
    },
    /// The index failed. It holds nothing that the journal does not.
    Index {
        /// What it said.
        cause: String,
    },
    /// An earlier write failed, so nothing is acknowledged any more.
    Stopped {
        /// What failed then.
        because: Box<StoreError>,
    },
    /// The thread that writes is gone without having said why.
    WriterGone,
    /// One call asked for more than fits.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its size in bytes.
        bytes: u64,
        /// The most that is taken.
        limit: u64,
    },
    /// The document has another kind.
    KindMismatch {
        /// The document.
        document: DocumentId,
    },
    /// The person has another key already.
    KeyExists {
        /// The person.
        person: PersonId,
    },
}

impl StoreError {
    /// The error for what the operating system said about a path.
    pub(crate) fn disk(path: &Path, error: &io::Error) -> StoreError {
        let path = path.to_path_buf();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                StoreError::DiskFull { path }
            }
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                StoreError::ReadOnly { path }
            }
            _ => StoreError::Disk {
                path,
                cause: error.to_string(),
            },
        }
    }

    /// The error for damage found in a file.
    pub(crate) fn damaged(file: &Path, offset: u64, finding: impl Into<String>) -> StoreError {
        StoreError::Damaged {
            file: file.to_path_buf(),
            offset,
            finding: finding.into(),
        }
    }

    /// The error for every write after this one.
    pub(crate) fn stopped(&self) -> StoreError {
        match self {
            StoreError::Stopped { .. } => self.clone(),
            first => StoreError::Stopped {
                because: Box::new(first.clone()),
            },
        }
    }

    /// A short name for programs: it never alters.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::DiskFull { .. } => "disk_full",
            StoreError::ReadOnly { .. } => "disk_read_only",
            StoreError::Locked { .. } => "data_locked",
            StoreError::Damaged { .. } => "data_damaged",
            StoreError::NewerFormat { .. } => "data_newer",
            StoreError::NotAStore { .. } => "data_foreign",
            StoreError::Disk { .. } => "disk_failed",
            StoreError::Index { .. } => "index_failed",
            StoreError::Stopped { .. } => "store_stopped",
            StoreError::WriterGone => "store_writer_gone",
            StoreError::TooLarge { .. } => "write_too_large",
            StoreError::KindMismatch { .. } => "kind_mismatch",
            StoreError::KeyExists { .. } => "key_exists",
        }
    }
}
