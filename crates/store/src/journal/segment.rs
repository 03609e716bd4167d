//! A segment's name and header.
//!
//! Header, 40 bytes, numbers little-endian: 8 bytes magic, 16 bytes journal id,
//! 8 bytes salt, 4 bytes segment number, 4 bytes CRC32C of all before.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const MAGIC: [u8; 8] = *b"stwjrnl1";
const EXTENSION: &str = "journal";

/// Bytes of a segment's header.
pub(crate) const HEADER_BYTES: u64 = 40;

/// What a segment says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    /// The same in all segments of one journal and in no other journal.
    pub journal: [u8; 16],
    /// Goes into the checksum of every frame of this segment. It never leaves
    /// the machine, so nobody can send bytes that look like a frame.
    pub salt: [u8; 8],
    /// Segments are numbered from 1 without a gap.
    pub number: u32,
}

impl SegmentHeader {
    pub fn encode(&self) -> [u8; HEADER_BYTES as usize] {
        let mut bytes = [0; HEADER_BYTES as usize];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..24].copy_from_slice(&self.journal);
        bytes[24..32].copy_from_slice(&self.salt);
        bytes[32..36].copy_from_slice(&self.number.to_le_bytes());
        let checksum = crc32c::crc32c(&bytes[..36]);
        bytes[36..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// The header that the bytes begin with, if they begin with a whole one.
    pub fn decode(bytes: &[u8]) -> Option<SegmentHeader> {
        let (magic, rest) = bytes.split_first_chunk::<8>()?;
        let (journal, rest) = rest.split_first_chunk::<16>()?;
        let (salt, rest) = rest.split_first_chunk::<8>()?;
        let (number, rest) = rest.split_first_chunk::<4>()?;
        let (checksum, _) = rest.split_first_chunk::<4>()?;
        let whole =
            *magic == MAGIC && u32::from_le_bytes(*checksum) == crc32c::crc32c(&bytes[..36]);
        whole.then_some(SegmentHeader {
            journal: *journal,
            salt: *salt,
            number: u32::from_le_bytes(*number),
        })
    }
}

/// The file of a segment.
pub(crate) fn segment_path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:08}.{EXTENSION}"))
}

/// The number of the segment that a file has the name of. Only the very name
/// that this program gives counts: a copy under another one is no segment.
pub(crate) fn segment_number(name: &OsStr) -> Option<u32> {
    let number = name.to_str()?.split_once('.')?.0.parse().ok()?;
    (segment_path(Path::new(""), number).as_os_str() == name).then_some(number)
}

/// The numbers of the segments in a folder, sorted. Other files are not looked
/// at.
pub(crate) fn list_segments(folder: &Path) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        numbers.extend(segment_number(&entry?.file_name()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: SegmentHeader = SegmentHeader {
        journal: [7; 16],
        salt: [9; 8],
        number: 3,
    };

    #[test]
    fn a_header_reads_back_as_it_was_written() {
        assert_eq!(SegmentHeader::decode(&HEADER.encode()), Some(HEADER));
    }

    #[test]
    fn a_header_with_any_byte_altered_or_missing_is_no_header() {
        let good = HEADER.encode();
        for at in 0..good.len() {
            let mut bad = good;
            bad[at] ^= 1;
            assert_eq!(SegmentHeader::decode(&bad), None, "byte {at} altered");
            assert_eq!(SegmentHeader::decode(&good[..at]), None, "cut at {at}");
        }
    }
}
