//! Phones and what tests do with them.

use automerge::ReadDoc;
use model::edit::VisitDraft;
use model::{ChangeHash, DocumentId, Member, Role};
use sync::frame::Frame;
use sync::pack::FrameReader;
use sync::replica::{Exchange, Heard, Replica};

use crate::office::{Office, feed, member};

/// Every phone's clock.
pub const CLOCK_MS: i64 = 1_763_800_000_000;

/// A replica and whose it is.
#[derive(Clone)]
pub struct Phone {
    pub member: Member,
    pub replica: Replica,
}

impl Phone {
    pub fn new(number: u8, role: Role, office: &Office) -> Self {
        let member = member(number, role);
        let replica = Replica::new(&member, Some(office.public_key()));
        Self { member, replica }
    }

    pub fn worker(number: u8, office: &Office) -> Self {
        Self::new(number, Role::GridWorker, office)
    }

    pub fn draft(&self, note: &str) -> VisitDraft {
        VisitDraft {
            door: document(200),
            at: CLOCK_MS,
            by: self.member.person,
            purpose: "routine".into(),
            outcome: "met".into(),
            note: note.into(),
            checks: [("gas".into(), "ok".into())].into(),
            met: Default::default(),
        }
    }

    pub fn visit(&mut self, number: u8, note: &str) -> ChangeHash {
        let draft = self.draft(note);
        let made = self
            .replica
            .create_visit(document(number), feed(1), &draft, CLOCK_MS);
        made.unwrap().unwrap()
    }

    /// One exchange over a good line.
    pub fn exchange(&mut self, office: &mut Office) -> Heard {
        let exchange = self.replica.request(CLOCK_MS);
        let response = office.exchange(&self.member, &exchange.body).unwrap();
        self.replica.receive(&exchange, &response)
    }

    pub fn settle(&mut self, office: &mut Office) {
        for _ in 0..50 {
            self.exchange(office);
            if !self.replica.has_more_to_say() {
                return;
            }
        }
        panic!("the phone does not come to rest");
    }

    pub fn note(&mut self, number: u8) -> String {
        self.note_of(document(number))
    }

    pub fn note_of(&mut self, id: DocumentId) -> String {
        let opened = self.replica.open(id).unwrap();
        let (_, note) = opened.get(automerge::ROOT, "note").unwrap().unwrap();
        opened.text(&note).unwrap()
    }

    pub fn assert_same_as(&self, office: &Office) {
        let there = sync::walk::low_half(office.digest(feed(1)));
        assert_eq!(self.replica.digest(feed(1)), there);
        assert_eq!(self.replica.cursor(feed(1)), office.head(feed(1)));
        assert_eq!(self.replica.outbox().count(), 0);
    }
}

pub fn document(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

pub fn frames_of(exchange: &Exchange, pack: &[u8]) -> Vec<Frame> {
    let mut reader = FrameReader::for_response(exchange.common().cloned());
    reader.push(pack);
    std::iter::from_fn(|| reader.next_frame().unwrap()).collect()
}
