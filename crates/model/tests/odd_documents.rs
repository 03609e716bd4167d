//! Reading never fails, however odd the document.

mod shared;

use automerge::transaction::Transactable;
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use model::{FieldPath, Kind, Summary, author_runs, reads_as, summarise};
use proptest::collection::vec;
use proptest::prelude::*;
use shared::{blank, by_hand, copy};

/// Puts anything anywhere: key path and value.
#[derive(Clone, Debug)]
enum Odd {
    Scalar(ScalarValue),
    Object(ObjType),
}

fn odd() -> impl Strategy<Value = Odd> {
    let scalar = prop_oneof![
        any::<i64>().prop_map(ScalarValue::Int),
        any::<u64>().prop_map(ScalarValue::Uint),
        any::<f64>().prop_map(ScalarValue::F64),
        any::<bool>().prop_map(ScalarValue::Boolean),
        any::<i64>().prop_map(ScalarValue::Timestamp),
        any::<i64>().prop_map(ScalarValue::counter),
        vec(any::<u8>(), 0..4).prop_map(ScalarValue::Bytes),
        ".{0,8}".prop_map(|text| ScalarValue::Str(text.into())),
        Just(ScalarValue::Str(
            "4db16208-2695-5d44-b093-155edd209261".into()
        )),
        Just(ScalarValue::Null),
    ];
    let object = prop_oneof![Just(ObjType::Map), Just(ObjType::List), Just(ObjType::Text)];
    prop_oneof![3 => scalar.prop_map(Odd::Scalar), 1 => object.prop_map(Odd::Object)]
}

const KEYS: [&str; 24] = [
    "note",
    "checks",
    "met",
    "review",
    "comment",
    "state",
    "by",
    "at",
    "door",
    "outcome",
    "persons",
    "tags",
    "plan",
    "interval_days",
    "remarks",
    "sealed",
    "grids",
    "lists",
    "outcomes",
    "name",
    "floor",
    "gas",
    "4db16208-2695-5d44-b093-155edd209261",
    "4db16208-2695-5d44-b093-155edd209261/phone",
];

fn put(document: &mut Automerge, path: &[usize], odd: &Odd) {
    by_hand(document, |transaction| {
        let mut here: ObjId = ROOT;
        let Some((last, parents)) = path.split_last() else {
            return Ok(());
        };
        for key in parents {
            if let Some((Value::Object(ObjType::Map), next)) = transaction.get(&here, KEYS[*key])? {
                here = next;
            }
        }
        match odd {
            Odd::Scalar(value) => transaction.put(&here, KEYS[*last], value.clone()),
            Odd::Object(kind) => transaction
                .put_object(&here, KEYS[*last], *kind)
                .map(|_| ()),
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn summaries_and_checks_never_panic(
        kind in 0..3_usize,
        first in vec((vec(0..KEYS.len(), 1..4), odd()), 1..10),
        second in vec((vec(0..KEYS.len(), 1..4), odd()), 1..10),
    ) {
        let kind = &Kind::KNOWN[kind];
        let base = blank(kind);
        let mut mine = copy(&base, 2);
        let mut theirs = copy(&base, 3);
        for (path, odd) in &first {
            put(&mut mine, path, odd);
        }
        for (path, odd) in &second {
            put(&mut theirs, path, odd);
        }
        mine.merge(&mut theirs).unwrap();
        let _ = reads_as(&mine, kind);
        let _ = author_runs(&mine, &FieldPath::parse("note"));
        let summary = summarise(&mine).unwrap();
        prop_assert_eq!(Summary::from_json(&summary.to_json()).unwrap(), summary);
    }
}

#[test]
fn a_document_without_a_known_kind_has_no_summary() {
    assert!(summarise(&Automerge::new()).is_err());
    let mut later = Automerge::new().with_actor(shared::device(1).actor(0));
    by_hand(&mut later, |transaction| {
        transaction.put(ROOT, "kind", "round")
    });
    assert!(summarise(&later).is_err());
}
