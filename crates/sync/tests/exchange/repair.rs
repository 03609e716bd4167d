//! What differs is found in one more exchange, and nothing else travels.

use model::Role;
use sync::frame::Frame;

use crate::office::{Office, feed};
use crate::phone::{CLOCK_MS, Phone, document, frames_of};

/// Documents that an exchange brought.
fn brought(phone: &mut Phone, office: &mut Office) -> usize {
    let exchange = phone.replica.request(CLOCK_MS);
    let response = office.exchange(&phone.member, &exchange.body).unwrap();
    let documents = frames_of(&exchange, &response)
        .into_iter()
        .map(|frame| match frame {
            Frame::Rows(rows) => rows.len(),
            Frame::News(_) | Frame::Document(_) => 1,
            _ => 0,
        });
    let documents = documents.sum();
    phone.replica.receive(&exchange, &response);
    documents
}

#[test]
fn a_phone_restored_from_a_copy_gets_its_own_later_words_back_in_one_more_exchange() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    for number in 1..=100 {
        phone.visit(number, "一直都有的");
    }
    phone.settle(&mut office);
    let mut restored = phone.clone();
    phone.visit(150, "备份之后写的");
    phone.settle(&mut office);

    // The walk leaves out what this device wrote; the digests tell that it lacks it.
    assert_eq!(brought(&mut restored, &mut office), 0);
    assert!(restored.replica.has_more_to_say());
    assert_eq!(brought(&mut restored, &mut office), 1);
    restored.assert_same_as(&office);
    assert_eq!(restored.note(150), "备份之后写的");
}

#[test]
fn an_own_edit_made_after_the_copy_comes_back_too() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    for number in 1..=100 {
        phone.visit(number, "一直都有的");
    }
    phone.settle(&mut office);
    let mut restored = phone.clone();
    phone
        .replica
        .edit_note(document(7), "一直都有的，补一句", 9)
        .unwrap();
    phone.settle(&mut office);
    assert_eq!(brought(&mut restored, &mut office), 0);
    assert_eq!(brought(&mut restored, &mut office), 1);
    restored.assert_same_as(&office);
    assert_eq!(restored.note(7), "一直都有的，补一句");
}

#[test]
fn what_a_phone_wrote_and_has_not_sent_survives_a_repair() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    phone.visit(1, "都有的");
    phone.settle(&mut office);
    let mut restored = phone.clone();
    phone.visit(2, "备份之后写的");
    phone.settle(&mut office);
    restored.visit(3, "恢复之后写的");
    restored.settle(&mut office);
    restored.assert_same_as(&office);
    assert_eq!(office.note_of(document(3)), "恢复之后写的");
    assert_eq!(restored.note(2), "备份之后写的");
}

#[test]
fn a_comparison_sends_a_kilobyte_and_brings_only_the_parts_that_differ() {
    let mut office = Office::new();
    let mut old = Phone::worker(1, &office);
    for number in 1..=200 {
        old.visit(number, &format!("第{number}户"));
    }
    old.settle(&mut office);
    let mut reader = Phone::new(8, Role::CommunitySupervisor, &office);
    reader.settle(&mut office);
    office.move_to(document(3), feed(2));
    assert_eq!(brought(&mut reader, &mut office), 0);
    let exchange = reader.replica.request(CLOCK_MS);
    assert!(exchange.body.len() < 1_300);
    let response = office.exchange(&reader.member, &exchange.body).unwrap();
    assert!(response.len() < 100);
    reader.replica.receive(&exchange, &response);
    assert_eq!(reader.replica.documents().count(), 199);
    reader.assert_same_as(&office);
}

#[test]
fn a_document_that_left_the_feed_is_found_by_the_digest_and_forgotten() {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    for number in 1..=5 {
        one.visit(number, "有一户要搬到别的网格");
    }
    one.settle(&mut office);
    two.settle(&mut office);
    office.move_to(document(3), feed(2));
    for phone in [&mut one, &mut two] {
        phone.settle(&mut office);
        assert_eq!(phone.replica.documents().count(), 4);
        phone.assert_same_as(&office);
    }
}

/// A phone with nine visits, one of which has moved away, and that is about to compare.
fn about_to_compare() -> (Office, Phone) {
    let mut office = Office::new();
    let mut old = Phone::worker(1, &office);
    for number in 1..=9 {
        old.visit(number, "一栋楼");
    }
    old.settle(&mut office);
    let mut phone = Phone::worker(2, &office);
    phone.settle(&mut office);
    office.move_to(document(3), feed(2));
    phone.exchange(&mut office);
    assert!(phone.replica.is_repairing());
    (office, phone)
}

#[test]
fn a_comparison_whose_request_broke_off_forgets_nothing() {
    let (office, phone) = about_to_compare();
    let whole = phone.clone().replica.request(CLOCK_MS).body.len();
    let mut answered = 0;
    for length in 0..whole {
        let (mut office, mut phone) = (office.clone(), phone.clone());
        let exchange = phone.replica.request(CLOCK_MS);
        if let Some(answer) = office.exchange(&phone.member, &exchange.body[..length]) {
            answered += 1;
            phone.replica.receive(&exchange, &answer);
            assert!(phone.replica.documents().count() >= 8, "cut at {length}");
            phone.settle(&mut office);
            phone.assert_same_as(&office);
        }
    }
    assert!(answered > 0);
}

#[test]
fn the_answer_to_a_comparison_that_is_heard_twice_forgets_nothing() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    phone.visit(7, "一直都有的");
    phone.settle(&mut office);
    let mut restored = phone.clone();
    let edited = phone.replica.edit_note(document(7), "又补一句", CLOCK_MS);
    assert!(edited.unwrap().is_some());
    phone.settle(&mut office);
    restored.exchange(&mut office);
    let exchange = restored.replica.request(CLOCK_MS);
    let answer = office.exchange(&phone.member, &exchange.body).unwrap();
    for _ in 0..2 {
        restored.replica.receive(&exchange, &answer);
        restored.assert_same_as(&office);
    }
}
