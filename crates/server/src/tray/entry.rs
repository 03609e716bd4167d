//! One change that was not adopted, and its form in the store: a line of JSON, then the bytes.

use std::collections::BTreeMap;

use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, PersonId};
use serde::{Deserialize, Serialize};

/// What is known of a trayed change without its bytes. Small: all of these are in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrayEntry {
    /// The change's name; also the entry's id.
    pub hash: ChangeHash,
    /// The document it was sent for.
    pub document: DocumentId,
    /// The kind it was sent as.
    pub kind: Kind,
    /// The feed it was sent to.
    pub feed: FeedId,
    /// Who sent it.
    pub person: PersonId,
    /// From which device.
    pub device: DeviceId,
    /// When it came in, ms.
    pub received_at: i64,
    /// Why it was not adopted, as the code of the protocol.
    pub reason: String,
    /// How many bytes it has.
    pub size: usize,
    /// When it was written, ms, by the sender's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_at: Option<i64>,
    /// What the sender set, by the paths of the fields, and nothing for what was deleted: for a
    /// supervisor to judge by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// What the sender typed, as far as it can be read; also what was set in fields that could not
    /// be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// The changes it builds on, as far as they could be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<ChangeHash>,
    /// Who set it aside, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<SetAside>,
}

/// A supervisor's word that a change will not be admitted. The change stays readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The supervisor.
    pub by: PersonId,
    /// When, ms.
    pub at: i64,
}

impl TrayEntry {
    /// The record: this as one line of JSON, then the change's bytes.
    pub fn to_record(&self, bytes: &[u8]) -> Vec<u8> {
        // Plain text, numbers and lists, which JSON can always write, and never with a bare newline.
        let mut record = serde_json::to_vec(self).unwrap_or_default();
        record.push(b'\n');
        record.extend_from_slice(bytes);
        record
    }

    /// Reads a record back. `None`: the record is damaged.
    pub fn from_record(record: &[u8]) -> Option<(Self, &[u8])> {
        let end = record.iter().position(|byte| *byte == b'\n')?;
        let entry = serde_json::from_slice(&record[..end]).ok()?;
        Some((entry, &record[end + 1..]))
    }
}
