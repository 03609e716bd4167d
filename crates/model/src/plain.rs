//! The first change of a visit, as nearly all of them are: it fills in known
//! fields of the fresh document and writes the note from beginning to end. What
//! such a change makes of the genesis can be told from its operations alone.
//!
//! Whoever is told `None` opens the document and looks. Nothing here says that a
//! change is bad, and whether its writer may write the fields is for the permit.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpType};
use automerge::{Change, ObjType, ScalarValue};

use crate::Kind;
use crate::fields::{Action, FieldPath, Touched};
use crate::genesis::genesis_change;
use crate::read::LARGEST_EXACT_INTEGER;
use crate::schema;
use crate::summary::{self, Summary};

/// Fields that one visit fills in. One that fills in more is looked at.
const FIELDS: usize = 128;
/// The year 2255: a phone's clock that says more is looked at.
pub const LATEST_SECONDS: i64 = 9_000_000_000;

/// What a plain first change does to the genesis document.
#[derive(Clone, Debug, PartialEq)]
pub struct PlainChange {
    /// The fields that it touches, as [`touched_fields`](crate::touched_fields)
    /// tells them, in any order.
    pub touched: Vec<Touched>,
    /// The document's summary afterwards. That there is one says that the
    /// document reads as its kind.
    pub summary: Summary,
}

/// Reads the first change of a document of `kind`; `operations` are the
/// change's own. `None` unless the change
///
/// - builds on the genesis alone, right after its last operation, and is its
///   author's first;
/// - only puts scalars into known fields, each once, each of the type that the
///   field holds, none of which the genesis wrote, and
/// - only inserts into one text of the genesis, one character after the other,
///   each behind the one before;
/// - replaces and deletes nothing, makes no object, and has no message.
///
/// So no two values meet anywhere: the document holds what the genesis holds and
/// these values. There is nothing that saving could drop either, for every
/// operation shows, and nothing that it could write otherwise, if the change's
/// bytes are those that Automerge itself writes.
pub fn read_plain(kind: &Kind, change: &Change, operations: &[Op]) -> Option<PlainChange> {
    let Kind::Visit = kind else { return None };
    let genesis = genesis_change(kind)?;
    let is_first = change.deps() == [genesis.hash()]
        && change.seq() == 1
        && change.start_op().get() == genesis.max_op() + 1
        && change.actor_id() != genesis.actor_id()
        && change
            .other_actor_ids()
            .iter()
            .all(|other| other == genesis.actor_id())
        && change.message().is_none()
        && change.extra_bytes().is_empty()
        && (0..LATEST_SECONDS).contains(&change.timestamp());
    if !is_first {
        return None;
    }
    let mut reading = Reading {
        change,
        genesis,
        fields: BTreeMap::new(),
        text: None,
    };
    for (op, counter) in operations.iter().zip(change.start_op().get()..) {
        reading.take(op, counter)?;
    }
    reading.finish()
}

struct Reading<'a> {
    change: &'a Change,
    genesis: &'a Change,
    fields: BTreeMap<Vec<String>, &'a ScalarValue>,
    text: Option<Written<'a>>,
}

/// The text that is being written.
struct Written<'a> {
    path: &'a FieldPath,
    words: String,
    last: u64,
}

impl<'a> Reading<'a> {
    fn take(&mut self, op: &'a Op, counter: u64) -> Option<()> {
        let OpType::Put(value) = &op.action else {
            return None;
        };
        if !op.pred.is_empty() {
            return None;
        }
        let (path, object_type) = self.object(&op.obj)?;
        match (&op.key, object_type) {
            (Key::Map(key), ObjType::Map) if !op.insert => self.put(path, key, value),
            (Key::Seq(place), ObjType::Text) if op.insert => {
                self.insert(path, place, value, counter)
            }
            _ => None,
        }
    }

