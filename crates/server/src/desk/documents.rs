//! Every document's place, heads and share of the digest, by column.

use std::collections::HashMap;

use model::{ChangeHash, DocumentId, document_digest};

use super::interner::Interner;

/// Where a document's row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Among the communities.
    Community,
    /// The door's number.
    Door(u32),
    /// The place in the list of visits.
    Visit(u32),
}

/// The documents, by number.
#[derive(Default)]
pub struct Documents {
    ids: Interner<DocumentId>,
    slots: Vec<Slot>,
    digests: Vec<u64>,
    /// The head of a document that has one, as nearly every document does.
    head: Vec<ChangeHash>,
    /// The heads, sorted, of the others.
    heads: HashMap<u32, Box<[ChangeHash]>>,
}

impl Documents {
    /// The number of a document that is here.
    pub fn find(&self, document: DocumentId) -> Option<u32> {
        self.ids.find(&document)
    }

    /// The number that a document has or is about to get. A new one must be [`Self::put`] next.
    pub fn number(&mut self, document: DocumentId) -> u32 {
        self.ids.number(&document)
    }

    /// The document behind a number.
    pub fn id(&self, number: u32) -> Option<DocumentId> {
        self.ids.value(number).copied()
    }

    /// Where a document's row is.
    pub fn slot(&self, number: u32) -> Option<Slot> {
        self.slots.get(number as usize).copied()
    }

    /// Says that a document's row is elsewhere.
    pub fn set_slot(&mut self, number: u32, slot: Slot) {
        if let Some(known) = self.slots.get_mut(number as usize) {
            *known = slot;
        }
    }

    /// A document's share of its feed's digest.
    pub fn digest(&self, number: u32) -> Option<u64> {
        self.digests.get(number as usize).copied()
    }

    /// A document's heads, sorted.
    pub fn heads(&self, number: u32) -> Vec<ChangeHash> {
        match self.heads.get(&number) {
            Some(heads) => heads.to_vec(),
            None => self
                .head
                .get(number as usize)
                .copied()
                .into_iter()
                .collect(),
        }
    }

    /// Takes a document's new heads in, and gives its new share of the digest. The slot of a
    /// document that is new here; others keep theirs.
    pub fn put(&mut self, number: u32, slot: Slot, mut heads: Vec<ChangeHash>) -> u64 {
        heads.sort_unstable();
        let place = number as usize;
        let digest = self.id(number).map_or(0, |id| document_digest(id, &heads));
        let head = heads.first().copied().unwrap_or(ChangeHash([0; 32]));
        if place < self.slots.len() {
            (self.slots[place], self.digests[place], self.head[place]) = (slot, digest, head);
        } else {
            self.slots.push(slot);
            self.digests.push(digest);
            self.head.push(head);
        }
        if heads.len() == 1 {
            self.heads.remove(&number);
        } else {
            self.heads.insert(number, heads.into());
        }
        digest
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }
}
