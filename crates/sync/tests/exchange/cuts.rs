//! The signal dies at any byte, on the way up or on the way down: what was
//! complete counts, the rest comes again, and nothing comes twice.

use std::collections::BTreeSet;

use model::edit::ReviewDraft;
use model::{ChangeHash, DocumentId, Role};
use sync::body::{Encoding, inflate};
use sync::replica::Exchange;

use crate::office::{Office, feed};
use crate::phone::{CLOCK_MS, Phone, document};

/// Exchanges until rest after a cut. More would be going in circles.
const EXCHANGES_MAX: usize = 8;

/// An office and a phone on the evening of a day: so many visits wait to go up,
/// so many reviews of past visits to come down.
fn evening(visits: u8, reviews: u8) -> (Office, Phone) {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    let mut desk = Phone::new(8, Role::CommunitySupervisor, &office);
    for number in 0..reviews {
        phone.visit(200 - number, "上一次的走访，已经看过");
    }
    phone.settle(&mut office);
    desk.settle(&mut office);
    for number in 0..reviews {
        desk.replica.want(document(200 - number));
    }
    desk.settle(&mut office);
    for number in 0..reviews {
        let draft = ReviewDraft {
            state: "asked_back".into(),
            comment: format!("请补充第{number}户的情况"),
            by: desk.member.person,
            at: CLOCK_MS,
        };
        let reviewed = desk
            .replica
            .review(document(200 - number), &draft, CLOCK_MS);
        reviewed.unwrap();
    }
    desk.settle(&mut office);
    for number in 0..visits {
        phone.visit(1 + number, &format!("第{number}户在家，一切都好。"));
    }
    (office, phone)
}

/// What the phone still has to deliver.
fn outbox(phone: &Phone) -> BTreeSet<(DocumentId, ChangeHash)> {
    let own = phone.replica.outbox();
    own.map(|(document, own)| (document, own.hash)).collect()
}

/// Lets the phone hear what came through, and holds that what has left the outbox
/// is at the office.
fn hear(office: &Office, phone: &mut Phone, exchange: &Exchange, response: &[u8]) {
    let before = outbox(phone);
    phone.replica.receive(exchange, response);
    for (document, change) in before.difference(&outbox(phone)) {
        assert!(
            office.has(*document, change),
            "shown as arrived, and is not"
        );
    }
}

/// The signal is good again: everything arrives, and what was receipted is not
/// sent a second time.
fn come_to_rest(mut office: Office, mut phone: Phone, all: &BTreeSet<(DocumentId, ChangeHash)>) {
    // An exchange that was cut is tried again, whatever came of it.
    for count in 0..EXCHANGES_MAX {
        if count > 0 && !phone.replica.has_more_to_say() {
            break;
        }
        let waiting: BTreeSet<ChangeHash> = outbox(&phone).iter().map(|(_, hash)| *hash).collect();
        let exchange = phone.replica.request(CLOCK_MS);
        for sent in exchange.sent() {
            assert!(waiting.contains(&sent), "receipted, and sent again");
        }
        let response = office.exchange(&phone.member, &exchange.body).unwrap();
        hear(&office, &mut phone, &exchange, &response);
    }
    phone.assert_same_as(&office);
    for (document, change) in all {
        assert!(office.seq_of(*document, change).is_some());
    }
}

fn cut_request(office: &Office, phone: &Phone, exchange: &Exchange, cut: usize) {
    let (mut office, mut phone) = (office.clone(), phone.clone());
    let all = outbox(&phone);
    // The office keeps what it read; its answer finds no one.
    let answer = office.exchange(&phone.member, &exchange.body[..cut]);
    if cut < 12 {
        assert!(answer.is_none(), "an answer to nothing");
    }
    assert_eq!(outbox(&phone), all);
    phone.replica.receive(exchange, &[]);
    come_to_rest(office, phone, &all);
}

fn cut_response(office: &Office, phone: &Phone, exchange: &Exchange, response: &[u8]) {
    let mut phone = phone.clone();
    let all = outbox(&phone);
    hear(office, &mut phone, exchange, response);
    come_to_rest(office.clone(), phone, &all);
}

#[test]
fn a_small_day_cut_at_every_byte_of_its_way_up_arrives() {
    let (office, mut phone) = evening(4, 2);
    let exchange = phone.replica.request(CLOCK_MS);
    for cut in 0..=exchange.body.len() {
        cut_request(&office, &phone, &exchange, cut);
    }
}

#[test]
fn a_small_day_cut_at_every_byte_of_its_way_down_arrives() {
    let (mut office, mut phone) = evening(4, 2);
    let exchange = phone.replica.request(CLOCK_MS);
    let pack = office.exchange(&phone.member, &exchange.body).unwrap();
    for cut in 0..=pack.len() {
        cut_response(&office, &phone, &exchange, &pack[..cut]);
    }
    // The same under compression, where a cut falls between frames anywhere.
    let body = sync::body::gzip(&pack);
    for cut in 0..=body.len() {
        let came = inflate(Encoding::Gzip, &body[..cut], usize::MAX);
        cut_response(&office, &phone, &exchange, &came);
    }
}

