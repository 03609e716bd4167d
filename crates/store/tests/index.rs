//! The index can be lost, spoilt or out of step in any way: it is made again
//! from the journal, and the journal alone decides what is kept.

mod common;

use std::fs;
use std::path::Path;

use common::{copy, forget_boot, open, segment};
use store::conformance::sample::{bytes, change, document, hash};
use store::conformance::{Portrait, portrait};
use store::{EmbeddedStore, IndexState, Options, Progress, Store, Table, Task, Why};
use tempfile::TempDir;

/// A way to spoil something, and its name.
type Spoil<'a> = (&'a str, &'a dyn Fn(&Path));

/// A store with something of everything, and what it shows without summaries.
fn full_store() -> (TempDir, Portrait) {
    let home = tempfile::tempdir().unwrap();
    let (store, report) = open(home.path());
    assert_eq!((report.created, report.index), (true, IndexState::Ready));
    for n in 0..40 {
        let (document, feed) = ((n % 5) as u8, (n % 7 % 3) as u8);
        store.append(&[change(n, document, feed)]).unwrap();
    }
    let revision = store.document(document(1)).unwrap().unwrap().revision;
    store
        .compact(document(1), revision, &bytes(5, 9_000))
        .unwrap();
    store.put_record(Table::People, b"a", b"short").unwrap();
    store
        .put_record(Table::Tray, b"b", &bytes(6, 50_000))
        .unwrap();
    store.put_record(Table::Tray, b"c", b"gone soon").unwrap();
    store.delete_record(Table::Tray, b"c").unwrap();
    store
        .put_summary(document(4), &[hash(39)], "{\"k\":1}")
        .unwrap();
    let mut shown = portrait(&store);
    assert!(shown.take_summaries()[4].is_some());
    (home, shown)
}

fn shows(store: &EmbeddedStore, expected: &Portrait) {
    let mut shown = portrait(store);
    shown.take_summaries();
    assert_eq!(shown, *expected);
}

#[test]
fn a_store_closed_in_order_opens_without_replay_and_keeps_its_summaries() {
    let (home, expected) = full_store();
    let (store, report) = open(home.path());
    assert_eq!(report.index, IndexState::Ready);
    assert!(!report.created);
    assert!(portrait(&store).take_summaries()[4].is_some());
    shows(&store, &expected);
}

#[test]
fn an_index_that_is_gone_or_garbage_is_rebuilt_from_the_journal() {
    let (home, expected) = full_store();
    let spoil: [Spoil<'_>; 6] = [
        ("deleted", &|index| fs::remove_dir_all(index).unwrap()),
        ("emptied", &|index| {
            fs::remove_dir_all(index).unwrap();
            fs::create_dir(index).unwrap();
        }),
        ("a file in its place", &|index| {
            fs::remove_dir_all(index).unwrap();
            fs::write(index, "index").unwrap();
        }),
        ("every file garbage", &|index| {
            overwrite(index, &|length| bytes(9, length));
        }),
        ("every file zeros", &|index| {
            overwrite(index, &|length| vec![0; length]);
        }),
        ("every file empty", &|index| overwrite(index, &|_| vec![])),
    ];
    for (how, spoil) in spoil {
        let copied = tempfile::tempdir().unwrap();
        copy(home.path(), copied.path());
        spoil(&copied.path().join("index"));
        let (store, report) = open(copied.path());
        assert!(
            matches!(report.index, IndexState::Rebuilt(_)),
            "{how}: {report:?}"
        );
        shows(&store, &expected);
        drop(store);
        assert_eq!(open(copied.path()).1.index, IndexState::Ready, "{how}");
    }
}

fn overwrite(folder: &Path, bytes: &dyn Fn(usize) -> Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            overwrite(&entry, bytes);
        } else {
            let length = fs::metadata(&entry).unwrap().len() as usize;
            fs::write(&entry, bytes(length)).unwrap();
        }
    }
}

#[test]
fn an_index_that_was_open_when_the_machine_stopped_is_not_believed() {
    let (home, expected) = full_store();
    forget_boot(home.path());
    let (store, report) = open(home.path());
    assert_eq!(report.index, IndexState::Rebuilt(Why::NotClosed));
    shows(&store, &expected);
}

/// Puts the index of one folder into another, with the note that it is closed.
fn take_index(from: &Path, to: &Path) {
    fs::remove_dir_all(to.join("index")).unwrap();
    copy(&from.join("index"), &to.join("index"));
    fs::copy(from.join("INDEX"), to.join("INDEX")).unwrap();
}

#[test]
fn an_index_whose_files_altered_while_it_was_closed_is_rebuilt() {
    let (home, expected) = full_store();
    let spoil: [Spoil<'_>; 3] = [
        ("half of each file", &|index| {
            halve(index);
        }),
        ("a value in it", &|index| {
            let tree = sled::open(index).unwrap();
            let (key, _) = tree.scan_prefix("d").next().unwrap().unwrap();
            tree.remove(key).unwrap();
            tree.flush().unwrap();
        }),
        ("a file more", &|index| {
            fs::write(index.join("more"), "").unwrap();
        }),
    ];
    for (how, spoil) in spoil {
        let copied = tempfile::tempdir().unwrap();
        copy(home.path(), copied.path());
        spoil(&copied.path().join("index"));
        let (store, report) = open(copied.path());
        assert_eq!(report.index, IndexState::Rebuilt(Why::Altered), "{how}");
        shows(&store, &expected);
    }
}

