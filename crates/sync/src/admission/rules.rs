//! Whether the operations of a change refer to what they may refer to.
//!
//! Automerge trusts its input here. It looks an operation's predecessors up by
//! id alone, so a change that writes one field could delete another; it drops
//! references that lead nowhere, so that a saved document has other hashes; and
//! it panics where an object is missing. Fields and persons are not judged here
//! but by the permit.

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::{ObjType, ScalarValue};
use model::Reason;

use super::history::{History, Past};
use super::inspect::Inspected;

/// Objects inside objects inside the root, at most. Everything that follows a
/// path downwards relies on an end.
const DEPTH: usize = 8;

/// Checks every operation of a change against what its author could know.
pub(super) fn check(change: &Inspected, history: &History, past: &Past) -> Result<(), Reason> {
    let view = View {
        change,
        history,
        past,
    };
    let start = change.change.start_op().get();
    for (op, counter) in change.operations.iter().zip(start..) {
        let id = OpId::new(counter, change.change.actor_id());
        view.check(op, &id)?;
    }
    Ok(())
}

/// What an operation may refer to: the past of its change, and the operations
/// before it in the change itself.
struct View<'a> {
    change: &'a Inspected,
    history: &'a History,
    past: &'a Past,
}

impl<'a> View<'a> {
    fn check(&self, op: &Op, id: &OpId) -> Result<(), Reason> {
        check_action(op)?;
        let object = self.object(&op.obj, id)?;
        self.check_key(op, id, object)?;
        self.check_predecessors(op, id)?;
        match &op.action {
            // Blocks, and elements overwritten in place, are in no kind's text.
            OpType::Put(ScalarValue::Str(_)) if op.insert => Ok(()),
            OpType::Delete => Ok(()),
            _ if object == ObjType::Text => Err(Reason::NotReadable),
            _ => Ok(()),
        }
    }

    /// The operation with this id, if it comes before the one with id `before`.
    fn operation(&self, id: &OpId, before: &OpId) -> Option<&'a Op> {
        let start = self.change.change.start_op().get();
        if id.actor() != before.actor() || id.counter() < start {
            return self.history.operation(id, self.past);
        }
        if id.counter() >= before.counter() {
            return None;
        }
        let index = usize::try_from(id.counter() - start).ok()?;
        self.change.operations.get(index)
    }

    /// The type of the object that is worked in, if it is there and not too far
    /// down.
    fn object(&self, object: &ObjectId, before: &OpId) -> Result<ObjType, Reason> {
        let mut found = None;
        let mut here = object;
        for _ in 0..DEPTH {
            let ObjectId::Id(id) = here else {
                return Ok(found.unwrap_or(ObjType::Map));
            };
            let made = self.operation(id, before).ok_or(Reason::Harmful)?;
            let OpType::Make(object_type) = made.action else {
                return Err(Reason::Harmful);
            };
            found.get_or_insert(object_type);
            here = &made.obj;
        }
        Err(Reason::NotReadable)
    }

    fn check_key(&self, op: &Op, id: &OpId, object: ObjType) -> Result<(), Reason> {
        let fits = match (&op.key, object) {
            (Key::Map(_), ObjType::Map) => !op.insert,
            (Key::Seq(ElementId::Head), ObjType::List | ObjType::Text) => op.insert,
            (Key::Seq(ElementId::Id(element)), ObjType::List | ObjType::Text) => self
                .operation(element, id)
                .is_some_and(|element| element.insert && element.obj == op.obj),
            _ => false,
        };
        if fits { Ok(()) } else { Err(Reason::Harmful) }
    }

    /// An operation takes the place of earlier ones of the same field (or
    /// element) only, and of each once.
    fn check_predecessors(&self, op: &Op, id: &OpId) -> Result<(), Reason> {
        let mut before: Option<&OpId> = None;
        for replaced in op.pred.iter() {
            let target = self.operation(replaced, id).ok_or(Reason::Harmful)?;
            let same_place = target.obj == op.obj && place(target, replaced) == place(op, id);
            let stays = matches!(target.action, OpType::Put(_) | OpType::Make(_));
            if !same_place || !stays || before == Some(replaced) {
                return Err(Reason::Harmful);
            }
            before = Some(replaced);
        }
        let deletes = matches!(op.action, OpType::Delete);
        // A deletion of nothing leaves no trace in a saved document, and an
        // inserted element takes no one's place.
        if (deletes && (before.is_none() || op.insert)) || (op.insert && before.is_some()) {
            return Err(Reason::Harmful);
        }
        Ok(())
    }
}

/// What an operation's value stands at within its object.
#[derive(PartialEq)]
enum Place<'a> {
    Key(&'a str),
    Element(&'a OpId),
    Start,
}

fn place<'a>(op: &'a Op, id: &'a OpId) -> Place<'a> {
    match &op.key {
        Key::Map(key) => Place::Key(key),
        Key::Seq(_) if op.insert => Place::Element(id),
        Key::Seq(ElementId::Id(element)) => Place::Element(element),
        Key::Seq(ElementId::Head) => Place::Start,
    }
}

/// Only what the kinds are made of: maps, lists, texts and plain values. Marks,
/// counters and tables are in none of them.
fn check_action(op: &Op) -> Result<(), Reason> {
    match &op.action {
        OpType::Make(ObjType::Map | ObjType::List | ObjType::Text) | OpType::Delete => Ok(()),
        OpType::Put(ScalarValue::Counter(_) | ScalarValue::Unknown { .. }) => {
            Err(Reason::NotReadable)
        }
        OpType::Put(_) => Ok(()),
        OpType::Make(ObjType::Table)
        | OpType::Increment(_)
        | OpType::MarkBegin(_)
        | OpType::MarkEnd(_) => Err(Reason::NotReadable),
    }
}
