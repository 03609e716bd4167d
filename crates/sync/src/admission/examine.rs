//! Changes against their document.

use automerge::{Automerge, Change};
use model::{ChangeHash, Kind, Permit, Reason, Role, Summary, Touched};

use super::history::History;
use super::{Adopted, Inspected, Known, guarded, plain, rules};
use crate::document::{self, OpenError};

/// What became of the changes of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// One for each change, in the order in which they were given.
    pub verdicts: Vec<Result<Adopted, Reason>>,
    /// The order in which the adopted changes must be stored, as places in
    /// `verdicts`: a change after those it builds on.
    pub order: Vec<usize>,
    /// The document with what was adopted; `None` if nothing was.
    pub outcome: Option<Outcome>,
}

/// A document after the adopted changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its heads, sorted.
    pub heads: Vec<ChangeHash>,
    /// Its summary.
    pub summary: Summary,
}

/// How often what waits is looked at again. Packs come in order, so one round
/// is enough for an honest phone; many would let a long chain sent backwards
/// cost time squared.
const ROUNDS: usize = 3;

/// Operations in a whole document. A document is loaded as a whole by whoever
/// opens it, so one device must not be able to make it a burden to everybody.
/// A household's record of many years has a few thousand.
pub(super) const DOCUMENT_OPERATIONS: u64 = 100_000;

/// Examines changes of one document, all from one device and under one permit,
/// in the order in which they arrived. `known` is `None` for a document that is
/// not stored yet.
///
/// One bad change does not spoil the others: only what depends on it waits.
/// Panics are kept in. Automerge can hang on hostile bytes; a caller with more
/// than one change whose time runs out should try them one by one.
pub fn examine(known: Option<&Known>, changes: Vec<Inspected>, permit: &Permit) -> Examined {
    if known.is_none()
        && let [change] = &changes[..]
        && let Some(examined) = plain::examine(change, permit)
    {
        return examined;
    }
    examine_at_length(known, &changes, permit)
}

/// The same for any changes: the document is opened, and asked.
pub(super) fn examine_at_length(
    known: Option<&Known>,
    changes: &[Inspected],
    permit: &Permit,
) -> Examined {
    [Thoroughness::AtTheEnd, Thoroughness::EachChange]
        .into_iter()
        .find_map(|thoroughness| {
            // When all of them together do not make a document that can be
            // kept, the second round finds out which one it is.
            guarded(|| attempt(known, changes, permit, thoroughness))
                .ok()
                .flatten()
        })
        .unwrap_or_else(|| all(changes.len(), Reason::Harmful))
}

/// When to find out whether the document can be kept, which costs as much as
/// loading it.
#[derive(Clone, Copy, PartialEq)]
enum Thoroughness {
    AtTheEnd,
    EachChange,
}

fn all(changes: usize, reason: Reason) -> Examined {
    Examined {
        verdicts: vec![Err(reason); changes],
        order: Vec::new(),
        outcome: None,
    }
}

/// Examines all changes. `None`: each may be in the document, but the document
/// that they make cannot be kept.
fn attempt(
    known: Option<&Known>,
    changes: &[Inspected],
    permit: &Permit,
    thoroughness: Thoroughness,
) -> Option<Examined> {
    let mut desk = match Desk::open(known, permit, thoroughness) {
        Ok(desk) => desk,
        Err(reason) => return Some(all(changes.len(), reason)),
    };
    let mut verdicts: Vec<Result<Adopted, Reason>> = vec![Err(Reason::Waits); changes.len()];
    let mut order = Vec::new();
    for _ in 0..ROUNDS {
        let before = order.len();
        for (place, change) in changes.iter().enumerate() {
            // What waited may find what it waited for later in the same pack.
            if verdicts[place] == Err(Reason::Waits) {
                verdicts[place] = desk.take(change);
                if verdicts[place].is_ok() {
                    order.push(place);
                }
            }
        }
        if order.len() == before {
            break;
        }
    }
    let outcome = if order.is_empty() {
        None
    } else {
        Some(outcome(&desk.document).ok()?)
    };
    Some(Examined {
        verdicts,
        order,
        outcome,
    })
}

/// One document being worked on, on a copy of what is stored.
struct Desk<'a> {
    permit: &'a Permit,
    document: Automerge,
    history: History,
    /// Whether the document was stored before.
    was_known: bool,
    thoroughness: Thoroughness,
}

impl<'a> Desk<'a> {
    fn open(
        known: Option<&Known>,
        permit: &'a Permit,
        thoroughness: Thoroughness,
    ) -> Result<Self, Reason> {
        if let Some(known) = known {
            if known.kind != *permit.kind() {
                return Err(Reason::KindMismatch);
            }
            if known.home_feed != permit.feed() {
                return Err(Reason::FeedNotYours);
            }
        }
        let chunks = known.map_or(&[][..], |known| &known.chunks);
        let document = document::open(permit.kind(), chunks).map_err(|error| match error {
            OpenError::UnknownKind(_) => Reason::UnknownKind,
            OpenError::Automerge(_) => Reason::Harmful,
        })?;
        Ok(Self {
            permit,
            history: History::of(&document),
            document,
            was_known: known.is_some(),
            thoroughness,
        })
    }

