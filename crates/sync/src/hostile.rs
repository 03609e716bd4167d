//! Bytes that a hostile or broken device might send, from a seed: for this
//! crate's tests and, with the feature `hostile`, for the server's. Nothing of
//! it is in the program.

mod operations;

use automerge::Change;
use sha2::{Digest, Sha256};

/// What kind of harm a piece of bytes tries to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attack {
    /// A change with some bytes changed; length and checksum repaired.
    ChangedBytes,
    /// A change that is well encoded and has senseless operations or a senseless
    /// place in the history.
    ChangedOperations,
    /// A few bytes that stand for a great many operations.
    Swollen,
    /// A change as a deflated chunk.
    Deflated,
    /// A small deflated chunk that inflates to a hundred megabytes.
    Bomb,
    /// A change in a bundle, intact or changed.
    Bundle,
    /// A whole document, intact or changed.
    Document,
    /// A chunk that claims another length than it has.
    WrongLength,
    /// A chunk whose checksum is wrong.
    WrongChecksum,
    /// Bytes without any order.
    Noise,
}

/// An endless source of hostile bytes; the same seed gives the same bytes.
#[derive(Clone, Debug)]
pub struct Attacker {
    chance: Chance,
    bomb: Vec<u8>,
}

/// What an attacker has seen of a document it wants to harm.
#[derive(Clone, Copy, Debug)]
pub struct Prey<'a> {
    /// Honest changes to start from; must not be empty. The attacker's own come
    /// last.
    pub changes: &'a [Change],
    /// The whole document as a chunk.
    pub document: &'a [u8],
    /// The last change as a bundle chunk.
    pub bundle: &'a [u8],
}

