//! `POST /api/device/last`

use model::{Role, visit_id};
use serde_json::json;
use server::clock::now_ms;

use crate::support::{Phone, TestOffice, code_of, door};

const ROUTE: &str = "/api/device/last";

/// Writes a visit as the app does: its id tells which device made it.
fn visit(phone: &mut Phone, number: u32) -> model::DocumentId {
    let id = visit_id(phone.member.device, now_ms() + i64::from(number));
    let (draft, feed) = (phone.draft(door(number), "在家"), phone.feed());
    phone.replica.create_visit(id, feed, &draft, 1).unwrap();
    id
}

#[test]
fn a_person_whose_phone_lost_its_store_hears_what_the_office_has_of_it_and_what_it_lacks() {
    let office = TestOffice::start();
    let mut lost = office.worker("陈小满");
    let sent = visit(&mut lost, 0);
    let of_outbox = |phone: &Phone| -> Vec<_> {
        let outbox = phone.replica.outbox();
        outbox
            .map(|(document, own)| json!([document, own.hash]))
            .collect()
    };
    let mut asked = of_outbox(&lost);
    lost.exchange(&office);
    visit(&mut lost, 2);
    let unsent = of_outbox(&lost);
    asked.extend(unsent.clone());

    let mut new = office.enrol_again(lost.member.person);
    visit(&mut new, 4);
    new.exchange_all(&office);
    let question = json!({"device": lost.member.device, "changes": asked});
    let (status, answer) = office.post(ROUTE, Some(&new.token), &question);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["visits"], 1, "not those of the new phone");
    assert_eq!(answer["newest"][0]["id"], sent.to_string());
    assert_eq!(answer["newest"][0]["door"]["label"], "101");
    assert_eq!(answer["lacking"], json!([unsent[0][1]]));
    assert!(answer["last_exchange_at"].as_i64().unwrap() <= answer["as_of"].as_i64().unwrap());

    // Who does not remember which device it was is told of the one that was heard last.
    let (_, answer) = office.post(ROUTE, Some(&new.token), &json!({}));
    assert_eq!(answer["device"], lost.member.device.to_string());
}

#[test]
fn a_device_may_be_asked_about_by_its_person_and_the_supervisor_and_by_nobody_else() {
    let office = TestOffice::start();
    let phone = office.worker("陈小满");
    let supervisor = office.supervisor();
    let colleague = office.enrol("林秋实", Role::GridWorker, &[0]);
    let question = json!({"device": phone.member.device});
    for asker in [&phone, &supervisor] {
        let (status, answer) = office.post(ROUTE, Some(&asker.token), &question);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["visits"], 0);
    }
    let not_found = (404, "not_found".to_owned());
    assert_eq!(
        code_of(office.post(ROUTE, Some(&colleague.token), &question)),
        not_found
    );
    // Nobody else's device is guessed at, and not the one that asks.
    for asker in [&phone, &supervisor] {
        assert_eq!(
            code_of(office.post(ROUTE, Some(&asker.token), &json!({}))),
            not_found
        );
    }
    assert_eq!(office.post(ROUTE, None, &question).0, 401);
    assert_eq!(
        code_of(office.post(ROUTE, Some(&phone.token), &json!({"device": "x"}))),
        (400, "bad_request".to_owned())
    );
}
