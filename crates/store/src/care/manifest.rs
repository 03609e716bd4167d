//! The list that makes a folder of copies a backup: every file with its length
//! and SHA-256, and what the journal among them holds. Plain text that a person
//! can read; it is written last, so a backup that was cut short has none.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::digest::Contents;

/// The file's name.
pub const MANIFEST: &str = "MANIFEST";

const TITLE: &str = "stairwell backup, format 1";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// When it was begun, milliseconds since 1970.
    pub taken_at: i64,
    /// The format of the data folder it was taken of.
    pub data_format: u64,
    /// What the journal holds.
    pub contents: Contents,
    /// Every file of the backup but this list.
    pub files: Vec<FileSum>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSum {
    /// Its place in the backup, with slashes.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

impl Manifest {
    /// Bytes of all files together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// The list as text. Its last line is the checksum of all before.
    pub(super) fn encode(&self) -> String {
        let mut text = format!("{TITLE}\n");
        let Contents { changes, digest } = self.contents;
        // Writing into a text cannot fail.
        let _ = writeln!(text, "taken at {}", self.taken_at);
        let _ = writeln!(text, "data format {}", self.data_format);
        let _ = writeln!(text, "changes {changes}");
        let _ = writeln!(text, "digest {}", hex::encode(digest));
        for file in &self.files {
            let sum = hex::encode(file.sha256);
            let _ = writeln!(text, "file {sum} {} {}", file.bytes, file.path);
        }
        let sum = hex::encode(Sha256::digest(&text));
        let _ = writeln!(text, "end {sum}");
        text
    }

    /// Reads the text back; `None` unless it is whole and unaltered.
    pub(super) fn decode(text: &str) -> Option<Manifest> {
        let end = text.strip_suffix('\n')?.rfind('\n')? + 1;
        let (body, last) = text.split_at(end);
        let sum = hash_of(last.strip_prefix("end ")?.strip_suffix('\n')?)?;
        if sum != <[u8; 32]>::from(Sha256::digest(body)) {
            return None;
        }
        let mut lines = body.lines();
        let mut field = |name: &str| lines.next()?.strip_prefix(name);
        field(TITLE)?;
        let (taken_at, data_format) = (field("taken at ")?, field("data format ")?);
        let (changes, digest) = (field("changes ")?, field("digest ")?);
        Some(Manifest {
            taken_at: taken_at.parse().ok()?,
            data_format: data_format.parse().ok()?,
            contents: Contents {
                changes: changes.parse().ok()?,
                digest: hash_of(digest)?,
            },
            files: lines.map(file_of).collect::<Option<_>>()?,
        })
    }
}

fn file_of(line: &str) -> Option<FileSum> {
    let (sum, rest) = line.strip_prefix("file ")?.split_once(' ')?;
    let (bytes, path) = rest.split_once(' ')?;
    Some(FileSum {
        path: path.to_owned(),
        bytes: bytes.parse().ok()?,
        sha256: hash_of(sum)?,
    })
}

fn hash_of(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let file = |path: &str, bytes| FileSum {
            path: path.to_owned(),
            bytes,
            sha256: [bytes as u8; 32],
        };
        Manifest {
            taken_at: 1_700_000_000_000,
            data_format: 1,
            contents: Contents {
                changes: 3,
                digest: [9; 32],
            },
            files: vec![file("journal/00000001.journal", 40), file("keys/a b", 36)],
        }
    }

    #[test]
    fn a_manifest_reads_back_and_any_altered_or_missing_byte_spoils_it() {
        let text = sample().encode();
        assert_eq!(Manifest::decode(&text), Some(sample()));
        for at in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[at] ^= 1;
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(Manifest::decode(&altered), None, "byte {at}");
            assert_eq!(Manifest::decode(&text[..at]), None, "cut at {at}");
        }
    }
}
