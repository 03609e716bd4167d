//! The frames of a rescue file: a head (8), changes (1, with two more items) and drafts (9).

use minicbor::Decoder;
use minicbor::data::Type;
use minicbor::decode::Error as Bad;
use model::{DocumentId, Kind};

use super::{Contents, Draft, Head, Item, RescueError};
use crate::cbor::{self, Writer, Written};
use crate::frame::ChangeFrame;
use crate::leb128::{self, Cursor};

const CHANGE: u64 = 1;
const HEAD: u64 = 8;
const DRAFT: u64 = 9;
/// The version of the head; the file's first line says it too.
const VERSION: u64 = 1;

/// The head, and the frames behind it.
pub(super) fn read_head(frames: &[u8]) -> Result<(Head, &[u8]), RescueError> {
    let mut cursor = Cursor::new(frames);
    let first = cursor.prefixed().ok_or(RescueError::Damaged)?;
    let head = read_frame(first, HEAD, read_head_items).ok_or(RescueError::Damaged)?;
    Ok((head, cursor.rest()))
}

/// All that is behind the head. A frame that does not read spoils no other.
pub(super) fn read_contents(frames: &[u8]) -> Result<Contents, RescueError> {
    let mut contents = Contents::default();
    let mut cursor = Cursor::new(frames);
    while !cursor.is_empty() {
        let frame = cursor.prefixed().ok_or(RescueError::Damaged)?;
        match number_of(frame) {
            Some(CHANGE) => match read_frame(frame, CHANGE, read_item) {
                Some(item) => contents.items.push(item),
                None => contents.unreadable += 1,
            },
            Some(DRAFT) => match read_frame(frame, DRAFT, read_draft) {
                Some(draft) => contents.drafts.push(draft),
                None => contents.unreadable += 1,
            },
            // What a later version adds.
            Some(_) => {}
            None => contents.unreadable += 1,
        }
    }
    Ok(contents)
}

/// Puts down the head and everything after it.
pub(super) fn write(file: &mut Vec<u8>, head: &Head, contents: &Contents) {
    let mut frame = |bytes: Vec<u8>| leb128::write_prefixed(file, &bytes);
    frame(cbor::to_vec(|writer| write_head(writer, head)));
    for item in &contents.items {
        frame(cbor::to_vec(|writer| write_item(writer, item)));
    }
    for draft in &contents.drafts {
        frame(cbor::to_vec(|writer| write_draft(writer, draft)));
    }
}

fn number_of(frame: &[u8]) -> Option<u64> {
    let mut reader = Decoder::new(frame);
    cbor::array_of(&mut reader, 1).ok()?;
    reader.u64().ok()
}

/// Reads one frame of this number, and nothing less or more than it.
fn read_frame<T>(
    frame: &[u8],
    number: u64,
    items: impl FnOnce(&mut Decoder<'_>, u64) -> Result<(T, u64), Bad>,
) -> Option<T> {
    let read = || {
        let mut reader = Decoder::new(frame);
        let count = cbor::array_of(&mut reader, 1)?;
        if reader.u64()? != number {
            return Err(Bad::message("another frame"));
        }
        let (value, unknown) = items(&mut reader, count)?;
        cbor::skip(&mut reader, unknown)?;
        if reader.position() != frame.len() {
            return Err(Bad::message("bytes after the frame"));
        }
        Ok::<_, Bad>(value)
    };
    read().ok()
}

fn beyond(count: u64, known: u64) -> Result<u64, Bad> {
    count
        .checked_sub(known)
        .ok_or_else(|| Bad::message("a frame with too few items"))
}

fn read_head_items(reader: &mut Decoder<'_>, count: u64) -> Result<(Head, u64), Bad> {
    let unknown = beyond(count, 7)?;
    if reader.u64()? != VERSION {
        return Err(Bad::message("another version"));
    }
    let head = Head {
        device: reader.decode()?,
        person: reader.decode()?,
        name: reader.str()?.to_owned(),
        community: reader.decode()?,
        made_at_ms: reader.i64()?,
        app: reader.str()?.to_owned(),
    };
    Ok((head, unknown))
}

fn read_item(reader: &mut Decoder<'_>, count: u64) -> Result<(Item, u64), Bad> {
    let unknown = beyond(count, 7)?;
    let change = ChangeFrame {
        document: reader.decode()?,
        kind: Kind::from(reader.str()?),
        feed: reader.decode()?,
        bytes: reader.bytes()?.to_vec(),
    };
    let item = Item {
        change,
        at_ms: reader.i64()?,
        door: document_or_null(reader)?,
        place: reader.str()?.to_owned(),
    };
    Ok((item, unknown))
}

fn read_draft(reader: &mut Decoder<'_>, count: u64) -> Result<(Draft, u64), Bad> {
    let unknown = beyond(count, 10)?;
    let draft = Draft {
        door: reader.decode()?,
        visit: document_or_null(reader)?,
        place: reader.str()?.to_owned(),
        started_at_ms: reader.i64()?,
        changed_at_ms: reader.i64()?,
        purpose: reader.str()?.to_owned(),
        outcome: reader.str()?.to_owned(),
        note: reader.str()?.to_owned(),
        checks: cbor::list(reader, |reader| {
            let unknown = cbor::array_of(reader, 2)?;
            let check = (reader.str()?.to_owned(), reader.str()?.to_owned());
            cbor::skip(reader, unknown)?;
            Ok(check)
        })?,
        met: cbor::list(reader, |reader| reader.decode())?,
    };
    Ok((draft, unknown))
}

fn document_or_null(reader: &mut Decoder<'_>) -> Result<Option<DocumentId>, Bad> {
    if reader.datatype()? == Type::Null {
        reader.null()?;
        return Ok(None);
    }
    reader.decode().map(Some)
}

fn write_head(writer: &mut Writer, head: &Head) -> Written {
    writer
        .array(8)?
        .u64(HEAD)?
        .u64(VERSION)?
        .bytes(head.device.as_bytes())?
        .bytes(head.person.as_bytes())?
        .str(&head.name)?
        .bytes(head.community.as_bytes())?
        .i64(head.made_at_ms)?
        .str(&head.app)?
        .ok()
}

fn write_item(writer: &mut Writer, item: &Item) -> Written {
    let change = &item.change;
    writer
        .array(8)?
        .u64(CHANGE)?
        .bytes(change.document.as_bytes())?
        .str(change.kind.as_str())?
        .bytes(change.feed.as_bytes())?
        .bytes(&change.bytes)?
        .i64(item.at_ms)?;
    write_document_or_null(writer, item.door)?;
    writer.str(&item.place)?.ok()
}

fn write_draft(writer: &mut Writer, draft: &Draft) -> Written {
    writer.array(11)?.u64(DRAFT)?.bytes(draft.door.as_bytes())?;
    write_document_or_null(writer, draft.visit)?;
    writer
        .str(&draft.place)?
        .i64(draft.started_at_ms)?
        .i64(draft.changed_at_ms)?
        .str(&draft.purpose)?
        .str(&draft.outcome)?
        .str(&draft.note)?
        .array(draft.checks.len() as u64)?;
    for (code, value) in &draft.checks {
        writer.array(2)?.str(code)?.str(value)?;
    }
    writer.array(draft.met.len() as u64)?;
    for resident in &draft.met {
        writer.bytes(resident.as_bytes())?;
    }
    Ok(())
}

fn write_document_or_null(writer: &mut Writer, document: Option<DocumentId>) -> Written {
    match document {
        Some(document) => writer.bytes(document.as_bytes())?.ok(),
        None => writer.null()?.ok(),
    }
}
