//! Packs: frames one after another in a body, each behind its length. What a
//! frame says is in `frame`; compression around the pack is the shell's.

use std::collections::HashMap;

use model::{ChangeHash, DeviceId, DocumentId};

use crate::admission::name_of;
use crate::frame::{ChangeFrame, Frame, FrameError};
use crate::lean::frames::LeanChangeFrame;
use crate::lean::{Common, LeanChange, Names, Reading, Writing};
use crate::leb128;

/// The longest frame of a response, in bytes. A whole document travels in one
/// frame, so this is far above the limit for requests.
pub const RESPONSE_FRAME_BYTES: usize = 64 << 20;

/// Bytes that are no pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A frame is longer than it may be. Reading ends here.
    #[error("a frame of {length} bytes, where {limit} are allowed")]
    TooLong {
        /// The length that the frame claims.
        length: u64,
        /// The length that is allowed.
        limit: usize,
    },
    /// A length that is not minimal LEB128. Reading ends here.
    #[error("a frame length that does not read")]
    Length,
    /// One frame does not read; the next one can.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A lean change cannot be made whole; the next frame can still be read.
    #[error("a lean change that does not read")]
    Lean,
}

impl PackError {
    /// Whether nothing after this can be read.
    pub fn is_final(&self) -> bool {
        !matches!(self, PackError::Frame(_) | PackError::Lean)
    }

    /// The code under which the sender hears of it.
    pub fn reason(&self) -> model::Reason {
        match self {
            PackError::TooLong { .. } => model::Reason::TooLarge,
            PackError::Length | PackError::Frame(_) | PackError::Lean => model::Reason::Malformed,
        }
    }
}

/// Turns bytes, as they arrive, into frames.
#[derive(Debug)]
pub struct FrameReader {
    buffer: Vec<u8>,
    /// Everything before this has been read.
    read: usize,
    /// Where in the buffer the last frame's CBOR stands.
    last: std::ops::Range<usize>,
    limit: usize,
    ended: bool,
    is_request: bool,
    terms: Terms,
    /// The newest change of each document in this request.
    newest: HashMap<DocumentId, ChangeHash>,
}

/// In whose terms the frames of a pack are.
#[derive(Debug)]
enum Terms {
    /// A request whose hello has not come yet.
    From {
        device: DeviceId,
        community: DocumentId,
    },
    /// Every id in full.
    None,
    /// What both sides know.
    Common(Common),
}

impl FrameReader {
    /// Reads a request, under the limits of the protocol. `device` is who sends
    /// it, `community` that of its person.
    pub fn for_request(device: DeviceId, community: DocumentId) -> Self {
        let terms = Terms::From { device, community };
        Self::new(model::limits::REQUEST_FRAME_BYTES, terms)
    }

    /// Reads a response to a request with these terms; `None` for version 1.
    pub fn for_response(common: Option<Common>) -> Self {
        let terms = common.map_or(Terms::None, Terms::Common);
        Self::new(RESPONSE_FRAME_BYTES, terms)
    }

    fn new(limit: usize, terms: Terms) -> Self {
        Self {
            buffer: Vec::new(),
            read: 0,
            last: 0..0,
            limit,
            ended: false,
            is_request: matches!(terms, Terms::From { .. }),
            terms,
            newest: HashMap::new(),
        }
    }

    /// What both sides know, once the hello has said it; `None` in version 1.
    pub fn common(&self) -> Option<&Common> {
        match &self.terms {
            Terms::Common(common) => Some(common),
            _ => None,
        }
    }

