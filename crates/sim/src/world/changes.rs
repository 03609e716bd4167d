//! What people write, and what they do with their phones.

use automerge::{Automerge, Change, ROOT, ReadDoc};
use model::edit::{self, EditError, ReviewDraft, VisitDraft};
use model::{ChangeHash, DocumentId, FieldPath, Kind, visit_id};

use super::World;
use crate::office::{DOORS_PER_GRID, GRIDS, door, grid};
use crate::phone::role_of;
use crate::promises::{Broken, Promise};
use crate::witness::{Document, Made, Prose};
use model::Role;
use sync::replica::ReplicaError;

const OUTCOMES: [&str; 4] = ["met", "no_answer", "phone", "no_need"];
const STATES: [&str; 2] = ["accepted", "asked_back"];

/// What a change does, before it has a name.
struct Intent {
    words: Option<(Prose, String)>,
    sets: Vec<(&'static str, String)>,
    is_allowed: bool,
}

impl World {
    pub(super) fn visit(&mut self, phone: u8, at: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let grids = self.phones[phone].grids();
        if grids.is_empty() || self.phones[phone].person == 0 {
            return Ok(());
        }
        let feed = grids[usize::from(at) % grids.len()];
        let number = (0..GRIDS).find(|number| grid(*number) == feed).unwrap_or(0);
        let door = door(number * DOORS_PER_GRID + usize::from(at) % DOORS_PER_GRID);
        let made_ms = self
            .told_ms(phone)
            .max(self.phones[phone].last_visit_ms + 1);
        self.phones[phone].last_visit_ms = made_ms;
        let id = visit_id(self.phones[phone].device, made_ms);
        let piece = self.piece();
        let outcome = OUTCOMES[usize::from(at) % OUTCOMES.len()];
        let clock_ms = self.phone_ms(phone);
        let draft = VisitDraft {
            door,
            at: clock_ms,
            by: self.people[self.phones[phone].person].id,
            purpose: "routine".to_owned(),
            outcome: outcome.to_owned(),
            note: piece.clone(),
            checks: [("gas".to_owned(), "ok".to_owned())].into(),
            met: Default::default(),
        };
        self.witness.documents.push(Document { id, is_visit: true });
        let document = self.witness.documents.len() - 1;
        self.say(format!(
            "{} saves visit {document} {piece}, {outcome}",
            self.name(phone)
        ));
        let intent = Intent {
            words: Some((Prose::Note, piece)),
            sets: vec![("outcome", outcome.to_owned())],
            is_allowed: true,
        };
        let mut parents = Vec::new();
        let made = self.phones[phone]
            .replica
            .create(id, Kind::Visit, feed, |document| {
                noting(&mut parents, edit::new_visit(document, &draft, clock_ms))
            });
        self.note(phone, document, intent, parents, made)
    }

    /// A visit as a phone of a later time may save it: its outcome is a number.
    pub(super) fn strange(&mut self, phone: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let Some(feed) = self.phones[phone].grids().first().copied() else {
            return Ok(());
        };
        let made_ms = self
            .told_ms(phone)
            .max(self.phones[phone].last_visit_ms + 1);
        self.phones[phone].last_visit_ms = made_ms;
        let id = visit_id(self.phones[phone].device, made_ms);
        let clock_ms = self.phone_ms(phone);
        self.witness.documents.push(Document { id, is_visit: true });
        let document = self.witness.documents.len() - 1;
        self.say(format!(
            "{} saves visit {document} in no known form",
            self.name(phone)
        ));
        let intent = Intent {
            words: None,
            sets: Vec::new(),
            is_allowed: false,
        };
        let mut parents = Vec::new();
        let path = FieldPath::new(&["outcome".to_owned()]);
        let made = self.phones[phone]
            .replica
            .create(id, Kind::Visit, feed, |document| {
                let change = edit::set_field(document, &path, 5_i64.into(), clock_ms);
                noting(&mut parents, change)
            });
        self.note(phone, document, intent, parents, made)
    }

