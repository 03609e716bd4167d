//! Whether a document reads as its kind.

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use crate::genesis::genesis_hash;
use crate::{Kind, PersonId, read};

/// The kind a document says it is; `None` if it says nothing.
pub fn kind_of(document: &Automerge) -> Option<Kind> {
    match read::string(document, &ROOT, "kind").as_str() {
        "" => None,
        name => Some(Kind::from(name)),
    }
}

/// Whether the document reads as `kind`: it starts from the kind's genesis,
/// has what the kind cannot do without, and every known field holds, in *every*
/// one of its values, what the field is for. Unknown fields may hold anything.
/// The error says, in English, what was found first.
pub fn reads_as(document: &Automerge, kind: &Kind) -> Result<(), String> {
    let genesis = genesis_hash(kind).ok_or_else(|| format!("unknown kind {kind}"))?;
    if document
        .get_change_meta_by_hash(&genesis.to_automerge())
        .is_none()
    {
        return Err(format!("does not start from the genesis of {kind}"));
    }
    if kind_of(document).as_ref() != Some(kind) {
        return Err(format!("does not call itself {kind}"));
    }
    for key in required(kind) {
        if !matches!(document.get(ROOT, *key), Ok(Some(_))) {
            return Err(format!("{key} is missing"));
        }
    }
    for (pattern, holds) in fields(kind) {
        let pattern: Vec<&str> = pattern.split('/').collect();
        check(document, &ROOT, &pattern, *holds, &mut Vec::new())?;
    }
    Ok(())
}

/// Whether the field at these keys is known and holds scalars such as this one.
pub(crate) fn may_hold(kind: &Kind, keys: &[String], value: &ScalarValue) -> bool {
    let is_at = |pattern: &str| {
        let mut keys = keys.iter();
        pattern
            .split('/')
            .all(|part| keys.next().is_some_and(|key| part == "*" || part == key))
            && keys.next().is_none()
    };
    let mut known = fields(kind).iter().filter(|(pattern, _)| is_at(pattern));
    let holds = known.next().map(|(_, holds)| *holds);
    holds.is_some_and(|holds| fits_scalar(value, holds))
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Map,
    Text,
    String,
    Integer,
    Bytes,
    Flag,
    /// The text of an id.
    Id,
}

use Holds::{Bytes, Flag, Id, Integer, Map, String as Words, Text};

fn required(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Community => &["name"],
        Kind::Door => &["community", "grid", "building", "unit", "label"],
        Kind::Visit => &["door", "at", "by"],
        Kind::Other(_) => &[],
    }
}

/// The known fields of a kind; `*` stands for any key.
fn fields(kind: &Kind) -> &'static [(&'static str, Holds)] {
    match kind {
        Kind::Community => &[
            ("kind", Words),
            ("schema", Integer),
            ("name", Words),
            ("grids", Map),
            ("grids/*", Map),
            ("grids/*/name", Words),
            ("buildings", Map),
            ("buildings/*", Map),
            ("buildings/*/units", Integer),
            ("buildings/*/floors", Integer),
            ("buildings/*/note", Words),
            ("lists", Map),
            ("lists/*", Map),
            ("lists/*/*", Map),
            ("lists/*/*/zh", Words),
            ("lists/*/*/en", Words),
            ("lists/*/*/order", Integer),
            ("phrases", Map),
            ("phrases/*", Map),
            ("phrases/*/zh", Words),
            ("phrases/*/order", Integer),
        ],
        Kind::Door => &[
            ("kind", Words),
            ("schema", Integer),
            ("persons", Map),
            ("persons/*", Map),
            ("persons/*/name", Words),
            ("persons/*/relation", Words),
            ("persons/*/birth_year", Integer),
            ("persons/*/tags", Map),
            ("persons/*/tags/*", Flag),
            ("tags", Map),
            ("tags/*", Flag),
            ("plan", Map),
            ("plan/interval_days", Integer),
            ("plan/purpose", Words),
            ("remarks", Text),
            ("sealed", Map),
            ("sealed/*", Bytes),
            ("community", Id),
            ("grid", Id),
            ("building", Words),
            ("unit", Words),
            ("label", Words),
            ("floor", Integer),
        ],
        Kind::Visit => &[
            ("kind", Words),
            ("schema", Integer),
            ("note", Text),
            ("checks", Map),
            ("checks/*", Words),
            ("met", Map),
            ("met/*", Flag),
            ("review", Map),
            ("review/comment", Text),
            ("review/state", Words),
            ("review/by", Id),
            ("review/at", Integer),
            ("sealed", Map),
            ("sealed/*", Bytes),
            ("door", Id),
            ("at", Integer),
            ("by", Id),
            ("purpose", Words),
            ("outcome", Words),
        ],
        Kind::Other(_) => &[],
    }
}

fn check(
    document: &Automerge,
    parent: &ObjId,
    pattern: &[&str],
    holds: Holds,
    path: &mut Vec<String>,
) -> Result<(), String> {
    let Some((first, rest)) = pattern.split_first() else {
        return Ok(());
    };
    let keys: Vec<String> = match *first {
        "*" => document.keys(parent).collect(),
        key => vec![key.to_owned()],
    };
    for key in keys {
        let values = document.get_all(parent, key.as_str());
        path.push(key);
        for (value, id) in values.map_err(|error| error.to_string())? {
            if rest.is_empty() {
                if !fits(&value, holds) {
                    return Err(format!("{} does not hold {holds:?}", path.join("/")));
                }
            } else if value.to_objtype() == Some(ObjType::Map) {
                check(document, &id, rest, holds, path)?;
            }
        }
        path.pop();
    }
    Ok(())
}

fn fits(value: &Value<'_>, holds: Holds) -> bool {
    match (holds, value) {
        (Map, Value::Object(found)) => *found == ObjType::Map,
        (Text, Value::Object(found)) => *found == ObjType::Text,
        (_, Value::Object(_)) | (Map | Text, Value::Scalar(_)) => false,
        (_, Value::Scalar(scalar)) => fits_scalar(scalar, holds),
    }
}

fn fits_scalar(value: &ScalarValue, holds: Holds) -> bool {
    match (holds, value) {
        (Id, ScalarValue::Str(text)) => text.parse::<PersonId>().is_ok(),
        (Words, ScalarValue::Str(_))
        | (Integer, ScalarValue::Int(_))
        | (Bytes, ScalarValue::Bytes(_))
        | (Flag, ScalarValue::Boolean(_)) => true,
        _ => false,
    }
}
