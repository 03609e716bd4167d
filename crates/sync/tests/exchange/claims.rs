//! Claims, one scene each.

use model::edit::ReviewDraft;
use model::{DocumentId, FeedId, Role, Seq};
use sync::body::{Encoding, inflate};
use sync::frame::{FeedName, Frame, People};
use sync::pack::FrameWriter;
use sync::replica::{Exchange, ReplicaError};

use crate::office::{Office, feed, member};
use crate::phone::{CLOCK_MS, Phone, document, frames_of};

#[test]
fn a_day_of_forty_visits_is_one_small_exchange() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    let mut colleague = Phone::worker(2, &office);
    colleague.visit(99, "昨天的");
    colleague.settle(&mut office);
    phone.settle(&mut office);
    for number in 1..=40 {
        phone.visit(number, &format!("第{number}户，老人身体好，已测燃气"));
    }
    let exchange = phone.replica.request(CLOCK_MS);
    assert!(exchange.body.len() < 8_000, "{} bytes", exchange.body.len());
    let response = office.exchange(&phone.member, &exchange.body).unwrap();
    let heard = phone.replica.receive(&exchange, &response);
    assert_eq!((heard.receipts, heard.documents), (40, 0));
    assert!(heard.complete);
    assert!(!phone.replica.has_more_to_say());
    phone.assert_same_as(&office);
}

#[test]
fn what_a_phone_sent_is_not_sent_back_and_others_get_it_once() {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    two.visit(99, "先有一条，让对方知道读到哪里");
    two.settle(&mut office);
    one.settle(&mut office);
    one.visit(1, "门口堆物");
    one.settle(&mut office);
    assert_eq!(office.change_bytes_sent, 0);
    two.settle(&mut office);
    let sent_once = office.change_bytes_sent;
    assert!(sent_once > 0);
    one.settle(&mut office);
    two.settle(&mut office);
    assert_eq!(office.change_bytes_sent, sent_once);
    assert_eq!(two.note(1), "门口堆物");
    one.assert_same_as(&office);
    two.assert_same_as(&office);
}

#[test]
fn two_phones_edit_one_note_offline_and_read_the_same_afterwards() {
    for first in [0, 1] {
        let mut office = Office::new();
        let mut phones = [Phone::worker(1, &office), Phone::worker(2, &office)];
        phones[1].settle(&mut office);
        phones[0].visit(1, "老人身体好");
        phones[0].settle(&mut office);
        phones[1].settle(&mut office);
        if !phones[1].replica.holds(document(1)) {
            phones[1].replica.want(document(1));
            phones[1].settle(&mut office);
        }
        phones[0]
            .replica
            .edit_note(document(1), "老人身体好，电线老化", 1)
            .unwrap();
        phones[1]
            .replica
            .edit_note(document(1), "王老人身体好", 1)
            .unwrap();
        phones[first].settle(&mut office);
        phones[1 - first].settle(&mut office);
        phones[first].settle(&mut office);
        for phone in &mut phones {
            assert_eq!(phone.note(1), "王老人身体好，电线老化");
            phone.assert_same_as(&office);
        }
    }
}

#[test]
fn a_new_phone_gets_rows_first_and_a_document_when_it_is_opened() {
    let mut office = Office::new();
    let mut old = Phone::worker(1, &office);
    for number in 1..=30 {
        old.visit(number, &format!("第{number}户"));
    }
    old.settle(&mut office);
    let mut new = Phone::worker(2, &office);
    new.settle(&mut office);
    assert_eq!(office.change_bytes_sent, 0);
    assert_eq!(new.replica.documents().count(), 30);
    for number in [1, 30] {
        let summary = new.replica.summary(document(number)).unwrap().to_json();
        assert_eq!(summary, office.summary(document(number)));
    }
    let refused = new.replica.edit_note(document(7), "看不见就写", 1);
    assert!(matches!(refused, Err(ReplicaError::NotHere(_))));
    new.settle(&mut office);
    assert_eq!(new.note(7), "第7户");
    assert!(!new.replica.holds(document(8)));
    // From now on it gets what is new with its bytes.
    old.visit(31, "第31户");
    old.settle(&mut office);
    new.settle(&mut office);
    assert_eq!(new.note(31), "第31户");
    new.assert_same_as(&office);
}

