//! `GET /api/persons/{door}/{resident}/phone`

use model::edit::{DoorRecord, write_door};
use model::records::Plan;
use model::{FeedId, Kind, PersonId, Role, community_id, resident_id};
use server::audit;
use server::office::OwnWrite;
use server::sealed::seal;

use crate::support::{COMMUNITY, TestOffice, code_of, door, grid};

/// Seals a phone number into the first door.
fn seal_phone(office: &TestOffice, resident: PersonId, number: &str) {
    let key = [7; 32];
    office.office.store.put_key(resident, &key).unwrap();
    let place = format!("{resident}/phone");
    let sealed = seal(&key, &place, number).unwrap();
    let community: FeedId = community_id(COMMUNITY).as_feed();
    let record = DoorRecord {
        community,
        grid: grid(0),
        building: "3".into(),
        unit: "2".into(),
        label: "101".into(),
        floor: None,
        persons: Default::default(),
        tags: Default::default(),
        plan: Plan::default(),
        remarks: String::new(),
        sealed: [(place, sealed)].into(),
    };
    let edit =
        Box::new(move |document: &mut automerge::Automerge| write_door(document, &record, 0));
    office
        .office
        .write_own(
            vec![OwnWrite {
                document: door(0),
                kind: Kind::Door,
                feed: grid(0),
                edit,
            }],
            1,
        )
        .unwrap();
}

#[test]
fn a_phone_number_is_opened_for_those_of_the_grid_and_each_look_is_on_record() {
    let office = TestOffice::start();
    let resident = resident_id(door(0), "王春兰", 1);
    seal_phone(&office, resident, "138 0000 0000");
    let path = format!("/api/persons/{}/{resident}/phone", door(0));
    let worker = office.worker("陈小满");
    let supervisor = office.supervisor();
    let stranger = office.enrol("沈青禾", Role::GridWorker, &[1]);

    for reader in [&worker, &supervisor] {
        let (status, answer) = office.get(&path, Some(&reader.token));
        assert_eq!(
            (status, answer["phone"].as_str()),
            (200, Some("138 0000 0000"))
        );
    }
    assert_eq!(
        code_of(office.get(&path, Some(&stranger.token))),
        (404, "not_found".to_owned())
    );
    assert_eq!(
        code_of(office.get(&path, None)),
        (401, "token_missing".to_owned())
    );

    let lines = audit::lines(&*office.office.store).unwrap();
    let looks: Vec<_> = lines
        .iter()
        .map(|line| (line.what.as_str(), line.by))
        .collect();
    assert_eq!(
        looks,
        [
            ("reveal_phone", worker.member.person),
            ("reveal_phone", supervisor.member.person)
        ]
    );
    assert_eq!(lines[0].about, [door(0).to_string(), resident.to_string()]);
}

#[test]
fn what_was_never_sealed_or_whose_key_is_destroyed_is_not_found() {
    let office = TestOffice::start();
    let worker = office.worker("陈小满");
    let resident = resident_id(door(0), "王春兰", 1);
    let path = format!("/api/persons/{}/{resident}/phone", door(0));
    assert_eq!(code_of(office.get(&path, Some(&worker.token))).0, 404);
    seal_phone(&office, resident, "138 0000 0000");
    assert_eq!(office.get(&path, Some(&worker.token)).0, 200);
    office.office.store.destroy_key(resident).unwrap();
    assert_eq!(code_of(office.get(&path, Some(&worker.token))).0, 404);
    for odd in [
        "/api/persons/x/y/phone",
        &format!("/api/persons/{}/{resident}/phone", door(99)),
    ] {
        assert_eq!(code_of(office.get(odd, Some(&worker.token))).0, 404);
    }
}