    /// Takes in the bytes that arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.ended {
            return;
        }
        self.buffer.drain(..self.read);
        self.read = 0;
        self.last = 0..0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete frame of those that arrived, or `None` until more
    /// bytes do. Frames with an unknown number are passed over.
    ///
    /// An error that [is final](PackError::is_final) is given once; afterwards
    /// there is nothing more to read.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, PackError> {
        while let Some(body) = self.next_body()? {
            self.last = body.clone();
            if self.is_request && !Frame::is_asking(&self.buffer[body.clone()]) {
                continue;
            }
            let frame = Frame::decode_for(&self.buffer[body], self.common())?;
            match frame {
                None => {}
                Some(Frame::LeanChange(lean)) => return self.whole(lean).map(Some),
                Some(frame) => {
                    self.note(&frame);
                    return Ok(Some(frame));
                }
            }
        }
        Ok(None)
    }

    /// The change that was sent lean.
    fn whole(&mut self, frame: LeanChangeFrame) -> Result<Frame, PackError> {
        let LeanChangeFrame {
            document,
            kind,
            feed,
            change,
        } = frame;
        let common = self.common().ok_or(PackError::Lean)?;
        let bytes = change.read(&Reading {
            common,
            kind: &kind,
            before: self.newest.get(&document).copied(),
            heads: &[],
        });
        let frame = Frame::Change(ChangeFrame {
            document,
            kind,
            feed,
            bytes: bytes.ok_or(PackError::Lean)?,
        });
        self.note(&frame);
        Ok(frame)
    }

    fn note(&mut self, frame: &Frame) {
        match (frame, &self.terms) {
            (Frame::Change(change), Terms::Common(_)) => {
                self.newest.insert(change.document, name_of(&change.bytes));
            }
            (Frame::Hello(hello), Terms::From { device, community }) => {
                self.terms =
                    Common::of_hello(hello, *device, *community).map_or(Terms::None, Terms::Common);
            }
            _ => {}
        }
    }

    /// The CBOR of the frame that [`next_frame`](Self::next_frame) gave last.
    pub fn last_body(&self) -> &[u8] {
        &self.buffer[self.last.clone()]
    }

    /// Bytes that arrived and do not make a whole frame yet.
    pub fn pending(&self) -> usize {
        self.buffer.len() - self.read
    }

    fn next_body(&mut self) -> Result<Option<std::ops::Range<usize>>, PackError> {
        if self.ended {
            return Ok(None);
        }
        let outcome = frame_at(&self.buffer[self.read..], self.limit);
        match outcome {
            Ok(Some(range)) => {
                let body = self.read + range.start..self.read + range.end;
                self.read = body.end;
                Ok(Some(body))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                self.ended = true;
                self.buffer = Vec::new();
                self.read = 0;
                self.last = 0..0;
                Err(error)
            }
        }
    }
}

/// Where the first frame's CBOR stands in `bytes`, if all of it is there.
fn frame_at(bytes: &[u8], limit: usize) -> Result<Option<std::ops::Range<usize>>, PackError> {
    let Some((length, width)) = length_at(bytes)? else {
        return Ok(None);
    };
    match usize::try_from(length) {
        Ok(length) if length <= limit => {
            let end = width + length;
            Ok((bytes.len() >= end).then_some(width..end))
        }
        _ => Err(PackError::TooLong { length, limit }),
    }
}

/// Reads an unsigned LEB128 number of at most five bytes and says how many it
/// took. `None` means that its end has not arrived.
fn length_at(bytes: &[u8]) -> Result<Option<(u64, usize)>, PackError> {
    const WIDEST: usize = 5;
    let mut value = 0;
    for (index, byte) in bytes.iter().copied().take(WIDEST).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            // One number has one spelling: no group of zeros at its end.
            let overlong = byte == 0 && index > 0;
            return if overlong {
                Err(PackError::Length)
            } else {
                Ok(Some((value, index + 1)))
            };
        }
    }
    if bytes.len() >= WIDEST {
        return Err(PackError::Length);
    }
    Ok(None)
}

/// Puts frames into a pack.
#[derive(Debug, Default)]
pub struct FrameWriter {
    bytes: Vec<u8>,
    common: Option<Common>,
    /// Devices that may have made what the frames tell of.
    devices: Vec<DeviceId>,
    /// The newest change of each document in this pack.
    newest: HashMap<DocumentId, ChangeHash>,
}

impl FrameWriter {
    /// An empty pack of version 1.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty pack in terms of what both sides know; `None` for version 1.
    /// `devices` are those that may have made the documents it will tell of.
    pub fn in_terms_of(common: Option<Common>, devices: Vec<DeviceId>) -> Self {
        Self {
            common,
            devices,
            ..Self::default()
        }
    }

    /// What both sides know; `None` in version 1.
    pub fn common(&self) -> Option<&Common> {
        self.common.as_ref()
    }

    /// Adds a frame.
    pub fn push(&mut self, frame: &Frame) {
        self.push_body(&frame.encode_for(self.common.as_ref(), &self.devices));
    }

    /// Adds a change of the sending device, as lean as it can be.
    pub fn push_change(&mut self, change: ChangeFrame, names: &dyn Names) {
        let frame = match self.lean(&change, names) {
            Some(lean) => Frame::LeanChange(LeanChangeFrame {
                document: change.document,
                kind: change.kind,
                feed: change.feed,
                change: lean,
            }),
            None => Frame::Change(change),
        };
        self.push(&frame);
    }

    fn lean(&mut self, change: &ChangeFrame, names: &dyn Names) -> Option<LeanChange> {
        let common = self.common.as_ref()?;
        let name = name_of(&change.bytes);
        let before = self.newest.insert(change.document, name);
        LeanChange::write(
            &change.bytes,
            &Writing {
                common,
                kind: &change.kind,
                before,
                reader_has_heads: false,
                from_sender: true,
                names,
            },
        )
    }

    /// Adds a frame whose CBOR has been made already.
    pub fn push_body(&mut self, body: &[u8]) {
        leb128::write_prefixed(&mut self.bytes, body);
    }

    /// How many bytes the pack has so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing has been added.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Takes what was added so far, to send it on; the writer starts afresh.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// The pack.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
