//! What a change touches, seen in its operations.

mod shared;

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, Change, ObjType, ROOT, ReadDoc};
use model::edit::{edit_note, set_field};
use model::{Action, FieldPath, FieldsError, Kind, touched_fields};
use shared::{AT, blank, by_hand, copy, visit};

fn touched(document: &Automerge, change: &Change) -> Vec<(String, Action)> {
    touched_fields(document, change)
        .unwrap()
        .into_iter()
        .map(|touched| (touched.path.to_string(), touched.action))
        .collect()
}

fn expected<const N: usize>(rows: [(&str, Action); N]) -> Vec<(String, Action)> {
    rows.map(|(path, action)| (path.to_owned(), action)).into()
}

#[test]
fn an_edit_inside_a_text_is_one_touch_however_long() {
    let mut document = visit("敲门。");
    let change = edit_note(&mut document, "按铃，没有人应，又敲了门。", AT)
        .unwrap()
        .unwrap();
    assert_eq!(
        touched(&document, &change),
        expected([("note", Action::Edit)])
    );
}

#[test]
fn a_write_that_loses_is_seen_all_the_same() {
    let base = visit("");
    let review = FieldPath::parse("review/state");
    // Either of two actors may win; between them both orders are covered.
    for (mine, theirs) in [(2, 3), (3, 2)] {
        let mut document = copy(&base, mine);
        let mut other = copy(&base, theirs);
        let change = set_field(&mut document, &review, "accepted".into(), AT)
            .unwrap()
            .unwrap();
        set_field(&mut other, &review, "asked_back".into(), AT).unwrap();
        document.merge(&mut other).unwrap();
        let found = touched_fields(&document, &change).unwrap();
        assert_eq!(found[0].path, review);
        assert_eq!(found[0].value, Some("accepted".into()));
    }
}

#[test]
fn a_write_that_was_deleted_since_is_seen_all_the_same() {
    let mut document = visit("");
    let change = by_hand(&mut document, |transaction| {
        let map = transaction.put_object(ROOT, "extra", ObjType::Map)?;
        transaction.put(&map, "inner", 1_i64)
    });
    by_hand(&mut document, |transaction| {
        transaction.delete(ROOT, "extra")
    });
    let both = [("extra", Action::Make), ("extra/inner", Action::Put)];
    assert_eq!(touched(&document, &change), expected(both));
}

#[test]
fn objects_made_by_earlier_changes_are_found() {
    let mut document = blank(&Kind::Door);
    by_hand(&mut document, |transaction| {
        let (_, persons) = transaction.get(ROOT, "persons")?.unwrap();
        let person = transaction.put_object(&persons, "someone", ObjType::Map)?;
        transaction.put_object(&person, "tags", ObjType::Map)?;
        Ok(())
    });
    let mut later = copy(&document, 5);
    let change = by_hand(&mut later, |transaction| {
        let (_, persons) = transaction.get(ROOT, "persons")?.unwrap();
        let (_, person) = transaction.get(&persons, "someone")?.unwrap();
        let (_, tags) = transaction.get(&person, "tags")?.unwrap();
        transaction.put(&tags, "aged", true)?;
        transaction.delete(&persons, "someone")
    });
    let both = [
        ("persons/someone/tags/aged", Action::Put),
        ("persons/someone", Action::Delete),
    ];
    assert_eq!(touched(&later, &change), expected(both));
}

#[test]
fn places_in_lists_are_left_out() {
    let mut document = visit("");
    let change = by_hand(&mut document, |transaction| {
        let list = transaction.put_object(ROOT, "photos", ObjType::List)?;
        let photo = transaction.insert_object(&list, 0, ObjType::Map)?;
        transaction.put(&photo, "hash", "00")?;
        transaction.insert(&list, 1, 5_i64)?;
        transaction.delete(&list, 0)
    });
    let all = [
        ("photos", Action::Make),
        ("photos", Action::Edit),
        ("photos/hash", Action::Put),
    ];
    assert_eq!(touched(&document, &change), expected(all));
}

#[test]
fn an_object_that_is_nowhere_is_an_error() {
    let mut stranger = Automerge::new().with_actor(ActorId::from(&[9_u8; 17][..]));
    by_hand(&mut stranger, |transaction| {
        transaction.put_object(ROOT, "hidden", ObjType::Map)?;
        Ok(())
    });
    let change = by_hand(&mut stranger, |transaction| {
        let (_, hidden) = transaction.get(ROOT, "hidden")?.unwrap();
        transaction.put(&hidden, "inner", 1_i64)
    });
    let found = touched_fields(&visit(""), &change);
    assert_eq!(found, Err(FieldsError::UnknownObject));
}
