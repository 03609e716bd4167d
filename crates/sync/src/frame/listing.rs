//! The frames of version 2 by which a phone hears of many documents in few
//! bytes, and by which two sides find out where they differ.

use std::fmt;

use model::{DocumentId, FeedId, Kind, Seq};
use serde_json::{Map, Value};

use crate::lean::LeanChange;

/// A summary as JSON.
pub type Json = Map<String, Value>;

/// Into how many parts a feed is divided when it is compared.
pub const PARTS: usize = 256;

/// The part of a feed that a document is in: the last byte of its id, which is
/// spread evenly for every way in which ids are made.
pub fn part_of(document: DocumentId) -> usize {
    usize::from(document.as_bytes()[15])
}

/// Changes that follow each other in the request and in the feed, all accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptRun {
    /// The place of the first among the changes of the request, from 0.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// The place in the feed of the first.
    pub seq: Seq,
    /// The exclusive or of the beginnings of their hashes: nobody is told
    /// "accepted" by an answer to something else.
    pub check: u32,
}

/// The history of a feed follows, which ends here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The feed.
    pub feed: FeedId,
    /// What came after this is no history.
    pub history: Seq,
}

/// What is new in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// The feed that lists it.
    pub feed: FeedId,
    /// Its newest seq there.
    pub seq: Seq,
    /// The low half of its digest.
    pub digest: u32,
    /// Its summary.
    pub summary: NewsSummary,
    /// Whether the changes are the whole document.
    pub whole: bool,
    /// Changes that the reader may lack, oldest first.
    pub changes: Vec<LeanChange>,
}

/// How news tell of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewsSummary {
    /// It is as it was, or there is none.
    Unchanged,
    /// This is it.
    Whole(Json),
    /// A merge patch (RFC 7396) for the one that the reader has.
    Patch(Json),
}

/// One document in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// The feed that lists it.
    pub feed: FeedId,
    /// Its newest seq there.
    pub seq: Seq,
    /// The low half of its digest.
    pub digest: u32,
    /// Its summary, if there is one.
    pub summary: Option<Json>,
    /// Of a door: its newest visit.
    pub seen: Option<Seen>,
}

/// The newest visit at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When, milliseconds since 1970 by the phone that wrote it.
    pub at: i64,
    /// The code of its outcome.
    pub outcome: String,
}

/// What a phone holds of a feed, part by part.
#[derive(Clone, PartialEq, Eq)]
pub struct Compare {
    /// The feed.
    pub feed: FeedId,
    /// The sums of the documents' digests in each part.
    pub digests: Box<[u32; PARTS]>,
}

impl fmt::Debug for Compare {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Compare({})", self.feed)
    }
}

/// The end of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The feed.
    pub feed: FeedId,
    /// The low half of the server's digest of all of it.
    pub digest: u32,
    /// A bit for each part that differed, and was listed whole.
    pub differing: [u8; PARTS / 8],
}

impl Compared {
    /// Says nothing of a part, though it differed.
    pub fn leave_out(&mut self, part: usize) {
        self.differing[part / 8] &= !(1 << (part % 8));
    }

    /// Whether this part differed.
    pub fn differs(&self, part: usize) -> bool {
        self.differing[part / 8] & 1 << (part % 8) != 0
    }
}
