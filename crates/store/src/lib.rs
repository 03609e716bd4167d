//! Where bytes live: changes in feeds, small records, person keys and blobs.
//!
//! What a document *means* does not belong here, nor who may write it: a store
//! keeps what it is given, in order, durably, and gives it back.

mod care;
pub mod conformance;
mod embedded;
mod error;
mod error_text;
pub mod faulty;
mod journal;
pub mod limits;
mod memory;
mod own_files;
#[cfg(feature = "probe")]
pub mod probe;
mod store;
mod types;

pub use care::{
    BackupError, BrokenFile, Checked, Contents, FileSum, Finding, Flaw, MANIFEST, Manifest,
    RestoreError, Restored, Truth, backup, check, key_of, restore, verify_backup,
};
pub use embedded::{
    EmbeddedStore, FoundSummaries, IndexState, OpenReport, Options, Progress, Task, Why,
};
pub use error::StoreError;
pub use journal::files::{DiskFiles, JournalFile, JournalFiles};
pub use journal::scan::TornTail;
pub use memory::MemoryStore;
pub use store::Store;
pub use types::{
    Append, Appended, BlobHash, ChangesAfter, Compacted, FeedEntry, Record, RecordChange, Snapshot,
    Statistics, StoredChange, StoredDocument, SummaryPut, SummaryRow, Table,
};
