//! One change chunk without what the reader knows: its envelope and checksum,
//! the dependencies and the actor where they follow from the pack, and ids that
//! are written as text in it. Nothing here looks into the columns.

use model::{
    ChangeHash, DeviceId, DocumentId, Kind, door_named, genesis_hash, limits, resident_named,
};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::Common;
use super::names::{self, NamedDoor, Names};
use crate::admission::chunk;
use crate::leb128::{self, Cursor};

/// The flags in the first byte.
mod flag {
    pub const ON_GENESIS: u8 = 1;
    pub const ON_THE_ONE_BEFORE: u8 = 2;
    pub const SHORT_DEPENDENCIES: u8 = 4;
    pub const BY_SENDER: u8 = 8;
    pub const HAS_DOOR: u8 = 16;
}

/// What stands for the text of an id.
mod reference {
    pub const BYTES: u8 = 0;
    pub const DOOR: u8 = 1;
    pub const RESIDENT: u8 = 2;
}

/// Bytes of a dependency that is one of the reader's heads.
const SHORT: usize = 4;

/// A change without what its reader knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeanChange(Vec<u8>);

/// What the writer of a lean change can count on.
pub(crate) struct Writing<'a> {
    pub common: &'a Common,
    pub kind: &'a Kind,
    /// The change of the same document before this one in the pack.
    pub before: Option<ChangeHash>,
    /// Dependencies that are not the one before are heads the reader has.
    pub reader_has_heads: bool,
    /// Whether the sending device is the actor's, as a rule.
    pub from_sender: bool,
    pub names: &'a dyn Names,
}

/// What the reader of a lean change knows.
pub(crate) struct Reading<'a> {
    pub common: &'a Common,
    pub kind: &'a Kind,
    /// The change of the same document before this one in the pack.
    pub before: Option<ChangeHash>,
    /// The heads of the document as the reader has it.
    pub heads: &'a [ChangeHash],
}

impl LeanChange {
    /// Takes over bytes that came in a frame.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes as they travel.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Makes a chunk lean. `None` if it is not one plain change or its bytes
    /// would not come back exactly.
    pub(crate) fn write(bytes: &[u8], writing: &Writing<'_>) -> Option<Self> {
        let plain = chunk::plain_change(bytes).ok()?;
        let mut body = Cursor::new(plain.body);
        let count = body.unsigned()?;
        let dependencies = hashes(body.take(count.checked_mul(32)?)?)?;
        let actor = body.prefixed()?;
        let rest = body.rest();

        let mut out = vec![0];
        let mut flags = write_dependencies(&mut out, &dependencies, writing);
        if writing.from_sender && actor == sender(writing.common.device) {
            flags |= flag::BY_SENDER;
        } else {
            leb128::write_prefixed(&mut out, actor);
        }
        let ids: Vec<Id> = ids_in(rest);
        let uuids = ids.iter().map(|id| id.uuid);
        let door = names::find_door(writing.names, writing.common.community, uuids);
        if let Some(door) = &door {
            flags |= flag::HAS_DOOR;
            leb128::write_prefixed(&mut out, door.name.as_bytes());
        }
        write_rest(&mut out, rest, &ids, door.as_ref(), writing.names);
        out[0] = flags;

        let lean = Self(out);
        let heads = match flags & flag::SHORT_DEPENDENCIES {
            0 => &[][..],
            _ => &dependencies[..],
        };
        let back = lean.read(&Reading {
            common: writing.common,
            kind: writing.kind,
            before: writing.before,
            heads,
        });
        (back.as_deref() == Some(bytes)).then_some(lean)
    }

    /// The chunk that was made lean. `None` if the bytes do not read, or a
    /// dependency is not among the heads.
    pub(crate) fn read(&self, reading: &Reading<'_>) -> Option<Vec<u8>> {
        let mut cursor = Cursor::new(&self.0);
        let flags = cursor.byte()?;
        let mut body = Vec::with_capacity(self.0.len() + 128);
        let dependencies = read_dependencies(&mut cursor, flags, reading)?;
        leb128::write(&mut body, dependencies.len() as u64);
        for dependency in &dependencies {
            body.extend_from_slice(dependency.as_bytes());
        }
        if flags & flag::BY_SENDER != 0 {
            leb128::write_prefixed(&mut body, &sender(reading.common.device));
        } else {
            leb128::write_prefixed(&mut body, cursor.prefixed()?);
        }
        let mut door = None;
        if flags & flag::HAS_DOOR != 0 {
            let name = std::str::from_utf8(cursor.prefixed()?).ok()?;
            door = Some(door_named(reading.common.community, name));
        }
        read_rest(&mut cursor, &mut body, door)?;
        Some(chunk::plain_chunk(&body))
    }
}

/// The actor of a phone's changes: its device, in the slot that every phone uses.
fn sender(device: DeviceId) -> [u8; 17] {
    let mut actor = [0; 17];
    actor[..16].copy_from_slice(device.as_bytes());
    actor
}

