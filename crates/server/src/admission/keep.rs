//! Turning a change that was not adopted into a tray entry that a person can judge.

use automerge::{Change, ScalarValue, legacy};
use model::{ChangeHash, DeviceId, Kind, Reason};
use sync::admission::{Candidate, guarded, inspect};

use super::Sender;
use crate::office::Office;
use crate::tray::TrayEntry;

/// Unicode scalar values of a change's words that are kept for reading.
const WORDS_CHARS_MAX: usize = 400;
/// Pieces of text that are kept.
const WORDS_MAX: usize = 40;
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
    let Read {
        words,
        dependencies,
    } = match reason {
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
        words,
        dependencies,
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
    words: Vec<String>,
    dependencies: Vec<ChangeHash>,
}

/// Reads what it can of a change that is well made; only such a change is given to Automerge.
fn read(office: &Office, candidate: &Candidate, device: DeviceId) -> Read {
    let candidate = candidate.clone();
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
        let words = Change::from_bytes(inspected.bytes().to_vec())
            .map_or_else(|_| Vec::new(), |change| words(&change));
        Read {
            words,
            dependencies,
        }
    };
    let read = office.guard.run(move || guarded(work).unwrap_or_default());
    read.unwrap_or_default()
}

/// The texts a change writes: what was typed into prose as one piece, other values one by one.
fn words(change: &Change) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut left = WORDS_CHARS_MAX;
    let mut in_prose = false;
    for operation in change.decode().operations {
        let legacy::OpType::Put(ScalarValue::Str(text)) = &operation.action else {
            in_prose = false;
            continue;
        };
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
