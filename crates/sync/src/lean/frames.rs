//! The frames of version 2 as CBOR. With a [`Common`] they are spelled in its
//! terms; without one, ids stand in full.

use minicbor::Decoder;
use minicbor::data::Type;
use minicbor::decode::Error as Bad;
use model::{DeviceId, DocumentId, FeedId, Kind, Seq};

use super::{Common, LeanChange, documents, table, value};
use crate::cbor::{self, Writer, Written};
use crate::frame::{
    Compare, Compared, Json, News, NewsSummary, PARTS, ReceiptRun, Row, Seen, Start,
};

const KINDS: [Kind; 3] = [Kind::Community, Kind::Door, Kind::Visit];

pub(crate) fn write_kind(writer: &mut Writer, kind: &Kind) -> Written {
    match KINDS.iter().position(|known| known == kind) {
        Some(place) => writer.u64(place as u64)?.ok(),
        None => writer.str(kind.as_str())?.ok(),
    }
}

pub(crate) fn read_kind(reader: &mut Decoder<'_>) -> Result<Kind, Bad> {
    if reader.datatype()? == Type::String {
        return Ok(Kind::from(reader.str()?));
    }
    let place = usize::try_from(reader.u64()?).ok();
    place
        .and_then(|place| KINDS.get(place).cloned())
        .ok_or_else(|| Bad::message("an unknown number of a kind"))
}

pub(crate) fn write_feed(writer: &mut Writer, feed: FeedId, common: Option<&Common>) -> Written {
    let place = common.and_then(|common| common.feeds.iter().position(|one| *one == feed));
    match place {
        Some(place) => writer.u64(place as u64)?.ok(),
        None => writer.bytes(feed.as_bytes())?.ok(),
    }
}

pub(crate) fn read_feed(reader: &mut Decoder<'_>, common: Option<&Common>) -> Result<FeedId, Bad> {
    if reader.datatype()? == Type::Bytes {
        return reader.decode();
    }
    let place = usize::try_from(reader.u64()?).ok();
    common
        .zip(place)
        .and_then(|(common, place)| common.feeds.get(place).copied())
        .ok_or_else(|| Bad::message("a feed that the hello does not name"))
}

/// One change on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeanChangeFrame {
    /// The document that the change belongs to.
    pub document: DocumentId,
    /// The document's kind.
    pub kind: Kind,
    /// The feed that the document belongs to, in the phone's opinion.
    pub feed: FeedId,
    /// The change.
    pub change: LeanChange,
}

impl LeanChangeFrame {
    pub(crate) fn write(&self, writer: &mut Writer, common: Option<&Common>) -> Written {
        match common {
            Some(common) => documents::write_own(writer, self.document, common)?,
            None => writer.bytes(self.document.as_bytes())?.ok()?,
        }
        write_kind(writer, &self.kind)?;
        write_feed(writer, self.feed, common)?;
        writer.bytes(self.change.as_bytes())?.ok()
    }

    pub(crate) fn read(reader: &mut Decoder<'_>, common: Option<&Common>) -> Result<Self, Bad> {
        Ok(Self {
            document: documents::read_own(reader, common)?,
            kind: read_kind(reader)?,
            feed: read_feed(reader, common)?,
            change: LeanChange::from_bytes(reader.bytes()?.to_vec()),
        })
    }
}

impl ReceiptRun {
    pub(crate) fn write(&self, writer: &mut Writer) -> Written {
        let check = u64::from(self.check);
        writer
            .u64(self.first)?
            .u64(self.count)?
            .u64(self.seq)?
            .u64(check)?
            .ok()
    }

    pub(crate) fn read(reader: &mut Decoder<'_>) -> Result<Self, Bad> {
        Ok(Self {
            first: reader.u64()?,
            count: reader.u64()?,
            seq: reader.u64()?,
            check: reader.u32()?,
        })
    }
}

impl Start {
    pub(crate) fn write(&self, writer: &mut Writer, common: Option<&Common>) -> Written {
        write_feed(writer, self.feed, common)?;
        writer.u64(self.history)?.ok()
    }

    pub(crate) fn read(reader: &mut Decoder<'_>, common: Option<&Common>) -> Result<Self, Bad> {
        Ok(Self {
            feed: read_feed(reader, common)?,
            history: reader.u64()?,
        })
    }
}

impl Compare {
    pub(crate) fn write(&self, writer: &mut Writer, common: Option<&Common>) -> Written {
        write_feed(writer, self.feed, common)?;
        writer
            .bytes(&digest_bytes(self.digests.iter().copied()))?
            .ok()
    }

    pub(crate) fn read(reader: &mut Decoder<'_>, common: Option<&Common>) -> Result<Self, Bad> {
        let feed = read_feed(reader, common)?;
        let digests: Box<[u32; PARTS]> = read_digests(reader.bytes()?)?
            .into_boxed_slice()
            .try_into()
            .map_err(|_| Bad::message("not as many digests as parts"))?;
        Ok(Self { feed, digests })
    }
}

impl Compared {
    pub(crate) fn write(&self, writer: &mut Writer, common: Option<&Common>) -> Written {
        write_feed(writer, self.feed, common)?;
        writer.u32(self.digest)?.bytes(&self.differing)?.ok()
    }

    pub(crate) fn read(reader: &mut Decoder<'_>, common: Option<&Common>) -> Result<Self, Bad> {
        Ok(Self {
            feed: read_feed(reader, common)?,
            digest: reader.u32()?,
            differing: cbor::fixed(reader)?,
        })
    }
}

