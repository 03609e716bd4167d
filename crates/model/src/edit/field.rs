//! Writing one scalar field by its path.

use automerge::transaction::Transactable;
use automerge::{Automerge, Change, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use super::{EditError, commit, object, put};
use crate::FieldPath;

/// Writes `value` at `path`; `Null` deletes what is there. The maps on the way
/// must exist. Where people disagreed, this settles it.
pub fn set_field(
    document: &mut Automerge,
    path: &FieldPath,
    value: ScalarValue,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    let Some((last, parents)) = path.keys().split_last() else {
        return Err(EditError::Missing(String::new()));
    };
    commit(document, time_ms, |transaction| {
        let mut parent = ROOT;
        for key in parents {
            parent = object(transaction, &parent, key, ObjType::Map)?;
        }
        if value != ScalarValue::Null {
            return put(transaction, &parent, last, value);
        }
        if transaction.get(&parent, last.as_str())?.is_some() {
            transaction.delete(&parent, last.as_str())?;
        }
        Ok(())
    })
}

/// Writes `value` where people disagreed; does nothing where they did not, so
/// that a choice made on an old view does not overwrite a later answer.
pub fn settle(
    document: &mut Automerge,
    path: &FieldPath,
    value: ScalarValue,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    let disputed = crate::summary::conflicts(document).contains(&path.to_string());
    if !disputed {
        return Ok(None);
    }
    set_field(document, path, value, time_ms)
}

/// Every value that the field at `path` holds, the winner last.
pub fn values_at(document: &Automerge, path: &FieldPath) -> Vec<ScalarValue> {
    let Some((last, parents)) = path.keys().split_last() else {
        return Vec::new();
    };
    let Some((ObjType::Map, parent)) = crate::read::object_at(document, &FieldPath::new(parents))
    else {
        return Vec::new();
    };
    let all = document.get_all(&parent, last.as_str()).unwrap_or_default();
    all.into_iter()
        .filter_map(|(value, _)| match value {
            Value::Scalar(scalar) => Some(scalar.into_owned()),
            Value::Object(_) => None,
        })
        .collect()
}
