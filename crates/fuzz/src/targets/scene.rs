//! Documents that a change may be meant for, and who sends it.

use std::sync::LazyLock;

use automerge::{Automerge, Change};
use model::edit::{self, CommunityRecord, DoorRecord, ReviewDraft, VisitDraft};
use model::{DeviceId, DocumentId, FeedId, Kind, Member, Permit, PersonId, Role};
use sync::admission::{Candidate, Known};

/// What is there before the change comes.
pub struct Scene {
    /// Who sends.
    pub sender: Member,
    /// What the sender may.
    pub permit: Permit,
    /// The document, unless it is new.
    pub known: Option<Known>,
    /// All honest changes, those of the sender last.
    pub honest: Vec<Change>,
    /// How many of them, the last ones, are new.
    pub fresh: usize,
    /// The whole document as a chunk, and the last change as a bundle.
    pub document: Vec<u8>,
    /// The last change as a bundle.
    pub bundle: Vec<u8>,
}

/// All scenes; an input names one by its place.
pub static SCENES: LazyLock<Vec<Scene>> = LazyLock::new(all);

const FEED: FeedId = FeedId::from_bytes([9; 16]);
const DOCUMENT: DocumentId = DocumentId::from_bytes([5; 16]);
const DOOR: DocumentId = DocumentId::from_bytes([6; 16]);
const RESIDENT: PersonId = PersonId::from_bytes([3; 16]);
const AT_MS: i64 = 1_700_000_000_000;

impl Scene {
    /// The change as it comes.
    pub fn candidate(&self, bytes: Vec<u8>) -> Candidate {
        Candidate {
            document: DOCUMENT,
            kind: self.permit.kind().clone(),
            feed: FEED,
            bytes,
        }
    }

    /// The document with these chunks after what was known.
    pub fn with(&self, chunks: &[&[u8]]) -> Known {
        let before = self.known.as_ref().map(|known| known.chunks.clone());
        Known {
            kind: self.permit.kind().clone(),
            home_feed: FEED,
            chunks: [before.unwrap_or_default(), chunks.concat()].concat(),
        }
    }
}

fn member(number: u8, role: Role) -> Member {
    Member {
        person: PersonId::from_bytes([number; 16]),
        role,
        feeds: vec![FEED],
        device: DeviceId::from_bytes([number; 16]),
    }
}

fn all() -> Vec<Scene> {
    let (one, two) = (member(1, Role::GridWorker), member(2, Role::GridWorker));
    let desk = member(8, Role::CommunitySupervisor);
    let office = member(4, Role::CommunitySupervisor);
    let visit = Story::new(Kind::Visit).then(&one, new_visit);
    let edited = visit.clone().then(&two, |document, _| {
        edit::edit_note(document, "老人身体好，电线老化，已通知物业", AT_MS)
    });
    let reviewed = edited.clone().then(&desk, review);
    let door = Story::new(Kind::Door).then(&office, new_door);
    let community = Story::new(Kind::Community).then(&office, new_community);
    let remark = |document: &mut Automerge, _: &Member| {
        edit::write_remarks(document, "夜间敲门请轻声", AT_MS)
    };
    let note = |document: &mut Automerge, _: &Member| {
        edit::edit_note(document, "老人身体很好，电线有一处老化", AT_MS)
    };
    vec![
        Story::new(Kind::Visit).now(&one, &[&new_visit]),
        Story::new(Kind::Visit).now(&one, &[&new_visit, &note]),
        visit.clone().now(&one, &[&note]),
        visit.now(&two, &[&note]),
        edited.now(&desk, &[&review]),
        reviewed.now(&one, &[&note]),
        door.clone().now(&one, &[&remark]),
        door.now(
            &desk,
            &[&|document, _| edit::remove_person(document, RESIDENT, AT_MS)],
        ),
        Story::new(Kind::Door).now(&desk, &[&new_door]),
        community.now(
            &desk,
            &[&|document, _| {
                let record = CommunityRecord {
                    name: "蓝湖花园".into(),
                    ..CommunityRecord::default()
                };
                edit::write_community(document, &record, AT_MS)
            }],
        ),
    ]
}

type Writer<'a> = &'a dyn Fn(&mut Automerge, &Member) -> Result<Option<Change>, model::EditError>;