fn halve(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap().path();
        if entry.is_dir() {
            halve(&entry);
        } else {
            let bytes = fs::read(&entry).unwrap();
            fs::write(&entry, &bytes[..bytes.len() / 2]).unwrap();
        }
    }
}

#[test]
fn an_index_that_has_grown_out_of_proportion_is_rebuilt() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    store.append(&[change(1, 1, 1)]).unwrap();
    drop(store);
    let cases = [
        (1 << 30, IndexState::Ready),
        (1 << 10, IndexState::Rebuilt(Why::Bloated)),
    ];
    for (index_bloated_bytes, expected) in cases {
        let options = Options {
            index_bloated_bytes,
            ..Options::default()
        };
        let opened = EmbeddedStore::open_with(home.path(), options, &mut |_| {});
        let (store, report) = opened.unwrap();
        assert_eq!(report.index, expected);
        assert!(store.document(document(1)).unwrap().is_some());
    }
}

#[test]
fn an_index_of_an_earlier_time_catches_up() {
    let (home, _) = full_store();
    let earlier = tempfile::tempdir().unwrap();
    copy(home.path(), earlier.path());
    let (store, _) = open(home.path());
    store.append(&[change(50, 1, 1)]).unwrap();
    store.append(&[change(51, 6, 2)]).unwrap();
    let mut expected = portrait(&store);
    expected.take_summaries();
    drop(store);
    take_index(earlier.path(), home.path());
    let (store, report) = open(home.path());
    assert_eq!(report.index, IndexState::CaughtUp(2));
    shows(&store, &expected);
    assert!(portrait(&store).take_summaries()[4].is_some());
}

#[test]
fn an_index_that_knows_more_than_the_journal_is_rebuilt_and_that_is_said() {
    let (home, expected) = full_store();
    let earlier = tempfile::tempdir().unwrap();
    copy(home.path(), earlier.path());
    let (store, _) = open(home.path());
    store.append(&[change(50, 1, 1)]).unwrap();
    drop(store);
    fs::copy(segment(earlier.path(), 1), segment(home.path(), 1)).unwrap();
    let (store, report) = open(home.path());
    assert_eq!(report.index, IndexState::Rebuilt(Why::AheadOfJournal));
    assert_eq!(report.torn, None);
    shows(&store, &expected);
}

#[test]
fn an_index_of_another_journal_is_rebuilt() {
    let (home, expected) = full_store();
    let (other, _) = full_store();
    take_index(other.path(), home.path());
    let (store, report) = open(home.path());
    assert_eq!(report.index, IndexState::Rebuilt(Why::OtherJournal));
    shows(&store, &expected);
}

#[test]
fn an_index_is_rebuilt_when_that_is_asked_for_and_tells_its_progress() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    for n in 0..3 {
        store
            .put_record(Table::Tray, &[n], &bytes(1, 2_000_000))
            .unwrap();
    }
    drop(store);
    let options = Options {
        rebuild_index: true,
        ..Options::default()
    };
    let mut told: Vec<Progress> = Vec::new();
    let opened = EmbeddedStore::open_with(home.path(), options, &mut |now| told.push(now));
    let (store, report) = opened.unwrap();
    assert_eq!(report.index, IndexState::Rebuilt(Why::Asked));
    assert_eq!(store.records(Table::Tray).unwrap().len(), 3);
    assert!(told.len() > 3, "{told:?}");
    assert!(told.iter().all(|now| now.task == Task::RebuildIndex));
    assert!(told.is_sorted_by_key(|now| now.done_bytes));
    let last = told.last().unwrap();
    assert_eq!(last.done_bytes, last.total_bytes);
    assert_eq!(last.total_bytes, report.journal_bytes);
}

#[test]
fn no_large_value_goes_into_the_index() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    store
        .put_record(Table::Tray, b"t", &bytes(1, 5 << 20))
        .unwrap();
    store.append(&[change(1, 1, 1)]).unwrap();
    store.compact(document(1), 1, &bytes(1, 5 << 20)).unwrap();
    store
        .put_summary(document(1), &[hash(1)], &"x".repeat(40_000))
        .unwrap();
    drop(store);
    let blobs = home.path().join("index").join("blobs");
    let large_values = fs::read_dir(blobs).map_or(0, |entries| entries.count());
    assert_eq!(large_values, 0, "sled makes a file of each large value");
    let (store, _) = open(home.path());
    let statistics = store.statistics().unwrap();
    assert!(statistics.journal_bytes > 10 << 20);
    assert!(statistics.index_bytes < 3 << 20, "{statistics:?}");
}
