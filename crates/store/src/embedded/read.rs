//! Reading documents, records and summaries: the index says where, the journal
//! gives the bytes.

use model::{ChangeHash, DocumentId, Seq};

use super::index::Index;
use super::layout::{Header, Line, Value, decode_value};
use crate::journal::reader::Reader;
use crate::{
    ChangesAfter, Record, Snapshot, StoreError, StoredChange, StoredDocument, SummaryRow, Table,
};

/// Everything held of one document. What is added while this reads is left out:
/// the header, read once, says how far to go.
pub(crate) fn document(
    index: &Index,
    reader: &Reader,
    document: DocumentId,
) -> Result<Option<StoredDocument>, StoreError> {
    let Some(header) = index.header(document)? else {
        return Ok(None);
    };
    let from = header.held();
    let lines = index.lines(document, &header, from)?;
    Ok(Some(StoredDocument {
        revision: header.revision,
        newest_seq: header.newest_seq,
        home_feed: header.home_feed,
        snapshot: snapshot(reader, &header)?,
        changes: changes(reader, &header, from, lines)?,
        kind: header.kind,
    }))
}

/// The place that a change was given in a document.
pub(crate) fn place(
    index: &Index,
    document: DocumentId,
    hash: ChangeHash,
) -> Result<Option<Seq>, StoreError> {
    match index.header(document)? {
        None => Ok(None),
        Some(header) if header.first.hash == hash => Ok(Some(header.first.seq)),
        Some(_) => index.later_place(hash, document),
    }
}

/// What a reader at a cursor lacks of one document.
pub(crate) fn changes_after(
    index: &Index,
    reader: &Reader,
    document: DocumentId,
    cursor: Seq,
) -> Result<ChangesAfter, StoreError> {
    let Some(header) = index.header(document)? else {
        return Ok(ChangesAfter::default());
    };
    let from = header.held();
    if header.snapshot_seq().is_some_and(|seq| cursor < seq) {
        let lines = index.lines(document, &header, from)?;
        return Ok(ChangesAfter {
            snapshot: snapshot(reader, &header)?,
            changes: changes(reader, &header, from, lines)?,
        });
    }
    if cursor < header.joined_seq {
        let lines = index.lines(document, &header, from)?;
        return Ok(ChangesAfter {
            snapshot: None,
            changes: changes(reader, &header, from, lines)?,
        });
    }
    // From here on all places are of the present home feed and rise, so the
    // search can go from the end.
    let from = from.max(header.joined_at_change);
    let lines = index.lines_after(document, &header, from, cursor)?;
    let from = header.changes - lines.len() as u64;
    Ok(ChangesAfter {
        snapshot: None,
        changes: changes(reader, &header, from, lines)?,
    })
}

fn snapshot(reader: &Reader, header: &Header) -> Result<Option<Snapshot>, StoreError> {
    let Some((line, seq)) = header.snapshot.as_ref().zip(header.snapshot_seq()) else {
        return Ok(None);
    };
    let bytes = reader.read(line.bytes)?;
    Ok(Some(Snapshot { bytes, seq }))
}

/// The changes of these lines, the first of which has the number `from`.
fn changes(
    reader: &Reader,
    header: &Header,
    from: u64,
    lines: Vec<Line>,
) -> Result<Vec<StoredChange>, StoreError> {
    let change = |(nth, line): (u64, Line)| {
        let moved_here = nth < header.joined_at_change;
        Ok(StoredChange {
            seq: if moved_here {
                header.joined_seq
            } else {
                line.seq
            },
            hash: line.hash,
            device: line.device,
            received_at: line.received_at,
            bytes: reader.read(line.bytes)?,
        })
    };
    (from..).zip(lines).map(change).collect()
}

/// Walks over all documents with their summaries.
pub(crate) fn summaries(index: &Index, each: &mut dyn FnMut(SummaryRow)) -> Result<(), StoreError> {
    let summaries = index.summaries.read()?;
    for found in index.headers() {
        let (document, header) = found?;
        // The newest change is always a head: nothing came after it.
        let fresh = summaries
            .get(document)?
            .filter(|(heads, _)| heads.contains(&header.newest_hash));
        let (heads, json) = match fresh {
            Some((heads, json)) => (heads, Some(json)),
            None => (Vec::new(), None),
        };
        each(SummaryRow {
            document,
            kind: header.kind,
            home_feed: header.home_feed,
            newest_seq: header.newest_seq,
            first_received_at: header.first_received_at,
            received_at: header.received_at,
            heads,
            json,
        });
    }
    Ok(())
}

/// One record's value.
pub(crate) fn record(
    index: &Index,
    reader: &Reader,
    table: Table,
    key: &[u8],
) -> Result<Option<Vec<u8>>, StoreError> {
    let value = index.record(table, key)?;
    value.map(|value| value_of(reader, &value)).transpose()
}

/// All records of a table.
pub(crate) fn records(
    index: &Index,
    reader: &Reader,
    table: Table,
) -> Result<Vec<Record>, StoreError> {
    let record = |found: Result<(Vec<u8>, sled::IVec), StoreError>| {
        let (key, value) = found?;
        Ok((key, value_of(reader, &value)?))
    };
    index.records(table).map(record).collect()
}

/// A record's value as its writer gave it.
pub(crate) fn value_of(reader: &Reader, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    match decode_value(value)? {
        Value::Here(value) => Ok(value.to_vec()),
        Value::There(pointer) => reader.read(pointer),
    }
}