#[test]
fn a_change_to_a_document_of_which_only_the_row_is_here_brings_the_new_row() {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    one.visit(1, "旧");
    one.settle(&mut office);
    two.settle(&mut office);
    one.replica.edit_note(document(1), "新", 2).unwrap();
    one.settle(&mut office);
    two.settle(&mut office);
    assert!(!two.replica.holds(document(1)));
    let summary = two.replica.summary(document(1)).unwrap().to_json();
    assert_eq!(summary, office.summary(document(1)));
    two.replica.want(document(1));
    two.settle(&mut office);
    assert_eq!(two.note(1), "新");
}

#[test]
fn an_exchange_opens_no_document() {
    let mut office = Office::new();
    office.page_bytes = 20_000;
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    for number in 1..=100 {
        one.visit(number, "改了很多");
    }
    let before = one.replica.documents_opened();
    one.settle(&mut office);
    two.settle(&mut office);
    assert_eq!(one.replica.documents_opened(), before);
    assert_eq!(two.replica.documents_opened(), 0);
    two.assert_same_as(&office);
}

#[test]
fn a_held_change_leaves_the_outbox_stays_on_the_phone_and_arrives_when_it_is_admitted() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    phone.visit(1, "我的");
    phone.settle(&mut office);
    let draft = ReviewDraft {
        state: "accepted".into(),
        comment: "自己审自己".into(),
        by: phone.member.person,
        at: CLOCK_MS,
    };
    let held = phone
        .replica
        .review(document(1), &draft, 2)
        .unwrap()
        .unwrap();
    let on_top = phone
        .replica
        .edit_note(document(1), "在它之上", 3)
        .unwrap()
        .unwrap();
    phone.settle(&mut office);
    assert_eq!(phone.replica.outbox().count(), 0);
    assert_eq!(phone.replica.own().count(), 2);
    assert_eq!(phone.note(1), "在它之上");
    assert_eq!(office.tray[&held].reason, model::Reason::FieldNotAllowed);
    assert_eq!(office.tray[&on_top].reason, model::Reason::Waits);

    let supervisor = member(8, Role::CommunitySupervisor);
    office.admit(&supervisor, &held).unwrap();
    assert!(office.tray.is_empty());
    phone.settle(&mut office);
    assert_eq!(phone.replica.own().count(), 0);
    assert_eq!(phone.note(1), "在它之上");
    phone.assert_same_as(&office);
}

#[test]
fn receipts_are_signed_for_the_device_that_asked() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    phone.visit(1, "要有凭据");
    let exchange = phone.replica.request(CLOCK_MS);
    let response = office.exchange(&phone.member, &exchange.body).unwrap();
    let heard = phone.replica.clone().receive(&exchange, &response);
    assert_eq!(heard.is_signed, Some(true));
    // One byte of the receipt's seq is another: the words still read.
    let mut forged = response.clone();
    // Behind the length, the array, its number, the first change and their count.
    let receipt_seq = 1 + 1 + 1 + 1 + 1;
    forged[receipt_seq] ^= 2;
    let heard = phone.replica.receive(&exchange, &forged);
    assert_eq!((heard.receipts, heard.is_signed), (1, Some(false)));
}

#[test]
fn a_compacted_document_replaces_what_the_phone_has_and_keeps_its_unsent_words() {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    two.settle(&mut office);
    one.visit(1, "开头");
    one.settle(&mut office);
    two.replica.want(document(1));
    two.settle(&mut office);
    two.replica
        .edit_note(document(1), "开头，没发出去的话", 5)
        .unwrap();
    one.replica.edit_note(document(1), "前言，开头", 6).unwrap();
    one.settle(&mut office);
    office.compact(document(1));
    let exchange = two.replica.request(CLOCK_MS);
    // Written while the request is on its way.
    let unsent = "开头，没发出去的话";
    two.replica.edit_note(document(1), unsent, 5).unwrap();
    let response = office.exchange(&two.member, &exchange.body).unwrap();
    let whole = frames_of(&exchange, &response)
        .into_iter()
        .any(|frame| match frame {
            Frame::Document(document) => document.whole,
            _ => false,
        });
    assert!(whole);
    two.replica.receive(&exchange, &response);
    assert_eq!(two.note(1), "前言，开头，没发出去的话");
    two.settle(&mut office);
    two.assert_same_as(&office);
}

