//! The rescue file: what one phone wrote and could not send, as a file that any other device may
//! carry to the office.
//!
//! A line that names the format, words for people up to a zero byte, frames, and a seal: HMAC-SHA256
//! under the SHA-256 of the phone's token, which the office holds anyway. So nobody can put words
//! into another's mouth, and nobody but the office can tell a true file from a false one.
//!
//! Belongs here: the bytes. Does not belong here: whose file may be taken in, and how (`server`).

mod frames;

use hmac::{Hmac, KeyInit, Mac};
use model::{DeviceId, DocumentId, PersonId};
use sha2::Sha256;

use crate::frame::ChangeFrame;

/// What every version of the format begins with; its number and a line feed follow.
const BEGINNING: &[u8] = b"stairwell rescue ";
/// The first line of this version.
const FIRST_LINE: &[u8] = b"stairwell rescue 1\n";
/// Bytes of the seal at the end.
pub const SEAL_BYTES: usize = 32;

/// What seals a phone's files: the SHA-256 of its token.
pub type Key = [u8; 32];

/// Whose file it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The phone that wrote it.
    pub device: DeviceId,
    /// The person who used that phone.
    pub person: PersonId,
    /// That person's name, for people to read.
    pub name: String,
    /// The community of that person.
    pub community: DocumentId,
    /// When the file was written by the phone's clock, ms.
    pub made_at_ms: i64,
    /// The version of the app.
    pub app: String,
}

/// One unsent change, and how to speak of it to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The change as it would have been sent.
    pub change: ChangeFrame,
    /// When it was written by the phone's clock, ms.
    pub at_ms: i64,
    /// The door it speaks of.
    pub door: Option<DocumentId>,
    /// That door's address, for people to read; may be empty.
    pub place: String,
}

/// What somebody had begun to write. It is for people to read: no office takes it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where.
    pub door: DocumentId,
    /// The visit that was being edited; `None` for a new one.
    pub visit: Option<DocumentId>,
    /// The door's address; may be empty.
    pub place: String,
    /// When it was begun, ms.
    pub started_at_ms: i64,
    /// When the last key was pressed, ms.
    pub changed_at_ms: i64,
    /// Purpose code.
    pub purpose: String,
    /// Outcome code; may be empty.
    pub outcome: String,
    /// What was typed.
    pub note: String,
    /// Check codes and their values.
    pub checks: Vec<(String, String)>,
    /// Residents met.
    pub met: Vec<PersonId>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// In the order in which they were written.
    pub items: Vec<Item>,
    /// What was begun.
    pub drafts: Vec<Draft>,
    /// Frames that do not read. The others count all the same.
    pub unreadable: usize,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RescueError {
    /// Another kind of file.
    #[error("not a rescue file")]
    NotARescueFile,
    /// A rescue file of a later version.
    #[error("a rescue file of a version that is not known")]
    VersionUnknown,
    /// It begins like one, and the rest does not read.
    #[error("a damaged rescue file")]
    Damaged,
    /// The seal is not that of this key over these bytes.
    #[error("a rescue file with a wrong seal")]
    WrongSeal,
}

/// A file whose seal nobody has looked at yet: only whose it claims to be can be read.
#[derive(Clone, Debug)]
pub struct RescueFile<'a> {
    head: Head,
    sealed: &'a [u8],
    frames: &'a [u8],
    seal: &'a [u8],
}

impl<'a> RescueFile<'a> {
    /// Reads a file up to where it says whose it is.
    pub fn read(bytes: &'a [u8]) -> Result<Self, RescueError> {
        let Some(after) = bytes.strip_prefix(FIRST_LINE) else {
            return Err(if bytes.starts_with(BEGINNING) {
                RescueError::VersionUnknown
            } else {
                RescueError::NotARescueFile
            });
        };
        let end_of_words = after.iter().position(|byte| *byte == 0);
        let rest = &after[end_of_words.ok_or(RescueError::Damaged)? + 1..];
        let (sealed, seal) = bytes
            .split_last_chunk::<SEAL_BYTES>()
            .ok_or(RescueError::Damaged)?;
        let frames_length = rest
            .len()
            .checked_sub(SEAL_BYTES)
            .ok_or(RescueError::Damaged)?;
        let (head, frames) = frames::read_head(&rest[..frames_length])?;
        Ok(Self {
            head,
            sealed,
            frames,
            seal,
        })
    }

    /// Whose file it claims to be.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// What the file holds, if this key sealed it.
    pub fn open(&self, key: &Key) -> Result<Contents, RescueError> {
        keyed(key, self.sealed)
            .verify_slice(self.seal)
            .map_err(|_| RescueError::WrongSeal)?;
        self.open_unsealed()
    }

    /// What the file says, whoever wrote it: for a person to read and judge where the key is lost.
    pub fn open_unsealed(&self) -> Result<Contents, RescueError> {
        frames::read_contents(self.frames)
    }
}

/// A whole file. `words` are what a person sees who opens it as text.
pub fn write(head: &Head, contents: &Contents, words: &str, key: &Key) -> Vec<u8> {
    let mut file = FIRST_LINE.to_vec();
    // A zero byte ends the words.
    file.extend(words.bytes().filter(|byte| *byte != 0));
    file.push(0);
    frames::write(&mut file, head, contents);
    let seal = seal(&file, key);
    file.extend_from_slice(&seal);
    file
}

/// The seal over bytes.
pub fn seal(bytes: &[u8], key: &Key) -> [u8; SEAL_BYTES] {
    keyed(key, bytes).finalize().into_bytes().into()
}

fn keyed(key: &Key, bytes: &[u8]) -> Hmac<Sha256> {
    // HMAC itself fills a short key up to the block of its hash with zeros.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(bytes);
    mac
}

#[cfg(test)]
mod tests;