/// A document while it comes about.
#[derive(Clone)]
struct Story {
    kind: Kind,
    document: Automerge,
    changes: Vec<Change>,
}

impl Story {
    fn new(kind: Kind) -> Self {
        let actor = member(1, Role::GridWorker).device.actor(0);
        Self {
            document: model::new_document(&kind, actor).expect("the kind is known"),
            kind,
            changes: Vec::new(),
        }
    }

    /// Somebody wrote, and it was taken in.
    fn then(
        mut self,
        by: &Member,
        write: impl Fn(&mut Automerge, &Member) -> Result<Option<Change>, model::EditError>,
    ) -> Self {
        self.write(by, &write);
        self
    }

    fn write(&mut self, by: &Member, write: Writer<'_>) {
        let mut theirs = self.document.fork().with_actor(by.device.actor(0));
        let change = write(&mut theirs, by).expect("it can be written");
        let change = change.expect("something is new");
        self.document = theirs;
        self.changes.push(change);
    }

    /// Somebody writes now, and it is on its way.
    fn now(mut self, sender: &Member, writers: &[Writer<'_>]) -> Scene {
        let was = self.changes.len();
        let chunks = self.changes.iter().flat_map(|change| change.raw_bytes());
        let known = Known {
            kind: self.kind.clone(),
            home_feed: FEED,
            chunks: chunks.copied().collect(),
        };
        for write in writers {
            self.write(sender, *write);
        }
        let newest = self.changes.last().map(Change::hash);
        let bundle = self.document.bundle(newest).expect("the change is there");
        let permit = match self.kind {
            // Only the office makes doors and communities; a supervisor may admit them.
            Kind::Visit => model::permit(sender, &self.kind, FEED),
            _ if sender.role == Role::GridWorker => model::permit(sender, &self.kind, FEED),
            _ => model::admitting_permit(sender, &self.kind, FEED),
        };
        Scene {
            sender: sender.clone(),
            permit: permit.expect("the member works in this feed"),
            known: (was > 0).then_some(known),
            fresh: writers.len(),
            honest: self.changes,
            document: self.document.save(),
            bundle: bundle.bytes().to_vec(),
        }
    }
}

fn new_visit(document: &mut Automerge, by: &Member) -> Result<Option<Change>, model::EditError> {
    let draft = VisitDraft {
        door: DOOR,
        at: AT_MS,
        by: by.person,
        purpose: "care".into(),
        outcome: "met".into(),
        note: "老人身体好，电线有一处老化".into(),
        checks: [("wiring".into(), "problem".into())].into(),
        met: [RESIDENT].into(),
    };
    edit::new_visit(document, &draft, AT_MS)
}

fn review(document: &mut Automerge, by: &Member) -> Result<Option<Change>, model::EditError> {
    let draft = ReviewDraft {
        state: "accepted".into(),
        comment: "已核实".into(),
        by: by.person,
        at: AT_MS,
    };
    edit::review(document, &draft, AT_MS)
}

fn new_door(document: &mut Automerge, _: &Member) -> Result<Option<Change>, model::EditError> {
    let resident = edit::PersonRecord {
        name: "王大妈".into(),
        relation: "户主".into(),
        birth_year: Some(1948),
        tags: ["aged".to_owned()].into(),
    };
    let record = DoorRecord {
        community: FEED,
        grid: FEED,
        building: "3".into(),
        unit: "2".into(),
        label: "501".into(),
        floor: Some(5),
        persons: [(RESIDENT, resident)].into(),
        tags: ["aged".to_owned()].into(),
        plan: model::records::Plan {
            interval_days: Some(30),
            purpose: "care".into(),
        },
        remarks: "敲门请轻声".into(),
        sealed: [(format!("{RESIDENT}/phone"), vec![7; 40])].into(),
    };
    edit::write_door(document, &record, AT_MS)
}

fn new_community(document: &mut Automerge, _: &Member) -> Result<Option<Change>, model::EditError> {
    let grid = model::records::Grid {
        name: "一网格".into(),
    };
    let record = CommunityRecord {
        name: "蓝湖小区".into(),
        grids: [(FEED, grid)].into(),
        ..CommunityRecord::default()
    };
    edit::write_community(document, &record, AT_MS)
}