    pub(super) fn words(&mut self, phone: u8, document: u8, at: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let (number, document) = self.document(document);
        let prose = match document.is_visit {
            true => Prose::Note,
            false => Prose::Remarks,
        };
        let Some(before) = self.text(phone, document.id, prose) else {
            return Ok(());
        };
        let piece = self.piece();
        let after = put_between(&before, &piece, at);
        let role = role_of(self.phones[phone].person);
        let intent = Intent {
            words: Some((prose, piece.clone())),
            sets: Vec::new(),
            is_allowed: role == Role::GridWorker || prose == Prose::Remarks,
        };
        self.say(format!(
            "{} writes {piece} into {}",
            self.name(phone),
            of(number, document)
        ));
        let clock_ms = self.phone_ms(phone);
        self.edit(phone, number, intent, |document| match prose {
            Prose::Remarks => edit::write_remarks(document, &after, clock_ms),
            _ => edit::edit_note(document, &after, clock_ms),
        })
    }

    pub(super) fn outcome(&mut self, phone: u8, document: u8, value: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let (number, document) = self.document(document);
        let value = OUTCOMES[usize::from(value) % OUTCOMES.len()];
        if !document.is_visit || self.is_unchanged(phone, document.id, "outcome", value) {
            return Ok(());
        }
        let intent = Intent {
            words: None,
            sets: vec![("outcome", value.to_owned())],
            is_allowed: true,
        };
        self.say(format!(
            "{} sets the outcome of visit {number} to {value}",
            self.name(phone)
        ));
        let clock_ms = self.phone_ms(phone);
        self.edit(phone, number, intent, |document| {
            let path = FieldPath::new(&["outcome".to_owned()]);
            edit::set_field(document, &path, value.into(), clock_ms)
        })
    }

    pub(super) fn review(&mut self, phone: u8, document: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let (number, document) = self.document(document);
        if !document.is_visit {
            return Ok(());
        }
        let Some(before) = self.text(phone, document.id, Prose::Comment) else {
            return Ok(());
        };
        let piece = self.piece();
        let state = STATES[self.witness.made.len() % STATES.len()];
        let clock_ms = self.phone_ms(phone);
        let draft = ReviewDraft {
            state: state.to_owned(),
            comment: put_between(&before, &piece, 255),
            by: self.people[self.phones[phone].person].id,
            at: clock_ms,
        };
        let is_set = !self.is_unchanged(phone, document.id, "review/state", state);
        let intent = Intent {
            words: Some((Prose::Comment, piece.clone())),
            sets: Vec::from_iter(is_set.then(|| ("review/state", state.to_owned()))),
            is_allowed: self.phones[phone].person == 0,
        };
        self.say(format!(
            "{} reviews visit {number}: {state} {piece}",
            self.name(phone)
        ));
        self.edit(phone, number, intent, |document| {
            edit::review(document, &draft, clock_ms)
        })
    }

    pub(super) fn open(&mut self, phone: u8, document: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let (number, document) = self.document(document);
        // One that is not here is asked for, and nothing else comes of it.
        let is_here = self.phones[phone].replica.open(document.id).is_ok();
        let how = if is_here { "opens" } else { "asks for" };
        self.say(format!(
            "{} {how} {}",
            self.name(phone),
            of(number, document)
        ));
        Ok(())
    }

    pub(super) fn kill_phone(&mut self, phone: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        self.phones[phone].die();
        self.say(format!("{} is killed and started again", self.name(phone)));
        Ok(())
    }

    pub(super) fn back_up(&mut self, phone: u8) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let of = &mut self.phones[phone];
        of.backup = Some((of.replica.clone(), of.diary.clone()));
        self.say(format!("{} is backed up", self.name(phone)));
        Ok(())
    }

    pub(super) fn restore_backup(&mut self, phone: u8) -> Result<(), Broken> {
        let from = self.phone(phone);
        if self.phones[from].backup.is_none() || self.phones.len() >= super::PHONES_MAX {
            return Ok(());
        }
        let Some(device) = self.new_device(self.phones[from].person)? else {
            return Ok(());
        };
        self.phones.extend(self.phones[from].restored(device));
        let phone = self.phones.len() - 1;
        self.say(format!(
            "{} comes out of the backup of phone {from}",
            self.name(phone)
        ));
        Ok(())
    }

