//! The journal: append-only segments that are the truth of the embedded store.
//!
//! A segment is a header and frames one after another. A frame is one group of
//! writes under one checksum, forced to disk before any of its writers hears of
//! success. So at most the very last frame can be torn, and a broken frame with
//! a good one behind it is damage.
//!
//! What the records *mean* (feeds, documents) belongs to `embedded`.

pub mod files;
pub(crate) mod frame;
pub(crate) mod reader;
pub(crate) mod record;
pub(crate) mod scan;
pub(crate) mod segment;
pub(crate) mod writer;

use minicbor::{Decode, Encode};

/// Where some bytes lie in the journal, and their checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Pointer {
    /// The segment's number.
    #[n(0)]
    pub segment: u32,
    /// Where they begin in the segment's file.
    #[n(1)]
    pub offset: u64,
    /// How many bytes.
    #[n(2)]
    pub length: u32,
    /// Their CRC32C.
    #[n(3)]
    pub checksum: u32,
}

/// The end of a frame: how far a reader of the journal has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// The segment's number.
    pub segment: u32,
    /// The byte after the frame in the segment's file.
    pub end: u64,
    /// The frame's number: dense over all segments, from 1.
    pub frame: u64,
    /// The frame's checksum.
    pub checksum: u32,
}
