//! The records of people, devices and enrolment links, and their form in the store (JSON).

use model::{DeviceId, DocumentId, FeedId, PersonId, Role};
use serde::{Deserialize, Serialize};

/// A worker or supervisor of one community.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Who.
    pub id: PersonId,
    /// The name that is shown.
    pub name: String,
    /// What this person may be.
    pub role: Role,
    /// The community this person belongs to.
    pub community: DocumentId,
    /// The grids of a grid worker. A supervisor has every grid of the community, so none is listed.
    pub grids: Vec<FeedId>,
    /// When the person was added, ms.
    pub added_at: i64,
}

/// One enrolled phone or desk browser.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeviceRecord {
    /// Which device.
    pub id: DeviceId,
    /// Whose it is.
    pub person: PersonId,
    /// SHA-256 of its token.
    #[serde(with = "hex_bytes")]
    pub token: [u8; 32],
    /// When it was enrolled, ms.
    pub enrolled_at: i64,
    /// What the last exchange told.
    pub heard: Option<Heard>,
}

/// What an exchange tells about a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// When, by the server's clock, ms.
    pub at: i64,
    /// Phone clock minus server clock, ms.
    pub clock_error_ms: i64,
    /// The version of the app.
    pub app_version: String,
}

/// One enrolment link. Its key in the store is the SHA-256 of its code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkRecord {
    /// Who may enrol a device with it.
    pub person: PersonId,
    /// When it was made, ms.
    pub made_at: i64,
    /// The device it enrolled; a link works once.
    pub used_by: Option<DeviceId>,
}

/// 32 bytes as 64 hex digits.
mod hex_bytes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(&*text, &mut bytes).map_err(D::Error::custom)?;
        Ok(bytes)
    }
}
