//! The row of a visit.

use std::collections::BTreeMap;

use automerge::{Automerge, ROOT, ScalarValue};
use serde::{Deserialize, Serialize};

use super::{beginning, conflicts};
use crate::{DocumentId, PersonId, read};

/// A visit in a list. Codes are as the document holds them, known or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitSummary {
    /// The door that was visited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<DocumentId>,
    /// Milliseconds since 1970 by the phone's clock: to read, never to order by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// Who made the visit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// Purpose code; empty when not said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// Outcome code; empty when not said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub outcome: String,
    /// The beginning of the note.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Unicode scalar values of the whole note.
    #[serde(skip_serializing_if = "is_zero")]
    pub note_chars: u64,
    /// Check code to value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub checks: BTreeMap<String, String>,
    /// Residents met, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<PersonId>,
    /// What the supervisor said.
    #[serde(skip_serializing_if = "ReviewSummary::is_empty")]
    pub review: ReviewSummary,
    /// Paths of fields that hold more than one value, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
}

/// The review of a visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewSummary {
    /// `accepted`, `asked_back`; empty while it waits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Who reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// When, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The beginning of the comment.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

impl ReviewSummary {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

pub(super) fn summarise(document: &Automerge) -> VisitSummary {
    let note = read::prose(document, &ROOT, "note");
    let met = read::set(document, &ROOT, "met");
    VisitSummary {
        door: read::id(document, &ROOT, "door"),
        at: read::integer(document, &ROOT, "at"),
        by: read::id(document, &ROOT, "by"),
        purpose: read::string(document, &ROOT, "purpose"),
        outcome: read::string(document, &ROOT, "outcome"),
        note: beginning(&note),
        note_chars: note.chars().count() as u64,
        checks: checks(document),
        // The set is in the order of its texts, which is the order of the ids.
        met: met.iter().filter_map(|id| id.parse().ok()).collect(),
        review: review(document),
        conflicts: conflicts(document),
    }
}

/// The row of a visit that holds these scalars, each alone in its field, and
/// this note. `None` if what a visit cannot do without is missing, or a field is
/// filled in that only others fill in later.
pub(crate) fn of_fields(
    fields: &BTreeMap<Vec<String>, &ScalarValue>,
    note: &str,
) -> Option<VisitSummary> {
    let mut row = VisitSummary {
        note: beginning(note),
        note_chars: note.chars().count() as u64,
        ..VisitSummary::default()
    };
    for (keys, value) in fields {
        let mut keys = keys.iter().map(String::as_str);
        match (keys.next()?, keys.next(), value) {
            ("door", None, ScalarValue::Str(text)) => row.door = Some(text.parse().ok()?),
            ("by", None, ScalarValue::Str(text)) => row.by = Some(text.parse().ok()?),
            ("at", None, ScalarValue::Int(at)) => row.at = Some(*at),
            ("purpose", None, ScalarValue::Str(code)) => row.purpose = code.to_string(),
            ("outcome", None, ScalarValue::Str(code)) => row.outcome = code.to_string(),
            ("checks", Some(code), ScalarValue::Str(value)) if !value.is_empty() => {
                row.checks.insert(code.to_owned(), value.to_string());
            }
            ("checks", Some(_), ScalarValue::Str(_)) => {}
            // The fields come in the order of their keys, which is that of the ids.
            ("met", Some(id), ScalarValue::Boolean(true)) => row.met.extend(id.parse::<PersonId>()),
            ("met", Some(_), ScalarValue::Boolean(false)) => {}
            _ => return None,
        }
    }
    let is_whole = row.door.is_some() && row.at.is_some() && row.by.is_some();
    is_whole.then_some(row)
}

fn checks(document: &Automerge) -> BTreeMap<String, String> {
    let Some(map) = read::map(document, &ROOT, "checks") else {
        return BTreeMap::new();
    };
    read::keys(document, &ROOT, "checks")
        .into_iter()
        .map(|code| (read::string(document, &map, &code), code))
        .filter(|(value, _)| !value.is_empty())
        .map(|(value, code)| (code, value))
        .collect()
}

fn review(document: &Automerge) -> ReviewSummary {
    let Some(map) = read::map(document, &ROOT, "review") else {
        return ReviewSummary::default();
    };
    ReviewSummary {
        state: read::string(document, &map, "state"),
        by: read::id(document, &map, "by"),
        at: read::integer(document, &map, "at"),
        comment: beginning(&read::prose(document, &map, "comment")),
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
