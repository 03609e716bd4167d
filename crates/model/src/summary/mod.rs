//! The flat row that a document becomes for lists, filters and counts.
//!
//! A summary is a pure function of the document, is recomputed at will, and no
//! write is ever decided by one. The phone computes the same in TypeScript; the
//! files in `tests/fixtures` hold both to the same answers.

mod community;
mod conflicts;
mod door;
mod visit;

use automerge::Automerge;
use serde::{Deserialize, Serialize};

use crate::limits::SUMMARY_TEXT_CHARS;
use crate::{Kind, kind_of};

pub use community::CommunitySummary;
pub use conflicts::conflicts;
pub use door::{DoorSummary, PersonSummary};
pub(crate) use visit::of_fields as visit_of;
pub use visit::{ReviewSummary, VisitSummary};

/// The row of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Summary {
    /// Of a community.
    Community(CommunitySummary),
    /// Of a door.
    Door(DoorSummary),
    /// Of a visit.
    Visit(VisitSummary),
}

/// Why a document has no summary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SummaryError {
    /// The document does not say what kind it is.
    #[error("the document names no kind")]
    NoKind,
    /// This version does not understand the kind.
    #[error("the kind {0} is not known")]
    UnknownKind(Kind),
}

/// The summary of a document. A field that holds something odd reads as absent.
pub fn summarise(document: &Automerge) -> Result<Summary, SummaryError> {
    match kind_of(document).ok_or(SummaryError::NoKind)? {
        Kind::Community => Ok(Summary::Community(community::summarise(document))),
        Kind::Door => Ok(Summary::Door(door::summarise(document))),
        Kind::Visit => Ok(Summary::Visit(visit::summarise(document))),
        other => Err(SummaryError::UnknownKind(other)),
    }
}

impl Summary {
    /// The kind of the document.
    pub fn kind(&self) -> Kind {
        match self {
            Summary::Community(_) => Kind::Community,
            Summary::Door(_) => Kind::Door,
            Summary::Visit(_) => Kind::Visit,
        }
    }

    /// The JSON as it travels and is kept.
    pub fn to_json(&self) -> String {
        // Serialising cannot fail: every key is a string and no number is NaN.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what `to_json` wrote, here or on a phone.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}

/// The beginning of a text, as long as a summary holds.
fn beginning(text: &str) -> String {
    text.chars().take(SUMMARY_TEXT_CHARS).collect()
}
