//! An office that was restored from a copy of before: what phones had sent after the copy was taken
//! is on them alone, and comes again.

use model::Role;

use crate::office::{Office, feed};
use crate::phone::{CLOCK_MS, Phone, document};

/// Two phones of one grid that have both heard of the visits 1 to `visits`.
fn settled(visits: u8) -> (Office, Phone, Phone) {
    let mut office = Office::new();
    let (mut one, mut two) = (Phone::worker(1, &office), Phone::worker(2, &office));
    two.settle(&mut office);
    for number in 1..=visits {
        one.visit(number, "备份之前");
    }
    one.settle(&mut office);
    two.settle(&mut office);
    (office, one, two)
}

fn settle_all(phones: &mut [&mut Phone], office: &mut Office) {
    for _ in 0..3 {
        for phone in &mut *phones {
            phone.settle(office);
        }
    }
    for phone in phones {
        phone.assert_same_as(office);
    }
}

#[test]
fn what_was_receipted_after_the_copy_comes_again_from_the_phone_that_wrote_it() {
    let (mut office, mut one, mut two) = settled(1);
    let copy = office.clone();
    for number in 2..=9 {
        one.visit(number, "备份之后，平台上没有了");
    }
    one.settle(&mut office);
    two.settle(&mut office);
    let mut office = copy;
    two.settle(&mut office);
    two.assert_same_as(&office);
    one.visit(20, "恢复之后");
    settle_all(&mut [&mut one, &mut two], &mut office);
    for number in 2..=9 {
        assert_eq!(office.note_of(document(number)), "备份之后，平台上没有了");
        assert_eq!(two.note(number), "备份之后，平台上没有了");
    }
    assert_eq!(two.note(20), "恢复之后");
}

#[test]
fn nothing_is_lost_when_others_wrote_so_much_since_that_the_feed_is_longer_than_before() {
    let (mut office, mut one, mut two) = settled(3);
    let copy = office.clone();
    one.visit(11, "备份之后");
    one.replica
        .edit_note(document(2), "备份之后又补一句", 9)
        .unwrap();
    one.settle(&mut office);
    let (mut office, before) = (copy, one.replica.cursor(feed(1)));
    for number in 20..=40 {
        two.visit(number, "恢复之后");
    }
    two.settle(&mut office);
    assert!(office.head(feed(1)) > before, "no cursor tells of it");
    settle_all(&mut [&mut one, &mut two], &mut office);
    assert_eq!(office.note_of(document(11)), "备份之后");
    assert_eq!(office.note_of(document(2)), "备份之后又补一句");
    assert_eq!(two.note(2), "备份之后又补一句");
}

#[test]
fn an_edit_on_a_colleagues_words_that_are_gone_waits_for_them_and_can_be_read_meanwhile() {
    for author_is_first in [true, false] {
        let (mut office, mut one, mut two) = settled(1);
        let copy = office.clone();
        one.visit(5, "小满写的");
        one.settle(&mut office);
        two.settle(&mut office);
        two.replica
            .edit_note(document(5), "小满写的，阿树补的", 9)
            .unwrap();
        two.settle(&mut office);
        one.settle(&mut office);
        let mut office = copy;
        let mut phones = [&mut two, &mut one];
        if author_is_first {
            phones.reverse();
        }
        for phone in &mut phones {
            phone.settle(&mut office);
            assert_eq!(phone.note(5), "小满写的，阿树补的");
        }
        settle_all(&mut phones, &mut office);
        assert_eq!(office.note_of(document(5)), "小满写的，阿树补的");
        assert!(office.tray.is_empty());
    }
}

#[test]
fn an_office_that_is_restored_twice_gets_everything_twice() {
    let (mut office, mut one, mut two) = settled(1);
    let copy = office.clone();
    one.visit(5, "备份之后");
    one.settle(&mut office);
    for _ in 0..2 {
        office = copy.clone();
        settle_all(&mut [&mut one, &mut two], &mut office);
        assert_eq!(office.note_of(document(5)), "备份之后");
    }
    // Just as it has taken everything, and before the phone has found that it has.
    office = copy.clone();
    while one.replica.outbox().count() == 0 {
        one.exchange(&mut office);
    }
    one.exchange(&mut office);
    assert_eq!(one.replica.outbox().count(), 0);
    one.replica.request(CLOCK_MS);
    office = copy;
    settle_all(&mut [&mut one, &mut two], &mut office);
    assert_eq!(office.note_of(document(5)), "备份之后");
}

#[test]
fn edits_of_one_note_by_both_meet_again() {
    let (mut office, mut one, mut two) = settled(1);
    let copy = office.clone();
    one.replica
        .edit_note(document(1), "备份之前，小满补的", 9)
        .unwrap();
    one.settle(&mut office);
    two.settle(&mut office);
    two.replica
        .edit_note(document(1), "备份之前，小满补的，阿树也补", 9)
        .unwrap();
    two.settle(&mut office);
    let mut office = copy;
    one.replica
        .edit_note(document(1), "备份之前，小满又补的", 10)
        .unwrap();
    two.settle(&mut office);
    assert_eq!(two.note(1), "备份之前，小满补的，阿树也补");
    settle_all(&mut [&mut one, &mut two], &mut office);
    let there = office.note_of(document(1));
    assert!(
        there.contains("又补") && there.contains("阿树也补"),
        "{there}"
    );
    assert_eq!(one.note(1), there);
    assert_eq!(two.note(1), there);
}

#[test]
fn a_visit_that_moved_to_another_grid_is_offered_once_and_then_forgotten() {
    let (mut office, mut one, _) = settled(4);
    office.move_to(document(3), feed(2));
    let mut offered = 0;
    for _ in 0..8 {
        let exchange = one.replica.request(CLOCK_MS);
        offered += exchange.sent().count();
        let response = office.exchange(&one.member, &exchange.body).unwrap();
        one.replica.receive(&exchange, &response);
    }
    assert_eq!(offered, 1);
    assert!(!one.replica.has_more_to_say());
    assert_eq!(one.replica.documents().count(), 3);
    assert!(office.tray.is_empty());
    one.assert_same_as(&office);
}

#[test]
fn a_supervisor_who_reads_only_offers_nothing_and_keeps_nothing() {
    let (mut office, mut one, _) = settled(1);
    let copy = office.clone();
    let mut reader = Phone::new(8, Role::CommunitySupervisor, &office);
    reader.settle(&mut office);
    one.visit(7, "备份之后");
    one.settle(&mut office);
    reader.settle(&mut office);
    let mut office = copy;
    reader.settle(&mut office);
    assert_eq!(reader.replica.outbox().count(), 0);
    let documents: Vec<_> = reader.replica.documents().map(|(id, _)| id).collect();
    assert_eq!(documents, [document(1)]);
    reader.assert_same_as(&office);
}

#[test]
fn what_is_offered_again_counts_as_unsent_until_its_receipt() {
    let (mut office, mut one, _) = settled(1);
    let copy = office.clone();
    let change = one.visit(5, "备份之后");
    one.settle(&mut office);
    let mut office = copy;
    let unsent = |phone: &Phone| -> Vec<_> {
        let outbox = phone.replica.outbox();
        outbox.map(|(_, own)| own.hash).collect()
    };
    for _ in 0..2 {
        one.exchange(&mut office);
    }
    assert_eq!(unsent(&one), [change]);
    one.settle(&mut office);
    assert_eq!(unsent(&one), []);
    assert_eq!(one.note(5), "备份之后");
}
