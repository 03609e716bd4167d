//! The table of damage: what the check says of each, and what a start does.

mod common;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{copy, flip, forget_boot, segment};
use store::conformance::sample::{bytes, change, document, person};
use store::{EmbeddedStore, Finding, Options, Store, Table, Why, check};
use tempfile::TempDir;

/// A way to spoil a data folder.
type Spoil = fn(&Path);

/// What a start does with a spoilt folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// It goes on, with this many changes.
    Opens(u64),
    /// It refuses, with an error of this code.
    Refuses(&'static str),
}
use Start::{Opens, Refuses};

const CHANGES: u64 = 20;

fn open_small(folder: &Path) -> Result<EmbeddedStore, store::StoreError> {
    let options = Options {
        segment_bytes: 1_000,
        ..Options::default()
    };
    EmbeddedStore::open_with(folder, options, &mut |_| {}).map(|(store, _)| store)
}

/// A folder of several segments, closed in order.
fn full_folder() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let store = open_small(home.path()).unwrap();
    for n in 0..CHANGES as u32 {
        store.append(&[change(n, (n % 4) as u8, 1)]).unwrap();
    }
    store.put_record(Table::People, b"a", b"short").unwrap();
    store.put_key(person(1), &[7; 32]).unwrap();
    store.put_blob(&bytes(9, 300)).unwrap();
    drop(store);
    home
}

fn last_segment(folder: &Path) -> u32 {
    fs::read_dir(folder.join("journal")).unwrap().count() as u32
}

fn only_file(folder: &Path) -> std::path::PathBuf {
    let path = fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    if path.is_dir() {
        only_file(&path)
    } else {
        path
    }
}

/// What is done to the folder; what the check names it; whether that is
/// harmless; what a start does.
const DAMAGE: [(&str, Spoil, &str, bool, Start); 19] = [
    (
        "torn tail",
        |home| {
            let path = segment(home, last_segment(home));
            let journal = [fs::read(&path).unwrap(), bytes(3, 60)].concat();
            fs::write(&path, journal).unwrap();
        },
        "TornTail",
        true,
        Opens(CHANGES),
    ),
    (
        "damaged middle",
        |home| flip(&segment(home, 1), 300),
        "Journal",
        false,
        Refuses("data_damaged"),
    ),
    (
        "damaged header of a segment",
        |home| flip(&segment(home, 2), 9),
        "Journal",
        false,
        Refuses("data_damaged"),
    ),
    (
        "missing segment",
        |home| fs::remove_file(segment(home, 2)).unwrap(),
        "Journal",
        false,
        Refuses("data_damaged"),
    ),
    (
        "missing first segment",
        |home| fs::remove_file(segment(home, 1)).unwrap(),
        "Journal",
        false,
        Refuses("data_damaged"),
    ),
    (
        "segment of another journal",
        |home| {
            fs::copy(segment(full_folder().path(), 2), segment(home, 2)).unwrap();
        },
        "Journal",
        false,
        Refuses("data_damaged"),
    ),
    (
        "damaged end",
        |home| {
            let path = segment(home, last_segment(home));
            flip(&path, fs::metadata(&path).unwrap().len() - 1);
        },
        "EndBroken",
        false,
        Refuses("data_damaged"),
    ),
    (
        "journal cut at a frame",
        |home| {
            fs::remove_file(segment(home, last_segment(home))).unwrap();
        },
        "EndLost",
        false,
        Opens(14),
    ),
    (
        "FORMAT missing",
        |home| fs::remove_file(home.join("FORMAT")).unwrap(),
        "FormatMissing",
        false,
        Refuses("data_foreign"),
    ),
    (
        "FORMAT garbled",
        |home| fs::write(home.join("FORMAT"), "?").unwrap(),
        "Format",
        false,
        Refuses("data_foreign"),
    ),
    (
        "FORMAT of a newer program",
        |home| {
            fs::write(home.join("FORMAT"), "stairwell data, format 9\n").unwrap();
        },
        "Format",
        false,
        Refuses("data_newer"),
    ),
    (
        "index missing",
        |home| fs::remove_dir_all(home.join("index")).unwrap(),
        "IndexUnusable",
        true,
        Opens(CHANGES),
    ),
    (
        "machine stopped",
        |home| forget_boot(home),
        "IndexUnusable",
        true,
        Opens(CHANGES),
    ),
    (
        "index altered",
        |home| flip(&home.join("index/db"), 700),
        "IndexUnusable",
        true,
        Opens(CHANGES),
    ),
    (
        "key damaged",
        |home| flip(&only_file(&home.join("keys")), 3),
        "Key",
        false,
        Opens(CHANGES),
    ),
    (
        "blob damaged",
        |home| flip(&only_file(&home.join("blobs")), 3),
        "Blob",
        false,
        Opens(CHANGES),
    ),
    (
        "unfinished key",
        |home| {
            fs::write(home.join("keys/x.unfinished"), "").unwrap();
        },
        "Unfinished",
        true,
        Opens(CHANGES),
    ),
    (
        "foreign file in the folder",
        |home| fs::write(home.join("letter"), "").unwrap(),
        "Stray",
        true,
        Opens(CHANGES),
    ),
    (
        "foreign file in the journal",
        |home| {
            fs::write(home.join("journal/1.journal"), "").unwrap();
        },
        "Stray",
        true,
        Opens(CHANGES),
    ),
];

