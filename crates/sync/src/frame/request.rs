//! The frames that a phone sends.

use minicbor::Decoder;
use minicbor::decode::Error as Bad;
use model::{DocumentId, FeedId, Kind, Seq};

use super::{Body, number};
use crate::cbor::{self, Writer, Written};

/// The version of the protocol that this crate speaks.
pub const PROTOCOL_VERSION: u64 = 2;

/// The oldest version that it understands.
pub const PROTOCOL_OLDEST: u64 = 1;

/// As a history mark: nothing but summaries is to be sent unasked.
pub const HISTORY_ALL: Seq = Seq::MAX;

/// The first frame of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The protocol version that the phone speaks.
    pub version: u64,
    /// The phone's clock, milliseconds since 1970. Only for telling the phone
    /// that its clock is wrong; nothing is ordered by it.
    pub clock_ms: i64,
    /// What the phone has of each feed it wants to hear of.
    pub feeds: Vec<FeedState>,
    /// The version of the people list that the phone has; 0 for none.
    pub people_version: u64,
    /// The version of the app, for the desk's list of phones.
    pub app: String,
}

/// What a phone has of one feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedState {
    /// The feed.
    pub feed: FeedId,
    /// The last seq that the phone has.
    pub cursor: Seq,
    /// The phone's digest over the feed's documents.
    pub digest: u64,
    /// Entries up to this seq travel as summaries only; 0 while the phone does
    /// not know the feed's head yet, [`HISTORY_ALL`] for never any bytes.
    pub history: Seq,
    /// The cursor at which the phone last had the feed to its end. Until a walk
    /// has come to its end, the cursor alone does not say what the phone has: a
    /// document that is listed behind the cursor may have changes before it.
    pub complete: Seq,
    /// Where the list of the history stands; `None` when the phone has all of it
    /// (and always in version 1, where history has no order of its own).
    pub past: Option<Past>,
}

/// A place in the list of a feed's history: doors first, then all else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// 0 among communities and doors, oldest first; 1 among the rest, newest first.
    pub rank: u8,
    /// The seq of the row that came last; 0 for none of this rank.
    pub seq: Seq,
}

impl Past {
    /// The place behind a row.
    pub fn behind(kind: &Kind, seq: Seq) -> Self {
        let rank = Self::rank_of(kind);
        Self { rank, seq }
    }

    /// The rank of documents of this kind.
    pub fn rank_of(kind: &Kind) -> u8 {
        match kind {
            Kind::Community | Kind::Door => 0,
            _ => 1,
        }
    }

    /// What sorts rows in the order of the list.
    pub fn order(&self) -> (u8, Seq) {
        match self.rank {
            0 => (0, self.seq),
            // The newest first; 0 stands before all of them.
            rank => (rank, Seq::MAX - self.seq.wrapping_sub(1)),
        }
    }
}

/// One change on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFrame {
    /// The document that the change belongs to.
    pub document: DocumentId,
    /// The document's kind.
    pub kind: Kind,
    /// The feed that the document belongs to, in the phone's opinion.
    pub feed: FeedId,
    /// One plain Automerge change chunk; not checked by reading the frame.
    pub bytes: Vec<u8>,
}

impl Hello {
    pub(super) fn write(&self, writer: &mut Writer) -> Written {
        writer
            .array(6)?
            .u64(number::HELLO)?
            .u64(self.version)?
            .i64(self.clock_ms)?
            .array(self.feeds.len() as u64)?;
        for feed in &self.feeds {
            let has_past = self.version > 1;
            writer
                .array(if has_past { 6 } else { 5 })?
                .bytes(feed.feed.as_bytes())?
                .u64(feed.cursor)?
                .u64(feed.digest)?
                .u64(feed.history)?
                .u64(feed.complete)?;
            match (has_past, feed.past) {
                (false, _) => {}
                (true, None) => writer.null()?.ok()?,
                (true, Some(past)) => writer.array(2)?.u8(past.rank)?.u64(past.seq)?.ok()?,
            }
        }
        writer.u64(self.people_version)?.str(&self.app)?.ok()
    }

    pub(super) fn read(body: &mut Body<'_, '_>) -> Result<Self, Bad> {
        let reader = body.expect(5)?;
        Ok(Self {
            version: reader.u64()?,
            clock_ms: reader.i64()?,
            feeds: cbor::list(reader, FeedState::read)?,
            people_version: reader.u64()?,
            app: reader.str()?.to_owned(),
        })
    }
}

impl FeedState {
    fn read(reader: &mut Decoder<'_>) -> Result<Self, Bad> {
        let more = cbor::array_of(reader, 4)?;
        let mut state = Self {
            feed: reader.decode()?,
            cursor: reader.u64()?,
            digest: reader.u64()?,
            history: reader.u64()?,
            // Who does not say gets everything there is of a document.
            complete: 0,
            past: None,
        };
        if more > 0 {
            state.complete = reader.u64()?;
        }
        if more > 1 {
            state.past = Self::read_past(reader)?;
        }
        cbor::skip(reader, more.saturating_sub(2))?;
        Ok(state)
    }

    fn read_past(reader: &mut Decoder<'_>) -> Result<Option<Past>, Bad> {
        if reader.datatype()? == minicbor::data::Type::Null {
            reader.null()?;
            return Ok(None);
        }
        let unknown = cbor::array_of(reader, 2)?;
        let past = Past {
            rank: reader.u8()?,
            seq: reader.u64()?,
        };
        cbor::skip(reader, unknown)?;
        Ok(Some(past))
    }
}

impl ChangeFrame {
    pub(super) fn write(&self, writer: &mut Writer) -> Written {
        writer
            .array(5)?
            .u64(number::CHANGE)?
            .bytes(self.document.as_bytes())?
            .str(self.kind.as_str())?
            .bytes(self.feed.as_bytes())?
            .bytes(&self.bytes)?
            .ok()
    }

    pub(super) fn read(body: &mut Body<'_, '_>) -> Result<Self, Bad> {
        let reader = body.expect(4)?;
        Ok(Self {
            document: reader.decode()?,
            kind: Kind::from(reader.str()?),
            feed: reader.decode()?,
            bytes: reader.bytes()?.to_vec(),
        })
    }
}
