//! A backup is a journal as it was at one moment, with its keys and blobs; it
//! says of every file what it must be, and what is restored from it is equal.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use common::{copy, flip, open};
use model::ChangeHash;
use store::conformance::portrait;
use store::conformance::sample::{bytes, change, document, person};
use store::{
    BackupError, BrokenFile, EmbeddedStore, Flaw, IndexState, MANIFEST, Manifest, Options,
    RestoreError, Store, StoreError, StoredDocument, Table, Why, backup, restore, verify_backup,
};
use tempfile::TempDir;

/// A store of several segments with something of everything.
fn full_store() -> (TempDir, EmbeddedStore) {
    let home = tempfile::tempdir().unwrap();
    let options = Options {
        segment_bytes: 2_000,
        ..Options::default()
    };
    let (store, _) =
        EmbeddedStore::open_with(&home.path().join("data"), options, &mut |_| {}).unwrap();
    for n in 0..40 {
        let (document, feed) = ((n % 5) as u8, (n % 7 % 3) as u8);
        store.append(&[change(n, document, feed)]).unwrap();
    }
    let revision = store.document(document(1)).unwrap().unwrap().revision;
    store
        .compact(document(1), revision, &bytes(5, 3_000))
        .unwrap();
    store.put_record(Table::People, b"a", b"first").unwrap();
    store.put_record(Table::People, b"a", b"second").unwrap();
    store.put_record(Table::Tray, b"b", b"gone soon").unwrap();
    store.delete_record(Table::Tray, b"b").unwrap();
    store.put_key(person(1), &[7; 32]).unwrap();
    store.put_blob(&bytes(9, 500)).unwrap();
    (home, store)
}

fn take(home: &Path) -> Manifest {
    backup(&home.join("data"), &home.join("copy"), 77, &mut |_| {}).unwrap()
}

fn restored(home: &Path) -> Result<store::Restored, RestoreError> {
    restore(&home.join("copy"), &home.join("restored"), &mut |_| {})
}

#[test]
fn what_is_restored_shows_all_that_was_there_when_the_backup_was_taken() {
    let (home, store) = full_store();
    let manifest = take(home.path());
    assert_eq!((manifest.taken_at, manifest.contents.changes), (77, 40));
    assert_eq!(manifest.contents, store.contents(&mut |_| {}).unwrap());
    let restored = restored(home.path()).unwrap();
    assert_eq!(restored.manifest, manifest);
    assert_eq!(restored.report.index, IndexState::Rebuilt(Why::Missing));
    let (other, report) = open(&home.path().join("restored"));
    assert_eq!(report.index, IndexState::Ready);
    assert_eq!(portrait(&other), portrait(&store));
    assert_eq!(other.key(person(1)).unwrap(), Some([7; 32]));
    let blob = store::BlobHash::of(&bytes(9, 500));
    assert_eq!(other.blob(blob).unwrap(), Some(bytes(9, 500)));
    other.append(&[change(90, 1, 1)]).unwrap();
}

