//! Reads a whole journal from its beginning, checks every byte of it, and tells
//! a torn tail from damage. It writes nothing.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use super::Position;
use super::frame::{FRAME_HEADER_BYTES, FrameHeader, MAX_PAYLOAD_BYTES};
use super::segment::{HEADER_BYTES, SegmentHeader, list_segments, segment_path};
use crate::StoreError;

/// A good frame.
pub(crate) struct ScannedFrame<'a> {
    /// Where it ends.
    pub position: Position,
    /// Where its payload begins in the segment's file.
    pub payload_at: u64,
    /// Its records.
    pub payload: &'a [u8],
    /// The segment's file.
    pub path: &'a Path,
    /// The journal's id.
    pub journal: [u8; 16],
}

/// Bytes at the very end that are no whole frame: a write that was under way
/// when the program or the machine stopped. Nobody was told of its success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TornTail {
    /// The segment's number.
    pub segment: u32,
    /// Where the good part of the file ends; 0 when the segment itself was
    /// still being made.
    pub offset: u64,
    /// How many bytes are no good.
    pub bytes: u64,
}

/// What a scan found.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    /// The last segment and where its last good frame ends.
    pub last: Option<(SegmentHeader, u64)>,
    /// How many good segments there are.
    pub segments: u32,
    /// How many good frames there are; the number of the last one.
    pub frames: u64,
    /// Good bytes in all segments.
    pub bytes: u64,
    /// What must be cut before the journal is written again.
    pub torn: Option<TornTail>,
}

/// Shows every good frame to `visit`, oldest first. Fails with
/// [`StoreError::Damaged`] for any fault that is not a torn tail.
pub(crate) fn scan(
    folder: &Path,
    visit: &mut dyn FnMut(&ScannedFrame<'_>) -> Result<(), StoreError>,
) -> Result<Scanned, StoreError> {
    let numbers = list_segments(folder).map_err(|error| StoreError::disk(folder, &error))?;
    let mut scanned = Scanned::default();
    for (expected, number) in (1..).zip(&numbers) {
        let path = segment_path(folder, *number);
        if *number != expected {
            let missing = segment_path(folder, expected);
            return Err(StoreError::damaged(&missing, 0, "the file is missing"));
        }
        let is_last = numbers.len() == expected as usize;
        SegmentScan::open(&path)?.run(&mut scanned, expected, is_last, visit)?;
    }
    Ok(scanned)
}

struct SegmentScan<'a> {
    path: &'a Path,
    file: BufReader<File>,
    length: u64,
    payload: Vec<u8>,
}

