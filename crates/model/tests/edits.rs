//! What the writers write.

mod shared;

use std::collections::BTreeMap;

use automerge::{Automerge, Change, ScalarValue};
use model::edit::{
    CommunityRecord, DoorRecord, EditError, PersonRecord, ReviewDraft, edit_note, new_visit,
    remove_person, review, set_field, settle, values_at, write_community, write_door,
    write_remarks,
};
use model::lists::shipped_lists;
use model::records::Plan;
use model::{FieldPath, Kind, Summary, resident_id, summarise};
use shared::{AT, DOOR, GRID, SUPERVISOR, blank, copy, draft, note_of, visit};

fn record() -> DoorRecord {
    let person = PersonRecord {
        name: "样例甲".to_owned(),
        relation: "户主".to_owned(),
        birth_year: Some(1950),
        tags: ["aged".to_owned()].into(),
    };
    DoorRecord {
        community: GRID,
        grid: GRID,
        building: "3".to_owned(),
        unit: "2".to_owned(),
        label: "501".to_owned(),
        floor: Some(5),
        persons: [(resident_id(DOOR, "样例甲", 1), person)].into(),
        tags: ["lives_alone".to_owned()].into(),
        plan: Plan::default(),
        remarks: "请敲门。".to_owned(),
        sealed: BTreeMap::new(),
    }
}

fn door(document: &Automerge) -> model::summary::DoorSummary {
    match summarise(document) {
        Ok(Summary::Door(door)) => door,
        other => panic!("{other:?}"),
    }
}

type Writer = fn(&mut Automerge) -> Result<Option<Change>, EditError>;

#[test]
fn every_writer_makes_one_change_and_none_the_second_time() {
    let rows: [(&str, Kind, Writer); 8] = [
        ("visit", Kind::Visit, |document| {
            new_visit(document, &draft("一句话。"), AT)
        }),
        ("note", Kind::Visit, |document| {
            edit_note(document, "另一句。", AT)
        }),
        ("field", Kind::Visit, |document| {
            set_field(document, &FieldPath::parse("checks/gas"), "ok".into(), AT)
        }),
        ("delete", Kind::Visit, |document| {
            set_field(
                document,
                &FieldPath::parse("outcome"),
                ScalarValue::Null,
                AT,
            )
        }),
        ("review", Kind::Visit, |document| {
            let draft = ReviewDraft {
                state: "accepted".to_owned(),
                comment: "好。".to_owned(),
                by: SUPERVISOR,
                at: AT,
            };
            review(document, &draft, AT)
        }),
        ("door", Kind::Door, |document| {
            write_door(document, &record(), AT)
        }),
        ("remarks", Kind::Door, |document| {
            write_remarks(document, "有狗。", AT)
        }),
        ("community", Kind::Community, |document| {
            let record = CommunityRecord {
                name: "样例小区".to_owned(),
                lists: shipped_lists(),
                ..CommunityRecord::default()
            };
            write_community(document, &record, AT)
        }),
    ];
    for (name, kind, write) in rows {
        let mut document = blank(&kind);
        set_outcome(&mut document, &kind);
        let before = document.get_changes(&[]).len();
        let change = write(&mut document).unwrap().expect(name);
        assert_eq!(document.get_heads(), [change.hash()], "{name}");
        assert_eq!(document.get_changes(&[]).len(), before + 1, "{name}");
        assert_eq!(change.timestamp(), AT / 1000, "{name}: whole seconds");
        assert_eq!(write(&mut document).unwrap(), None, "{name} again");
    }
}

fn set_outcome(document: &mut Automerge, kind: &Kind) {
    if *kind == Kind::Visit {
        set_field(document, &FieldPath::parse("outcome"), "met".into(), AT).unwrap();
    }
}

