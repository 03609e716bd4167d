//! Small readers over a document. A value of another type than the one asked
//! for reads as absent, so that nothing here can fail or panic on odd data.

use std::collections::BTreeSet;
use std::str::FromStr;

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use crate::FieldPath;

/// Whole numbers beyond this are not exact in a browser, so they read as
/// absent on both sides.
pub(crate) const LARGEST_EXACT_INTEGER: i64 = (1 << 53) - 1;

/// The winning object under `key`, if it is of type `wanted`.
pub fn object(document: &Automerge, parent: &ObjId, key: &str, wanted: ObjType) -> Option<ObjId> {
    match document.get(parent, key) {
        Ok(Some((Value::Object(found), id))) if found == wanted => Some(id),
        _ => None,
    }
}

/// The map under `key`.
pub fn map(document: &Automerge, parent: &ObjId, key: &str) -> Option<ObjId> {
    object(document, parent, key, ObjType::Map)
}

/// The object at a path and its type.
pub fn object_at(document: &Automerge, path: &FieldPath) -> Option<(ObjType, ObjId)> {
    let mut here = (ObjType::Map, ROOT);
    for key in path.keys() {
        if here.0 != ObjType::Map {
            return None;
        }
        let Ok(Some((Value::Object(found), id))) = document.get(&here.1, key.as_str()) else {
            return None;
        };
        here = (found, id);
    }
    Some(here)
}

/// The string under `key`; empty when there is none.
pub fn string(document: &Automerge, parent: &ObjId, key: &str) -> String {
    match document.get(parent, key) {
        Ok(Some((Value::Scalar(value), _))) => value.as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// The id under `key`.
pub fn id<T: FromStr>(document: &Automerge, parent: &ObjId, key: &str) -> Option<T> {
    string(document, parent, key).parse().ok()
}

/// The whole number under `key`, if a browser can hold it exactly.
pub fn integer(document: &Automerge, parent: &ObjId, key: &str) -> Option<i64> {
    let Ok(Some((Value::Scalar(value), _))) = document.get(parent, key) else {
        return None;
    };
    let number = match value.as_ref() {
        ScalarValue::Int(number) => *number,
        ScalarValue::Uint(number) => i64::try_from(*number).ok()?,
        // A browser cannot tell 3.0 from 3.
        ScalarValue::F64(number) if number.fract() == 0.0 => *number as i64,
        _ => return None,
    };
    (number.unsigned_abs() <= LARGEST_EXACT_INTEGER.unsigned_abs()).then_some(number)
}

/// The words of the text under `key`; empty when there is none.
pub fn prose(document: &Automerge, parent: &ObjId, key: &str) -> String {
    object(document, parent, key, ObjType::Text)
        .and_then(|text| document.text(&text).ok())
        .unwrap_or_default()
}

/// The members of the set under `key`: those mapped to `true`.
pub fn set(document: &Automerge, parent: &ObjId, key: &str) -> BTreeSet<String> {
    let Some(map) = map(document, parent, key) else {
        return BTreeSet::new();
    };
    document
        .map_range(&map, ..)
        .filter(|item| item.value.clone().into_value().as_bool() == Some(true))
        .map(|item| item.key.into_owned())
        .collect()
}

/// The entries of the map under `key` that are maps themselves.
pub fn maps(document: &Automerge, parent: &ObjId, key: &str) -> Vec<(String, ObjId)> {
    let Some(map) = map(document, parent, key) else {
        return Vec::new();
    };
    document
        .map_range(&map, ..)
        .filter(|item| item.value.clone().into_value().to_objtype() == Some(ObjType::Map))
        .map(|item| (item.key.to_string(), item.id()))
        .collect()
}

/// The keys of the map under `key`, whatever they hold.
pub fn keys(document: &Automerge, parent: &ObjId, key: &str) -> Vec<String> {
    match map(document, parent, key) {
        Some(map) => document.keys(&map).collect(),
        None => Vec::new(),
    }
}