#[test]
fn a_walk_that_ends_half_way_passes_no_change_of_a_document_that_is_listed_later() {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    let mut reader = Phone::new(8, Role::CommunitySupervisor, &office);
    for phone in [&mut one, &mut two, &mut reader] {
        phone.settle(&mut office);
    }
    one.visit(1, "第一条");
    one.visit(2, "第二条");
    for phone in [&mut one, &mut two, &mut reader] {
        phone.settle(&mut office);
        phone.replica.want(document(1));
        phone.settle(&mut office);
    }
    // Worker 1 writes in it, other things happen, then worker 2 does.
    one.replica.edit_note(document(1), "第一条，甲", 2).unwrap();
    one.settle(&mut office);
    one.visit(3, "隔在中间的");
    one.settle(&mut office);
    two.replica.edit_note(document(1), "乙，第一条", 2).unwrap();
    two.settle(&mut office);
    // The reader's page ends in between, past the first edit's place.
    office.page_bytes = 1;
    reader.exchange(&mut office);
    assert!(reader.replica.cursor(feed(1)) < office.head(feed(1)));
    reader.settle(&mut office);
    assert_eq!(reader.note(1), "乙，第一条，甲");
    reader.assert_same_as(&office);
}

#[test]
fn a_late_response_changes_nothing_that_a_newer_one_has_told() {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    two.visit(9, "起点");
    two.settle(&mut office);
    one.settle(&mut office);
    two.visit(10, "一");
    two.settle(&mut office);
    let slow = one.replica.request(CLOCK_MS);
    let slow_response = office.exchange(&one.member, &slow.body).unwrap();
    two.replica.edit_note(document(10), "一，二", 2).unwrap();
    two.settle(&mut office);
    one.settle(&mut office);
    let cursor: Seq = one.replica.cursor(feed(1));
    for _ in 0..2 {
        one.replica.receive(&slow, &slow_response);
        assert_eq!(one.replica.cursor(feed(1)), cursor);
        assert_eq!(one.note(10), "一，二");
        one.assert_same_as(&office);
    }
}

#[test]
fn an_answer_from_before_a_feed_was_left_says_nothing_of_it_when_it_is_followed_again() {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    one.visit(1, "第一户");
    one.settle(&mut office);
    two.settle(&mut office);
    let slow = two.replica.request(CLOCK_MS);
    let slow_response = office.exchange(&two.member, &slow.body).unwrap();
    for (version, feeds) in [(1, vec![]), (2, vec![feed(1)])] {
        let exchange = two.replica.request(CLOCK_MS);
        let response = people(&exchange, version, &feeds);
        two.replica.receive(&exchange, &response);
    }
    assert_eq!(two.replica.documents().count(), 0);
    two.replica.receive(&slow, &slow_response);
    assert_eq!(two.replica.cursor(feed(1)), 0);
    // The first walk brings everything: nothing has to be repaired.
    two.exchange(&mut office);
    assert!(!two.replica.is_repairing());
    two.assert_same_as(&office);
}

/// An answer that says no more than which feeds the person has now.
fn people(exchange: &Exchange, version: u64, feeds: &[FeedId]) -> Vec<u8> {
    let named = |feed: &FeedId| FeedName {
        feed: *feed,
        name: "第一网格".into(),
        kind: "grid".into(),
    };
    let mut pack = FrameWriter::in_terms_of(exchange.common().cloned(), Vec::new());
    pack.push(&Frame::People(People {
        version,
        people: Vec::new(),
        feeds: feeds.iter().map(named).collect(),
    }));
    pack.into_bytes()
}

#[test]
fn a_request_is_gzip_and_reads_in_the_order_of_the_protocol() {
    let office = Office::new();
    let mut phone = Phone::worker(1, &office);
    phone.visit(1, &"很长的一条记录。".repeat(50));
    phone.visit(2, "短");
    phone.replica.edit_note(document(2), "短一点", 2).unwrap();
    phone.replica.want(document(77));
    let exchange = phone.replica.request(CLOCK_MS);
    let pack = inflate(Encoding::Gzip, &exchange.body, usize::MAX);
    let order: Vec<(u64, Option<DocumentId>)> = frames_of(&exchange, &pack)
        .into_iter()
        .map(|frame| match &frame {
            Frame::Change(change) => (1, Some(change.document)),
            other => (other.number(), None),
        })
        .collect();
    let small_first = [
        (0, None),
        (1, Some(document(2))),
        (1, Some(document(2))),
        (1, Some(document(1))),
        (2, None),
    ];
    assert_eq!(order, small_first);
}
