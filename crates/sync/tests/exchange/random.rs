//! Phones and an office under any order of writing, lost signal, late and
//! repeated answers: whatever happens, in the end all read the same.

use std::collections::{BTreeMap, BTreeSet};

use model::edit::ReviewDraft;
use model::{ChangeHash, DocumentId, Role};
use proptest::prelude::*;
use proptest::sample::Index;
use sync::frame::{Frame, PROTOCOL_VERSION};
use sync::replica::{Exchange, ReplicaError};

use crate::office::{Office, feed, member};
use crate::phone::{CLOCK_MS, Phone, document, frames_of};
use crate::story::{Line, Step, Trouble, step, trouble};

struct Street {
    office: Office,
    phones: Vec<Phone>,
    documents: Vec<DocumentId>,
    late: Vec<Late>,
    /// What every change wrote into a note, to be found again at the end.
    words: BTreeMap<ChangeHash, (DocumentId, String)>,
    trouble: Trouble,
    copy: Option<Office>,
    is_restored: bool,
}

/// An answer that is still on its way.
#[derive(Clone)]
struct Late {
    phone: usize,
    exchange: Exchange,
    answer: Vec<u8>,
}

impl Street {
    /// `versions` is the version that each phone speaks.
    fn new(page_bytes: usize, trouble: Trouble, versions: [u64; 3]) -> Self {
        let mut office = Office::new();
        office.page_bytes = page_bytes;
        let mut phones = vec![
            Phone::worker(1, &office),
            Phone::worker(2, &office),
            Phone::new(8, Role::CommunitySupervisor, &office),
        ];
        // In version 1 a phone takes the office's word for the heads, and a change that went back
        // with the office is not missed.
        let versions = versions.map(|version| match trouble {
            Trouble::Restoring => PROTOCOL_VERSION,
            _ => version,
        });
        for (phone, version) in phones.iter_mut().zip(versions) {
            phone.replica.speak(version);
        }
        Self {
            office,
            phones,
            documents: Vec::new(),
            late: Vec::new(),
            words: BTreeMap::new(),
            trouble,
            copy: None,
            is_restored: false,
        }
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Visit { phone } => self.visit(phone.index(2)),
            Step::Note {
                phone,
                document,
                at,
            } => self.note(phone.index(self.writers()), document, at),
            Step::Review { phone, document } => {
                if self.trouble != Trouble::Restoring {
                    self.review(phone.index(3), document);
                }
            }
            Step::Open { phone, document } => {
                if let Some(document) = self.pick(document) {
                    self.phones[phone.index(3)].replica.want(document);
                }
            }
            Step::Exchange {
                phone,
                request,
                response,
            } => {
                self.exchange(phone.index(3), &request, &response);
            }
            Step::DeliverLate { which } => self.deliver_late(which),
            Step::Compact { document } => {
                if let Some(document) = self.pick(document) {
                    self.office.compact(document);
                }
            }
            Step::Admit { which } => self.admit(which),
            Step::Move { document } => {
                let is_moving = self.trouble == Trouble::Moving;
                if let Some(document) = self.pick(document).filter(|_| is_moving) {
                    self.office.move_to(document, feed(2));
                }
            }
            Step::Copy => self.copy = Some(self.office.clone()),
            Step::Restore => self.restore(),
        }
    }

    /// How many phones write notes. A supervisor's goes to the tray, and nothing tells a phone of a
    /// restored tray that has less.
    fn writers(&self) -> usize {
        match self.trouble {
            Trouble::Restoring => 2,
            _ => 3,
        }
    }

    fn restore(&mut self) {
        if self.trouble == Trouble::Restoring
            && !self.is_restored
            && let Some(copy) = &self.copy
        {
            self.office = copy.clone();
            self.is_restored = true;
            // The connections ended with the program that had answered, and whoever asks meanwhile
            // gets no answer.
            self.late.clear();
            for phone in &mut self.phones {
                phone.replica.request(CLOCK_MS);
            }
        }
    }

    fn pick(&self, index: Index) -> Option<DocumentId> {
        (!self.documents.is_empty()).then(|| *index.get(&self.documents))
    }

    fn visit(&mut self, phone: usize) {
        let number = self.documents.len() as u8 + 1;
        let words = format!("〔{number}初〕");
        let made = self.phones[phone].visit(number, &words);
        self.documents.push(document(number));
        self.words.insert(made, (document(number), words));
    }

    fn note(&mut self, phone: usize, index: Index, at: Index) {
        let Some(document) = self.pick(index) else {
            return;
        };
        let phone = &mut self.phones[phone];
        if !phone.replica.holds(document) {
            phone.replica.want(document);
            return;
        }
        let words = format!("〔{}〕", self.words.len());
        let before: Vec<char> = phone.note_of(document).chars().collect();
        // Between two earlier pieces, never inside one.
        let gaps: Vec<usize> = (0..=before.len())
            .filter(|gap| before[*gap..].first().is_none_or(|letter| *letter == '〔'))
            .collect();
        let gap = *at.get(&gaps);
        let parts = [
            &before[..gap],
            &words.chars().collect::<Vec<_>>(),
            &before[gap..],
        ];
        let after: String = parts.concat().into_iter().collect();
        let made = phone.replica.edit_note(document, &after, CLOCK_MS).unwrap();
        self.words.insert(made.unwrap(), (document, words));
    }

    /// A worker's review is not allowed, and goes to the tray.
    fn review(&mut self, phone: usize, index: Index) {
        let Some(document) = self.pick(index) else {
            return;
        };
        let phone = &mut self.phones[phone];
        let draft = ReviewDraft {
            state: "accepted".into(),
            comment: format!("意见{}", self.words.len()),
            by: phone.member.person,
            at: CLOCK_MS,
        };
        let made = phone.replica.review(document, &draft, CLOCK_MS);
        assert!(matches!(made, Ok(_) | Err(ReplicaError::NotHere(_))));
    }

    fn exchange(&mut self, phone: usize, request: &Line, response: &Line) {
        let exchange = self.phones[phone].replica.request(CLOCK_MS);
        let arrives = match request {
            Line::Whole | Line::Late => exchange.body.len(),
            Line::Cut(cut) => cut.index(exchange.body.len()),
        };
        let member = self.phones[phone].member.clone();
        let Some(answer) = self.office.exchange(&member, &exchange.body[..arrives]) else {
            return;
        };
        let mut arriving = Late {
            phone,
            exchange,
            answer,
        };
        match response {
            Line::Whole => self.deliver(&arriving),
            Line::Cut(cut) => {
                let length = cut.index(arriving.answer.len());
                arriving.answer.truncate(length);
                self.deliver(&arriving);
            }
            Line::Late => self.late.push(arriving),
        }
    }

    fn deliver_late(&mut self, which: Index) {
        if self.late.is_empty() {
            return;
        }
        let late = which.get(&self.late).clone();
        self.deliver(&late);
    }

    /// Lets a phone hear, and holds the promises about the outbox: nothing leaves
    /// it but by a receipt that came, and what has left it is at the office.
    /// Nothing comes back into it that the office still tells of.
    fn deliver(&mut self, arriving: &Late) {
        let (exchange, answer) = (&arriving.exchange, &arriving.answer);
        let replica = &mut self.phones[arriving.phone].replica;
        let outbox = |replica: &sync::Replica| -> BTreeSet<(DocumentId, ChangeHash)> {
            replica
                .outbox()
                .map(|(document, own)| (document, own.hash))
                .collect()
        };
        let (before, opened) = (outbox(replica), replica.documents_opened());
        let of_tray: BTreeSet<ChangeHash> = replica.own().map(|(_, own)| own.hash).collect();
        replica.receive(exchange, answer);
        assert_eq!(replica.documents_opened(), opened);
        let after = outbox(replica);
        for (document, change) in after.difference(&before) {
            let is_listed = self.office.documents_in(feed(1)).contains(document);
            let is_told = is_listed && self.office.seq_of(*document, change).is_some();
            let has_reason = self.is_restored || of_tray.contains(change);
            assert!(!is_told || has_reason, "offered for no reason");
        }
        let named = named_by(exchange, answer);
        for (document, change) in before.difference(&after) {
            assert!(named.contains(&change.prefix()), "left without a receipt");
            assert!(
                self.office.has(*document, change),
                "acknowledged and not there"
            );
        }
    }

    fn admit(&mut self, which: Index) {
        let trayed: Vec<ChangeHash> = self.office.tray.keys().copied().collect();
        if !trayed.is_empty() {
            let supervisor = member(8, Role::CommunitySupervisor);
            // What waits for something else cannot be admitted; that is no harm.
            let _ = self.office.admit(&supervisor, which.get(&trayed));
        }
    }

    /// The signal is good for a while.
    fn come_to_rest(&mut self) {
        for _ in 0..3 {
            for phone in &mut self.phones {
                phone.settle(&mut self.office);
            }
        }
    }

    fn assert_all_read_the_same(&mut self) {
        for phone in &mut self.phones {
            phone.assert_same_as(&self.office);
            let held: BTreeSet<DocumentId> =
                phone.replica.own().map(|(document, _)| document).collect();
            for id in self.office.documents_in(feed(1)) {
                if phone.replica.holds(id) {
                    assert_eq!(phone.replica.server_heads(id), self.office.heads_of(id));
                }
                if held.contains(&id) {
                    continue;
                }
                let row = phone.replica.summary(id).unwrap();
                assert_eq!(row.to_json(), self.office.summary(id));
                if phone.replica.holds(id) {
                    let mut heads: Vec<ChangeHash> = phone
                        .replica
                        .open(id)
                        .unwrap()
                        .get_heads()
                        .into_iter()
                        .map(ChangeHash::from)
                        .collect();
                    heads.sort_unstable();
                    assert_eq!(
                        heads,
                        self.office.heads_of(id),
                        "{id} on {:?}",
                        phone.member.device
                    );
                }
            }
        }
        for (change, (document, words)) in &self.words {
            assert!(self.office.has(*document, change));
            if self.office.seq_of(*document, change).is_some() {
                let note = self.office.note_of(*document);
                assert_eq!(note.matches(words.as_str()).count(), 1, "{words} in {note}");
            }
        }
    }
}

