//! Two grid workers and a supervisor of one grid, and one visit.

use automerge::{Automerge, Change, ExpandedChange};
use model::edit::{self, ReviewDraft, VisitDraft};
use model::{DeviceId, DocumentId, FeedId, Kind, Member, Permit, PersonId, Reason, Role};

use crate::admission::{Candidate, Examined, Known, examine, inspect};

pub const FEED: FeedId = FeedId::from_bytes([9; 16]);
pub const VISIT: DocumentId = DocumentId::from_bytes([5; 16]);
const DOOR: DocumentId = DocumentId::from_bytes([6; 16]);

pub fn device(number: u8) -> DeviceId {
    DeviceId::from_bytes([number; 16])
}

pub fn worker(number: u8) -> Member {
    Member {
        person: PersonId::from_bytes([number; 16]),
        role: Role::GridWorker,
        feeds: vec![FEED],
        device: device(number),
    }
}

pub fn supervisor() -> Member {
    Member {
        role: Role::CommunitySupervisor,
        ..worker(8)
    }
}

pub fn permit_of(member: &Member) -> Permit {
    model::permit(member, &Kind::Visit, FEED).expect("the member works in this feed")
}

pub fn draft(member: &Member) -> VisitDraft {
    VisitDraft {
        door: DOOR,
        at: 1_700_000_000_000,
        by: member.person,
        purpose: "care".into(),
        outcome: "met".into(),
        note: "老人身体好，电线有一处老化".into(),
        checks: [("wiring".into(), "problem".into())].into(),
        met: [PersonId::from_bytes([3; 16])].into(),
    }
}

/// A new visit by worker 1, and its change.
pub fn new_visit() -> (Automerge, Change) {
    let mut document = empty(&worker(1));
    let change = edit::new_visit(&mut document, &draft(&worker(1)), 1_000)
        .expect("the draft is complete")
        .expect("something is written");
    (document, change)
}

pub fn empty(member: &Member) -> Automerge {
    model::new_document(&Kind::Visit, member.device.actor(0)).expect("a known kind")
}

/// The document as another member's phone has it.
pub fn on_phone_of(document: &Automerge, member: &Member) -> Automerge {
    document.fork().with_actor(member.device.actor(0))
}

pub fn note(document: &mut Automerge, note: &str) -> Change {
    edit::edit_note(document, note, 2_000)
        .expect("the note is there")
        .expect("the note differs")
}

pub fn review(document: &mut Automerge, by: &Member) -> Change {
    let draft = ReviewDraft {
        state: "accepted".into(),
        comment: "已核实".into(),
        by: by.person,
        at: 1_700_000_100_000,
    };
    edit::review(document, &draft, 3_000)
        .expect("the review is there")
        .expect("the review differs")
}

pub fn known(changes: &[&Change]) -> Known {
    Known {
        kind: Kind::Visit,
        home_feed: FEED,
        chunks: changes
            .iter()
            .flat_map(|change| change.raw_bytes())
            .copied()
            .collect(),
    }
}

pub fn candidate(bytes: &[u8]) -> Candidate {
    Candidate {
        document: VISIT,
        kind: Kind::Visit,
        feed: FEED,
        bytes: bytes.to_vec(),
    }
}

/// Sends changes of `member` through all of admission, as one pack.
pub fn send(known: Option<&Known>, changes: &[&Change], member: &Member) -> Examined {
    let inspected = changes
        .iter()
        .map(|change| inspect(candidate(change.raw_bytes()), member.device))
        .collect::<Result<Vec<_>, _>>()
        .expect("well made by themselves");
    examine(known, inspected, &permit_of(member))
}

/// What becomes of one change.
pub fn verdict(known: Option<&Known>, change: &Change, member: &Member) -> Result<(), Reason> {
    verdict_on(known, change.raw_bytes(), member)
}

/// What becomes of any bytes.
pub fn verdict_on(known: Option<&Known>, bytes: &[u8], member: &Member) -> Result<(), Reason> {
    let inspected = inspect(candidate(bytes), member.device)?;
    let mut examined = examine(known, vec![inspected], &permit_of(member));
    examined.verdicts.remove(0).map(|_| ())
}

/// The change, made anew after `alter` has changed what it means.
pub fn altered(change: &Change, alter: impl FnOnce(&mut ExpandedChange)) -> Change {
    let mut expanded = change.decode();
    alter(&mut expanded);
    Change::from(expanded)
}
