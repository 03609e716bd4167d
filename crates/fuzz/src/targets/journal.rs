//! The journal's segments on disk: whatever is in the files, the scan shows
//! frames whose checksum is right and nothing else, in order; and it never says
//! that all is well while a good frame stands behind a broken one.
//!
//! What must come out is worked out here a second time, from the format alone.

use std::fs;
use std::path::Path;

use store::probe::{ShownFrame, count_records, scan_journal};
use tempfile::TempDir;

use crate::chance::Chance;
use crate::corpus::overwrite;
use crate::{Target, mutate, parts};

/// Parts: the first byte of each says what it puts into the files, see `put`.
pub const TARGET: Target = Target {
    name: "journal",
    run,
    seeds,
    mutate: mutate_parts,
    memory_bytes: 128 << 20,
    mutations: 1_500,
};

const HEADER: usize = 40;
const FRAME_HEADER: usize = 16;
const LONGEST_PAYLOAD: usize = 96 << 20;
const SEGMENTS_MAX: usize = 4;

thread_local! {
    static FOLDER: TempDir = TempDir::new().expect("a folder for files");
}

fn run(input: &[u8]) {
    let mut files = Files::default();
    for part in parts::split(input) {
        files.put(&part);
    }
    FOLDER.with(|folder| {
        files.write(folder.path());
        let (shown, outcome) = scan_journal(folder.path());
        let expected = expected(&files.segments);
        assert_eq!(shown, expected.frames, "good frames, all of them, in order");
        assert_eq!(outcome.is_ok(), expected.is_sound, "{outcome:?}");
        for frame in &shown {
            count_records(&frame.payload);
        }
    });
}

/// Segments while they are made.
#[derive(Default)]
struct Files {
    segments: Vec<Vec<u8>>,
    frames: u64,
}

impl Files {
    fn put(&mut self, part: &[u8]) {
        let Some((action, rest)) = part.split_first() else {
            return;
        };
        let is_new = self.segments.is_empty() || action % 8 == 7;
        if is_new && self.segments.len() < SEGMENTS_MAX {
            let number = self.segments.len() as u32 + 1;
            self.segments.push(segment_header(number));
        }
        let number = self.frames + 1;
        let Some(file) = self.segments.last_mut() else {
            return;
        };
        match action % 8 {
            0 | 1 => {
                self.frames = number;
                file.extend(frame(number, rest));
            }
            // Whole, but not the next: an old one, or one too far on.
            2 => {
                let step = rest.first().map_or(0, |step| u64::from(*step));
                file.extend(frame(number.wrapping_add(step).wrapping_sub(8), rest));
            }
            3 => {
                let mut broken = frame(number, rest);
                let at = rest.first().map_or(0, |at| usize::from(*at)) % broken.len();
                broken[at] ^= 1 << (rest.len() % 8);
                file.extend(broken);
            }
            4 => file.extend(rest),
            5 => {
                let length = rest.iter().map(|byte| usize::from(*byte)).sum();
                file.truncate(file.len().saturating_sub(length));
            }
            6 => {
                for (at, change) in rest.iter().enumerate().take(file.len()) {
                    file[at] ^= change;
                }
            }
            _ => {}
        }
    }

    fn write(&self, folder: &Path) {
        for number in 0..SEGMENTS_MAX {
            let path = folder.join(format!("{:08}.journal", number + 1));
            match self.segments.get(number) {
                Some(bytes) => overwrite(&path, bytes).expect("the folder takes files"),
                None => drop(fs::remove_file(&path)),
            }
        }
    }
}

const SALT: [u8; 8] = [9; 8];

fn segment_header(number: u32) -> Vec<u8> {
    let mut header = b"stwjrnl1".to_vec();
    header.extend([7; 16]);
    header.extend(SALT);
    header.extend(number.to_le_bytes());
    header.extend(crc32c::crc32c(&header).to_le_bytes());
    header
}

fn frame(number: u64, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_le_bytes();
    let checksum = checksum(SALT, number, payload).to_le_bytes();
    [&length, &checksum, &number.to_le_bytes()[..], payload].concat()
}

fn checksum(salt: [u8; 8], number: u64, payload: &[u8]) -> u32 {
    let length = (payload.len() as u32).to_le_bytes();
    let covered = [&salt, &number.to_le_bytes(), &length[..], payload].concat();
    crc32c::crc32c(&covered)
}

/// What a scan must show, and whether it may say that nothing is damaged.
struct Expected {
    frames: Vec<ShownFrame>,
    is_sound: bool,
}

