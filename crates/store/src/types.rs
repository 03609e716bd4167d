//! What goes into a store and what comes out of it: plain data, no behaviour.

use std::fmt;

use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, Seq};
use sha2::{Digest, Sha256};

/// One change to be kept. The genesis is never appended: everyone knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The document that the change belongs to.
    pub document: DocumentId,
    /// The kind of that document; it never alters.
    pub kind: Kind,
    /// The feed that lists the document. Naming another feed than before moves
    /// the document there.
    pub home_feed: FeedId,
    /// The device that sent the change.
    pub device: DeviceId,
    /// The change's own name.
    pub hash: ChangeHash,
    /// The change chunk.
    pub bytes: Vec<u8>,
    /// When it came in, milliseconds since 1970.
    pub received_at: i64,
}

/// What became of one [`Append`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Kept now, at this place of its home feed.
    New(Seq),
    /// The document held this change already; the place it was given then.
    Already(Seq),
}

impl Appended {
    /// The place in the feed, new or old.
    pub fn seq(self) -> Seq {
        match self {
            Appended::New(seq) | Appended::Already(seq) => seq,
        }
    }
}

/// A document in a feed, at its newest place there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Which document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// The place of its newest change.
    pub seq: Seq,
}

/// A whole document in one piece, made by compaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The bytes that [`crate::Store::compact`] was given.
    pub bytes: Vec<u8>,
    /// It holds every change up to and with this place of the home feed.
    pub seq: Seq,
}

/// One change as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChange {
    /// Its place in the document's home feed. Changes from before a move count
    /// as having come into the feed together with the change that moved it.
    pub seq: Seq,
    /// The change's own name.
    pub hash: ChangeHash,
    /// The device that sent it.
    pub device: DeviceId,
    /// When it came in, milliseconds since 1970.
    pub received_at: i64,
    /// The change chunk.
    pub bytes: Vec<u8>,
}

/// Everything needed to build a document again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDocument {
    /// Its kind.
    pub kind: Kind,
    /// The feed that lists it.
    pub home_feed: FeedId,
    /// Rises with every change and every compaction; [`crate::Store::compact`]
    /// compares it.
    pub revision: u64,
    /// The place of its newest change.
    pub newest_seq: Seq,
    /// The newest snapshot, if it was ever compacted.
    pub snapshot: Option<Snapshot>,
    /// The changes that the snapshot does not hold, oldest first.
    pub changes: Vec<StoredChange>,
}

/// What a reader at a cursor lacks of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangesAfter {
    /// Present when the cursor is before the document's snapshot: then it
    /// replaces what the reader has.
    pub snapshot: Option<Snapshot>,
    /// The changes to put on top, oldest first.
    pub changes: Vec<StoredChange>,
}

/// What became of a compaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compacted {
    /// The snapshot is kept; the document's revision is now this.
    Done(u64),
    /// The document is at this revision (0: there is no such document), not at
    /// the one that was expected, and nothing was done.
    Stale(u64),
}

/// A summary to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryPut {
    /// Of which document.
    pub document: DocumentId,
    /// The heads it was made from.
    pub heads: Vec<ChangeHash>,
    /// The summary.
    pub json: String,
}

/// One document's line in the list of all documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// Which document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// The feed that lists it.
    pub home_feed: FeedId,
    /// The place of its newest change.
    pub newest_seq: Seq,
    /// When its first change came in, milliseconds since 1970.
    pub first_received_at: i64,
    /// When its newest change came in, milliseconds since 1970.
    pub received_at: i64,
    /// The heads the summary was made from; empty without a summary.
    pub heads: Vec<ChangeHash>,
    /// The summary, or `None` when it must be made again: none was put, or the
    /// heads it was made from do not hold the newest change.
    pub json: Option<String>,
}

/// The small tables beside the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Workers and supervisors.
    People,
    /// Enrolled devices and their hashed tokens.
    Devices,
    /// Enrolment links that wait to be used.
    Links,
    /// Changes that were not adopted.
    Tray,
    /// Who looked at or did what.
    Audit,
    /// What the office itself must remember.
    Settings,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 6] = [
        Table::People,
        Table::Devices,
        Table::Links,
        Table::Tray,
        Table::Audit,
        Table::Settings,
    ];

    /// The number that stands for the table in journals and indexes. It never
    /// alters and is never used again for another table.
    pub(crate) fn number(self) -> u8 {
        match self {
            Table::People => 1,
            Table::Devices => 2,
            Table::Links => 3,
            Table::Tray => 4,
            Table::Audit => 5,
            Table::Settings => 6,
        }
    }

    /// The table that a number stands for.
    pub(crate) fn of_number(number: u8) -> Option<Table> {
        Table::ALL
            .into_iter()
            .find(|table| table.number() == number)
    }
}

/// One write to a small table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// Which table.
    pub table: Table,
    /// The record's key within its table.
    pub key: Vec<u8>,
    /// The new value; `None` deletes the record.
    pub value: Option<Vec<u8>>,
}

/// The key and the value of one record.
pub type Record = (Vec<u8>, Vec<u8>);

/// Names a blob: the SHA-256 of its bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobHash(pub [u8; 32]);

impl BlobHash {
    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> BlobHash {
        BlobHash(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for BlobHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BlobHash({self})")
    }
}

/// How a store is doing, for health pages and metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Changes kept.
    pub changes: u64,
    /// Documents they belong to.
    pub documents: u64,
    /// Bytes of the journal on disk; 0 for a store without one.
    pub journal_bytes: u64,
    /// Segments of the journal.
    pub journal_segments: u64,
    /// Frames of the journal since it began. One frame is one group of writes
    /// that became durable together.
    pub journal_frames: u64,
    /// Bytes of the index on disk.
    pub index_bytes: u64,
    /// Calls of `append`, `write_records` and `compact` that were made durable
    /// since the store was opened.
    pub writes: u64,
    /// Writes that wait at this moment to become durable.
    pub waiting: u64,
    /// How often the journal's file was forced to disk since the store was
    /// opened.
    pub syncs: u64,
}
