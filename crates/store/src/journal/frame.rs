//! One frame: a group of records under one checksum.
//!
//! 16 bytes of header, numbers little-endian: 4 bytes payload length, 4 bytes
//! CRC32C, 8 bytes frame number. The checksum covers the segment's salt, the
//! length, the number and the payload.

use super::record::{ChangeRecord, encode_change, encode_snapshot, encode_write};
use super::{Pointer, Position};
use crate::{RecordChange, StoreError};
use model::{DocumentId, Seq};

/// Bytes of a frame's header.
pub(crate) const FRAME_HEADER_BYTES: usize = 16;

/// The most payload that a frame may have. Writes are refused long before; a
/// longer length is damage.
pub(crate) const MAX_PAYLOAD_BYTES: usize = 96 << 20;

/// What stands before a frame's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub length: u32,
    pub checksum: u32,
    pub number: u64,
}

impl FrameHeader {
    /// The header that the bytes begin with; it may be nonsense.
    pub fn decode(bytes: &[u8; FRAME_HEADER_BYTES]) -> FrameHeader {
        let [a, b, c, d, e, f, g, h, number @ ..] = *bytes;
        FrameHeader {
            length: u32::from_le_bytes([a, b, c, d]),
            checksum: u32::from_le_bytes([e, f, g, h]),
            number: u64::from_le_bytes(number),
        }
    }

    /// Whether the checksum fits this payload.
    pub fn covers(&self, salt: [u8; 8], payload: &[u8]) -> bool {
        self.length as usize == payload.len()
            && self.checksum == checksum(salt, self.number, payload)
    }
}

fn checksum(salt: [u8; 8], number: u64, payload: &[u8]) -> u32 {
    let mut head = [0; 20];
    head[..8].copy_from_slice(&salt);
    head[8..16].copy_from_slice(&number.to_le_bytes());
    // Lengths are under MAX_PAYLOAD_BYTES, so the cast keeps every bit.
    head[16..].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    crc32c::crc32c_append(crc32c::crc32c(&head), payload)
}

/// A frame while it is being filled. It knows where it will lie, so pointers
/// into it are final from the start.
pub(crate) struct Frame {
    buffer: Vec<u8>,
    segment: u32,
    start: u64,
}

impl Frame {
    /// An empty frame at a place of a segment, using up an old buffer.
    pub fn new(mut buffer: Vec<u8>, segment: u32, start: u64) -> Frame {
        buffer.clear();
        buffer.resize(FRAME_HEADER_BYTES, 0);
        Frame {
            buffer,
            segment,
            start,
        }
    }

    /// Whether nothing was put in.
    pub fn is_empty(&self) -> bool {
        self.buffer.len() == FRAME_HEADER_BYTES
    }

    /// Puts a change in and says where its bytes will lie.
    pub fn change(&mut self, record: &ChangeRecord<'_>) -> Pointer {
        let at = encode_change(&mut self.buffer, record);
        self.pointer(at, record.bytes)
    }

    /// Puts a record in and says where its value will lie.
    pub fn write(&mut self, change: &RecordChange) -> Option<Pointer> {
        let at = encode_write(&mut self.buffer, change);
        change.value.as_deref().map(|value| self.pointer(at, value))
    }

    /// Puts a snapshot in and says where its bytes will lie.
    pub fn snapshot(
        &mut self,
        document: DocumentId,
        through: u64,
        seq: Seq,
        bytes: &[u8],
    ) -> Pointer {
        let at = encode_snapshot(&mut self.buffer, document, through, seq, bytes);
        self.pointer(at, bytes)
    }

    fn pointer(&self, at: usize, bytes: &[u8]) -> Pointer {
        Pointer {
            segment: self.segment,
            offset: self.start + at as u64,
            // One value is at most MAX_WRITE_BYTES, which a u32 holds.
            length: bytes.len() as u32,
            checksum: crc32c::crc32c(bytes),
        }
    }

    /// Fills in the header. Gives the bytes for the file and the place the
    /// frame will end at.
    pub fn seal(&mut self, salt: [u8; 8], number: u64) -> Result<(&[u8], Position), StoreError> {
        let (header, payload) = self.buffer.split_at_mut(FRAME_HEADER_BYTES);
        if payload.len() > MAX_PAYLOAD_BYTES {
            return Err(StoreError::TooLarge {
                what: "frame",
                bytes: payload.len() as u64,
                limit: MAX_PAYLOAD_BYTES as u64,
            });
        }
        let checksum = checksum(salt, number, payload);
        header[..4].copy_from_slice(&(payload.len() as u32).to_le_bytes());
        header[4..8].copy_from_slice(&checksum.to_le_bytes());
        header[8..].copy_from_slice(&number.to_le_bytes());
        let position = Position {
            segment: self.segment,
            end: self.start + self.buffer.len() as u64,
            frame: number,
            checksum,
        };
        Ok((&self.buffer, position))
    }

    /// Gives the buffer back for the next frame.
    pub fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }
}
