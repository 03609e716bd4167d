//! Writers: each makes exactly one change of a document, or none when there is
//! nothing to change.
//!
//! Every writer takes the document to write in, whose actor must be set, and the
//! time in milliseconds since 1970. The change keeps the time in whole seconds,
//! as npm writes it, and nothing decides by it. A returned change is already part
//! of the document; its bytes to send are `raw_bytes()`.

mod community;
mod door;
mod field;
mod visit;

use std::collections::BTreeSet;

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{Automerge, AutomergeError, Change, ObjId, ObjType, ReadDoc, ScalarValue, Value};

pub use community::{CommunityRecord, write_community};
pub use door::{DoorRecord, PersonRecord, remove_person, write_door, write_remarks};
pub use field::{set_field, settle, values_at};
pub use visit::{ReviewDraft, VisitDraft, edit_note, new_visit, review};

/// Why a document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The document lacks an object that its genesis makes.
    #[error("the document has no {0}")]
    Missing(String),
    /// Automerge refused the operation.
    #[error(transparent)]
    Automerge(#[from] AutomergeError),
}

/// Runs `write` as one change. An error leaves the document as it was.
fn commit(
    document: &mut Automerge,
    time_ms: i64,
    write: impl FnOnce(&mut Transaction<'_>) -> Result<(), EditError>,
) -> Result<Option<Change>, EditError> {
    let mut transaction = document.transaction();
    write(&mut transaction)?;
    let options = CommitOptions::default().with_time(time_ms.div_euclid(1000));
    let (hash, _) = transaction.commit_with(options);
    Ok(hash.and_then(|hash| document.get_change_by_hash(&hash)))
}

/// The object under `key`, which the genesis or an earlier change made.
fn object(
    transaction: &Transaction<'_>,
    parent: &ObjId,
    key: &str,
    wanted: ObjType,
) -> Result<ObjId, EditError> {
    match transaction.get(parent, key)? {
        Some((Value::Object(found), id)) if found == wanted => Ok(id),
        _ => Err(EditError::Missing(key.to_owned())),
    }
}

/// The map under `key`, made if it is not there.
fn map_or_new(
    transaction: &mut Transaction<'_>,
    parent: &ObjId,
    key: &str,
) -> Result<ObjId, EditError> {
    match object(transaction, parent, key, ObjType::Map) {
        Err(EditError::Missing(_)) => Ok(transaction.put_object(parent, key, ObjType::Map)?),
        found => found,
    }
}

/// Writes a scalar unless it is the only value there already.
fn put(
    transaction: &mut Transaction<'_>,
    parent: &ObjId,
    key: &str,
    value: impl Into<ScalarValue>,
) -> Result<(), EditError> {
    let value = value.into();
    let now = transaction.get_all(parent, key)?;
    let same = matches!(&now[..], [(Value::Scalar(held), _)] if **held == value);
    if !same {
        transaction.put(parent, key, value)?;
    }
    Ok(())
}

/// As `put`, but leaves the field alone when there is nothing to write.
fn put_some(
    transaction: &mut Transaction<'_>,
    parent: &ObjId,
    key: &str,
    value: Option<impl Into<ScalarValue>>,
) -> Result<(), EditError> {
    match value {
        Some(value) => put(transaction, parent, key, value),
        None => Ok(()),
    }
}

/// A string to write, or nothing for an empty one.
fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Adds members to the set under `key`; takes none away.
fn add_members(
    transaction: &mut Transaction<'_>,
    parent: &ObjId,
    key: &str,
    members: &BTreeSet<String>,
) -> Result<(), EditError> {
    if members.is_empty() {
        return Ok(());
    }
    let set = map_or_new(transaction, parent, key)?;
    for member in members {
        put(transaction, &set, member, true)?;
    }
    Ok(())
}

/// Brings the text under `key` to `words` by the fewest insertions and
/// deletions, so that what others write at the same time stays.
fn put_text(
    transaction: &mut Transaction<'_>,
    parent: &ObjId,
    key: &str,
    words: &str,
) -> Result<(), EditError> {
    let text = object(transaction, parent, key, ObjType::Text)?;
    if transaction.text(&text)? != words {
        transaction.update_text(&text, words)?;
    }
    Ok(())
}
