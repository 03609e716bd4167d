//! `POST /api/enrol`

use model::{Role, community_id};
use serde_json::json;
use server::clock::now_ms;
use server::people::CODE_LIFE_MS;

use crate::support::{COMMUNITY, TestOffice, code_of, grid};

#[test]
fn a_code_enrols_one_device_that_is_then_known() {
    let office = TestOffice::start();
    let phone = office.worker("陈小满");
    let (status, answer) = office.get("/api/desk/numbers", Some(&phone.token));
    assert_eq!(
        (status, answer["error"]["code"].as_str()),
        (403, Some("role_not_allowed"))
    );
    let member = office.office.member_of_device(phone.member.device).unwrap();
    assert_eq!(member.person, phone.member.person);
    assert_eq!(member.feeds, [community_id(COMMUNITY).as_feed(), grid(0)]);
}

#[test]
fn used_expired_and_unknown_codes_are_told_apart_in_words() {
    let office = TestOffice::start();
    let people = &office.office.people;
    let person = people
        .add_person(
            "陈小满",
            Role::GridWorker,
            community_id(COMMUNITY),
            vec![grid(0)],
            0,
        )
        .unwrap();
    let used = people.make_link(person.id, now_ms()).unwrap();
    office.post("/api/enrol", None, &json!({"code": used}));
    let expired = people
        .make_link(person.id, now_ms() - CODE_LIFE_MS)
        .unwrap();

    let cases = [
        (used.as_str(), 409, "code_used"),
        (&expired, 410, "code_expired"),
        ("AAAA", 404, "code_unknown"),
    ];
    let mut sentences = std::collections::BTreeSet::new();
    for (code, status, name) in cases {
        let answer = office.post("/api/enrol", None, &json!({"code": code}));
        sentences.insert(answer.1["error"]["zh"].to_string());
        assert_eq!(code_of(answer), (status, name.to_owned()));
    }
    assert_eq!(sentences.len(), 3);
    assert_eq!(
        code_of(office.post("/api/enrol", None, &json!({"cod": 1}))),
        (400, "bad_request".to_owned())
    );
}

#[test]
fn a_device_a_link_and_its_use_outlive_a_restart() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let person = phone.member.person;
    let open = office.office.people.make_link(person, now_ms()).unwrap();
    let used = office.office.people.make_link(person, now_ms()).unwrap();
    office.post("/api/enrol", None, &json!({"code": used}));

    let office = office.restart();
    phone.exchange(&office);
    assert_eq!(
        code_of(office.post("/api/enrol", None, &json!({"code": used}))).1,
        "code_used"
    );
    assert_eq!(
        office.post("/api/enrol", None, &json!({"code": open})).0,
        200
    );
}

#[test]
fn many_wrong_codes_from_one_address_are_made_to_wait() {
    let office = TestOffice::start();
    let answers: Vec<u16> = (0..25)
        .map(|number| {
            office
                .post("/api/enrol", None, &json!({"code": number.to_string()}))
                .0
        })
        .collect();
    assert_eq!(answers[..20], [404; 20]);
    assert_eq!(answers[20..], [429; 5]);
}

#[test]
fn neither_token_nor_code_lies_in_the_data_folder() {
    let office = TestOffice::start();
    let phone = office.worker("陈小满");
    let code = office
        .office
        .people
        .make_link(phone.member.person, now_ms())
        .unwrap();
    for table in store::Table::ALL {
        for (key, value) in office.office.store.records(table).unwrap() {
            let record = [key, value].concat();
            let holds = |secret: &str| {
                record
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes())
            };
            assert!(
                !holds(&phone.token) && !holds(&code),
                "a secret lies in {table:?}"
            );
        }
    }
}
