//! The keys and values of the index: one tree, the first byte of a key says
//! what it holds. Numbers in keys are big-endian, so that they sort.
//!
//! | key | value |
//! |---|---|
//! | `m3` | [`Mark`]: the frame that the index reflects |
//! | `f` feed | its head, u64 |
//! | `e` feed block | documents by their places: see [`Block`] |
//! | `d` document | [`Header`] with the first change |
//! | `c` document nth | [`Line`]: a later change |
//! | `h` hash document | the place that a later change was given, u64 |
//! | `r` table key | a record: see [`encode_value`] |
//!
//! sled takes about as long for a small value as for a larger one. Nearly every
//! document is a visit of one change, and takes one key: its line stands in the
//! header, and places of a feed share a key by the block.
//!
//! No value is longer than [`MAX_VALUE_BYTES`]: sled puts long ones into files
//! that it never syncs. What is longer stays in the journal and is pointed to.

use minicbor::{Decode, Encode};
use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, Seq};

use crate::journal::{Pointer, Position};
use crate::{StoreError, Table, TornTail};

/// The longest value in the index.
pub(crate) const MAX_VALUE_BYTES: usize = 4096;

/// Another number makes indexes of another layout as if they were not there.
pub(crate) const MARK: &[u8] = b"m3";

pub(crate) const FEEDS: &[u8] = b"f";

pub(crate) fn feed_key(feed: FeedId) -> [u8; 17] {
    prefixed(b'f', feed.as_bytes())
}

pub(crate) fn block_key(feed: FeedId, number: u64) -> [u8; 25] {
    numbered(b'e', feed.as_bytes(), number)
}

pub(crate) const DOCUMENTS: &[u8] = b"d";

pub(crate) fn document_key(document: DocumentId) -> [u8; 17] {
    prefixed(b'd', document.as_bytes())
}

pub(crate) fn line_key(document: DocumentId, nth: u64) -> [u8; 25] {
    numbered(b'c', document.as_bytes(), nth)
}

pub(crate) fn hash_key(hash: ChangeHash, document: DocumentId) -> [u8; 49] {
    let mut key = [b'h'; 49];
    key[1..33].copy_from_slice(hash.as_bytes());
    key[33..].copy_from_slice(document.as_bytes());
    key
}

pub(crate) fn record_key(table: Table, key: &[u8]) -> Vec<u8> {
    [&[b'r', table.number()], key].concat()
}

fn prefixed(prefix: u8, id: &[u8; 16]) -> [u8; 17] {
    let mut key = [prefix; 17];
    key[1..].copy_from_slice(id);
    key
}

fn numbered(prefix: u8, id: &[u8; 16], number: u64) -> [u8; 25] {
    let mut key = [prefix; 25];
    key[1..17].copy_from_slice(id);
    key[17..].copy_from_slice(&number.to_be_bytes());
    key
}

/// The end of a key as an array: an id or a number.
pub(crate) fn key_tail<const N: usize>(key: &[u8]) -> Result<[u8; N], StoreError> {
    key.last_chunk().copied().ok_or_else(unreadable)
}

/// How far the index has come. It is part of every batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Mark {
    /// The journal's id.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub journal: [u8; 16],
    #[n(1)]
    pub segment: u32,
    #[n(2)]
    pub end: u64,
    #[n(3)]
    pub frame: u64,
    #[n(4)]
    pub checksum: u32,
    /// How much there is in the whole index.
    #[n(5)]
    pub counts: Counts,
}

/// How much an index holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Counts {
    #[n(0)]
    pub changes: u64,
    #[n(1)]
    pub documents: u64,
}

impl Mark {
    pub fn new(journal: [u8; 16], position: Position, counts: Counts) -> Mark {
        Mark {
            journal,
            segment: position.segment,
            end: position.end,
            frame: position.frame,
            checksum: position.checksum,
            counts,
        }
    }

    /// Whether the frame's bytes are there, among those that are no good: then
    /// they were on the disk once, and are not a write that was cut short.
    pub fn is_within(&self, torn: &TornTail) -> bool {
        torn.segment == self.segment && torn.offset + torn.bytes >= self.end
    }

    pub fn is_at(&self, position: Position) -> bool {
        *self == Mark::new(self.journal, position, self.counts)
    }
}