fn hashes(bytes: &[u8]) -> Option<Vec<ChangeHash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty()
        .then(|| hashes.iter().copied().map(ChangeHash).collect())
}

fn write_dependencies(out: &mut Vec<u8>, dependencies: &[ChangeHash], writing: &Writing<'_>) -> u8 {
    let genesis = genesis_hash(writing.kind);
    match dependencies {
        [one] if Some(*one) == genesis => return flag::ON_GENESIS,
        [one] if Some(*one) == writing.before => return flag::ON_THE_ONE_BEFORE,
        _ => leb128::write(out, dependencies.len() as u64),
    }
    let length = match writing.reader_has_heads {
        true => SHORT,
        false => 32,
    };
    for dependency in dependencies {
        out.extend_from_slice(&dependency.as_bytes()[..length]);
    }
    match writing.reader_has_heads {
        true => flag::SHORT_DEPENDENCIES,
        false => 0,
    }
}

fn read_dependencies(
    cursor: &mut Cursor<'_>,
    flags: u8,
    reading: &Reading<'_>,
) -> Option<Vec<ChangeHash>> {
    if flags & flag::ON_GENESIS != 0 {
        return Some(vec![genesis_hash(reading.kind)?]);
    }
    if flags & flag::ON_THE_ONE_BEFORE != 0 {
        return Some(vec![reading.before?]);
    }
    let count = cursor.unsigned()?;
    if flags & flag::SHORT_DEPENDENCIES == 0 {
        return hashes(cursor.take(count.checked_mul(32)?)?);
    }
    let short = cursor.take(count.checked_mul(SHORT as u64)?)?;
    let head = |short: &[u8]| {
        let known = reading.heads.iter().chain(&reading.before);
        known
            .copied()
            .find(|head| head.as_bytes()[..SHORT] == *short)
    };
    short.chunks(SHORT).map(head).collect()
}

/// An id that is written as text.
struct Id {
    at: usize,
    uuid: Uuid,
}

const TEXT: usize = Hyphenated::LENGTH;

/// The ids that are written as text in `bytes`, in their usual form.
fn ids_in(bytes: &[u8]) -> Vec<Id> {
    let mut ids = Vec::new();
    let mut at = 0;
    while at + TEXT <= bytes.len() {
        match id_at(&bytes[at..at + TEXT]) {
            Some(uuid) => {
                ids.push(Id { at, uuid });
                at += TEXT;
            }
            None => at += 1,
        }
    }
    ids
}

fn id_at(text: &[u8]) -> Option<Uuid> {
    let has_hyphens = [8, 13, 18, 23].into_iter().all(|place| text[place] == b'-');
    if !has_hyphens {
        return None;
    }
    let uuid = Uuid::try_parse_ascii(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (uuid.as_hyphenated().encode_lower(&mut buffer).as_bytes() == text).then_some(uuid)
}

fn write_rest(
    out: &mut Vec<u8>,
    rest: &[u8],
    ids: &[Id],
    door: Option<&NamedDoor>,
    names: &dyn Names,
) {
    let mut written = 0;
    for id in ids {
        leb128::write_prefixed(out, &rest[written..id.at]);
        written = id.at + TEXT;
        let resident = || names::resident(names, door?.id, id.uuid);
        match door {
            Some(door) if *door.id.as_uuid() == id.uuid => out.push(reference::DOOR),
            _ => match resident() {
                Some(name) => {
                    out.push(reference::RESIDENT);
                    leb128::write_prefixed(out, name.as_bytes());
                }
                None => {
                    out.push(reference::BYTES);
                    out.extend_from_slice(id.uuid.as_bytes());
                }
            },
        }
    }
    if written < rest.len() {
        leb128::write_prefixed(out, &rest[written..]);
    }
}

/// A few bytes can stand for a long text: what gets longer than a change may be
/// is not read to its end.
fn read_rest(cursor: &mut Cursor<'_>, body: &mut Vec<u8>, door: Option<DocumentId>) -> Option<()> {
    let mut buffer = Uuid::encode_buffer();
    while !cursor.is_empty() {
        body.extend_from_slice(cursor.prefixed()?);
        if cursor.is_empty() {
            break;
        }
        let uuid = match cursor.byte()? {
            reference::BYTES => Uuid::from_slice(cursor.take(16)?).ok()?,
            reference::DOOR => *door?.as_uuid(),
            reference::RESIDENT => {
                let name = std::str::from_utf8(cursor.prefixed()?).ok()?;
                *resident_named(door?, name).as_uuid()
            }
            _ => return None,
        };
        body.extend_from_slice(uuid.as_hyphenated().encode_lower(&mut buffer).as_bytes());
        if body.len() > limits::CHANGE_BYTES {
            return None;
        }
    }
    Some(())
}