#[test]
fn a_backup_taken_while_others_write_is_whole_and_has_all_from_before_it() {
    let (home, store) = full_store();
    let before = store.statistics().unwrap().changes;
    let ended = AtomicBool::new(false);
    let manifest = std::thread::scope(|scope| {
        let (store, ended) = (&store, &ended);
        for writer in 0..3 {
            scope.spawn(move || {
                for n in 0.. {
                    let n = 1_000 + writer * 100_000 + n;
                    store.append(&[change(n, (n % 6) as u8, 1)]).unwrap();
                    if ended.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        let manifest = take(home.path());
        ended.store(true, Ordering::Relaxed);
        manifest
    });
    assert!(manifest.contents.changes >= before);
    restored(home.path()).unwrap();
    let (other, _) = open(&home.path().join("restored"));
    assert_eq!(other.contents(&mut |_| {}).unwrap(), manifest.contents);
    for n in 0..5 {
        let then = other.document(document(n)).unwrap().unwrap();
        let now = store.document(document(n)).unwrap().unwrap();
        let (then, now) = (names(&then), names(&now));
        assert!(now.starts_with(&then), "document {n}");
    }
}

/// The changes of a document, whose places alter when it moves to another feed.
fn names(document: &StoredDocument) -> Vec<ChangeHash> {
    document.changes.iter().map(|change| change.hash).collect()
}

#[test]
fn a_write_that_is_under_way_is_left_out() {
    let (home, store) = full_store();
    let whole = take(home.path());
    drop(store);
    let last = last_segment(&home.path().join("data"));
    let mut journal = fs::read(&last).unwrap();
    journal.extend_from_slice(&bytes(3, 70));
    fs::write(&last, journal).unwrap();
    let again = home.path().join("again");
    let torn = backup(&home.path().join("data"), &again, 77, &mut |_| {}).unwrap();
    assert_eq!(torn, whole);
}

fn last_segment(data: &Path) -> PathBuf {
    let segments = fs::read_dir(data.join("journal")).unwrap();
    segments.map(|entry| entry.unwrap().path()).max().unwrap()
}

/// A way to spoil a file.
type Spoil = fn(&Path);

/// Every file of a backup but the manifest.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_of(&path));
        } else if path.file_name().unwrap() != MANIFEST {
            files.push(path);
        }
    }
    files
}

#[test]
fn every_broken_file_of_a_backup_is_named_and_nothing_is_restored() {
    let (home, _store) = full_store();
    take(home.path());
    let spoil: [(Flaw, Spoil); 3] = [
        (Flaw::Missing, |path| fs::remove_file(path).unwrap()),
        (Flaw::Length(5), |path| fs::write(path, "other").unwrap()),
        (Flaw::Altered, |path| flip(path, 7)),
    ];
    let all = files_of(&home.path().join("copy"));
    assert!(all.len() > 4, "segments, a key, a blob");
    for file in all {
        let place = file.strip_prefix(home.path().join("copy")).unwrap();
        for (flaw, spoil) in spoil {
            let copied = tempfile::tempdir().unwrap();
            copy(&home.path().join("copy"), &copied.path().join("copy"));
            spoil(&copied.path().join("copy").join(place));
            let path = place.to_str().unwrap().to_owned();
            let expected = RestoreError::Broken(vec![BrokenFile { path, flaw }]);
            assert_eq!(restored(copied.path()).unwrap_err(), expected);
            assert!(!copied.path().join("restored").exists());
        }
    }
}

#[test]
fn a_backup_that_was_cut_short_is_none() {
    let (home, _store) = full_store();
    take(home.path());
    let copied = home.path().join("copy");
    let manifest = fs::read(copied.join(MANIFEST)).unwrap();
    for text in [None, Some(&manifest[..manifest.len() - 1]), Some(&[])] {
        match text {
            None => fs::remove_file(copied.join(MANIFEST)).unwrap(),
            Some(text) => fs::write(copied.join(MANIFEST), text).unwrap(),
        }
        let refused = restored(home.path()).unwrap_err();
        assert_eq!(refused, RestoreError::NotABackup(copied.clone()));
    }
}

#[test]
fn neither_a_backup_nor_a_restored_folder_replaces_anything() {
    let (home, store) = full_store();
    take(home.path());
    let (data, copied) = (home.path().join("data"), home.path().join("copy"));
    let refused = backup(&data, &copied, 1, &mut |_| {}).unwrap_err();
    assert_eq!(refused, BackupError::NotEmpty(copied.clone()));
    let refused = restore(&copied, &data, &mut |_| {}).unwrap_err();
    assert_eq!(refused, RestoreError::NotEmpty(data));
    store.health().unwrap();
    verify_backup(&copied, &mut |_| {}).unwrap();
}

#[test]
fn a_folder_that_is_no_store_has_no_backup_and_a_backup_is_no_store() {
    let (home, store) = full_store();
    take(home.path());
    drop(store);
    let empty = home.path().join("empty");
    let refused = backup(&empty, &home.path().join("other"), 1, &mut |_| {}).unwrap_err();
    let path = empty;
    assert_eq!(refused, BackupError::Store(StoreError::NotAStore { path }));
    let refused = common::refusal(&home.path().join("copy"));
    assert_eq!(refused.code(), "data_foreign", "it would not stay a backup");
    verify_backup(&home.path().join("copy"), &mut |_| {}).unwrap();
}

#[test]
fn a_damaged_journal_has_no_backup_and_the_damage_is_named() {
    let (home, store) = full_store();
    drop(store);
    let first = common::segment(&home.path().join("data"), 1);
    flip(&first, 200);
    let (data, copied) = (home.path().join("data"), home.path().join("copy"));
    match backup(&data, &copied, 1, &mut |_| {}).unwrap_err() {
        BackupError::Store(StoreError::Damaged { file, .. }) => assert_eq!(file, first),
        other => panic!("{other:?}"),
    }
    assert!(!copied.join(MANIFEST).exists());
}
