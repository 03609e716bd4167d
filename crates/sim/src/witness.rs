//! What somebody who watches from outside knows: what was written by whom, and which of it was ever
//! acknowledged. It believes neither the phones nor the office.

use std::collections::BTreeMap;

use model::{ChangeHash, DocumentId, Seq};

/// A text that is written in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prose {
    /// The note of a visit.
    Note,
    /// The comment of its review.
    Comment,
    /// The remarks of a door.
    Remarks,
}

/// A change that was saved on a phone.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its name.
    pub hash: ChangeHash,
    /// The document, by its number in the story.
    pub document: usize,
    /// Who made it.
    pub person: usize,
    /// On a phone that is enrolled as what it writes as.
    pub is_foreign: bool,
    /// The piece that it put into a text.
    pub words: Option<(Prose, String)>,
    /// Fields that it set.
    pub sets: Vec<(&'static str, String)>,
    /// What it builds on.
    pub parents: Vec<ChangeHash>,
    /// Its author may write it.
    pub is_allowed: bool,
}

/// A document that somebody made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// It is a visit, or else a door.
    pub is_visit: bool,
}

/// What a receipt said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It is in the feed at this place.
    Accepted(Seq),
    /// It is in the tray.
    Held,
}

/// What was written and what was acknowledged.
#[derive(Default)]
pub struct Witness {
    /// Documents in the order of their making.
    pub documents: Vec<Document>,
    /// Changes in the order of their making.
    pub made: Vec<Made>,
    by_hash: BTreeMap<ChangeHash, usize>,
    /// The newest word on each change for which a receipt was heard.
    pub acknowledged: BTreeMap<ChangeHash, Word>,
}

impl Witness {
    /// Notes a change.
    pub fn note(&mut self, made: Made) {
        self.by_hash.insert(made.hash, self.made.len());
        self.made.push(made);
    }

    /// A change by its name.
    pub fn change(&self, hash: &ChangeHash) -> Option<&Made> {
        self.by_hash.get(hash).map(|place| &self.made[*place])
    }

    /// The number of a change in the story, to speak of it.
    pub fn number(&self, hash: &ChangeHash) -> String {
        match self.by_hash.get(hash) {
            Some(place) => format!("change {place}"),
            None => format!("a change {hash} that nobody saved"),
        }
    }

    /// The number of a document in the story.
    pub fn place(&self, id: DocumentId) -> Option<usize> {
        self.documents.iter().position(|document| document.id == id)
    }
}
