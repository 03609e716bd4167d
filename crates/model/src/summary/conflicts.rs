//! Which fields hold more than one value.

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value, ValueRef};

/// The paths, with slashes and sorted, of the scalar fields that hold different
/// values written at the same time. The winner is the value that reads show. Two
/// people who wrote the same value did not disagree, so that is no conflict; nor
/// is a field whose winner is an object.
pub fn conflicts(document: &Automerge) -> Vec<String> {
    let mut found = Vec::new();
    collect(document, &ROOT, "", &mut found);
    found.sort_unstable();
    found
}

fn collect(document: &Automerge, map: &ObjId, prefix: &str, found: &mut Vec<String>) {
    for item in document.map_range(map, ..) {
        match &item.value {
            ValueRef::Object(ObjType::Map) => {
                collect(
                    document,
                    &item.id(),
                    &format!("{prefix}{}/", item.key),
                    found,
                );
            }
            ValueRef::Object(_) => {}
            ValueRef::Scalar(_) => {
                if item.conflict && differ(document, map, &item.key) {
                    found.push(format!("{prefix}{}", item.key));
                }
            }
        }
    }
}

fn differ(document: &Automerge, map: &ObjId, key: &str) -> bool {
    let values: Vec<Value<'_>> = match document.get_all(map, key) {
        Ok(all) => all.into_iter().map(|(value, _)| value).collect(),
        Err(_) => return false,
    };
    values.windows(2).any(|pair| !same(&pair[0], &pair[1]))
}

/// Whether a browser would read the same: it has one type of number.
fn same(first: &Value<'_>, second: &Value<'_>) -> bool {
    match (number(first), number(second)) {
        (Some(first), Some(second)) => first == second,
        _ => first == second,
    }
}

fn number(value: &Value<'_>) -> Option<f64> {
    match value.as_scalar()? {
        ScalarValue::Int(number) => Some(*number as f64),
        ScalarValue::Uint(number) => Some(*number as f64),
        ScalarValue::F64(number) => Some(*number),
        _ => None,
    }
}
