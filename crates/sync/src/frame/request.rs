//! The frames that a phone sends.

use minicbor::Decoder;
use minicbor::decode::Error as Bad;
use model::{DocumentId, FeedId, Kind, Seq};

use super::{Body, number};
use crate::cbor::{self, Writer, Written};

/// The version of the protocol that this crate speaks.
pub const PROTOCOL_VERSION: u64 = 1;

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
            writer
                .array(5)?
                .bytes(feed.feed.as_bytes())?
                .u64(feed.cursor)?
                .u64(feed.digest)?
                .u64(feed.history)?
                .u64(feed.complete)?;
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
        };
        if more > 0 {
            state.complete = reader.u64()?;
            cbor::skip(reader, more - 1)?;
        }
        Ok(state)
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