fn expected(segments: &[Vec<u8>]) -> Expected {
    let mut frames: Vec<ShownFrame> = Vec::new();
    let mut journal = None;
    for (place, bytes) in segments.iter().enumerate() {
        let is_last = place + 1 == segments.len();
        let number = place as u32 + 1;
        let Some((id, salt)) = header_of(bytes, number) else {
            // One that was being made when the power went has no whole header, and
            // nothing behind it.
            let was_begun = is_last && bytes.len() <= HEADER && !is_of_elsewhere(bytes);
            return Expected {
                frames,
                is_sound: was_begun,
            };
        };
        if *journal.get_or_insert(id) != id {
            return Expected {
                frames,
                is_sound: false,
            };
        }
        let mut at = HEADER;
        while let Some(payload) = good_frame(&bytes[at..], salt, frames.len() as u64 + 1) {
            let payload_at = at + FRAME_HEADER;
            at = payload_at + payload.len();
            frames.push(ShownFrame {
                segment: number,
                payload_at: payload_at as u64,
                number: frames.len() as u64 + 1,
                payload: payload.to_vec(),
            });
        }
        let rest = &bytes[at..];
        let next = frames.len() as u64 + 1;
        let is_torn = is_last && nothing_follows(rest, salt, next);
        if !(rest.is_empty() || is_torn) {
            return Expected {
                frames,
                is_sound: false,
            };
        }
    }
    Expected {
        frames,
        is_sound: true,
    }
}

/// The journal's id and the salt.
fn header_of(bytes: &[u8], number: u32) -> Option<([u8; 16], [u8; 8])> {
    let header = bytes.first_chunk::<HEADER>()?;
    let is_whole = header[..8] == *b"stwjrnl1"
        && header[36..] == crc32c::crc32c(&header[..36]).to_le_bytes()
        && header[32..36] == number.to_le_bytes();
    is_whole.then_some((*header[8..].first_chunk()?, *header[24..].first_chunk()?))
}

/// Whether it is a whole header, of another place.
fn is_of_elsewhere(bytes: &[u8]) -> bool {
    bytes.first_chunk::<HEADER>().is_some_and(|header| {
        header[..8] == *b"stwjrnl1" && header[36..] == crc32c::crc32c(&header[..36]).to_le_bytes()
    })
}

fn good_frame(bytes: &[u8], salt: [u8; 8], number: u64) -> Option<&[u8]> {
    let (head, rest) = bytes.split_first_chunk::<FRAME_HEADER>()?;
    let length = u32::from_le_bytes(*head.first_chunk()?) as usize;
    let payload = rest.get(..length)?;
    let is_good = length <= LONGEST_PAYLOAD
        && head[8..] == number.to_le_bytes()
        && head[4..8] == checksum(salt, number, payload).to_le_bytes();
    is_good.then_some(payload)
}

/// Whether no good frame begins anywhere, with a number that one behind a broken
/// frame could have.
fn nothing_follows(bytes: &[u8], salt: [u8; 8], next: u64) -> bool {
    let last = next + (bytes.len() / FRAME_HEADER) as u64;
    (0..bytes.len()).all(|at| {
        let number = bytes[at..]
            .get(8..FRAME_HEADER)
            .and_then(|number| number.first_chunk().copied())
            .map(u64::from_le_bytes);
        number.is_none_or(|number| {
            !(next..=last).contains(&number) || good_frame(&bytes[at..], salt, number).is_none()
        })
    })
}

fn mutate_parts(input: &mut Vec<u8>, chance: &mut Chance) {
    parts::mutate(input, chance, |part, chance| {
        if chance.once_in(4)
            && let Some(action) = part.first_mut()
        {
            *action = chance.byte() % 8;
            return;
        }
        mutate::bytes(part, chance);
    });
}

fn seeds() -> Vec<Vec<u8>> {
    // A record written to a small table, and one deleted.
    let records: &[u8] = &[
        0, 0x84, 2, 1, 0x41, 7, 0x42, 8, 9, 0x84, 2, 1, 0x41, 7, 0xf6,
    ];
    let empty: &[u8] = &[0];
    vec![
        parts::join(&[records, records, empty, records]),
        parts::join(&[records, &[7], records, records]),
        parts::join(&[records, records, &[5, 3]]),
        parts::join(&[records, &[3, 20, 1], records]),
        parts::join(&[records, &[4, 1, 2, 3]]),
        parts::join(&[records, &[7], &[5, 1]]),
        parts::join(&[records, records, &[6, 0, 0, 0, 0, 0, 0, 0, 0, 1]]),
    ]
}
