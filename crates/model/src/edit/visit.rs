//! Writing a visit.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, Change, ObjType, ROOT};

use super::{EditError, add_members, commit, filled, object, put, put_some, put_text};
use crate::{DocumentId, PersonId};

/// What a grid worker wrote down, saved at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitDraft {
    /// The door.
    pub door: DocumentId,
    /// When, in milliseconds since 1970 by the phone's clock.
    pub at: i64,
    /// Who made the visit.
    pub by: PersonId,
    /// Purpose code; empty when not said.
    pub purpose: String,
    /// Outcome code; empty when not said.
    pub outcome: String,
    /// The note.
    pub note: String,
    /// Check code to value.
    pub checks: BTreeMap<String, String>,
    /// Residents met.
    pub met: BTreeSet<PersonId>,
}

/// What a supervisor says of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewDraft {
    /// `accepted` or `asked_back`.
    pub state: String,
    /// The comment as it should read now; may be empty.
    pub comment: String,
    /// The supervisor.
    pub by: PersonId,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// Writes a draft into a visit, usually a new document.
pub fn new_visit(
    document: &mut Automerge,
    draft: &VisitDraft,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    commit(document, time_ms, |transaction| {
        put(transaction, &ROOT, "door", draft.door.to_string())?;
        put(transaction, &ROOT, "at", draft.at)?;
        put(transaction, &ROOT, "by", draft.by.to_string())?;
        put_some(transaction, &ROOT, "purpose", filled(&draft.purpose))?;
        put_some(transaction, &ROOT, "outcome", filled(&draft.outcome))?;
        put_text(transaction, &ROOT, "note", &draft.note)?;
        let checks = object(transaction, &ROOT, "checks", ObjType::Map)?;
        for (code, value) in &draft.checks {
            put(transaction, &checks, code, value.as_str())?;
        }
        let met = draft.met.iter().map(PersonId::to_string).collect();
        add_members(transaction, &ROOT, "met", &met)
    })
}

/// Brings the note to `note`. Only the words that differ are touched.
pub fn edit_note(
    document: &mut Automerge,
    note: &str,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    commit(document, time_ms, |transaction| {
        put_text(transaction, &ROOT, "note", note)
    })
}

/// Writes a review.
pub fn review(
    document: &mut Automerge,
    draft: &ReviewDraft,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    commit(document, time_ms, |transaction| {
        let review = object(transaction, &ROOT, "review", ObjType::Map)?;
        put(transaction, &review, "state", draft.state.as_str())?;
        put(transaction, &review, "by", draft.by.to_string())?;
        put(transaction, &review, "at", draft.at)?;
        put_text(transaction, &review, "comment", &draft.comment)
    })
}
