//! `GET /api/desk/tray`, `POST /api/desk/tray/{id}/admit`, `POST /api/desk/tray/{id}/set-aside`

use model::{Role, community_id};
use serde_json::{Value, json};
use server::audit;
use sync::replica::Standing;

use crate::support::{Phone, TestOffice, code_of, door, grid, note_of};

fn rows(office: &TestOffice, supervisor: &Phone, state: &str) -> Vec<Value> {
    let (status, answer) = office.get(
        &format!("/api/desk/tray?state={state}"),
        Some(&supervisor.token),
    );
    assert_eq!(status, 200, "{answer}");
    let rows = answer["rows"].as_array().unwrap().clone();
    assert_eq!(answer["total"], rows.len());
    rows
}

fn decide(office: &TestOffice, by: &Phone, row: &Value, what: &str) -> (u16, Value) {
    let id = row["id"].as_str().unwrap();
    office.post(
        &format!("/api/desk/tray/{id}/{what}"),
        Some(&by.token),
        &json!({}),
    )
}

/// A worker whose grid was taken away while a visit and an edit of it were still on the phone.
fn moved_worker(office: &TestOffice) -> (Phone, model::DocumentId) {
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "门上有水渍");
    phone
        .replica
        .edit_note(visit, "门上有水渍，已告知物业", 1)
        .unwrap();
    let mut person = office.office.people.person(phone.member.person).unwrap();
    person.grids = vec![grid(1)];
    office.office.people.put_person(person).unwrap();
    (phone, visit)
}

#[test]
fn a_late_visit_to_a_moved_door_is_held_readable_and_admitted_with_what_waits_for_it() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let (mut phone, visit) = moved_worker(&office);
    phone.exchange(&office);
    assert_eq!(phone.replica.outbox().count(), 0, "held is receipted");

    let waiting = rows(&office, &supervisor, "waiting");
    let reasons: Vec<_> = waiting
        .iter()
        .map(|row| row["reason"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(reasons.len(), 2);
    let first = waiting
        .iter()
        .find(|row| row["words"].to_string().contains("门上有水渍"))
        .unwrap();
    assert_eq!(first["reason"]["code"], "feed_not_yours");
    assert_eq!(first["person"]["name"], "陈小满");
    assert_eq!(first["document"], visit.to_string());
    assert_eq!(first["words"], json!(["门上有水渍"]));
    assert_eq!(first["fields"]["outcome"], "met");
    assert_eq!(first["fields"]["checks/gas"], "ok");
    assert_eq!(first["door"]["label"], "101", "the change names it");
    assert_eq!(first["fields"]["by"], phone.member.person.to_string());
    let at = |field: &str| first[field].as_i64().unwrap();
    assert!(0 < at("written_at") && at("written_at") <= at("received_at"));
    assert!(first["reason"]["zh"].is_string() && first["bytes"].as_u64().unwrap() > 0);

    let (status, answer) = decide(&office, &supervisor, first, "admit");
    assert_eq!(
        (status, answer["admitted"].as_array().map(Vec::len)),
        (200, Some(2)),
        "{answer}"
    );
    assert!(rows(&office, &supervisor, "waiting").is_empty());
    let stored = office.office.store.document(visit).unwrap().unwrap();
    let document = server::office::documents::open(&stored).unwrap();
    assert_eq!(note_of(&document), "门上有水渍，已告知物业");
    assert_eq!(stored.home_feed, grid(0));
    assert_eq!(
        audit::lines(&*office.office.store).unwrap()[0].what,
        "tray_admit"
    );
}

#[test]
fn the_phone_hears_that_what_was_held_has_come_in() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "我的走访");
    let review = model::edit::ReviewDraft {
        state: "accepted".into(),
        comment: String::new(),
        by: phone.member.person,
        at: 1,
    };
    phone.exchange(&office);
    phone.replica.review(visit, &review, 1).unwrap();
    phone.exchange(&office);
    let held: Vec<_> = phone
        .replica
        .own()
        .map(|(_, own)| own.standing.clone())
        .collect();
    assert_eq!(held, [Standing::Held("field_not_allowed".into())]);

    let row = rows(&office, &supervisor, "waiting").remove(0);
    assert_eq!(row["door"]["label"], "101");
    assert_eq!(decide(&office, &supervisor, &row, "admit").0, 200);
    phone.exchange_all(&office);
    assert_eq!(phone.replica.own().count(), 0);
}

#[test]
fn the_address_of_a_door_is_shown_only_to_its_own_supervisors_whatever_a_change_names() {
    let office = TestOffice::start();
    let (mut phone, supervisor) = (office.worker("陈小满"), office.supervisor());
    phone.visit(door(0), "门上有水渍");
    for person in [phone.member.person, supervisor.member.person] {
        let mut person = office.office.people.person(person).unwrap();
        person.community = community_id("别的小区");
        person.grids = Vec::new();
        office.office.people.put_person(person).unwrap();
    }
    phone.exchange(&office);
    let row = rows(&office, &supervisor, "waiting").remove(0);
    assert_eq!(row["fields"]["door"], door(0).to_string());
    assert_eq!(row["door"], Value::Null);
}

#[test]
fn what_is_set_aside_is_kept_and_readable_and_can_still_be_admitted() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let (mut phone, visit) = moved_worker(&office);
    phone.exchange(&office);
    for row in rows(&office, &supervisor, "waiting") {
        let (status, answer) = decide(&office, &supervisor, &row, "set-aside");
        assert_eq!((status, answer["state"].as_str()), (200, Some("set_aside")));
    }
    let office = office.restart();
    assert!(rows(&office, &supervisor, "waiting").is_empty());
    let aside = rows(&office, &supervisor, "set_aside");
    assert_eq!(aside.len(), 2);
    let first = aside
        .iter()
        .find(|row| row["words"].to_string().contains("门上有水渍"))
        .unwrap();
    assert_eq!(decide(&office, &supervisor, first, "admit").0, 200);
    assert!(office.office.store.document(visit).unwrap().is_some());
}

#[test]
fn what_still_cannot_be_taken_is_refused_with_its_reason() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let (mut phone, _) = moved_worker(&office);
    phone.exchange(&office);
    let waiting = rows(&office, &supervisor, "waiting");
    let later = waiting
        .iter()
        .find(|row| !row["words"].to_string().contains("门上有水渍"))
        .unwrap();
    assert_eq!(
        code_of(decide(&office, &supervisor, later, "admit")),
        (409, "waits".into())
    );
    assert_eq!(rows(&office, &supervisor, "waiting").len(), 2);
}

#[test]
fn nobody_else_decides_and_strange_ids_are_not_found() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let (mut phone, _) = moved_worker(&office);
    phone.exchange(&office);
    let row = rows(&office, &supervisor, "waiting").remove(0);
    let stranger = office.enrol("沈青禾", Role::GridWorker, &[1]);
    for what in ["admit", "set-aside"] {
        assert_eq!(
            code_of(decide(&office, &stranger, &row, what)),
            (403, "role_not_allowed".into())
        );
        for id in ["xyz", &"0".repeat(64)] {
            let answer = decide(&office, &supervisor, &json!({"id": id}), what);
            assert_eq!(code_of(answer), (404, "not_found".into()));
        }
    }
    office.is_for_supervisors_only("/api/desk/tray");
}