/// Offsets that a seed gives, spread over a length.
fn offsets(seed: u64, count: usize, length: usize) -> impl Iterator<Item = usize> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        // Knuth's multiplier: enough to spread offsets.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % (length + 1)
    })
    .take(count)
}

#[test]
fn a_large_day_cut_at_two_thousand_offsets_either_way_arrives() {
    let (office, mut phone) = evening(40, 10);
    let exchange = phone.replica.request(CLOCK_MS);
    for cut in offsets(1, 300, exchange.body.len()) {
        cut_request(&office, &phone, &exchange, cut);
    }
    let mut office = office;
    let pack = office.exchange(&phone.member, &exchange.body).unwrap();
    for cut in offsets(2, 1_700, pack.len()) {
        cut_response(&office, &phone, &exchange, &pack[..cut]);
    }
}

#[test]
fn the_first_bytes_of_an_answer_are_the_receipts() {
    let (mut office, mut phone) = evening(40, 10);
    let all = outbox(&phone);
    let exchange = phone.replica.request(CLOCK_MS);
    let pack = office.exchange(&phone.member, &exchange.body).unwrap();
    hear(&office, &mut phone, &exchange, &pack[..16]);
    assert_eq!(outbox(&phone).len(), 0);
    come_to_rest(office, phone, &all);
}

#[test]
fn a_request_cut_at_any_byte_keeps_what_arrived_and_the_rest_is_sent_again() {
    let make = || {
        let mut office = Office::new();
        let mut phone = Phone::worker(1, &office);
        for number in 1..=6 {
            phone.visit(number, "断断续续的信号");
        }
        let exchange = phone.replica.request(CLOCK_MS);
        office.page_bytes = 100;
        (office, phone, exchange)
    };
    let length = make().2.body.len();
    let mut kept_some = 0;
    for cut in 0..length {
        let (mut office, mut phone, exchange) = make();
        // The line dies: no response at all.
        office.exchange(&phone.member, &exchange.body[..cut]);
        let kept = office.documents().count();
        kept_some += usize::from(kept > 0 && kept < 6);
        assert_eq!(phone.replica.outbox().count(), 6);
        let heard = phone.exchange(&mut office);
        assert_eq!(heard.receipts, 6, "cut at {cut}");
        phone.settle(&mut office);
        phone.assert_same_as(&office);
        assert_eq!(office.head(feed(1)), 6);
    }
    assert!(kept_some > 0);
}

#[test]
fn what_was_asked_for_in_the_part_that_could_not_be_read_is_asked_for_again() {
    for version in [1, 2] {
        let mut office = Office::new();
        let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
        one.visit(1, "只有一行");
        one.settle(&mut office);
        two.replica.speak(version);
        two.settle(&mut office);
        two.visit(2, "自己写的");
        two.replica.want(document(1));
        let exchange = two.replica.request(CLOCK_MS);
        let mut pack = inflate(Encoding::Gzip, &exchange.body, usize::MAX);
        pack.truncate(pack.len() - WANT_BYTES);
        // A length that is none.
        pack.extend_from_slice(&[0xff; 6]);
        let response = office.exchange(&two.member, &sync::body::gzip(&pack));
        let heard = two.replica.receive(&exchange, &response.unwrap());
        assert_eq!((heard.receipts, heard.complete), (1, true));
        assert_eq!(heard.notice.as_deref(), Some("malformed"));
        assert!(!two.replica.holds(document(1)));
        two.settle(&mut office);
        assert_eq!(two.note(1), "只有一行", "in version {version}");
    }
}

/// A length, the head of an array, a number, the head of an id, and the id.
const WANT_BYTES: usize = 20;

#[test]
fn a_response_cut_at_any_byte_keeps_what_was_complete() {
    let make = || {
        let mut office = Office::new();
        let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
        two.visit(50, "原来就有的");
        two.settle(&mut office);
        one.settle(&mut office);
        two.replica
            .edit_note(document(50), "原来就有的，改了", 1)
            .unwrap();
        two.visit(51, "新的");
        two.settle(&mut office);
        one.visit(1, "我写的");
        one.visit(2, "我又写的");
        one.replica.want(document(50));
        let exchange = one.replica.request(CLOCK_MS);
        let response = office.exchange(&one.member, &exchange.body).unwrap();
        (office, one, exchange, response)
    };
    let length = make().3.len();
    for cut in 0..=length {
        let (mut office, mut phone, exchange, response) = make();
        let heard = phone.replica.receive(&exchange, &response[..cut]);
        assert_eq!(heard.complete, cut == length);
        assert_eq!(phone.replica.outbox().count(), 2 - heard.receipts);
        phone.settle(&mut office);
        phone.assert_same_as(&office);
        phone.replica.want(document(50));
        phone.settle(&mut office);
        assert_eq!(phone.note(50), "原来就有的，改了");
        assert_eq!(phone.note(51), "新的");
    }
}
