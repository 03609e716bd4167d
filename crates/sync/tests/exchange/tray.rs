//! What a supervisor admits from the tray comes back to its author.

use model::edit::ReviewDraft;
use model::{Reason, Role};

use crate::office::{Office, member};
use crate::phone::{CLOCK_MS, Phone, document};

#[test]
fn who_wrote_on_while_a_change_was_admitted_can_go_on_writing() {
    let mut office = Office::new();
    let mut phone = Phone::worker(1, &office);
    phone.visit(1, "初稿");
    let review = ReviewDraft {
        state: "accepted".into(),
        comment: "网格员不能审阅，要由主管决定".into(),
        by: phone.member.person,
        at: CLOCK_MS,
    };
    let held = phone.replica.review(document(1), &review, CLOCK_MS);
    let held = held.unwrap().unwrap();
    phone.settle(&mut office);
    assert_eq!(office.tray[&held].reason, Reason::FieldNotAllowed);

    // The note builds on what is admitted before it arrives: the receipt for it comes first, then
    // the news of what it builds on.
    let edit = |phone: &mut Phone, note: &str| {
        let edited = phone.replica.edit_note(document(1), note, CLOCK_MS);
        assert!(edited.unwrap().is_some());
    };
    edit(&mut phone, "初稿，又补一句");
    let supervisor = member(8, Role::CommunitySupervisor);
    office.admit(&supervisor, &held).unwrap();
    phone.exchange(&mut office);
    edit(&mut phone, "初稿，又补一句，再补一句");
    phone.settle(&mut office);
    phone.assert_same_as(&office);
    assert_eq!(office.note_of(document(1)), "初稿，又补一句，再补一句");
    assert_eq!(phone.replica.own().count(), 0);
}
