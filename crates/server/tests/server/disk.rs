//! What a phone is told while the disk is slow, and when it fails.

use std::io::ErrorKind;
use std::sync::mpsc::{TryRecvError, channel};

use server::clock::now_ms;
use store::faulty::Faults;
use store::{EmbeddedStore, Store};

use crate::support::{TestOffice, code_of, door, grid, send_pack, settle};

#[test]
fn a_disk_that_fails_ends_the_acknowledging_and_the_service_with_a_reason() {
    let faults = Faults::none();
    let office = TestOffice::start_over(tempfile::tempdir().unwrap(), faults.files());
    settle(&office.office);
    let mut phone = office.worker("陈小满");
    phone.exchange_all(&office);
    let visit = phone.visit(door(0), "写在坏盘之前");
    phone.exchange(&office);
    phone
        .replica
        .edit_note(visit, "写在坏盘之后", now_ms())
        .unwrap();

    faults.fail_syncing_after(0, ErrorKind::StorageFull);
    let request = phone.replica.request(now_ms());
    let (status, _, answer) =
        send_pack(&office.url, &phone.token, &request.body, "gzip", "identity");
    let answer = serde_json::from_slice(&answer).unwrap();
    assert_eq!(code_of((status, answer)), (503, "store_stopped".into()));
    let reason = office.office.stopping.failure().expect("the service ends");
    assert!(
        reason.contains("磁盘") && reason.lines().count() == 1,
        "{reason}"
    );

    let office = TestOffice::start_in(office.into_folder());
    assert_eq!(phone.exchange(&office).receipts, 1);
    assert_eq!(phone.note(visit), "写在坏盘之后");
}

#[test]
fn no_receipt_leaves_before_the_disk_has_it() {
    let faults = Faults::none();
    let office = TestOffice::start_over(tempfile::tempdir().unwrap(), faults.files());
    settle(&office.office);
    let mut phone = office.worker("陈小满");
    phone.exchange_all(&office);
    phone.visit(door(0), "慢盘");
    let request = phone.replica.request(now_ms());

    let held = faults.hold_syncs();
    let (answers, answer) = channel();
    let (url, token, body) = (
        office.url.clone(),
        phone.token.clone(),
        request.body.clone(),
    );
    let sending = std::thread::spawn(move || {
        answers
            .send(send_pack(&url, &token, &body, "gzip", "identity"))
            .unwrap();
    });
    held.wait_for_one();
    assert!(
        matches!(answer.try_recv(), Err(TryRecvError::Empty)),
        "a receipt before the sync"
    );
    drop(held);
    let (status, _, answer) = answer.recv().unwrap();
    sending.join().unwrap();
    assert_eq!(status, 200);
    assert_eq!(phone.replica.receive(&request, &answer).receipts, 1);
}

#[test]
fn what_was_receipted_is_there_after_the_power_failed() {
    let faults = Faults::none();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let office = TestOffice::start_over(folder, faults.files());
    settle(&office.office);
    let mut phone = office.worker("陈小满");
    let visits: Vec<_> = (0..10)
        .map(|number| {
            let visit = phone.visit(door(0), &format!("第{number}次"));
            assert_eq!(phone.exchange(&office).receipts, 1);
            visit
        })
        .collect();
    let copy = tempfile::tempdir().unwrap();
    for name in ["FORMAT", "LOCK"] {
        std::fs::copy(data.join(name), copy.path().join(name)).unwrap();
    }
    let journal = copy.path().join("journal");
    std::fs::create_dir(&journal).unwrap();
    for file in std::fs::read_dir(data.join("journal")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), journal.join(file.file_name())).unwrap();
    }
    faults.lose_power(&journal).unwrap();
    let (store, _) = EmbeddedStore::open(copy.path(), &mut |_| {}).unwrap();
    for visit in visits {
        assert!(store.document(visit).unwrap().is_some());
    }
    assert_eq!(store.feed_head(grid(0)).unwrap(), 20);
}
