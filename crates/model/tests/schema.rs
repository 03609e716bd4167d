//! When a document reads as its kind.

mod shared;

use automerge::transaction::Transactable;
use automerge::{Automerge, ObjType, ROOT, ReadDoc};
use model::edit::set_field;
use model::{FieldPath, Kind, reads_as};
use shared::{AT, blank, by_hand, copy, put_root_text, visit};

#[test]
fn a_visit_reads_as_a_visit_and_as_nothing_else() {
    let document = visit("家中有人。");
    assert_eq!(reads_as(&document, &Kind::Visit), Ok(()));
    assert!(reads_as(&document, &Kind::Door).is_err());
    assert!(reads_as(&document, &Kind::from("round")).is_err());
}

#[test]
fn unknown_fields_may_hold_anything() {
    let mut document = visit("");
    put_root_text(&mut document, "later", "x");
    by_hand(&mut document, |transaction| {
        transaction.put(ROOT, "score", 1.5)
    });
    assert_eq!(reads_as(&document, &Kind::Visit), Ok(()));
}

#[test]
fn a_document_that_does_not_start_from_the_genesis_is_no_visit() {
    let mut document = Automerge::new().with_actor(shared::device(1).actor(0));
    by_hand(&mut document, |transaction| {
        transaction.put(ROOT, "kind", "visit")?;
        transaction.put(ROOT, "schema", 1_i64)?;
        for key in ["door", "by"] {
            transaction.put(ROOT, key, shared::WORKER.to_string())?;
        }
        transaction.put(ROOT, "at", 0_i64)
    });
    assert!(reads_as(&document, &Kind::Visit).is_err());
}

#[test]
fn what_a_kind_cannot_do_without_must_be_there() {
    for kind in Kind::KNOWN {
        let missing = reads_as(&blank(&kind), &kind).unwrap_err();
        assert!(missing.contains("missing"), "{missing}");
    }
}

#[test]
fn a_value_of_another_type_does_not_read() {
    let rows: [(&str, automerge::ScalarValue); 7] = [
        ("outcome", 5_i64.into()),
        ("at", "soon".into()),
        ("at", automerge::ScalarValue::Uint(5)),
        ("by", "somebody".into()),
        ("checks/gas", true.into()),
        ("met/x", 1_i64.into()),
        ("review/by", "boss".into()),
    ];
    for (path, value) in rows {
        let mut document = visit("");
        set_field(&mut document, &FieldPath::parse(path), value, AT).unwrap();
        let error = reads_as(&document, &Kind::Visit).unwrap_err();
        assert!(error.starts_with(path), "{error}");
    }
    let mut document = visit("");
    put_root_text(&mut document, "outcome", "met");
    assert!(
        reads_as(&document, &Kind::Visit).is_err(),
        "a Text is no string"
    );
}

#[test]
fn a_value_that_loses_must_fit_too() {
    let base = visit("");
    let outcome = FieldPath::parse("outcome");
    for (good, bad) in [(2, 3), (3, 2)] {
        let mut document = copy(&base, good);
        let mut other = copy(&base, bad);
        set_field(&mut document, &outcome, "phone".into(), AT).unwrap();
        set_field(&mut other, &outcome, 1_i64.into(), AT).unwrap();
        document.merge(&mut other).unwrap();
        assert!(reads_as(&document, &Kind::Visit).is_err());
    }
}

#[test]
fn a_map_that_loses_is_looked_into_too() {
    let base = {
        let mut document = blank(&Kind::Door);
        by_hand(&mut document, |transaction| {
            for key in ["community", "grid"] {
                transaction.put(ROOT, key, shared::WORKER.to_string())?;
            }
            for key in ["building", "unit", "label"] {
                transaction.put(ROOT, key, "1")?;
            }
            Ok(())
        });
        document
    };
    assert_eq!(reads_as(&base, &Kind::Door), Ok(()));
    let with_name = |number, name: automerge::ScalarValue| {
        let mut document = copy(&base, number);
        by_hand(&mut document, |transaction| {
            let (_, persons) = transaction.get(ROOT, "persons")?.unwrap();
            let person = transaction.put_object(&persons, "x", ObjType::Map)?;
            transaction.put(&person, "name", name)
        });
        document
    };
    for (good, bad) in [(2, 3), (3, 2)] {
        let mut document = with_name(good, "样例".into());
        document.merge(&mut with_name(bad, 1_i64.into())).unwrap();
        assert!(reads_as(&document, &Kind::Door).is_err());
    }
}
