//! Packs: frames one after another in a body, each behind its length. What a
//! frame says is in `frame`; compression around the pack is the shell's.

use crate::frame::{Frame, FrameError};

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
}

impl PackError {
    /// Whether nothing after this can be read.
    pub fn is_final(&self) -> bool {
        !matches!(self, PackError::Frame(_))
    }

    /// The code under which the sender hears of it.
    pub fn reason(&self) -> model::Reason {
        match self {
            PackError::TooLong { .. } => model::Reason::TooLarge,
            PackError::Length | PackError::Frame(_) => model::Reason::Malformed,
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
}

impl FrameReader {
    /// Reads a request, under the limits of the protocol.
    pub fn for_request() -> Self {
        Self::with_limit(model::limits::REQUEST_FRAME_BYTES)
    }

    /// Reads a response.
    pub fn for_response() -> Self {
        Self::with_limit(RESPONSE_FRAME_BYTES)
    }

    fn with_limit(limit: usize) -> Self {
        Self {
            buffer: Vec::new(),
            read: 0,
            last: 0..0,
            limit,
            ended: false,
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
            if let Some(frame) = Frame::decode(&self.buffer[body])? {
                return Ok(Some(frame));
            }
        }
        Ok(None)
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
    let Some((length, width)) = leb128(bytes)? else {
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
fn leb128(bytes: &[u8]) -> Result<Option<(u64, usize)>, PackError> {
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
}

impl FrameWriter {
    /// An empty pack.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a frame.
    pub fn push(&mut self, frame: &Frame) {
        self.push_body(&frame.encode());
    }

    /// Adds a frame whose CBOR has been made already.
    pub fn push_body(&mut self, body: &[u8]) {
        let mut length = body.len() as u64;
        while length >= 0x80 {
            self.bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.bytes.push(length as u8);
        self.bytes.extend_from_slice(body);
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