fn name_of(finding: &Finding) -> String {
    let text = format!("{finding:?}");
    text.split(['(', ' ']).next().unwrap().to_owned()
}

fn findings(folder: &Path) -> Vec<Finding> {
    check(folder, None, &mut |_| {}).unwrap().findings
}

#[test]
fn each_damage_is_named_by_the_check_and_mended_or_refused_by_a_start() {
    let home = full_folder();
    assert_eq!(findings(home.path()), []);
    for (how, spoil, name, is_harmless, start) in DAMAGE {
        let copied = tempfile::tempdir().unwrap();
        copy(home.path(), copied.path());
        spoil(copied.path());
        let found = findings(copied.path());
        assert_eq!(found.len(), 1, "{how}: {found:?}");
        assert_eq!(name_of(&found[0]), name, "{how}");
        assert_eq!(found[0].is_harmless(), is_harmless, "{how}");
        assert_eq!(
            findings(copied.path()),
            found,
            "{how}: the check altered it"
        );
        let started = match open_small(copied.path()) {
            Ok(store) => Opens(store.statistics().unwrap().changes),
            Err(error) => Refuses(error.code()),
        };
        assert_eq!(started, start, "{how}");
    }
}

#[test]
fn an_index_that_lies_is_found_even_if_it_was_left_open_by_a_killed_program() {
    let home = full_folder();
    let killed = tempfile::tempdir().unwrap();
    let store = open_small(home.path()).unwrap();
    copy(home.path(), killed.path());
    drop(store);
    assert_eq!(findings(killed.path()), []);
    let tree = sled::open(killed.path().join("index")).unwrap();
    let (key, _) = tree.scan_prefix("d").next().unwrap().unwrap();
    tree.remove(key).unwrap();
    tree.insert("rx", "more").unwrap();
    tree.flush().unwrap();
    drop(tree);
    assert_eq!(findings(killed.path()), [Finding::IndexDiffers(2)]);
    let options = Options {
        rebuild_index: true,
        ..Options::default()
    };
    drop(EmbeddedStore::open_with(killed.path(), options, &mut |_| {}).unwrap());
    assert_eq!(findings(killed.path()), []);
}

#[test]
fn an_index_behind_the_journal_is_named_so() {
    let home = full_folder();
    let later = tempfile::tempdir().unwrap();
    copy(home.path(), later.path());
    let store = open_small(later.path()).unwrap();
    store.append(&[change(50, 1, 1)]).unwrap();
    store.append(&[change(51, 1, 1)]).unwrap();
    drop(store);
    fs::remove_dir_all(home.path().join("journal")).unwrap();
    copy(&later.path().join("journal"), &home.path().join("journal"));
    assert_eq!(findings(home.path()), [Finding::IndexBehind(2)]);
}

/// Ends the writers, also when an assertion fails.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_store_at_work_is_checked_without_stopping_it_and_without_false_alarm() {
    let home = full_folder();
    let store = open_small(home.path()).unwrap();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (store, ended) = (&store, &ended);
        for writer in 0..3 {
            scope.spawn(move || {
                for n in 0.. {
                    let n = 1_000 + writer * 100_000 + n;
                    store.append(&[change(n, (n % 6) as u8, 1)]).unwrap();
                    store
                        .put_record(Table::Tray, b"k", &n.to_be_bytes())
                        .unwrap();
                    if ended.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        let _end = End(ended);
        for _ in 0..3 {
            let checked = check(home.path(), Some(store), &mut |_| {}).unwrap();
            assert_eq!(checked.findings, []);
            assert!(checked.truth.contents().changes >= CHANGES);
        }
    });
    let checked = check(home.path(), Some(&store), &mut |_| {}).unwrap();
    assert_eq!(checked.findings, []);
    assert_eq!(
        checked.truth.contents(),
        store.contents(&mut |_| {}).unwrap()
    );
}

#[test]
fn a_folder_in_use_by_another_program_is_not_checked_from_outside() {
    let home = full_folder();
    let _store = open_small(home.path()).unwrap();
    let refused = check(home.path(), None, &mut |_| {})
        .map(|_| ())
        .unwrap_err();
    assert_eq!(refused.code(), "data_locked");
    let empty = tempfile::tempdir().unwrap();
    let refused = check(empty.path(), None, &mut |_| {})
        .map(|_| ())
        .unwrap_err();
    assert_eq!(refused.code(), "data_damaged");
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[test]
fn every_document_and_record_is_shown_as_the_journal_has_it() {
    let home = full_folder();
    let checked = check(home.path(), None, &mut |_| {}).unwrap();
    let mut shown = Vec::new();
    let truth = &checked.truth;
    truth
        .each_document(&mut |id, stored| shown.push((id, stored.changes.len())))
        .unwrap();
    assert_eq!(shown, [0, 1, 2, 3].map(|n| (document(n), 5)));
    assert_eq!((truth.documents(), checked.keys, checked.blobs), (4, 1, 1));
    assert_eq!(truth.records(Table::People).unwrap().len(), 1);
    let why = Finding::IndexUnusable(Why::Missing);
    assert!(why.is_harmless());
}