    /// The object that is worked in: the root, or one that the genesis made.
    fn object(&self, object: &ObjectId) -> Option<(&'static FieldPath, ObjType)> {
        let made = &*VISIT_OBJECTS;
        let counter = match object {
            ObjectId::Root => 0,
            ObjectId::Id(id) if id.actor() == self.genesis.actor_id() => id.counter(),
            ObjectId::Id(_) => return None,
        };
        let found = made.iter().find(|made| made.counter == counter)?;
        Some((&found.path, found.object_type))
    }

    fn put(&mut self, parent: &FieldPath, key: &str, value: &'a ScalarValue) -> Option<()> {
        let keys: Vec<String> = parent
            .keys()
            .iter()
            .map(String::as_str)
            .chain([key])
            .map(str::to_owned)
            .collect();
        let by_genesis = matches!(&keys[..], [key] if key == "kind" || key == "schema");
        let is_exact = match value {
            ScalarValue::Int(number) => {
                number.unsigned_abs() <= LARGEST_EXACT_INTEGER.unsigned_abs()
            }
            ScalarValue::Str(_) | ScalarValue::Boolean(_) => true,
            _ => false,
        };
        let fits = !by_genesis && !key.is_empty() && is_exact && self.fields.len() < FIELDS;
        if !fits || !schema::may_hold(&Kind::Visit, &keys, value) {
            return None;
        }
        self.fields.insert(keys, value).is_none().then_some(())
    }

    fn insert(
        &mut self,
        path: &'static FieldPath,
        place: &ElementId,
        value: &ScalarValue,
        counter: u64,
    ) -> Option<()> {
        let ScalarValue::Str(letter) = value else {
            return None;
        };
        let mut letters = letter.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else {
            return None;
        };
        match (&mut self.text, place) {
            (None, ElementId::Head) => {
                self.text = Some(Written {
                    path,
                    words: letter.into(),
                    last: counter,
                });
            }
            (Some(text), ElementId::Id(before)) => {
                let is_next = text.path == path
                    && before.counter() == text.last
                    && before.actor() == self.change.actor_id();
                if !is_next {
                    return None;
                }
                text.words.push(letter);
                text.last = counter;
            }
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Option<PlainChange> {
        let note = match &self.text {
            Some(text) if text.path.keys() == ["note"] => text.words.as_str(),
            Some(_) => return None,
            None => "",
        };
        let summary = summary::visit_of(&self.fields, note)?;
        let put = |(keys, value): (&Vec<String>, &&ScalarValue)| Touched {
            path: FieldPath::new(keys),
            action: Action::Put,
            value: Some((*value).clone()),
        };
        let mut touched: Vec<Touched> = self.fields.iter().map(put).collect();
        touched.extend(self.text.iter().map(|text| Touched {
            path: text.path.clone(),
            action: Action::Edit,
            value: None,
        }));
        Some(PlainChange {
            touched,
            summary: Summary::Visit(summary),
        })
    }
}

/// An object that is there before anybody writes.
struct Made {
    /// The number of the operation that made it; 0 for the root.
    counter: u64,
    path: FieldPath,
    object_type: ObjType,
}

static VISIT_OBJECTS: LazyLock<Vec<Made>> = LazyLock::new(|| {
    let root = Made {
        counter: 0,
        path: FieldPath::default(),
        object_type: ObjType::Map,
    };
    let mut made = vec![root];
    let Some(genesis) = genesis_change(&Kind::Visit) else {
        return made;
    };
    for (op, counter) in genesis
        .decode()
        .operations
        .iter()
        .zip(genesis.start_op().get()..)
    {
        let parent = match &op.obj {
            ObjectId::Root => 0,
            ObjectId::Id(id) => id.counter(),
        };
        let parent = made.iter().find(|made| made.counter == parent);
        if let (OpType::Make(object_type), Key::Map(key), Some(parent)) =
            (&op.action, &op.key, parent)
        {
            let path = parent.path.child(key);
            made.push(Made {
                counter,
                path,
                object_type: *object_type,
            });
        }
    }
    made
});
