//! Who wrote which words of a text.

use automerge::{ActorId, Automerge, ObjId, ObjType, ReadDoc, Value};

use crate::{FieldPath, read};

/// Words next to each other that one actor wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Who wrote them; `DeviceId::of_actor` tells the device.
    pub actor: ActorId,
}

/// The runs of the text at `path`, from its beginning; together they are the
/// text. Empty when there is no text there. Characters that an embedded object
/// stands for are left out.
pub fn author_runs(document: &Automerge, path: &FieldPath) -> Vec<Run> {
    let Some((ObjType::Text, text)) = read::object_at(document, path) else {
        return Vec::new();
    };
    let mut runs: Vec<Run> = Vec::new();
    for item in document.list_range(&text, ..) {
        let (Value::Scalar(value), ObjId::Id(_, actor, _)) =
            (item.value.clone().into_value(), item.id())
        else {
            continue;
        };
        let Some(words) = value.as_str() else {
            continue;
        };
        match runs.last_mut() {
            Some(run) if run.actor == actor => run.text.push_str(words),
            _ => runs.push(Run {
                text: words.to_owned(),
                actor,
            }),
        }
    }
    runs
}
