//! Turning a change that was not adopted into a tray entry that a person can judge.

use std::collections::BTreeMap;

use automerge::{Change, ScalarValue, legacy};
use model::fields::{Action, touched_fields};
use model::genesis::genesis_document;
use model::plain::LATEST_SECONDS;
use model::{ChangeHash, DeviceId, Kind, Reason};
use sync::admission::{Candidate, guarded, inspect};

use super::Sender;
use crate::office::Office;
use crate::tray::TrayEntry;

/// Unicode scalar values of a change's words that are kept for reading.
const WORDS_CHARS_MAX: usize = 400;
/// Pieces of text that are kept.
const WORDS_MAX: usize = 40;
/// Bytes of all fields and their paths: entries are in memory. A change that sets more is kept as
/// pieces of text.
const FIELDS_BYTES_MAX: usize = 2_000;
/// Unicode scalar values of one field that are kept; ids and codes are shorter.
const FIELD_CHARS_MAX: usize = 60;
/// What stands for what has no words, such as a sealed number or a new list.
const NO_TEXT: &str = "…";
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
            written_at: Some(change.timestamp())
                .filter(|seconds| (1..LATEST_SECONDS).contains(seconds))
                .map(|seconds| seconds * 1000),
            words: words(&change, fields.is_none()),
            fields: fields.unwrap_or_default(),
            dependencies,
        }
    };
    let read = office.guard.run(move || guarded(work).unwrap_or_default());
    read.unwrap_or_default()
}

/// What a change does to fields, by their paths: the value it sets as text, nothing for what it
/// deletes, [`NO_TEXT`] for what has no words. `None` where that cannot all be told: it works in what
/// another change made, or sets more than is kept.
fn fields(kind: &Kind, change: &Change) -> Option<BTreeMap<String, String>> {
    // What the change builds on need not be here. Beside the genesis it can be told what it does to
    // the fields that every document of its kind has, and whether there is anything else.
    let touched = touched_fields(genesis_document(kind)?, change).ok()?;
    let mut fields = BTreeMap::new();
    let mut left = FIELDS_BYTES_MAX;
    // What is edited inside a text is among the words.
    for touched in touched.iter().filter(|it| it.action != Action::Edit) {
        let text = match touched.action {
            Action::Delete => String::new(),
            _ => touched.value.as_ref().map_or(NO_TEXT.to_owned(), text_of),
        };
        let path = touched.path.to_string();
        left = left.checked_sub(path.len() + text.len())?;
        fields.insert(path, text);
    }
    Some(fields)
}

fn text_of(value: &ScalarValue) -> String {
    match value {
        ScalarValue::Str(text) => {
            let kept: String = text.chars().take(FIELD_CHARS_MAX).collect();
            let dots = if kept.len() < text.len() { "…" } else { "" };
            kept + dots
        }
        ScalarValue::Int(number) | ScalarValue::Timestamp(number) => number.to_string(),
        ScalarValue::Uint(number) => number.to_string(),
        ScalarValue::F64(number) => number.to_string(),
        ScalarValue::Boolean(said) => said.to_string(),
        ScalarValue::Null => String::new(),
        ScalarValue::Bytes(_) | ScalarValue::Counter(_) | ScalarValue::Unknown { .. } => {
            NO_TEXT.to_owned()
        }
    }
}

/// The texts a change writes: what was typed into prose as one piece and, `with_values`, what it sets
/// fields to, one by one.
fn words(change: &Change, with_values: bool) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut left = WORDS_CHARS_MAX;
    let mut in_prose = false;
    for operation in change.decode().operations {
        let legacy::OpType::Put(ScalarValue::Str(text)) = &operation.action else {
            in_prose = false;
            continue;
        };
        if !operation.insert && !with_values {
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
