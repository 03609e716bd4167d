//! What practice data is delivered as.

use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind};

/// Changes of one document that arrive together from one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Its home feed.
    pub feed: FeedId,
    /// The device that sends.
    pub device: DeviceId,
    /// The changes, each after what it depends on: name and plain chunk. The
    /// genesis is not among them.
    pub changes: Vec<(ChangeHash, Vec<u8>)>,
    /// When they arrive, in milliseconds since 1970.
    pub at_ms: i64,
}
