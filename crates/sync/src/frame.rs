//! Frames: the units of a pack, as values and as CBOR. How frames follow each
//! other in a body is in `pack`; what is done about them is elsewhere.
//!
//! A frame is one CBOR array whose first item is its number. Items that this
//! version does not know stand at the end and are passed over, and so are
//! frames with a number that it does not know. How version 2 spells ids and
//! changes is in `lean`.

mod listing;
mod request;
mod response;

use minicbor::Decoder;

pub use listing::{
    Compare, Compared, Json, News, NewsSummary, PARTS, ReceiptRun, Row, Seen, Start, part_of,
};
pub use request::{
    ChangeFrame, FeedState, HISTORY_ALL, Hello, PROTOCOL_OLDEST, PROTOCOL_VERSION, Past,
};
pub use response::{
    DocumentFrame, End, FeedFrame, FeedName, People, PersonEntry, Receipt, ReceiptStatus,
};

use crate::cbor;
use crate::lean::Common;
use crate::lean::frames::{self, LeanChangeFrame};

/// One frame of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Opens a request.
    Hello(Hello),
    /// One change that the phone sends.
    Change(ChangeFrame),
    /// Asks for one document whole.
    Want(model::DocumentId),
    /// The server's word on one change.
    Receipt(Receipt),
    /// What is new in one document.
    Document(DocumentFrame),
    /// Where a feed stands after the documents before it.
    Feed(FeedFrame),
    /// Who works here.
    People(People),
    /// Ends a response.
    End(End),
    /// Something in the request could not be read; the reason's code. All that
    /// was read before it counts.
    Notice(String),
    /// One change that the phone sends, without what the server knows.
    LeanChange(LeanChangeFrame),
    /// What the phone holds of a feed, to find out where it differs.
    Compare(Compare),
    /// The history of a feed follows.
    Start(Start),
    /// Changes that are all accepted.
    Receipts(ReceiptRun),
    /// What is new in one document.
    News(News),
    /// Documents of one kind and feed, in a list.
    Rows(Vec<Row>),
    /// The end of a comparison.
    Compared(Compared),
}