    fn document(&self, number: u8) -> (usize, Document) {
        let number = usize::from(number) % self.witness.documents.len();
        (number, self.witness.documents[number])
    }

    /// Words that nobody has written before.
    fn piece(&self) -> String {
        format!("〔{}〕", self.witness.made.len())
    }

    /// A text as a phone shows it; `None` where the document is not on the phone.
    fn text(&mut self, phone: usize, id: DocumentId, prose: Prose) -> Option<String> {
        let document = self.phones[phone].replica.open(id).ok()?;
        text_of(&document, prose)
    }

    /// Whether setting a field to this value would write nothing.
    fn is_unchanged(&mut self, phone: usize, id: DocumentId, path: &str, value: &str) -> bool {
        match self.phones[phone].replica.open(id) {
            Ok(document) => values_of(&document, path) == [value],
            Err(_) => true,
        }
    }

    fn edit(
        &mut self,
        phone: usize,
        document: usize,
        intent: Intent,
        write: impl FnOnce(&mut Automerge) -> Result<Option<Change>, EditError>,
    ) -> Result<(), Broken> {
        let id = self.witness.documents[document].id;
        let mut parents = Vec::new();
        let made = self.phones[phone]
            .replica
            .edit(id, |document| noting(&mut parents, write(document)));
        self.note(phone, document, intent, parents, made)
    }

    /// Writes down what was saved.
    fn note(
        &mut self,
        phone: usize,
        document: usize,
        intent: Intent,
        parents: Vec<ChangeHash>,
        made: Result<Option<ChangeHash>, ReplicaError>,
    ) -> Result<(), Broken> {
        let hash = match made {
            Ok(Some(hash)) => hash,
            Ok(None) | Err(ReplicaError::NotHere(_) | ReplicaError::Exists(_)) => return Ok(()),
            Err(error) => {
                let words = format!("{} cannot save: {error}", self.name(phone));
                return Err(Promise::TypedMeansKept.broken(words));
            }
        };
        let Intent {
            words,
            sets,
            is_allowed,
        } = intent;
        self.phones[phone].diary.saved.insert(hash);
        self.witness.note(Made {
            hash,
            document,
            person: self.phones[phone].person,
            is_foreign: self.phones[phone].is_restored,
            words,
            sets,
            parents,
            is_allowed,
        });
        self.hold_outbox(phone)
    }
}

/// Writes down what a change builds on.
fn noting(
    parents: &mut Vec<ChangeHash>,
    change: Result<Option<Change>, EditError>,
) -> Result<Option<Change>, EditError> {
    if let Ok(Some(change)) = &change {
        parents.extend(change.deps().iter().copied().map(ChangeHash::from));
    }
    change
}

fn of(number: usize, document: Document) -> String {
    match document.is_visit {
        true => format!("visit {number}"),
        false => format!("door {number}"),
    }
}

/// Puts a piece between two earlier ones, never into one.
fn put_between(before: &str, piece: &str, at: u8) -> String {
    let mut gaps: Vec<usize> = before.match_indices('〔').map(|(gap, _)| gap).collect();
    gaps.push(before.len());
    let gap = gaps[usize::from(at) % gaps.len()];
    [&before[..gap], piece, &before[gap..]].concat()
}

/// A text of a document.
pub(crate) fn text_of(document: &Automerge, prose: Prose) -> Option<String> {
    let (parent, key) = match prose {
        Prose::Note => (ROOT, "note"),
        Prose::Remarks => (ROOT, "remarks"),
        Prose::Comment => (document.get(ROOT, "review").ok()??.1, "comment"),
    };
    let (_, text) = document.get(&parent, key).ok()??;
    document.text(&text).ok()
}

/// The values of a field, sorted.
pub(crate) fn values_of(document: &Automerge, path: &str) -> Vec<String> {
    let keys: Vec<String> = path.split('/').map(str::to_owned).collect();
    let values = edit::values_at(document, &FieldPath::new(&keys));
    let mut values: Vec<String> = values
        .iter()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    values.sort();
    values.dedup();
    values
}