impl Attacker {
    /// Starts a source.
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Chance(seed),
            bomb: bomb(),
        }
    }

    /// The next piece of hostile bytes. Most are changes that go deep into
    /// admission.
    pub fn strike(&mut self, prey: Prey<'_>) -> (Attack, Vec<u8>) {
        let Some(last) = prey.changes.last() else {
            return (Attack::Noise, self.noise());
        };
        let last = last.raw_bytes();
        match self.chance.below(100) {
            0..40 => (Attack::ChangedOperations, self.changed_operations(prey)),
            40..76 => (Attack::ChangedBytes, self.changed_body(1, last)),
            76..80 => (Attack::Swollen, self.swollen(last)),
            80..84 => (Attack::Deflated, self.deflated(last)),
            84 => (Attack::Bomb, self.bomb.clone()),
            85..88 => (Attack::Bundle, self.maybe_changed_body(3, prey.bundle)),
            88..92 => (Attack::Document, self.maybe_changed_body(0, prey.document)),
            92..95 => (Attack::WrongLength, self.wrong_length(last)),
            95..98 => (Attack::WrongChecksum, self.wrong_checksum(last)),
            _ => (Attack::Noise, self.noise()),
        }
    }

    fn maybe_changed_body(&mut self, kind: u8, bytes: &[u8]) -> Vec<u8> {
        if self.chance.below(4) == 0 {
            return bytes.to_vec();
        }
        self.changed_body(kind, bytes)
    }

    fn changed_body(&mut self, kind: u8, bytes: &[u8]) -> Vec<u8> {
        let mut body = body_of(bytes).to_vec();
        for _ in 0..=self.chance.below(3) {
            self.change_bytes(&mut body);
        }
        chunk(kind, &body)
    }

    fn change_bytes(&mut self, body: &mut Vec<u8>) {
        if body.is_empty() {
            body.push(self.chance.byte());
            return;
        }
        let at = self.chance.below(body.len());
        let width = (1 + self.chance.below(8)).min(body.len() - at);
        match self.chance.below(8) {
            0 => body[at] ^= 1 << self.chance.below(8),
            1 => body[at] = self.chance.byte(),
            // The ends of what a LEB128 byte can be.
            2 => body[at] = [0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xff][self.chance.below(7)],
            3 => body[at] = body[at].wrapping_add(1),
            4 => body.insert(at, self.chance.byte()),
            5 => drop(body.drain(at..at + width)),
            6 => {
                let copy = body[at..at + width].to_vec();
                let to = self.chance.below(body.len());
                drop(body.splice(to..to, copy));
            }
            _ => {
                let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
                drop(body.splice(at..at + width, huge));
            }
        }
    }

    /// Puts a run of a huge length where a column may have one. The bytes after
    /// the actor are tried as they come.
    fn swollen(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut body = body_of(bytes).to_vec();
        let runs: [&[u8]; 4] = [
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x3f, 0x01],
            &[0xff, 0xff, 0xff, 0xff, 0x0f, 0x01],
            &[0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
        ];
        let run = runs[self.chance.below(runs.len())];
        let at = self
            .chance
            .below(body.len().saturating_sub(run.len()).max(1));
        let end = (at + run.len()).min(body.len());
        body[at..end].copy_from_slice(&run[..end - at]);
        chunk(1, &body)
    }

    fn deflated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let body = match self.chance.below(2) {
            0 => body_of(bytes).to_vec(),
            _ => body_of(&self.changed_body(1, bytes)).to_vec(),
        };
        let checksum = checksum(1, &body);
        let packed = deflate(&body);
        [header(2, checksum, packed.len()), packed].concat()
    }

    fn wrong_length(&mut self, bytes: &[u8]) -> Vec<u8> {
        let body = body_of(bytes);
        let honest = chunk(1, body);
        match self.chance.below(5) {
            0 => honest[..self.chance.below(honest.len())].to_vec(),
            1 => [&honest[..], &[self.chance.byte()]].concat(),
            2 => [&honest[..], &honest].concat(),
            3 => {
                let length = self.chance.draw() as usize;
                [header(1, checksum(1, body), length), body.to_vec()].concat()
            }
            // The right length, spelled in one byte more than it takes.
            _ => {
                let mut long = header(1, checksum(1, body), body.len());
                if let Some(last) = long.last_mut() {
                    *last |= 0x80;
                }
                [long, vec![0], body.to_vec()].concat()
            }
        }
    }

    fn wrong_checksum(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let at = self.chance.below(bytes.len());
        bytes[at] ^= 1 << self.chance.below(8);
        bytes
    }

    fn noise(&mut self) -> Vec<u8> {
        let length = self.chance.below(300);
        (0..length).map(|_| self.chance.byte()).collect()
    }
}

/// A chunk of any type with this body; length and checksum are right.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    [
        header(kind, checksum(kind, body), body.len()),
        body.to_vec(),
    ]
    .concat()
}

/// What comes after a chunk's header.
pub fn body_of(chunk: &[u8]) -> &[u8] {
    let width = chunk[9..].iter().take_while(|byte| **byte >= 0x80).count();
    &chunk[9 + width + 1..]
}

fn header(kind: u8, checksum: [u8; 4], length: usize) -> Vec<u8> {
    let mut header = vec![0x85, 0x6f, 0x4a, 0x83];
    header.extend(checksum);
    header.push(kind);
    write_length(&mut header, length);
    header
}

fn checksum(kind: u8, body: &[u8]) -> [u8; 4] {
    let mut hashed = vec![kind];
    write_length(&mut hashed, body.len());
    hashed.extend_from_slice(body);
    let hash = Sha256::digest(&hashed);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn write_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("a Vec takes every byte");
    encoder.finish().expect("a Vec takes every byte")
}

/// Sixty kilobytes of deflate that inflate to sixty megabytes.
fn bomb() -> Vec<u8> {
    let packed = deflate(&vec![0; 60_000_000]);
    [header(2, [1, 2, 3, 4], packed.len()), packed].concat()
}

/// SplitMix64: chance from a seed, the same on every machine.
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.draw() % end as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.draw() as u8
    }
}
