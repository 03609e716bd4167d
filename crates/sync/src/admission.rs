//! How a change from a device gets in. Every byte is taken for hostile.
//!
//! 1. [`inspect`]: cheap checks that need no document. Only what passes them is
//!    ever given to Automerge.
//! 2. [`examine`]: the change against its document, on a copy: its place in the
//!    history, what its operations refer to, what they write and whether the
//!    sender may, and whether the result still reads, also after it was saved.
//!
//! Both keep panics in (see [`guarded`]). A change that makes Automerge hang
//! must be left to a time limit around the call, which is the shell's; so are
//! loading, storing and the tray.

pub(crate) mod chunk;
mod examine;
mod history;
mod inspect;
mod plain;
mod rules;
mod shape;
#[cfg(test)]
mod tests;

use model::{ChangeHash, DocumentId, FeedId, Kind};

pub use chunk::name_of;
pub(crate) use chunk::names_in;
pub use examine::{Examined, Outcome, examine};
pub use inspect::{Inspected, inspect};
pub use model::{guarded, is_guarded};

/// A change as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The document that it says it belongs to.
    pub document: DocumentId,
    /// The kind that it says the document has.
    pub kind: Kind,
    /// The feed that it says the document belongs to. For a document that is
    /// known, the feed where it is counts instead.
    pub feed: FeedId,
    /// One plain Automerge change chunk, if it is what it should be.
    pub bytes: Vec<u8>,
}

/// A document that is stored already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its kind.
    pub kind: Kind,
    /// The feed it belongs to.
    pub home_feed: FeedId,
    /// All its chunks, concatenated, oldest first. The genesis may be missing.
    pub chunks: Vec<u8>,
}

/// A change that may be stored and relayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// Its name.
    pub hash: ChangeHash,
    /// The bytes as they arrived.
    pub bytes: Vec<u8>,
    /// The document had it already; storing it again changes nothing.
    pub already: bool,
}