    /// Judges one change and, if nothing speaks against it, takes it in.
    fn take(&mut self, change: &Inspected) -> Result<Adopted, Reason> {
        let already = self.history.has(&change.change.hash());
        if !already {
            self.check_address(change)?;
            // A panic loses only the copy that is made inside.
            self.document = guarded(|| {
                self.check_place(change)?;
                self.applied(change)
            })??;
            self.history
                .push(change.change.clone(), Some(change.operations.clone()));
        }
        Ok(Adopted {
            hash: change.hash,
            bytes: change.bytes().to_vec(),
            already,
        })
    }

    /// Whether the change is meant for this document's kind and feed.
    fn check_address(&self, change: &Inspected) -> Result<(), Reason> {
        if change.kind != *self.permit.kind() {
            return Err(Reason::KindMismatch);
        }
        // A phone may not have heard yet that a known document has moved.
        if !self.was_known && change.feed != self.permit.feed() {
            return Err(Reason::FeedNotYours);
        }
        Ok(())
    }

    /// Whether the change has its place in the history: what it builds on is
    /// here, it is its actor's next, and it numbers its operations on from what
    /// it builds on.
    fn check_place(&self, inspected: &Inspected) -> Result<(), Reason> {
        let (change, history) = (&inspected.change, &self.history);
        if change.deps().is_empty() {
            // Not even the genesis: a document of its own, not this one.
            return Err(Reason::NotReadable);
        }
        if !change.deps().iter().all(|hash| history.has(hash)) {
            return Err(Reason::Waits);
        }
        let next = history.newest_seq(change.actor_id()) + 1;
        if change.seq() < next {
            return Err(Reason::SequenceTaken);
        }
        if change.seq() > next {
            return Err(Reason::SequenceGap);
        }
        let mut others = change.other_actor_ids().iter();
        if !others.all(|actor| history.has_actor(actor)) {
            return Err(Reason::Harmful);
        }
        let past = history.past(change.deps(), &self.document.get_heads());
        if next > 1 && !history.past_has_seq(&past, change.actor_id(), next - 1) {
            return Err(Reason::SequenceGap);
        }
        // A number that leaps ahead would leave none for anybody else.
        let start = change.start_op().get();
        if start <= history.greatest_operation_in(&past) || start > history.greatest_operation() + 1
        {
            return Err(Reason::Harmful);
        }
        if change.max_op() > DOCUMENT_OPERATIONS {
            return Err(Reason::TooManyOperations);
        }
        rules::check(inspected, history, &past)
    }

    /// A copy of the document with the change, if the change may be in it.
    fn applied(&self, inspected: &Inspected) -> Result<Automerge, Reason> {
        let change = &inspected.change;
        let mut document = self.document.clone();
        document
            .apply_changes([change.clone()])
            .map_err(|_| Reason::Harmful)?;
        if document.get_change_meta_by_hash(&change.hash()).is_none() {
            return Err(Reason::Harmful);
        }
        self.check_fields(&document, change)?;
        model::reads_as(&document, self.permit.kind()).map_err(|_| Reason::NotReadable)?;
        if self.thoroughness == Thoroughness::EachChange {
            outcome(&document)?;
        }
        Ok(document)
    }

    /// Holds the permit's rules against everything that the change writes, also
    /// where it loses.
    fn check_fields(&self, document: &Automerge, change: &Change) -> Result<(), Reason> {
        let touched = model::touched_fields(document, change).map_err(|_| Reason::Harmful)?;
        let creating = self.is_creating(change);
        let allowed = touched.iter().all(|touched| {
            self.permit.may_write(touched, creating) && self.fits_first_maker(touched)
        });
        if allowed {
            Ok(())
        } else {
            Err(Reason::FieldNotAllowed)
        }
    }

    /// Whether the change makes the document: it builds on nothing but the
    /// genesis. Two phones that make one document without hearing of each other
    /// both create it, and neither's words are to be lost.
    fn is_creating(&self, change: &Change) -> bool {
        let genesis = model::genesis_hash(self.permit.kind()).map(automerge::ChangeHash::from);
        genesis.is_some_and(|genesis| change.deps() == [genesis])
    }

    /// Whether a maker who comes second means the same thing: a visit that is
    /// known is not taken to another door.
    fn fits_first_maker(&self, touched: &Touched) -> bool {
        let is_place = *self.permit.kind() == Kind::Visit && touched.path.keys() == ["door"];
        if !is_place || self.history.len() == 1 || self.permit.role() != Some(Role::GridWorker) {
            return true;
        }
        let doors = model::edit::values_at(&self.document, &touched.path);
        touched
            .value
            .as_ref()
            .is_some_and(|door| doors.contains(door))
    }
}

/// What is to be kept of the document, or why it cannot be.
fn outcome(document: &Automerge) -> Result<Outcome, Reason> {
    if !survives_saving(document) {
        return Err(Reason::Harmful);
    }
    let summary = model::summarise(document).map_err(|_| Reason::NotReadable)?;
    let heads = document.get_heads().into_iter().map(ChangeHash::from);
    let mut heads: Vec<ChangeHash> = heads.collect();
    heads.sort_unstable();
    Ok(Outcome { heads, summary })
}

/// Whether the document is the same after it was saved and loaded again, as it
/// will be in a snapshot. What does not survive that would be lost to everybody.
fn survives_saving(document: &Automerge) -> bool {
    match Automerge::load(&document.save_nocompress()) {
        Ok(loaded) => loaded.get_heads() == document.get_heads(),
        Err(_) => false,
    }
}