/// `devices` are those that may have made the document.
pub(crate) fn write_news(
    writer: &mut Writer,
    news: &News,
    devices: &[DeviceId],
    common: Option<&Common>,
) -> Written {
    documents::write_one(writer, news.document, devices, clock_of(common))?;
    write_kind(writer, &news.kind)?;
    write_feed(writer, news.feed, common)?;
    writer.u64(news.seq)?.u32(news.digest)?;
    match &news.summary {
        NewsSummary::Unchanged => writer.null()?.ok()?,
        NewsSummary::Whole(json) => value::write_map(writer, json)?,
        NewsSummary::Patch(json) => value::write_map(writer.array(1)?, json)?,
    }
    writer.bool(news.whole)?.array(news.changes.len() as u64)?;
    for change in &news.changes {
        writer.bytes(change.as_bytes())?;
    }
    Ok(())
}

pub(crate) fn read_news(reader: &mut Decoder<'_>, common: Option<&Common>) -> Result<News, Bad> {
    Ok(News {
        document: documents::read_one(reader, clock_of(common))?,
        kind: read_kind(reader)?,
        feed: read_feed(reader, common)?,
        seq: reader.u64()?,
        digest: reader.u32()?,
        summary: read_news_summary(reader)?,
        whole: reader.bool()?,
        changes: cbor::list(reader, |reader| {
            Ok(LeanChange::from_bytes(reader.bytes()?.to_vec()))
        })?,
    })
}

fn read_news_summary(reader: &mut Decoder<'_>) -> Result<NewsSummary, Bad> {
    let not_a_summary = || Bad::message("not a summary");
    Ok(match value::read(reader)? {
        serde_json::Value::Null => NewsSummary::Unchanged,
        serde_json::Value::Object(json) => NewsSummary::Whole(json),
        serde_json::Value::Array(mut items) => match (items.pop(), items.is_empty()) {
            (Some(serde_json::Value::Object(json)), true) => NewsSummary::Patch(json),
            _ => return Err(not_a_summary()),
        },
        _ => return Err(not_a_summary()),
    })
}

/// Rows of one kind and one feed. `devices` are those that may have made them.
pub(crate) fn write_rows(
    writer: &mut Writer,
    rows: &[Row],
    devices: &[DeviceId],
    common: Option<&Common>,
) -> Written {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    write_kind(writer, &first.kind)?;
    write_feed(writer, first.feed, common)?;
    let ids: Vec<DocumentId> = rows.iter().map(|row| row.document).collect();
    documents::write_column(writer, &ids, devices, clock_of(common))?;
    writer.array(rows.len() as u64)?;
    cbor::write_differences(writer, rows.iter().map(|row| row.seq.cast_signed()))?;
    writer.bytes(&digest_bytes(rows.iter().map(|row| row.digest)))?;
    let summaries: Vec<Option<&Json>> = rows.iter().map(|row| row.summary.as_ref()).collect();
    table::write(writer, &summaries)?;
    if rows.iter().all(|row| row.seen.is_none()) {
        return writer.null()?.ok();
    }
    writer.array(rows.len() as u64)?;
    rows.iter()
        .try_for_each(|row| write_seen(writer, row.seen.as_ref()))
}

pub(crate) fn read_rows(
    reader: &mut Decoder<'_>,
    common: Option<&Common>,
) -> Result<Vec<Row>, Bad> {
    let kind = read_kind(reader)?;
    let feed = read_feed(reader, common)?;
    let documents = documents::read_column(reader, clock_of(common))?;
    let length = cbor::array(reader)?;
    let seqs = cbor::read_differences(reader, length)?;
    let digests = read_digests(reader.bytes()?)?;
    let summaries = table::read(reader, documents.len())?;
    let mut seen = match reader.datatype()? {
        Type::Null => {
            reader.null()?;
            vec![None; documents.len()]
        }
        _ => cbor::list(reader, read_seen)?,
    };
    let lengths = [seqs.len(), digests.len(), summaries.len(), seen.len()];
    if lengths.iter().any(|length| *length != documents.len()) {
        return Err(Bad::message("columns of different lengths"));
    }
    let rows = documents.into_iter().zip(seqs).zip(digests).zip(summaries);
    Ok(rows
        .zip(seen.drain(..))
        .map(|((((document, seq), digest), summary), seen)| Row {
            document,
            kind: kind.clone(),
            feed,
            seq: seq.cast_unsigned() as Seq,
            digest,
            summary,
            seen,
        })
        .collect())
}

fn write_seen(writer: &mut Writer, seen: Option<&Seen>) -> Written {
    match seen {
        Some(seen) => writer.array(2)?.i64(seen.at)?.str(&seen.outcome)?.ok(),
        None => writer.null()?.ok(),
    }
}

fn read_seen(reader: &mut Decoder<'_>) -> Result<Option<Seen>, Bad> {
    if reader.datatype()? == Type::Null {
        reader.null()?;
        return Ok(None);
    }
    let unknown = cbor::array_of(reader, 2)?;
    let seen = Seen {
        at: reader.i64()?,
        outcome: reader.str()?.to_owned(),
    };
    cbor::skip(reader, unknown)?;
    Ok(Some(seen))
}

fn clock_of(common: Option<&Common>) -> i64 {
    common.map_or(0, |common| common.clock_ms)
}

fn digest_bytes(digests: impl Iterator<Item = u32>) -> Vec<u8> {
    digests.flat_map(u32::to_le_bytes).collect()
}

fn read_digests(bytes: &[u8]) -> Result<Vec<u32>, Bad> {
    let (digests, rest) = bytes.as_chunks::<4>();
    match rest {
        [] => Ok(digests.iter().copied().map(u32::from_le_bytes).collect()),
        _ => Err(Bad::message("digests that are not 4 bytes each")),
    }
}
