//! `POST /api/rescue`

use model::{DocumentId, Kind, PersonId, Reason, Role, community_id};
use serde_json::Value;
use server::audit;
use server::chance::at_rest;
use server::clock::now_ms;
use sync::frame::ChangeFrame;
use sync::rescue::{self, Contents, Head, Item, Key};

use crate::support::{COMMUNITY, Phone, TestOffice, agent, code_of, door, grid, note_of};

fn head_of(phone: &Phone) -> Head {
    Head {
        device: phone.member.device,
        person: phone.member.person,
        name: "陈小满".to_owned(),
        community: community_id(COMMUNITY),
        made_at_ms: now_ms(),
        app: "test".to_owned(),
    }
}

fn contents_of(phone: &Phone) -> Contents {
    let item = |(document, change): (DocumentId, &sync::replica::OwnChange)| Item {
        change: ChangeFrame {
            document,
            kind: Kind::Visit,
            feed: grid(0),
            bytes: change.bytes.clone(),
        },
        at_ms: now_ms(),
        door: Some(door(0)),
        place: "3-2-101".to_owned(),
    };
    Contents {
        items: phone.replica.outbox().map(item).collect(),
        ..Contents::default()
    }
}

fn key_of(phone: &Phone) -> Key {
    at_rest(&phone.token)
}

/// The file of everything that a phone has not sent.
fn file_of(phone: &Phone) -> Vec<u8> {
    let (head, contents) = (head_of(phone), contents_of(phone));
    rescue::write(&head, &contents, "陈小满", &key_of(phone))
}

fn bring(office: &TestOffice, carrier: &Phone, file: &[u8]) -> (u16, Value) {
    let mut response = agent()
        .post(format!("{}/api/rescue", office.url))
        .header("authorization", format!("Bearer {}", carrier.token))
        .send(file)
        .unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    (
        response.status().as_u16(),
        serde_json::from_str(&text).unwrap(),
    )
}

fn statuses(answer: &Value) -> Vec<(&str, bool)> {
    let items = answer["items"].as_array().unwrap().iter();
    items
        .map(|item| {
            (
                item["status"].as_str().unwrap(),
                item["was_here"].as_bool().unwrap(),
            )
        })
        .collect()
}

#[test]
fn what_a_phone_could_not_send_is_taken_in_from_any_device_of_its_community_as_its_own_words() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut colleague = office.enrol("林秋实", Role::GridWorker, &[1]);
    colleague.exchange(&office);
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "门上有水渍");
    phone
        .replica
        .edit_note(visit, "门上有水渍，已告知物业", 1)
        .unwrap();
    let file = file_of(&phone);

    // The colleague may not write in that grid; the words are not the colleague's.
    let (status, answer) = bring(&office, &colleague, &file);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(statuses(&answer), [("accepted", false); 2]);
    assert_eq!(answer["person"]["name"], "陈小满");
    assert_eq!(answer["items"][0]["place"], "3-2-101");
    let (_, rows) = office.get("/api/desk/visits", Some(&supervisor.token));
    assert_eq!(
        rows["rows"][0]["summary"]["by"],
        phone.member.person.to_string()
    );
    assert_eq!(rows["rows"][0]["summary"]["note"], "门上有水渍，已告知物业");

    // Another device brings the same file, and the phone itself lives again: nothing twice.
    let (_, again) = bring(&office, &supervisor, &file);
    assert_eq!(statuses(&again), [("accepted", true); 2]);
    phone.exchange_all(&office);
    assert_eq!(phone.replica.outbox().count(), 0, "receipted");
    assert_eq!(
        note_of(&phone.replica.open(visit).unwrap()),
        "门上有水渍，已告知物业"
    );
    let (_, rows) = office.get("/api/desk/visits", Some(&supervisor.token));
    assert_eq!(rows["total"], 1);

    let lines = audit::lines(&*office.office.store).unwrap();
    let brought: Vec<_> = lines.iter().filter(|line| line.what == "rescue").collect();
    assert_eq!(brought.len(), 1, "only a file that brought something");
    assert_eq!(brought[0].by, colleague.member.person);
}

#[test]
fn the_carrier_gets_what_it_carried_like_anybody_else() {
    let office = TestOffice::start();
    let mut colleague = office.worker("林秋实");
    colleague.exchange_all(&office);
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "门上有水渍");
    assert_eq!(bring(&office, &colleague, &file_of(&phone)).0, 200);
    colleague.exchange_all(&office);
    assert_eq!(colleague.note(visit), "门上有水渍");
}