#[test]
fn one_visit_of_a_few_words_is_small() {
    let mut document = blank(&Kind::Visit);
    let draft = draft(&"门前聊了几句，家里都好。".repeat(4));
    let change = new_visit(&mut document, &draft, AT).unwrap().unwrap();
    assert!(
        change.raw_bytes().len() < 500,
        "{}",
        change.raw_bytes().len()
    );
}

#[test]
fn a_ledger_adds_and_corrects_and_takes_nothing_away() {
    let mut document = blank(&Kind::Door);
    write_door(&mut document, &record(), AT).unwrap();
    let newcomer = resident_id(DOOR, "样例乙", 1);
    let mut later = record();
    later.floor = Some(6);
    later.remarks = String::new();
    later.tags.clear();
    later.persons = [(newcomer, PersonRecord::default())].into();
    write_door(&mut document, &later, AT).unwrap().unwrap();
    let door_now = door(&document);
    assert_eq!(door_now.floor, Some(6));
    assert_eq!(door_now.remarks, "请敲门。");
    assert_eq!(door_now.tags, ["aged", "lives_alone"]);
    assert_eq!(door_now.persons.len(), 2);
}

#[test]
fn a_person_taken_off_a_door_takes_the_sealed_facts_along() {
    let [gone, stays] = [1, 2].map(|nth| resident_id(DOOR, "样例甲", nth));
    let mut full = record();
    full.persons.insert(stays, PersonRecord::default());
    full.sealed = [gone, stays]
        .map(|id| (format!("{id}/phone"), vec![1; 30]))
        .into();
    let mut document = blank(&Kind::Door);
    write_door(&mut document, &full, AT).unwrap();
    remove_person(&mut document, gone, AT).unwrap().unwrap();
    let door_now = door(&document);
    assert_eq!(door_now.persons.len(), 1);
    assert_eq!(door_now.persons[0].sealed, ["phone"]);
    assert!(
        values_at(
            &document,
            &FieldPath::new(&["sealed", &format!("{gone}/phone")])
        )
        .is_empty()
    );
    assert_eq!(remove_person(&mut document, gone, AT).unwrap(), None);
}

#[test]
fn settling_ends_a_disagreement_and_touches_nothing_else() {
    let base = visit("");
    let mut first = copy(&base, 2);
    let mut second = copy(&base, 3);
    let outcome = FieldPath::parse("outcome");
    assert_eq!(
        settle(&mut first, &outcome, "phone".into(), AT).unwrap(),
        None,
        "nothing to settle"
    );
    set_field(&mut first, &outcome, "phone".into(), AT).unwrap();
    set_field(&mut second, &outcome, "no_answer".into(), AT).unwrap();
    first.merge(&mut second).unwrap();
    let mut both = values_at(&first, &outcome);
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, ["no_answer", "phone"].map(ScalarValue::from));
    settle(&mut first, &outcome, "phone".into(), AT)
        .unwrap()
        .unwrap();
    assert_eq!(
        values_at(&first, &outcome),
        ["phone"].map(ScalarValue::from)
    );
    assert!(model::summary::conflicts(&first).is_empty());
}

#[test]
fn two_who_write_the_same_do_not_disagree() {
    let base = visit("");
    let mut first = copy(&base, 2);
    let mut second = copy(&base, 3);
    for document in [&mut first, &mut second] {
        set_field(document, &FieldPath::parse("outcome"), "phone".into(), AT).unwrap();
    }
    first.merge(&mut second).unwrap();
    assert!(model::summary::conflicts(&first).is_empty());
}

#[test]
fn a_failed_write_leaves_the_document_as_it_was() {
    let mut document = visit("一句话。");
    let before = document.get_heads();
    let nowhere = FieldPath::parse("nowhere/at_all");
    assert!(set_field(&mut document, &nowhere, 1_i64.into(), AT).is_err());
    assert!(
        write_remarks(&mut document, "一句话。", AT).is_err(),
        "a visit has no remarks"
    );
    assert_eq!(document.get_heads(), before);
    assert_eq!(note_of(&document), "一句话。");
}