/// The changes that the receipts of an answer name.
fn named_by(exchange: &Exchange, answer: &[u8]) -> BTreeSet<[u8; 8]> {
    let sent: Vec<ChangeHash> = exchange.sent().collect();
    let mut named = BTreeSet::new();
    for frame in frames_of(exchange, answer) {
        match frame {
            Frame::Receipt(receipt) => {
                named.insert(receipt.change);
            }
            Frame::Receipts(run) => {
                let (first, count) = (run.first as usize, run.count as usize);
                named.extend(sent[first..first + count].iter().map(ChangeHash::prefix));
            }
            _ => {}
        }
    }
    named
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_happens_on_the_way_all_read_the_same_in_the_end(
        steps in proptest::collection::vec(step(), 1..70),
        page_bytes in 1_usize..6_000,
        trouble in trouble(),
        versions in proptest::array::uniform3(1_u64..=2),
    ) {
        let mut street = Street::new(page_bytes, trouble, versions);
        for step in steps {
            street.run(step);
        }
        street.come_to_rest();
        street.assert_all_read_the_same();
        // Whatever was still on its way arrives now, and changes nothing.
        for late in std::mem::take(&mut street.late) {
            street.deliver(&late);
        }
        street.come_to_rest();
        street.assert_all_read_the_same();
    }
}
