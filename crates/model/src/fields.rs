//! What a change touches: each of its operations resolved to the path of the
//! field it writes, whether or not it wins.
//!
//! The result of a merge does not show what a losing write did, so rules about
//! who may write what are held on the operations themselves.

use std::collections::{HashMap, HashSet};
use std::fmt;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::{Automerge, Change, ObjType, ScalarValue};

use crate::{genesis::genesis_change, schema::kind_of};

/// The way from the root of a document to a field: map keys, outermost first.
/// Places inside a text or list are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<String>);

impl FieldPath {
    /// The path through these keys.
    pub fn new<S: AsRef<str>>(keys: &[S]) -> Self {
        Self(keys.iter().map(|key| key.as_ref().to_owned()).collect())
    }

    /// The path that `text` writes with slashes: `review/comment`. A key that
    /// holds a slash itself cannot be written so.
    pub fn parse(text: &str) -> Self {
        Self(text.split('/').map(str::to_owned).collect())
    }

    /// The keys, outermost first.
    pub fn keys(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn child(&self, key: &str) -> Self {
        let mut keys = self.0.clone();
        keys.push(key.to_owned());
        Self(keys)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("/"))
    }
}

/// What an operation does at its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Writes a scalar.
    Put,
    /// Puts a new, empty object there.
    Make,
    /// Deletes what is there.
    Delete,
    /// Adds to a counter.
    Increment,
    /// Edits inside the text or list at the path.
    Edit,
}

/// One field that a change touches.
#[derive(Clone, Debug, PartialEq)]
pub struct Touched {
    /// Which field.
    pub path: FieldPath,
    /// What happens to it.
    pub action: Action,
    /// The value, when the action is `Put`.
    pub value: Option<ScalarValue>,
}

/// Why the fields of a change could not be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldsError {
    /// An operation works in an object that no change of the document makes.
    #[error("an operation works in an object that the document does not have")]
    UnknownObject,
}

/// The fields that `change` touches, in the order of its operations, each edit
/// inside one text or list once. `document` contains the change already, or is the genesis of its
/// kind; beside the genesis, a change that works in what another made is an error.
///
/// Decoding can panic on bytes made to do harm: guard the call for a change
/// that comes from the network.
pub fn touched_fields(document: &Automerge, change: &Change) -> Result<Vec<Touched>, FieldsError> {
    let operations = change.decode();
    let mut places = Places::default();
    if let Some(genesis) = kind_of(document).as_ref().and_then(genesis_change) {
        places.learn(genesis);
    }
    places.learn(change);
    // Nearly always the genesis and the change itself say where everything is,
    // and the history need not be rebuilt from the document's columns.
    if !operations.operations.iter().all(|op| places.knows(&op.obj)) {
        for earlier in document.get_changes(&[]) {
            places.learn(&earlier);
        }
    }
    let mut touched: Vec<Touched> = Vec::new();
    let mut edited = HashSet::new();
    for op in &operations.operations {
        let here = places.touched(op)?;
        if here.action != Action::Edit || edited.insert(here.path.clone()) {
            touched.push(here);
        }
    }
    Ok(touched)
}

/// Where the objects of a document are.
#[derive(Default)]
struct Places {
    paths: HashMap<OpId, FieldPath>,
}

impl Places {
    /// Notes the objects that `change` makes. Changes must come in an order in
    /// which an object is made before anything is put into it.
    fn learn(&mut self, change: &Change) {
        let change = change.decode();
        for (op, counter) in change.operations.iter().zip(change.start_op.get()..) {
            if !matches!(op.action, OpType::Make(_)) {
                continue;
            }
            if let Some(path) = self.path_of(op) {
                let id = OpId::new(counter, &change.actor_id);
                self.paths.insert(id, path);
            }
        }
    }

    fn knows(&self, object: &ObjectId) -> bool {
        self.object(object).is_some()
    }

    fn object(&self, object: &ObjectId) -> Option<FieldPath> {
        match object {
            ObjectId::Root => Some(FieldPath::default()),
            ObjectId::Id(id) => self.paths.get(id).cloned(),
        }
    }

    fn path_of(&self, op: &Op) -> Option<FieldPath> {
        let object = self.object(&op.obj)?;
        Some(match &op.key {
            Key::Map(key) => object.child(key),
            Key::Seq(ElementId::Head | ElementId::Id(_)) => object,
        })
    }

    fn touched(&self, op: &Op) -> Result<Touched, FieldsError> {
        let path = self.path_of(op).ok_or(FieldsError::UnknownObject)?;
        let in_sequence = !op.key.is_map_key();
        let (action, value) = match &op.action {
            _ if in_sequence => (Action::Edit, None),
            OpType::Put(value) => (Action::Put, Some(value.clone())),
            OpType::Make(ObjType::Map | ObjType::Table | ObjType::List | ObjType::Text) => {
                (Action::Make, None)
            }
            OpType::Delete => (Action::Delete, None),
            OpType::Increment(_) => (Action::Increment, None),
            OpType::MarkBegin(_) | OpType::MarkEnd(_) => (Action::Edit, None),
        };
        Ok(Touched {
            path,
            action,
            value,
        })
    }
}