impl<'a> SegmentScan<'a> {
    fn open(path: &'a Path) -> Result<SegmentScan<'a>, StoreError> {
        let open = || {
            let file = File::open(path)?;
            Ok((file.metadata()?.len(), BufReader::new(file)))
        };
        let (length, file) = open().map_err(|error| StoreError::disk(path, &error))?;
        Ok(SegmentScan {
            path,
            file,
            length,
            payload: Vec::new(),
        })
    }

    fn run(
        mut self,
        scanned: &mut Scanned,
        number: u32,
        is_last: bool,
        visit: &mut dyn FnMut(&ScannedFrame<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(header) = self.header(scanned, number)? else {
            if is_last && self.length <= HEADER_BYTES {
                scanned.torn = Some(TornTail {
                    segment: number,
                    offset: 0,
                    bytes: self.length,
                });
                return Ok(());
            }
            return Err(self.damaged(0, "the segment's header is not whole"));
        };
        let mut end = HEADER_BYTES;
        while end < self.length {
            let Some(frame) = self.frame(&header, end, scanned.frames + 1)? else {
                scanned.torn = Some(self.torn(&header, end, scanned.frames + 1, is_last)?);
                break;
            };
            scanned.frames += 1;
            let payload_at = end + FRAME_HEADER_BYTES as u64;
            end = payload_at + u64::from(frame.length);
            visit(&ScannedFrame {
                position: Position {
                    segment: number,
                    end,
                    frame: frame.number,
                    checksum: frame.checksum,
                },
                payload_at,
                payload: &self.payload,
                path: self.path,
                journal: header.journal,
            })?;
        }
        scanned.last = Some((header, end));
        scanned.segments += 1;
        scanned.bytes += end;
        Ok(())
    }

    /// The segment's header; `None` if it is not a whole one.
    fn header(
        &mut self,
        scanned: &Scanned,
        number: u32,
    ) -> Result<Option<SegmentHeader>, StoreError> {
        let mut bytes = [0; HEADER_BYTES as usize];
        if self.length < HEADER_BYTES {
            return Ok(None);
        }
        self.read(&mut bytes)?;
        let Some(header) = SegmentHeader::decode(&bytes) else {
            return Ok(None);
        };
        let journal = scanned
            .last
            .map_or(header.journal, |(last, _)| last.journal);
        if header.number != number || header.journal != journal {
            return Err(self.damaged(0, "the segment belongs to another place or journal"));
        }
        Ok(Some(header))
    }

    /// Reads the frame at `start` into `self.payload`; `None` if there is no
    /// good one.
    fn frame(
        &mut self,
        segment: &SegmentHeader,
        start: u64,
        number: u64,
    ) -> Result<Option<FrameHeader>, StoreError> {
        let rest = self.length - start;
        let mut bytes = [0; FRAME_HEADER_BYTES];
        if rest < FRAME_HEADER_BYTES as u64 {
            return Ok(None);
        }
        self.read(&mut bytes)?;
        let header = FrameHeader::decode(&bytes);
        let fits = header.length as usize <= MAX_PAYLOAD_BYTES
            && u64::from(header.length) <= rest - FRAME_HEADER_BYTES as u64;
        if !fits || header.number != number {
            return Ok(None);
        }
        let mut payload = std::mem::take(&mut self.payload);
        payload.resize(header.length as usize, 0);
        self.read(&mut payload)?;
        let good = header.covers(segment.salt, &payload);
        self.payload = payload;
        Ok(good.then_some(header))
    }

    /// Judges the bytes from `start` on, where no good frame is: torn if nothing
    /// good follows, else damaged. A frame is written only after the one before
    /// it is on the disk, so nothing follows a torn one.
    fn torn(
        &mut self,
        segment: &SegmentHeader,
        start: u64,
        number: u64,
        is_last: bool,
    ) -> Result<TornTail, StoreError> {
        if !is_last {
            return Err(self.damaged(start, "a frame is broken and other segments follow"));
        }
        let mut rest = Vec::new();
        // No further than the length at the beginning: a journal may be read while
        // it is written, and what comes in meanwhile is whole by the end.
        self.file
            .seek(SeekFrom::Start(start))
            .and_then(|_| {
                let file = self.file.by_ref();
                file.take(self.length - start).read_to_end(&mut rest)
            })
            .map_err(|error| StoreError::disk(self.path, &error))?;
        if let Some(good) = find_frame(&rest, segment.salt, number) {
            let finding = format!(
                "a frame is broken and a good one follows at byte {}",
                start + good as u64
            );
            return Err(self.damaged(start, &finding));
        }
        Ok(TornTail {
            segment: segment.number,
            offset: start,
            bytes: rest.len() as u64,
        })
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), StoreError> {
        self.file
            .read_exact(bytes)
            .map_err(|error| StoreError::disk(self.path, &error))
    }

    fn damaged(&self, offset: u64, finding: &str) -> StoreError {
        StoreError::damaged(self.path, offset, finding)
    }
}

/// Where a good frame with this number or a later one begins, anywhere in the
/// bytes. The numbers that can follow within these bytes are few, so hardly any
/// checksum is computed for nothing.
fn find_frame(bytes: &[u8], salt: [u8; 8], number: u64) -> Option<usize> {
    let numbers = number..=number + (bytes.len() / FRAME_HEADER_BYTES) as u64;
    (0..bytes.len()).find(|start| {
        let Some((head, rest)) = bytes[*start..].split_first_chunk() else {
            return false;
        };
        let header = FrameHeader::decode(head);
        numbers.contains(&header.number)
            && rest
                .get(..header.length as usize)
                .is_some_and(|payload| header.covers(salt, payload))
    })
}
