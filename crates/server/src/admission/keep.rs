//! Turning a change that was not adopted into a tray entry that a person can judge.

use automerge::{Change, ScalarValue, legacy};
use model::{ChangeHash, DeviceId, Reason};
use sync::admission::Candidate;

use super::Sender;
use crate::office::Office;
use crate::tray::TrayEntry;

/// Unicode scalar values of a change's words that are kept for reading.
const WORDS_CHARS_MAX: usize = 400;
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
        _ => read(office, candidate.bytes.clone()),
    };
    let entry = TrayEntry {
        hash,
        document: candidate.document,
        kind: candidate.kind.clone(),
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

#[derive(Default)]
struct Read {
    words: Vec<String>,
    dependencies: Vec<ChangeHash>,
}

fn read(office: &Office, bytes: Vec<u8>) -> Read {
    let work = move || {
        let Ok(change) = Change::from_bytes(bytes) else {
            return Read::default();
        };
        let dependencies: Vec<_> = change
            .deps()
            .iter()
            .copied()
            .map(ChangeHash::from)
            .collect();
        let dependencies = if dependencies.len() > DEPENDENCIES_MAX {
            Vec::new()
        } else {
            dependencies
        };
        Read {
            words: words(&change),
            dependencies,
        }
    };
    office
        .guard
        .run(move || sync::admission::guarded(work).unwrap_or_default())
        .unwrap_or_default()
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
        if left == 0 {
            break;
        }
    }
    words
}

/// Devices whose changes made threads hang.
#[derive(Default)]
pub struct Suspects {
    hung: std::sync::Mutex<std::collections::HashMap<DeviceId, u32>>,
}

/// So many hangs from one device are no accident. What it sends afterwards goes to the tray unread.
const HANGS_MAX: u32 = 2;

impl Suspects {
    /// Whether this device's changes are no longer tried.
    pub fn is_suspect(&self, device: DeviceId) -> bool {
        let hung = self
            .hung
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        hung.get(&device).is_some_and(|times| *times >= HANGS_MAX)
    }

    /// Notes that a change of this device made a thread hang.
    pub fn hung(&self, device: DeviceId) {
        tracing::warn!(%device, "a change made a thread hang");
        let mut hung = self
            .hung
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *hung.entry(device).or_default() += 1;
    }
}
