//! Ids of documents, feeds, persons and devices, and how they are made from
//! names and times. Random ids are made by whoever has a clock and chance, and
//! come in through `from_uuid`.

use std::fmt;
use std::str::FromStr;

use automerge::ActorId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Text that is not an id: ids are written as lower-case UUIDs with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: a lower-case UUID with hyphens was expected")]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with these 16 bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes as they travel in frames and records.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Takes over a UUID made elsewhere.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The id as a UUID.
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.0.as_hyphenated(), formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse_canonical(text).map(Self).ok_or(NotAnId)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                encoder: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                encoder.bytes(self.as_bytes())?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                decoder: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let bytes = decoder.bytes()?;
                let bytes: [u8; 16] = bytes.try_into().map_err(|_| {
                    minicbor::decode::Error::message("an id has 16 bytes")
                })?;
                Ok(Self::from_bytes(bytes))
            }
        }
    };
}

id! {
    /// Names one document.
    DocumentId
}
id! {
    /// Names one feed: a grid, or the community itself.
    FeedId
}
id! {
    /// Names a person: a worker, a supervisor or a resident.
    PersonId
}
id! {
    /// Names one enrolled device.
    DeviceId
}

impl DocumentId {
    /// The feed that shares its id with this document. A community's document
    /// and its feed have one id.
    pub const fn as_feed(&self) -> FeedId {
        FeedId(self.0)
    }
}

impl FeedId {
    /// The document that shares its id with this feed: only a community's does.
    pub const fn as_document(&self) -> DocumentId {
        DocumentId(self.0)
    }
}

impl DeviceId {
    /// The Automerge actor of one slot (browser tab) of this device.
    pub fn actor(self, slot: u8) -> ActorId {
        let mut bytes = [slot; 17];
        bytes[..16].copy_from_slice(self.as_bytes());
        ActorId::from(&bytes[..])
    }

    /// The device that an actor belongs to, or `None` for an actor that is no
    /// device's (the genesis actor, for one).
    pub fn of_actor(actor: &ActorId) -> Option<DeviceId> {
        let bytes: &[u8; 17] = actor.to_bytes().try_into().ok()?;
        let (device, _slot) = bytes.split_first_chunk::<16>()?;
        Some(DeviceId::from_bytes(*device))
    }
}

/// The id of a community: of its document and of its feed.
pub fn community_id(name: &str) -> DocumentId {
    let namespace = Uuid::new_v5(&Uuid::NAMESPACE_DNS, b"stairwell");
    DocumentId(named(&namespace, &["community", name]))
}

/// The id of a grid's feed within a community.
pub fn grid_id(community: DocumentId, name: &str) -> FeedId {
    FeedId(named(&community.0, &["grid", name]))
}

/// The id of a door's document, from its address as the ledger writes it.
pub fn door_id(community: DocumentId, building: &str, unit: &str, label: &str) -> DocumentId {
    door_named(community, &door_name(building, unit, label))
}

/// What the id of a door is made from, within its community.
pub fn door_name(building: &str, unit: &str, label: &str) -> String {
    [building, unit, label].join("/")
}

/// The id of the door with this [`door_name`].
pub fn door_named(community: DocumentId, name: &str) -> DocumentId {
    DocumentId(named(&community.0, &["door", name]))
}

/// The id of a resident at a door. `nth` tells people of one name at one door
/// apart: the first is 1 (0 counts as 1), the next 2.
pub fn resident_id(door: DocumentId, name: &str, nth: u32) -> PersonId {
    resident_named(door, &resident_name(name, nth))
}

/// What the id of a resident is made from, at their door.
pub fn resident_name(name: &str, nth: u32) -> String {
    if nth < 2 {
        return name.to_owned();
    }
    format!("{name}/{nth}")
}

/// The id of the resident with this [`resident_name`].
pub fn resident_named(door: DocumentId, name: &str) -> PersonId {
    PersonId(named(&door.0, &["person", name]))
}

/// The id of the visit that a device makes at this time, in milliseconds since
/// 1970 (negative counts as 0). A UUIDv7 whose random part follows from device
/// and time, so that a device that makes at most one visit in a millisecond
/// gives each an id of its own, and the id need not travel in full.
pub fn visit_id(device: DeviceId, made_at_ms: i64) -> DocumentId {
    let made_at_ms = made_at_ms.max(0);
    let mut hasher = Sha256::new();
    hasher.update(b"stairwell visit");
    hasher.update(device.as_bytes());
    hasher.update(made_at_ms.to_be_bytes());
    let hash: [u8; 32] = hasher.finalize().into();
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&made_at_ms.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&hash[..10]);
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    DocumentId::from_bytes(bytes)
}

/// The time in a visit's id, if [`visit_id`] made it for this device.
pub fn visit_made_at_ms(device: DeviceId, visit: DocumentId) -> Option<i64> {
    let mut ms = [0; 8];
    ms[2..].copy_from_slice(&visit.as_bytes()[..6]);
    let ms = i64::from_be_bytes(ms);
    (visit_id(device, ms) == visit).then_some(ms)
}

fn named(namespace: &Uuid, parts: &[&str]) -> Uuid {
    Uuid::new_v5(namespace, parts.join("/").as_bytes())
}

/// One id has one text: `Uuid`'s own parser also takes capitals, braces and
/// missing hyphens, which would let two texts name one thing.
fn parse_canonical(text: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (uuid.as_hyphenated().encode_lower(&mut buffer) == text).then_some(uuid)
}
