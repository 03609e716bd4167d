//! The records inside a frame, as CBOR: one array each, one after another.
//!
//! | array | what |
//! |---|---|
//! | `[1, document, kind, home feed, device, hash, received at, seq, bytes]` | a change |
//! | `[2, table, key, value or null]` | a small record written or deleted |
//! | `[3, document, changes it holds, seq, bytes]` | a snapshot |

use minicbor::decode::Error;
use minicbor::{Decoder, Encoder};
use model::{ChangeHash, DeviceId, DocumentId, FeedId, Seq};

use crate::{RecordChange, Table};

const CHANGE: u8 = 1;
const WRITE: u8 = 2;
const SNAPSHOT: u8 = 3;

/// A change with the place it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChangeRecord<'a> {
    pub document: DocumentId,
    pub kind: &'a str,
    pub home_feed: FeedId,
    pub device: DeviceId,
    pub hash: ChangeHash,
    pub received_at: i64,
    pub seq: Seq,
    pub bytes: &'a [u8],
}

/// A record read from a payload. `at` is where its bytes or its value begin in
/// the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JournalRecord<'a> {
    Change {
        change: ChangeRecord<'a>,
        at: usize,
    },
    Write {
        table: Table,
        key: &'a [u8],
        value: Option<&'a [u8]>,
        at: usize,
    },
    Snapshot {
        document: DocumentId,
        through: u64,
        seq: Seq,
        bytes: &'a [u8],
        at: usize,
    },
}

/// Appends a change; says where its bytes begin in the buffer.
pub(crate) fn encode_change(buffer: &mut Vec<u8>, record: &ChangeRecord<'_>) -> usize {
    written(buffer, |encoder| {
        encoder
            .array(9)?
            .u8(CHANGE)?
            .bytes(record.document.as_bytes())?
            .str(record.kind)?
            .bytes(record.home_feed.as_bytes())?
            .bytes(record.device.as_bytes())?
            .bytes(record.hash.as_bytes())?
            .i64(record.received_at)?
            .u64(record.seq)?
            .bytes(record.bytes)?
            .ok()
    });
    buffer.len() - record.bytes.len()
}

/// Appends a write to a small table; says where its value begins in the buffer.
pub(crate) fn encode_write(buffer: &mut Vec<u8>, change: &RecordChange) -> usize {
    written(buffer, |encoder| {
        encoder
            .array(4)?
            .u8(WRITE)?
            .u8(change.table.number())?
            .bytes(&change.key)?;
        match &change.value {
            Some(value) => encoder.bytes(value)?.ok(),
            None => encoder.null()?.ok(),
        }
    });
    buffer.len() - change.value.as_ref().map_or(0, Vec::len)
}

/// Appends a snapshot; says where its bytes begin in the buffer.
pub(crate) fn encode_snapshot(
    buffer: &mut Vec<u8>,
    document: DocumentId,
    through: u64,
    seq: Seq,
    bytes: &[u8],
) -> usize {
    written(buffer, |encoder| {
        encoder
            .array(5)?
            .u8(SNAPSHOT)?
            .bytes(document.as_bytes())?
            .u64(through)?
            .u64(seq)?
            .bytes(bytes)?
            .ok()
    });
    buffer.len() - bytes.len()
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

fn written(buffer: &mut Vec<u8>, write: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Written) {
    // Only the sink can fail an encoder of plain items, and a vector never does.
    write(&mut Encoder::new(buffer)).expect("a vector takes every byte");
}

/// Reads the records of a payload one after another.
pub(crate) struct Records<'a>(Decoder<'a>);

impl<'a> Records<'a> {
    pub fn new(payload: &'a [u8]) -> Records<'a> {
        Records(Decoder::new(payload))
    }

    fn read(&mut self) -> Result<JournalRecord<'a>, Error> {
        let decoder = &mut self.0;
        let items = decoder.array()?;
        let number = decoder.u8()?;
        match (number, items) {
            (CHANGE, Some(9)) => read_change(decoder),
            (WRITE, Some(4)) => read_write(decoder),
            (SNAPSHOT, Some(5)) => read_snapshot(decoder),
            _ => Err(Error::message("no record of this form is known")),
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<JournalRecord<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.0.position() < self.0.input().len()).then(|| self.read())
    }
}

fn read_change<'a>(decoder: &mut Decoder<'a>) -> Result<JournalRecord<'a>, Error> {
    let change = ChangeRecord {
        document: decoder.decode()?,
        kind: decoder.str()?,
        home_feed: decoder.decode()?,
        device: decoder.decode()?,
        hash: decoder.decode()?,
        received_at: decoder.i64()?,
        seq: decoder.u64()?,
        bytes: decoder.bytes()?,
    };
    let at = decoder.position() - change.bytes.len();
    Ok(JournalRecord::Change { change, at })
}

fn read_write<'a>(decoder: &mut Decoder<'a>) -> Result<JournalRecord<'a>, Error> {
    let table = Table::of_number(decoder.u8()?)
        .ok_or_else(|| Error::message("no table has this number"))?;
    let key = decoder.bytes()?;
    let value = match decoder.datatype()? {
        minicbor::data::Type::Null => {
            decoder.null()?;
            None
        }
        _ => Some(decoder.bytes()?),
    };
    let at = decoder.position() - value.map_or(0, <[u8]>::len);
    Ok(JournalRecord::Write {
        table,
        key,
        value,
        at,
    })
}

fn read_snapshot<'a>(decoder: &mut Decoder<'a>) -> Result<JournalRecord<'a>, Error> {
    let document = decoder.decode()?;
    let through = decoder.u64()?;
    let seq = decoder.u64()?;
    let bytes = decoder.bytes()?;
    let at = decoder.position() - bytes.len();
    Ok(JournalRecord::Snapshot {
        document,
        through,
        seq,
        bytes,
        at,
    })
}
