//! The frames that the server sends.

use minicbor::Decoder;
use minicbor::decode::Error as Bad;
use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, PersonId, Reason, Seq};

use super::{Body, number};
use crate::cbor::{self, Writer, Written};
use crate::lean::{Common, frames};

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptStatus {
    /// It is in the feed and durable.
    Accepted,
    /// It is kept in the tray, durable, with its reason.
    Held,
    /// It is not kept here; the phone keeps it.
    Refused,
}

/// The server's word on one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The first 8 bytes of the change's hash.
    pub change: [u8; 8],
    /// What became of it.
    pub status: ReceiptStatus,
    /// Its place in the feed; 0 unless accepted.
    pub seq: Seq,
    /// The code of the reason, unless accepted. A newer server may send a code
    /// that [`Reason`] does not have.
    pub reason: Option<String>,
}

/// What is new in one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFrame {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// The feed that lists it.
    pub feed: FeedId,
    /// Its newest seq in that feed; 0 when it was asked for, which moves no
    /// cursor.
    pub seq: Seq,
    /// The heads after everything the server has, sorted.
    pub heads: Vec<ChangeHash>,
    /// The summary as JSON, if there is one.
    pub summary: Option<String>,
    /// Whether `chunks` is the whole document (and replaces what the phone has)
    /// or is to be appended.
    pub whole: bool,
    /// Concatenated Automerge chunks, without the genesis. Empty: only the row
    /// travels.
    pub chunks: Vec<u8>,
}

/// Where a feed stands after the documents before this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedFrame {
    /// The feed.
    pub feed: FeedId,
    /// The phone has everything up to here now.
    pub cursor: Seq,
    /// The server's digest over the feed's documents; to be compared when
    /// `more` is false. Since version 2 only its low half.
    pub digest: u64,
    /// There is more, for another exchange.
    pub more: bool,
    /// The newest seq of the feed.
    pub head: Seq,
}

/// Who works in the reader's feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// Changes whenever anything in the list does.
    pub version: u64,
    /// Everybody whose name may be shown.
    pub people: Vec<PersonEntry>,
    /// The feeds that the reader has now.
    pub feeds: Vec<FeedName>,
}

/// One person of the people list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEntry {
    /// Who.
    pub person: PersonId,
    /// The name that is shown.
    pub name: String,
    /// The role's code; open, for a newer server may know more of them.
    pub role: String,
    /// The person's devices, whose actors are the authors in documents.
    pub devices: Vec<DeviceId>,
}

/// A feed with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedName {
    /// The feed.
    pub feed: FeedId,
    /// Its name, as people say it.
    pub name: String,
    /// `grid` or `community`; open.
    pub kind: String,
}

/// The last frame of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The server's clock, milliseconds since 1970.
    pub server_time_ms: i64,
    /// The office's Ed25519 signature over the receipts; see `receipts`. Since
    /// version 2 there is none where there are no receipts.
    pub signature: Option<[u8; 64]>,
}

impl ReceiptStatus {
    /// How it is written.
    pub(crate) fn number(self) -> u8 {
        match self {
            ReceiptStatus::Accepted => 0,
            ReceiptStatus::Held => 1,
            ReceiptStatus::Refused => 2,
        }
    }
}

impl Receipt {
    /// The receipt for a change that is in the feed at `seq`.
    pub fn accepted(change: &ChangeHash, seq: Seq) -> Self {
        Self {
            change: change.prefix(),
            status: ReceiptStatus::Accepted,
            seq,
            reason: None,
        }
    }

    /// The receipt for a change that is in the tray, durable.
    pub fn held(change: &ChangeHash, reason: Reason) -> Self {
        Self {
            change: change.prefix(),
            status: ReceiptStatus::Held,
            seq: 0,
            reason: Some(reason.as_str().to_owned()),
        }
    }

    /// The receipt for a change that the server does not keep.
    pub fn refused(change: &ChangeHash, reason: Reason) -> Self {
        Self {
            status: ReceiptStatus::Refused,
            ..Self::held(change, reason)
        }
    }

    /// The beginning of the change's name, for the check of a run of receipts.
    pub(crate) fn check(&self) -> u32 {
        let [a, b, c, d, ..] = self.change;
        u32::from_le_bytes([a, b, c, d])
    }

    pub(super) fn write(&self, writer: &mut Writer) -> Written {
        writer
            .array(5)?
            .u64(number::RECEIPT)?
            .bytes(&self.change)?
            .u8(self.status.number())?
            .u64(self.seq)?;
        cbor::write_text_or_null(writer, self.reason.as_deref())
    }

    pub(super) fn read(body: &mut Body<'_, '_>) -> Result<Self, Bad> {
        let reader = body.expect(4)?;
        Ok(Self {
            change: cbor::fixed(reader)?,
            status: match reader.u64()? {
                0 => ReceiptStatus::Accepted,
                1 => ReceiptStatus::Held,
                2 => ReceiptStatus::Refused,
                _ => return Err(Bad::message("an unknown receipt status")),
            },
            seq: reader.u64()?,
            reason: cbor::text_or_null(reader)?,
        })
    }
}

