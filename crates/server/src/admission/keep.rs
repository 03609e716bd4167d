//! Turning a change that was not adopted into a tray entry that a person can judge.

use std::collections::BTreeMap;

use automerge::{Change, ScalarValue, legacy};
use model::fields::{Action, Touched, touched_fields};
use model::genesis::genesis_document;
use model::{ChangeHash, DeviceId, Kind, Reason};
use sync::admission::{Candidate, guarded, inspect};

use super::Sender;
use crate::office::Office;
use crate::tray::TrayEntry;

/// Unicode scalar values of a change's words that are kept for reading.
const WORDS_CHARS_MAX: usize = 400;
/// Pieces of text that are kept.
const WORDS_MAX: usize = 40;
/// Fields that are kept by their names. A change that sets more is kept as pieces of text.
const FIELDS_MAX: usize = 40;
/// Bytes of a field's path and of its value; those of visits and doors are shorter.
const FIELD_BYTES_MAX: usize = 200;
/// Characters of a kind's name that are kept; the known ones are shorter.
const KIND_CHARS_MAX: usize = 64;
/// A change that builds on more than this is not retried by itself; a supervisor still can.
const DEPENDENCIES_MAX: usize = 64;

/// The tray entry for a change.
pub(super) fn entry(
    office: &Office,
    sender: &Sender<'_>,
    hash: ChangeHash,
    candidate: &Candidate,
    reason: Reason,
) -> (TrayEntry, Vec<u8>) {
    let read = match reason {
        // These are what decoding is guarded against, or not decodable at all.
        Reason::Malformed | Reason::Harmful | Reason::TooLarge | Reason::TooManyOperations => {
            Read::default()
        }
        _ => read(office, candidate, sender.member.device),
    };
    let entry = TrayEntry {
        hash,
        document: candidate.document,
        kind: short(&candidate.kind),
        feed: candidate.feed,
        person: sender.member.person,
        device: sender.member.device,
        received_at: sender.now_ms,
        reason: reason.as_str().to_owned(),
        size: candidate.bytes.len(),
        written_at: read.written_at,
        fields: read.fields,
        words: read.words,
        dependencies: read.dependencies,
        set_aside: None,
    };
    (entry, candidate.bytes.clone())
}

fn short(kind: &Kind) -> Kind {
    let name: String = kind.as_str().chars().take(KIND_CHARS_MAX).collect();
    Kind::from(name.as_str())
}

#[derive(Default)]
struct Read {
    written_at: Option<i64>,
    fields: BTreeMap<String, String>,
    words: Vec<String>,
    dependencies: Vec<ChangeHash>,
}

/// Reads what it can of a change that is well made; only such a change is given to Automerge.
fn read(office: &Office, candidate: &Candidate, device: DeviceId) -> Read {
    let (candidate, kind) = (candidate.clone(), candidate.kind.clone());
    let work = move || {
        let Ok(inspected) = inspect(candidate, device) else {
            return Read::default();
        };
        let mut dependencies: Vec<_> = inspected
            .dependencies()
            .take(DEPENDENCIES_MAX + 1)
            .collect();
        if dependencies.len() > DEPENDENCIES_MAX {
            dependencies.clear();
        }
        let Ok(change) = Change::from_bytes(inspected.bytes().to_vec()) else {
            return Read {
                dependencies,
                ..Read::default()
            };
        };
        let fields = fields(&kind, &change);
        Read {
            written_at: change.timestamp().checked_mul(1000),
            words: words(&change, fields.is_none()),
            fields: fields.unwrap_or_default(),
            dependencies,
        }
    };
    let read = office.guard.run(move || guarded(work).unwrap_or_default());
    read.unwrap_or_default()
}

/// The fields that a change sets to texts, by their paths. `None` where they cannot all be named:
/// it works in what another change made, or sets more than is kept.
fn fields(kind: &Kind, change: &Change) -> Option<BTreeMap<String, String>> {
    let touched = touched_fields(genesis_document(kind)?, change).ok()?;
    let mut fields = BTreeMap::new();
    for Touched { path, value, .. } in touched.into_iter().filter(|it| it.action == Action::Put) {
        let Some(ScalarValue::Str(value)) = value else {
            continue;
        };
        let path = path.to_string();
        if path.len() > FIELD_BYTES_MAX || value.len() > FIELD_BYTES_MAX {
            return None;
        }
        fields.insert(path, value.to_string());
    }
    (fields.len() <= FIELDS_MAX).then_some(fields)
}

/// The texts a change writes: what was typed into prose as one piece, and `with_fields` the values
/// that it sets one by one.
fn words(change: &Change, with_fields: bool) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut left = WORDS_CHARS_MAX;
    let mut in_prose = false;
    for operation in change.decode().operations {
        let legacy::OpType::Put(ScalarValue::Str(text)) = &operation.action else {
            in_prose = false;
            continue;
        };
        if !operation.insert && !with_fields {
            in_prose = false;
            continue;
        }
        let taken: String = text.chars().take(left).collect();
        left -= taken.chars().count();
        match words.last_mut() {
            Some(last) if operation.insert && in_prose => last.push_str(&taken),
            _ if taken.is_empty() => {}
            _ => words.push(taken),
        }
        in_prose = operation.insert;
        if left == 0 || words.len() >= WORDS_MAX {
            break;
        }
    }
    words
}
