//! People, devices and documents that several tests start from.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{Automerge, AutomergeError, Change, ObjType, ROOT, ReadDoc};
use model::edit::{VisitDraft, new_visit};
use model::{DeviceId, DocumentId, FeedId, Kind, Member, PersonId, Role, new_document};

pub const GRID: FeedId = FeedId::from_bytes([0x61; 16]);
pub const DOOR: DocumentId = DocumentId::from_bytes([0x64; 16]);
pub const WORKER: PersonId = PersonId::from_bytes([0x01; 16]);
pub const SUPERVISOR: PersonId = PersonId::from_bytes([0x02; 16]);
pub const AT: i64 = 1_790_000_000_000;

pub fn device(number: u8) -> DeviceId {
    DeviceId::from_bytes([number; 16])
}

pub fn member(person: PersonId, role: Role) -> Member {
    Member {
        person,
        role,
        feeds: vec![GRID],
        device: device(9),
    }
}

pub fn worker() -> Member {
    member(WORKER, Role::GridWorker)
}

pub fn supervisor() -> Member {
    member(SUPERVISOR, Role::CommunitySupervisor)
}

pub fn blank(kind: &Kind) -> Automerge {
    new_document(kind, device(1).actor(0)).unwrap()
}

pub fn draft(note: &str) -> VisitDraft {
    VisitDraft {
        door: DOOR,
        at: AT,
        by: WORKER,
        purpose: "routine".to_owned(),
        outcome: "met".to_owned(),
        note: note.to_owned(),
        checks: BTreeMap::new(),
        met: BTreeSet::new(),
    }
}

pub fn visit(note: &str) -> Automerge {
    let mut document = blank(&Kind::Visit);
    new_visit(&mut document, &draft(note), AT).unwrap().unwrap();
    document
}

pub fn copy(document: &Automerge, number: u8) -> Automerge {
    document.clone().with_actor(device(number).actor(0))
}

/// One change made by hand.
pub fn by_hand(
    document: &mut Automerge,
    write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
) -> Change {
    let mut transaction = document.transaction();
    write(&mut transaction).unwrap();
    transaction.commit_with(CommitOptions::default().with_time(0));
    document.get_last_local_change().unwrap()
}

/// Writes a Text at the root, as npm does with a plain string.
pub fn put_root_text(document: &mut Automerge, key: &str, words: &str) -> Change {
    by_hand(document, |transaction| {
        let text = transaction.put_object(ROOT, key, ObjType::Text)?;
        transaction.splice_text(&text, 0, 0, words)
    })
}

pub fn note_of(document: &Automerge) -> String {
    let (_, note) = document.get(ROOT, "note").unwrap().unwrap();
    document.text(&note).unwrap()
}