impl DocumentFrame {
    pub(super) fn write(&self, writer: &mut Writer) -> Written {
        let heads: Vec<u8> = self
            .heads
            .iter()
            .flat_map(|head| head.as_bytes())
            .copied()
            .collect();
        writer
            .array(9)?
            .u64(number::DOCUMENT)?
            .bytes(self.document.as_bytes())?
            .str(self.kind.as_str())?
            .bytes(self.feed.as_bytes())?
            .u64(self.seq)?
            .bytes(&heads)?;
        cbor::write_text_or_null(writer, self.summary.as_deref())?;
        writer.bool(self.whole)?.bytes(&self.chunks)?.ok()
    }

    pub(super) fn read(body: &mut Body<'_, '_>) -> Result<Self, Bad> {
        let reader = body.expect(8)?;
        Ok(Self {
            document: reader.decode()?,
            kind: Kind::from(reader.str()?),
            feed: reader.decode()?,
            seq: reader.u64()?,
            heads: read_heads(reader)?,
            summary: cbor::text_or_null(reader)?,
            whole: reader.bool()?,
            chunks: reader.bytes()?.to_vec(),
        })
    }
}

fn read_heads(reader: &mut Decoder<'_>) -> Result<Vec<ChangeHash>, Bad> {
    let (heads, rest) = reader.bytes()?.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(Bad::message("heads that are not 32 bytes each"));
    }
    Ok(heads.iter().copied().map(ChangeHash).collect())
}

impl FeedFrame {
    pub(super) fn write(&self, writer: &mut Writer, common: Option<&Common>) -> Written {
        writer.array(6)?.u64(number::FEED)?;
        frames::write_feed(writer, self.feed, common)?;
        writer
            .u64(self.cursor)?
            .u64(self.digest)?
            .bool(self.more)?
            .u64(self.head)?
            .ok()
    }

    pub(super) fn read(body: &mut Body<'_, '_>, common: Option<&Common>) -> Result<Self, Bad> {
        let reader = body.expect(5)?;
        Ok(Self {
            feed: frames::read_feed(reader, common)?,
            cursor: reader.u64()?,
            digest: reader.u64()?,
            more: reader.bool()?,
            head: reader.u64()?,
        })
    }
}

impl People {
    pub(super) fn write(&self, writer: &mut Writer) -> Written {
        writer
            .array(4)?
            .u64(number::PEOPLE)?
            .u64(self.version)?
            .array(self.people.len() as u64)?;
        for entry in &self.people {
            writer
                .array(4)?
                .bytes(entry.person.as_bytes())?
                .str(&entry.name)?
                .str(&entry.role)?
                .array(entry.devices.len() as u64)?;
            for device in &entry.devices {
                writer.bytes(device.as_bytes())?;
            }
        }
        writer.array(self.feeds.len() as u64)?;
        for feed in &self.feeds {
            writer
                .array(3)?
                .bytes(feed.feed.as_bytes())?
                .str(&feed.name)?
                .str(&feed.kind)?;
        }
        Ok(())
    }

    pub(super) fn read(body: &mut Body<'_, '_>) -> Result<Self, Bad> {
        let reader = body.expect(3)?;
        Ok(Self {
            version: reader.u64()?,
            people: cbor::list(reader, PersonEntry::read)?,
            feeds: cbor::list(reader, FeedName::read)?,
        })
    }
}

impl PersonEntry {
    fn read(reader: &mut Decoder<'_>) -> Result<Self, Bad> {
        let unknown = cbor::array_of(reader, 4)?;
        let entry = Self {
            person: reader.decode()?,
            name: reader.str()?.to_owned(),
            role: reader.str()?.to_owned(),
            devices: cbor::list(reader, |reader| reader.decode())?,
        };
        cbor::skip(reader, unknown)?;
        Ok(entry)
    }
}

impl FeedName {
    fn read(reader: &mut Decoder<'_>) -> Result<Self, Bad> {
        let unknown = cbor::array_of(reader, 3)?;
        let feed = Self {
            feed: reader.decode()?,
            name: reader.str()?.to_owned(),
            kind: reader.str()?.to_owned(),
        };
        cbor::skip(reader, unknown)?;
        Ok(feed)
    }
}

impl End {
    pub(super) fn write(&self, writer: &mut Writer) -> Written {
        writer
            .array(3)?
            .u64(number::END)?
            .i64(self.server_time_ms)?;
        match &self.signature {
            Some(signature) => writer.bytes(signature)?.ok(),
            None => writer.null()?.ok(),
        }
    }

    pub(super) fn read(body: &mut Body<'_, '_>) -> Result<Self, Bad> {
        let reader = body.expect(2)?;
        Ok(Self {
            server_time_ms: reader.i64()?,
            signature: match reader.datatype()? {
                minicbor::data::Type::Null => {
                    reader.null()?;
                    None
                }
                _ => Some(cbor::fixed(reader)?),
            },
        })
    }
}