/// What is known of one document.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Header {
    #[cbor(n(0), encode_with = "encode_kind", decode_with = "decode_kind")]
    pub kind: Kind,
    #[n(1)]
    pub home_feed: FeedId,
    /// Rises with every change and every compaction.
    #[n(2)]
    pub revision: u64,
    /// How many changes there are; the next one's number.
    #[n(3)]
    pub changes: u64,
    #[n(4)]
    pub newest_seq: Seq,
    #[n(5)]
    pub newest_hash: ChangeHash,
    #[n(6)]
    pub first_received_at: i64,
    #[n(7)]
    pub received_at: i64,
    /// The number of the first change in the present home feed, and its place.
    #[n(8)]
    pub joined_at_change: u64,
    #[n(9)]
    pub joined_seq: Seq,
    #[n(10)]
    pub snapshot: Option<SnapshotLine>,
    /// The first change.
    #[n(11)]
    pub first: Line,
}

impl Header {
    /// Where the snapshot stands in the present home feed. What came before a
    /// move came into this feed together with the change that moved it.
    pub fn snapshot_seq(&self) -> Option<Seq> {
        let snapshot = self.snapshot.as_ref()?;
        Some(if snapshot.through <= self.joined_at_change {
            self.joined_seq
        } else {
            snapshot.seq
        })
    }

    /// How many of the changes the snapshot holds.
    pub fn held(&self) -> u64 {
        self.snapshot
            .as_ref()
            .map_or(0, |snapshot| snapshot.through)
    }
}

/// A snapshot as the index knows it.
#[derive(Debug, Clone, Copy, Encode, Decode)]
#[cbor(array)]
pub(crate) struct SnapshotLine {
    /// How many changes it holds.
    #[n(0)]
    pub through: u64,
    /// The place of the last of them.
    #[n(1)]
    pub seq: Seq,
    #[n(2)]
    pub bytes: Pointer,
}

/// A change as the index knows it.
#[derive(Debug, Clone, Copy, Encode, Decode)]
#[cbor(array)]
pub(crate) struct Line {
    #[n(0)]
    pub seq: Seq,
    #[n(1)]
    pub hash: ChangeHash,
    #[n(2)]
    pub device: DeviceId,
    #[n(3)]
    pub received_at: i64,
    #[n(4)]
    pub bytes: Pointer,
}

fn encode_kind<C, W: minicbor::encode::Write>(
    kind: &Kind,
    encoder: &mut minicbor::Encoder<W>,
    _: &mut C,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    encoder.str(kind.as_str())?.ok()
}

fn decode_kind<C>(
    decoder: &mut minicbor::Decoder<'_>,
    _: &mut C,
) -> Result<Kind, minicbor::decode::Error> {
    Ok(Kind::from(decoder.str()?))
}

/// A record's value: in the index if short, else where it lies in the journal.
pub(crate) enum Value<'a> {
    Here(&'a [u8]),
    There(Pointer),
}

/// A record's value for the index: a byte 0 and the value itself, or a byte 1
/// and a pointer.
pub(crate) fn encode_value(value: &[u8], pointer: Pointer) -> Vec<u8> {
    if value.len() < MAX_VALUE_BYTES {
        return [&[0], value].concat();
    }
    [&[1], &encode(&pointer)[..]].concat()
}

/// Reads a record's value.
pub(crate) fn decode_value(value: &[u8]) -> Result<Value<'_>, StoreError> {
    match value.split_first() {
        Some((0, value)) => Ok(Value::Here(value)),
        Some((1, pointer)) => Ok(Value::There(decode(pointer)?)),
        _ => Err(unreadable()),
    }
}

/// A number as a value.
pub(crate) fn decode_number(value: &[u8]) -> Result<u64, StoreError> {
    Ok(u64::from_be_bytes(
        value.try_into().map_err(|_| unreadable())?,
    ))
}

pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    // Only the sink can fail the encoding of plain data, and a vector never does.
    minicbor::to_vec(value).expect("a vector takes every byte")
}

pub(crate) fn decode<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, StoreError> {
    minicbor::decode(bytes).map_err(|_| unreadable())
}

/// The error for a value that is not as this program writes it.
pub(crate) fn unreadable() -> StoreError {
    StoreError::Index {
        cause: "a value of the index cannot be read".into(),
    }
}