#[test]
fn what_builds_on_something_that_never_came_waits_in_the_tray_until_it_comes() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "一");
    phone.replica.edit_note(visit, "一二", 1).unwrap();
    let mut contents = contents_of(&phone);
    let first = contents.items.remove(0);
    let write =
        |contents: &Contents| rescue::write(&head_of(&phone), contents, "", &key_of(&phone));

    let (_, answer) = bring(&office, &supervisor, &write(&contents));
    assert_eq!(statuses(&answer), [("held", false)]);
    assert_eq!(answer["items"][0]["reason"]["code"], "waits");
    contents.items = vec![first];
    let (_, answer) = bring(&office, &supervisor, &write(&contents));
    assert_eq!(statuses(&answer), [("accepted", false)]);
    let (_, rows) = office.get("/api/desk/visits", Some(&supervisor.token));
    assert_eq!(rows["rows"][0]["summary"]["note"], "一二");
}

#[test]
fn a_damaged_altered_or_foreign_file_is_refused_in_words_and_nothing_of_it_is_kept() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let other = office.worker("林秋实");
    let mut phone = office.worker("陈小满");
    phone.visit(door(0), "门上有水渍");
    let file = file_of(&phone);
    let forged = rescue::write(&head_of(&phone), &contents_of(&phone), "", &key_of(&other));
    let mut altered = file.clone();
    altered[file.len() / 2] ^= 1;
    let cases: [(&[u8], u16, &str); 5] = [
        (b"PK", 422, "not_a_rescue_file"),
        (b"stairwell rescue 2\n", 426, "rescue_version_unknown"),
        (&file[..30], 422, "rescue_damaged"),
        (&altered, 422, "rescue_wrong_seal"),
        (&forged, 422, "rescue_wrong_seal"),
    ];
    for (file, status, code) in cases {
        let refused = code_of(bring(&office, &supervisor, file));
        assert_eq!(refused, (status, code.to_owned()));
    }
    let (_, rows) = office.get("/api/desk/visits", Some(&supervisor.token));
    assert_eq!(rows["total"], 0);
    assert_eq!(office.office.tray.waiting(), 0);
    let (status, _) = office.post("/api/rescue", None, &serde_json::json!({}));
    assert_eq!(status, 401);
    let large = vec![b' '; model::limits::REQUEST_BYTES + 1];
    assert_eq!(
        code_of(bring(&office, &supervisor, &large)),
        (413, "too_large".to_owned())
    );
}

#[test]
fn a_file_of_another_community_is_refused() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    phone.visit(door(0), "门上有水渍");
    let mut person = office.office.people.person(phone.member.person).unwrap();
    person.community = community_id("别的小区");
    office.office.people.put_person(person).unwrap();
    assert_eq!(
        code_of(bring(&office, &supervisor, &file_of(&phone))),
        (404, "rescue_device_unknown".to_owned())
    );
}

#[test]
fn a_file_of_a_phone_that_a_restored_office_never_knew_is_kept_for_the_supervisor_who_brings_it() {
    let before = TestOffice::start();
    let mut phone = before.worker("陈小满");
    phone.visit(door(0), "恢复以前写的");
    let restored = TestOffice::start();
    let (supervisor, worker) = (restored.supervisor(), restored.worker("林秋实"));
    let file = file_of(&phone);
    assert_eq!(
        code_of(bring(&restored, &worker, &file)),
        (404, "rescue_device_unknown".to_owned())
    );
    for was_here in [false, true] {
        let (status, answer) = bring(&restored, &supervisor, &file);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(statuses(&answer), [("held", was_here)]);
    }
    let (_, tray) = restored.get("/api/desk/tray", Some(&supervisor.token));
    assert!(
        tray["rows"][0]["words"]
            .to_string()
            .contains("恢复以前写的")
    );
    let id = tray["rows"][0]["id"].as_str().unwrap();
    let path = format!("/api/desk/tray/{id}/admit");
    let (status, admitted) = restored.post(&path, Some(&supervisor.token), &serde_json::json!({}));
    assert_eq!(status, 200, "{admitted}");
}

#[test]
fn what_a_person_wrote_who_is_gone_goes_to_the_tray_for_the_supervisor_to_admit() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    phone.visit(door(0), "门上有水渍");
    let mut device = office.office.people.device(phone.member.device).unwrap();
    device.person = PersonId::from_bytes([9; 16]);
    office.office.people.put_device(device).unwrap();

    let file = file_of(&phone);
    for was_here in [false, true] {
        let (status, answer) = bring(&office, &supervisor, &file);
        assert_eq!(status, 200, "{answer}");
        assert_eq!(statuses(&answer), [("held", was_here)]);
        let reason = &answer["items"][0]["reason"];
        assert_eq!(reason["code"], Reason::SenderGone.as_str());
        assert!(reason["zh"].is_string() && reason["en"].is_string());
    }
    let (_, tray) = office.get("/api/desk/tray", Some(&supervisor.token));
    assert_eq!(tray["total"], 1);
    assert!(tray["rows"][0]["words"].to_string().contains("门上有水渍"));
}
