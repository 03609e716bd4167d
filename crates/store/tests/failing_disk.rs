//! A disk that fails: nothing is acknowledged that is not kept, and after a
//! failure nothing is acknowledged at all.

mod common;

use std::io::ErrorKind;

use common::{copy, forget_boot, open};
use store::conformance::sample::{change, document, feed, hash};
use store::faulty::Faults;
use store::{Append, EmbeddedStore, Options, Store, StoreError, Table};
use tempfile::TempDir;

fn open_faulty(home: &TempDir, segment_bytes: u64) -> (EmbeddedStore, Faults) {
    let faults = Faults::none();
    let options = Options {
        segment_bytes,
        files: faults.files(),
        ..Options::default()
    };
    let opened = EmbeddedStore::open_with(home.path(), options, &mut |_| {});
    (opened.unwrap().0, faults)
}

/// Every write is refused with the reason, and reads go on.
fn assert_stopped(store: &EmbeddedStore, code: &str) {
    let refusals = [
        store.append(&[change(60, 2, 1)]).unwrap_err(),
        store.put_record(Table::People, b"k", b"v").unwrap_err(),
        store.compact(document(1), 1, b"s").unwrap_err(),
        store.health().unwrap_err(),
    ];
    for refusal in refusals {
        match refusal {
            StoreError::Stopped { because } => assert_eq!(because.code(), code),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(store.feed_head(feed(1)).unwrap(), 1);
    let held = store.document(document(1)).unwrap().unwrap();
    assert_eq!(held.changes.len(), 1);
    assert_eq!(store.find_change(document(1), hash(2)).unwrap(), None);
    store.statistics().unwrap();
}

type Fail = fn(&Faults);

const FAILURES: [(&str, Fail); 5] = [
    ("disk_full", |faults| {
        faults.fail_writing_after(0, ErrorKind::StorageFull);
    }),
    ("disk_full", |faults| {
        faults.fail_writing_after(50, ErrorKind::StorageFull);
    }),
    ("disk_read_only", |faults| {
        faults.fail_writing_after(7, ErrorKind::ReadOnlyFilesystem);
    }),
    ("disk_failed", |faults| {
        faults.fail_syncing_after(0, ErrorKind::Other);
    }),
    ("disk_full", |faults| {
        faults.fail_syncing_after(0, ErrorKind::QuotaExceeded);
    }),
];

#[test]
fn after_a_failed_write_or_sync_nothing_more_is_acknowledged() {
    for (code, fail) in FAILURES {
        let home = tempfile::tempdir().unwrap();
        let (store, faults) = open_faulty(&home, 1 << 20);
        store.append(&[change(1, 1, 1)]).unwrap();
        store.health().unwrap();
        fail(&faults);
        let first = store.append(&[change(2, 1, 1)]).unwrap_err();
        assert_eq!(
            first.code(),
            code,
            "the first caller hears the reason itself"
        );
        // A disk that seems well again is not trusted before a new start.
        faults.heal();
        assert_stopped(&store, code);
    }
}

#[test]
fn a_new_start_after_a_failure_has_what_was_acknowledged_and_goes_on() {
    for (code, fail) in FAILURES {
        let home = tempfile::tempdir().unwrap();
        let (store, faults) = open_faulty(&home, 1 << 20);
        store.append(&[change(1, 1, 1)]).unwrap();
        fail(&faults);
        store.append(&[change(2, 1, 1)]).unwrap_err();
        drop(store);
        let (store, _) = open(home.path());
        assert_eq!(store.feed_head(feed(1)).unwrap(), 1, "{code}");
        store.append(&[change(2, 1, 1)]).unwrap();
        drop(store);
        assert_eq!(open(home.path()).0.feed_head(feed(1)).unwrap(), 2);
    }
}

#[test]
fn a_segment_that_cannot_be_begun_stops_the_store_and_loses_nothing() {
    for bytes in [0, 20] {
        let home = tempfile::tempdir().unwrap();
        let (store, faults) = open_faulty(&home, 41);
        store.append(&[change(1, 1, 1)]).unwrap();
        faults.fail_writing_after(bytes, ErrorKind::StorageFull);
        let first = store.append(&[change(2, 1, 1)]).unwrap_err();
        assert_eq!(first.code(), "disk_full");
        assert_stopped(&store, "disk_full");
        drop(store);
        let (store, report) = open(home.path());
        assert_eq!(report.torn.unwrap().segment, 2);
        store.append(&[change(2, 1, 1)]).unwrap();
    }
}

#[test]
fn all_callers_of_a_group_that_failed_hear_of_it() {
    let home = tempfile::tempdir().unwrap();
    let (store, faults) = open_faulty(&home, 1 << 20);
    faults.fail_syncing_after(3, ErrorKind::Other);
    let acknowledged: Vec<u32> = std::thread::scope(|scope| {
        let store = &store;
        let writers: Vec<_> = (0..16)
            .map(|n| scope.spawn(move || store.append(&[change(n, 1, 1)]).map(|_| n)))
            .collect();
        let results = writers.into_iter().map(|writer| writer.join().unwrap());
        results.flatten().collect()
    });
    // Whether all came in before the fourth sync or not: who heard yes is there.
    for n in &acknowledged {
        assert!(store.find_change(document(1), hash(*n)).unwrap().is_some());
    }
    drop(store);
    let (store, _) = open(home.path());
    for n in acknowledged {
        assert!(store.find_change(document(1), hash(n)).unwrap().is_some());
    }
}

#[test]
fn a_write_that_waited_behind_a_failed_one_is_not_acknowledged_either() {
    let home = tempfile::tempdir().unwrap();
    let (store, faults) = open_faulty(&home, 1 << 20);
    store.append(&[change(1, 1, 1)]).unwrap();
    faults.fail_syncing_after(0, ErrorKind::Other);
    std::thread::scope(|scope| {
        let held = faults.hold_syncs();
        let first = scope.spawn(|| store.append(&[change(2, 1, 1)]));
        held.wait_for_one();
        let second = scope.spawn(|| store.append(&[change(3, 2, 1)]));
        while store.statistics().unwrap().waiting < 2 {
            std::thread::yield_now();
        }
        drop(held);
        for refused in [first, second] {
            assert_eq!(refused.join().unwrap().unwrap_err().code(), "disk_failed");
        }
    });
    assert_stopped(&store, "disk_failed");
}

#[test]
fn what_a_killed_program_left_unsynced_is_synced_before_anyone_reads_it() {
    let home = tempfile::tempdir().unwrap();
    let (store, faults) = open_faulty(&home, 1 << 20);
    let killed = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let held = faults.hold_syncs();
        scope.spawn(|| store.append(&[change(1, 1, 1)]));
        held.wait_for_one();
        copy(home.path(), killed.path());
    });
    let (store, faults) = open_faulty(&killed, 1 << 20);
    assert_eq!(store.feed_head(feed(1)).unwrap(), 1);
    assert_eq!(faults.syncs(), 1);
}

#[test]
fn what_was_acknowledged_outlives_a_power_cut_at_any_moment() {
    let home = tempfile::tempdir().unwrap();
    let (store, faults) = open_faulty(&home, 500);
    for n in 0..25 {
        let more: Vec<Append> = (0..n % 3).map(|m| change(100 + n * 3 + m, 2, 2)).collect();
        store
            .append(&[&[change(n, 1, 1)], &more[..]].concat())
            .unwrap();
        let after = tempfile::tempdir().unwrap();
        copy(home.path(), after.path());
        faults.lose_power(&after.path().join("journal")).unwrap();
        forget_boot(after.path());
        let (kept, report) = open(after.path());
        assert_eq!(kept.feed_head(feed(1)).unwrap(), u64::from(n) + 1);
        assert_eq!(report.torn, None);
    }
}
