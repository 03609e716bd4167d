//! Where bytes live: changes in feeds, small records, person keys and blobs.
//!
//! What a document *means* does not belong here, nor who may write it: a store
//! keeps what it is given, in order, durably, and gives it back.

mod error;
mod error_text;
mod store;
mod types;

pub use error::StoreError;
pub use store::Store;
pub use types::{
    Append, Appended, BlobHash, ChangesAfter, Compacted, FeedEntry, Record, RecordChange, Snapshot,
    Statistics, StoredChange, StoredDocument, SummaryRow, Table,
};
