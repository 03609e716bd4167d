//! Documents of many changes, in one piece: smaller to read, and the same to
//! whoever has them, whoever gets them, and whoever goes on writing.

use server::clock::now_ms;
use server::compaction::{Reason, compact, compact_grown};

use crate::support::{Phone, Service, TestOffice, door, run, settled_folder, text};

/// A visit with this many changes of its note.
fn much_edited(phone: &mut Phone, changes: usize) -> model::DocumentId {
    let visit = phone.visit(door(0), "开始");
    for number in 1..changes {
        let note = format!("第{number}稿");
        phone.replica.edit_note(visit, &note, now_ms()).unwrap();
    }
    visit
}

fn same_for_all(
    office: &TestOffice,
    phones: [&mut Phone; 3],
    visit: model::DocumentId,
    note: &str,
) {
    for phone in phones {
        phone.replica.want(visit);
        phone.exchange_all(office);
        assert_eq!(phone.note(visit), note);
    }
}

#[test]
fn whoever_read_before_during_or_after_a_compaction_ends_with_the_same() {
    let office = TestOffice::start();
    let (mut writer, mut before) = (office.worker("陈小满"), office.worker("林秋实"));
    let visit = much_edited(&mut writer, 40);
    writer.exchange_all(&office);
    before.replica.want(visit);
    before.exchange_all(&office);
    // An edit that was made before the compaction and arrives after it.
    writer
        .replica
        .edit_note(visit, "路上的一稿", now_ms())
        .unwrap();

    let smaller = compact(&office.office, visit, Reason::Asked)
        .unwrap()
        .unwrap();
    assert!(smaller.bytes_after < smaller.bytes_before, "{smaller:?}");
    assert_eq!(compact(&office.office, visit, Reason::Asked).unwrap(), None);

    let mut after = office.worker("何青山");
    same_for_all(
        &office,
        [&mut writer, &mut before, &mut after],
        visit,
        "路上的一稿",
    );
    after
        .replica
        .edit_note(visit, "压缩以后", now_ms())
        .unwrap();
    after.exchange_all(&office);
    same_for_all(
        &office,
        [&mut writer, &mut before, &mut after],
        visit,
        "压缩以后",
    );

    let office = office.restart();
    same_for_all(
        &office,
        [&mut writer, &mut before, &mut after],
        visit,
        "压缩以后",
    );
}

#[test]
fn a_document_that_grows_on_is_compacted_by_itself_and_one_that_does_not_is_left() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let (long, short) = (much_edited(&mut phone, 1_001), much_edited(&mut phone, 3));
    phone.exchange_all(&office);
    for visit in [long, short] {
        phone.replica.edit_note(visit, "又一稿", now_ms()).unwrap();
    }
    phone.exchange_all(&office);
    assert_eq!(compact_grown(&office.office).unwrap(), 1);
    assert_eq!(compact_grown(&office.office).unwrap(), 0);
    let stored = |visit| office.office.store.document(visit).unwrap().unwrap();
    assert!(stored(long).snapshot.is_some() && stored(long).changes.is_empty());
    assert!(stored(short).snapshot.is_none());
    let mut other = office.worker("林秋实");
    other.replica.want(long);
    other.exchange_all(&office);
    assert_eq!(other.note(long), "又一稿");
}

#[test]
fn the_command_compacts_while_serving_and_alone_and_says_how_much() {
    let mut service = Service::start(settled_folder(), &[]);
    let mut phone = service.add_worker("陈小满");
    much_edited(&mut phone, 40);
    phone.exchange_with(&service.url);
    let said = |output: &std::process::Output| {
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    assert!(said(&run(&service.data(), &["compact"])).contains("1 documents compacted"));
    assert!(said(&run(&service.data(), &["fsck"])).contains("nothing was found"));
    service.signal("TERM");
    service.child.wait().unwrap();
    assert!(said(&run(&service.data(), &["compact"])).contains("0 documents compacted"));
    assert!(said(&run(&service.data(), &["fsck"])).contains("nothing was found"));
}
