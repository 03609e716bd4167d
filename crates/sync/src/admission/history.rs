//! Who made which operation of a document, and what a change could have known.
//! Nothing here judges; that is for `rules` and `examine`.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use automerge::legacy::{Op, OpId};
use automerge::{ActorId, Automerge, Change, ChangeHash};
use std::cell::OnceCell;

/// All changes of a document, by author and place.
#[derive(Default)]
pub(super) struct History {
    /// The changes of each actor, in the order of their sequence from 1.
    by_actor: HashMap<ActorId, Vec<Rc<Entry>>>,
    by_hash: HashMap<ChangeHash, Rc<Entry>>,
    greatest: u64,
}

/// One change of the history.
pub(super) struct Entry {
    change: Change,
    hash: ChangeHash,
    operations: OnceCell<Vec<Op>>,
}

impl Entry {
    /// The operation number after the last.
    fn end(&self) -> u64 {
        self.change.start_op().get() + self.change.len() as u64
    }

    fn operations(&self) -> &[Op] {
        self.operations
            .get_or_init(|| self.change.decode().operations)
    }
}

/// What a change builds on: everything that its author had when making it.
pub(super) enum Past {
    /// The whole history so far.
    Everything,
    /// Part of it.
    Only(HashSet<ChangeHash>),
}

impl Past {
    fn holds(&self, hash: &ChangeHash) -> bool {
        match self {
            Past::Everything => true,
            Past::Only(hashes) => hashes.contains(hash),
        }
    }
}

impl History {
    /// The history of `document`, which has come from our own store.
    pub fn of(document: &Automerge) -> Self {
        let mut history = Self::default();
        for change in document.get_changes(&[]) {
            history.push(change, None);
        }
        history
    }

    /// Adds a change that has been applied after all it depends on.
    pub fn push(&mut self, change: Change, operations: Option<Vec<Op>>) {
        let entry = Rc::new(Entry {
            hash: change.hash(),
            operations: operations.map_or_else(OnceCell::new, OnceCell::from),
            change,
        });
        self.greatest = self.greatest.max(entry.end().saturating_sub(1));
        self.by_hash.insert(entry.hash, Rc::clone(&entry));
        let actor = entry.change.actor_id().clone();
        self.by_actor.entry(actor).or_default().push(entry);
    }

    /// How many changes there are, the genesis among them.
    pub fn len(&self) -> usize {
        self.by_hash.len()
    }

    pub fn has(&self, hash: &ChangeHash) -> bool {
        self.by_hash.contains_key(hash)
    }

    pub fn has_actor(&self, actor: &ActorId) -> bool {
        self.by_actor.contains_key(actor)
    }

    /// The newest sequence number of an actor; 0 if it has written nothing.
    pub fn newest_seq(&self, actor: &ActorId) -> u64 {
        self.by_actor
            .get(actor)
            .map_or(0, |entries| entries.len() as u64)
    }

    /// The greatest operation number in the document.
    pub fn greatest_operation(&self) -> u64 {
        self.greatest
    }

    /// The greatest operation number in `past`.
    pub fn greatest_operation_in(&self, past: &Past) -> u64 {
        match past {
            Past::Everything => self.greatest,
            Past::Only(hashes) => hashes
                .iter()
                .filter_map(|hash| self.by_hash.get(hash))
                .map(|entry| entry.end().saturating_sub(1))
                .max()
                .unwrap_or(0),
        }
    }

    /// Everything that comes before a change with these dependencies, all of
    /// which must be here. `heads` are the document's.
    pub fn past(&self, dependencies: &[ChangeHash], heads: &[ChangeHash]) -> Past {
        if heads.iter().all(|head| dependencies.contains(head)) {
            return Past::Everything;
        }
        let mut seen: HashSet<ChangeHash> = HashSet::new();
        let mut open = dependencies.to_vec();
        while let Some(hash) = open.pop() {
            if let Some(entry) = self.by_hash.get(&hash)
                && seen.insert(hash)
            {
                open.extend_from_slice(entry.change.deps());
            }
        }
        Past::Only(seen)
    }

    /// Whether the actor's change with this sequence number is in `past`.
    pub fn past_has_seq(&self, past: &Past, actor: &ActorId, seq: u64) -> bool {
        let index = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        self.by_actor
            .get(actor)
            .zip(index)
            .and_then(|(entries, index)| entries.get(index))
            .is_some_and(|entry| past.holds(&entry.hash))
    }

    /// The operation with this id, if it is in `past`.
    pub fn operation(&self, id: &OpId, past: &Past) -> Option<&Op> {
        let entries = self.by_actor.get(id.actor())?;
        // An actor's operation numbers only ever grow.
        let after = entries.partition_point(|entry| entry.change.start_op().get() <= id.counter());
        let entry = entries.get(after.checked_sub(1)?)?;
        let index = id.counter() - entry.change.start_op().get();
        if !past.holds(&entry.hash) {
            return None;
        }
        entry.operations().get(usize::try_from(index).ok()?)
    }
}