/// Bytes of one frame that do not say what its number promises.
#[derive(Debug, thiserror::Error)]
#[error("a frame that does not read: {0}")]
pub struct FrameError(#[from] minicbor::decode::Error);

mod number {
    pub const HELLO: u64 = 0;
    pub const CHANGE: u64 = 1;
    pub const WANT: u64 = 2;
    pub const RECEIPT: u64 = 16;
    pub const DOCUMENT: u64 = 17;
    pub const FEED: u64 = 18;
    pub const PEOPLE: u64 = 19;
    pub const END: u64 = 20;
    pub const NOTICE: u64 = 21;
    // Since version 2:
    pub const LEAN_CHANGE: u64 = 3;
    pub const COMPARE: u64 = 4;
    pub const START: u64 = 22;
    pub const RECEIPTS: u64 = 23;
    pub const NEWS: u64 = 24;
    pub const ROWS: u64 = 25;
    pub const COMPARED: u64 = 26;
}

impl Frame {
    /// The feed along which it was told; `None` for what belongs to no walk, as a document that
    /// was asked for by name.
    pub fn walked_feed(&self) -> Option<model::FeedId> {
        match self {
            Frame::Start(start) => Some(start.feed),
            Frame::Rows(rows) => rows.first().map(|row| row.feed),
            Frame::News(news) => Some(news.feed),
            Frame::Compared(compared) => Some(compared.feed),
            Frame::Document(document) => (document.seq > 0).then_some(document.feed),
            Frame::Feed(place) => Some(place.feed),
            _ => None,
        }
    }

    /// The number that stands first in the frame.
    pub fn number(&self) -> u64 {
        match self {
            Frame::Hello(_) => number::HELLO,
            Frame::Change(_) => number::CHANGE,
            Frame::Want(_) => number::WANT,
            Frame::Receipt(_) => number::RECEIPT,
            Frame::Document(_) => number::DOCUMENT,
            Frame::Feed(_) => number::FEED,
            Frame::People(_) => number::PEOPLE,
            Frame::End(_) => number::END,
            Frame::Notice(_) => number::NOTICE,
            Frame::LeanChange(_) => number::LEAN_CHANGE,
            Frame::Compare(_) => number::COMPARE,
            Frame::Start(_) => number::START,
            Frame::Receipts(_) => number::RECEIPTS,
            Frame::News(_) => number::NEWS,
            Frame::Rows(_) => number::ROWS,
            Frame::Compared(_) => number::COMPARED,
        }
    }

    /// Whether a frame with this CBOR is one that a phone sends. What only a server
    /// says is not read from a phone: it may be of any size, and means nothing.
    pub(crate) fn is_asking(bytes: &[u8]) -> bool {
        let mut reader = Decoder::new(bytes);
        let number = cbor::array_of(&mut reader, 1).and_then(|_| reader.u64());
        // What does not read is for `decode` to say.
        number.map_or(true, |number| number <= number::COMPARE)
    }

    /// The frame's CBOR, without the length that precedes it in a pack, with every
    /// id in full.
    pub fn encode(&self) -> Vec<u8> {
        self.encode_for(None, &[])
    }

    /// The frame's CBOR in terms of what its reader knows. `devices` are those
    /// that may have made the documents it tells of.
    pub fn encode_for(&self, common: Option<&Common>, devices: &[model::DeviceId]) -> Vec<u8> {
        cbor::to_vec(|writer| match self {
            Frame::Hello(hello) => hello.write(writer),
            Frame::Change(change) => change.write(writer),
            Frame::Want(document) => writer
                .array(2)?
                .u64(number::WANT)?
                .bytes(document.as_bytes())?
                .ok(),
            Frame::Receipt(receipt) => receipt.write(writer),
            Frame::Document(document) => document.write(writer),
            Frame::Feed(feed) => feed.write(writer, common),
            Frame::People(people) => people.write(writer),
            Frame::End(end) => end.write(writer),
            Frame::Notice(code) => writer.array(2)?.u64(number::NOTICE)?.str(code)?.ok(),
            Frame::LeanChange(change) => {
                change.write(writer.array(5)?.u64(number::LEAN_CHANGE)?, common)
            }
            Frame::Compare(compare) => {
                compare.write(writer.array(3)?.u64(number::COMPARE)?, common)
            }
            Frame::Start(start) => start.write(writer.array(3)?.u64(number::START)?, common),
            Frame::Receipts(run) => run.write(writer.array(5)?.u64(number::RECEIPTS)?),
            Frame::News(news) => {
                let writer = writer.array(9)?.u64(number::NEWS)?;
                frames::write_news(writer, news, devices, common)
            }
            Frame::Rows(rows) => {
                let writer = writer.array(8)?.u64(number::ROWS)?;
                frames::write_rows(writer, rows, devices, common)
            }
            Frame::Compared(compared) => {
                compared.write(writer.array(4)?.u64(number::COMPARED)?, common)
            }
        })
    }

    /// Reads one frame's CBOR. `None` is a frame whose number this version does
    /// not know; nothing behind the number is looked at then.
    pub fn decode(bytes: &[u8]) -> Result<Option<Frame>, FrameError> {
        Self::decode_for(bytes, None)
    }

    /// Reads one frame's CBOR that may be written in terms of what both sides
    /// know.
    pub fn decode_for(bytes: &[u8], common: Option<&Common>) -> Result<Option<Frame>, FrameError> {
        let mut reader = Decoder::new(bytes);
        let items = cbor::array_of(&mut reader, 1)?;
        let number = reader.u64()?;
        let body = &mut Body {
            reader: &mut reader,
            items,
        };
        let frame = match number {
            number::HELLO => Frame::Hello(Hello::read(body)?),
            number::CHANGE => Frame::Change(ChangeFrame::read(body)?),
            number::WANT => Frame::Want(body.expect(1)?.decode()?),
            number::RECEIPT => Frame::Receipt(Receipt::read(body)?),
            number::DOCUMENT => Frame::Document(DocumentFrame::read(body)?),
            number::FEED => Frame::Feed(FeedFrame::read(body, common)?),
            number::PEOPLE => Frame::People(People::read(body)?),
            number::END => Frame::End(End::read(body)?),
            number::NOTICE => Frame::Notice(body.expect(1)?.str()?.to_owned()),
            number::LEAN_CHANGE => {
                Frame::LeanChange(LeanChangeFrame::read(body.expect(4)?, common)?)
            }
            number::COMPARE => Frame::Compare(Compare::read(body.expect(2)?, common)?),
            number::START => Frame::Start(Start::read(body.expect(2)?, common)?),
            number::RECEIPTS => Frame::Receipts(ReceiptRun::read(body.expect(4)?)?),
            number::NEWS => Frame::News(frames::read_news(body.expect(8)?, common)?),
            number::ROWS => Frame::Rows(frames::read_rows(body.expect(7)?, common)?),
            number::COMPARED => Frame::Compared(Compared::read(body.expect(3)?, common)?),
            _ => return Ok(None),
        };
        let unknown = body.items;
        cbor::skip(&mut reader, unknown)?;
        if reader.position() != bytes.len() {
            return Err(minicbor::decode::Error::message("bytes after the frame").into());
        }
        Ok(Some(frame))
    }
}

/// The items of a frame after its number, while they are read.
struct Body<'r, 'b> {
    reader: &'r mut Decoder<'b>,
    /// Items that are not read yet; at the end those this version does not know.
    items: u64,
}

impl<'b> Body<'_, 'b> {
    /// The reader, standing before `known` items that must be there.
    fn expect(&mut self, known: u64) -> Result<&mut Decoder<'b>, minicbor::decode::Error> {
        self.items = self
            .items
            .checked_sub(known)
            .ok_or_else(|| minicbor::decode::Error::message("a frame with too few items"))?;
        Ok(self.reader)
    }
}
