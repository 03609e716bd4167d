//! What practice data is delivered as.

use automerge::Automerge;
use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, Summary, summarise};

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
    /// What the document comes to, with the last changes it gets.
    pub summarised: Option<Summarised>,
}

/// A document's summary and the heads it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summarised {
    /// The heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// The summary.
    pub summary: Summary,
}

impl Summarised {
    /// What a document comes to now. `None`: it is of no kind that has a summary.
    pub(crate) fn of(document: &Automerge) -> Option<Self> {
        let mut heads: Vec<_> = document
            .get_heads()
            .into_iter()
            .map(ChangeHash::from)
            .collect();
        heads.sort_unstable();
        let summary = summarise(document).ok()?;
        Some(Self { heads, summary })
    }
}
