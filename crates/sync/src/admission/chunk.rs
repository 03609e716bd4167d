//! The envelope of an Automerge chunk, read without Automerge: it inflates what
//! says that it is deflated before it looks at anything, without any limit.

use model::{ChangeHash, Reason};
use sha2::{Digest, Sha256};

use crate::leb128::{self, Cursor};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// The chunk type of a plain change. Types 0 (document), 2 (deflated change) and
/// 3 (bundle) never come from a phone.
const PLAIN_CHANGE: u8 = 1;

/// A plain change chunk whose length and checksum are right. What its body
/// holds is not looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlainChange<'a> {
    /// The name of the change.
    pub hash: ChangeHash,
    /// What comes after the header.
    pub body: &'a [u8],
}

/// Reads the header of exactly one plain change chunk.
pub(crate) fn plain_change(bytes: &[u8]) -> Result<PlainChange<'_>, Reason> {
    if bytes.len() > model::limits::CHANGE_BYTES {
        return Err(Reason::TooLarge);
    }
    let Chunk {
        checksum,
        kind,
        body,
    } = chunk(bytes).ok_or(Reason::Malformed)?;
    let hash = hash(kind, body);
    if kind != PLAIN_CHANGE || *checksum != hash.as_bytes()[..4] {
        return Err(Reason::Malformed);
    }
    Ok(PlainChange { hash, body })
}

/// The name under which a receipt speaks of these bytes: the change's hash, if
/// they are one plain change chunk (whatever its checksum says), and otherwise
/// the SHA-256 of all of them.
pub fn name_of(bytes: &[u8]) -> ChangeHash {
    match chunk(bytes) {
        Some(Chunk {
            kind: PLAIN_CHANGE,
            body,
            ..
        }) => hash(PLAIN_CHANGE, body),
        _ => ChangeHash(Sha256::digest(bytes).into()),
    }
}

/// The plain change chunk around a body.
pub(crate) fn plain_chunk(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() + 16);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&hash(PLAIN_CHANGE, body).as_bytes()[..4]);
    bytes.push(PLAIN_CHANGE);
    leb128::write_prefixed(&mut bytes, body);
    bytes
}

/// The names of the plain changes among concatenated chunks. What is packed in a
/// snapshot has no name here.
pub(crate) fn names_in(mut chunks: &[u8]) -> Vec<ChangeHash> {
    let mut names = Vec::new();
    while let Some((chunk, rest)) = first_chunk(chunks) {
        if chunk.kind == PLAIN_CHANGE {
            names.push(hash(chunk.kind, chunk.body));
        }
        chunks = rest;
    }
    names
}

struct Chunk<'a> {
    checksum: &'a [u8],
    kind: u8,
    body: &'a [u8],
}

/// Takes one chunk apart that fills `bytes` exactly.
fn chunk(bytes: &[u8]) -> Option<Chunk<'_>> {
    let (chunk, rest) = first_chunk(bytes)?;
    rest.is_empty().then_some(chunk)
}

/// Takes the first chunk apart and gives what comes after it.
fn first_chunk(bytes: &[u8]) -> Option<(Chunk<'_>, &[u8])> {
    let mut cursor = Cursor::new(bytes);
    if cursor.take(4)? != MAGIC {
        return None;
    }
    let checksum = cursor.take(4)?;
    let kind = cursor.byte()?;
    let length = cursor.unsigned()?;
    let body = cursor.take(length)?;
    // The header has one spelling only, or one change would have two names.
    let chunk = Chunk {
        checksum,
        kind,
        body,
    };
    cursor.was_minimal().then(|| (chunk, cursor.rest()))
}

/// What Automerge hashes: the type, the length, the body.
fn hash(kind: u8, body: &[u8]) -> ChangeHash {
    let mut hasher = Sha256::new();
    hasher.update([kind]);
    let mut length = body.len();
    while length >= 0x80 {
        hasher.update([length as u8 | 0x80]);
        length >>= 7;
    }
    hasher.update([length as u8]);
    hasher.update(body);
    ChangeHash(hasher.finalize().into())
}
