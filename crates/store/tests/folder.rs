//! The data folder: who may open it, and what is said to who may not.

mod common;

use std::fs;

use common::{open, refusal, segment};
use store::conformance::sample::{bytes, change, feed, person};
use store::{Store, StoreError};

#[test]
fn a_second_open_of_one_folder_is_refused_and_the_first_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    let refused = refusal(home.path());
    let folder = home.path().to_path_buf();
    assert_eq!(refused, StoreError::Locked { folder });
    store.append(&[change(1, 1, 1)]).unwrap();
    drop(store);
    assert_eq!(open(home.path()).0.feed_head(feed(1)).unwrap(), 1);
}

#[test]
fn a_folder_of_a_newer_program_is_refused_and_left_as_it_is() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    let format = home.path().join("FORMAT");
    let newer = "stairwell data, format 2\n";
    fs::write(&format, newer).unwrap();
    let refused = refusal(home.path());
    assert_eq!(refused, StoreError::NewerFormat { found: 2, known: 1 });
    assert_eq!(fs::read_to_string(&format).unwrap(), newer);
}

#[test]
fn a_format_that_cannot_be_read_is_not_taken_for_a_new_folder() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    for text in ["", "stairwell", "stairwell data, format x\n", "format 0"] {
        fs::write(home.path().join("FORMAT"), text).unwrap();
        assert_eq!(refusal(home.path()).code(), "data_foreign", "{text:?}");
    }
}

#[test]
fn a_folder_of_other_things_is_not_begun_in_and_other_things_beside_a_store_are_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let letter = home.path().join("letter.txt");
    fs::write(&letter, "dear").unwrap();
    assert_eq!(refusal(home.path()).code(), "data_foreign");
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    fs::remove_file(&letter).unwrap();
    drop(open(home.path()));
    fs::write(&letter, "dear").unwrap();
    let beside = home.path().join("journal");
    for name in ["1.journal", "00000002.journal~", "copy of 00000001.journal"] {
        fs::write(beside.join(name), "dear").unwrap();
    }
    let (store, _) = open(home.path());
    store.append(&[change(1, 1, 1)]).unwrap();
    assert_eq!(fs::read_to_string(letter).unwrap(), "dear");
}

#[test]
fn a_journal_without_a_format_is_not_taken_for_a_new_folder() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    store.append(&[change(1, 1, 1)]).unwrap();
    drop(store);
    fs::remove_file(home.path().join("FORMAT")).unwrap();
    assert_eq!(refusal(home.path()).code(), "data_foreign");
    assert!(segment(home.path(), 1).exists());
}

#[test]
fn a_store_whose_journal_is_gone_is_damaged_and_not_empty() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    fs::remove_dir_all(home.path().join("journal")).unwrap();
    assert_eq!(refusal(home.path()).code(), "data_damaged");
}

#[test]
fn a_folder_whose_making_was_cut_short_is_made_whole() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()));
    fs::remove_file(home.path().join("FORMAT")).unwrap();
    let (store, report) = open(home.path());
    assert!(report.created);
    store.append(&[change(1, 1, 1)]).unwrap();
}

#[test]
fn a_damaged_key_or_blob_is_reported_and_a_half_destroyed_key_is_gone() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    store.put_key(person(1), &[7; 32]).unwrap();
    let hash = store.put_blob(&bytes(1, 100)).unwrap();
    let keys = home.path().join("keys");
    let key = fs::read_dir(&keys).unwrap().next().unwrap().unwrap().path();
    common::flip(&key, 3);
    assert_eq!(store.key(person(1)).unwrap_err().code(), "data_damaged");
    fs::write(&key, [0; 36]).unwrap();
    assert_eq!(store.key(person(1)).unwrap(), None);
    let name = hash.to_string();
    let blob = home.path().join("blobs").join(&name[..2]).join(&name);
    common::flip(&blob, 50);
    assert_eq!(store.blob(hash).unwrap_err().code(), "data_damaged");
    store.put_blob(&bytes(1, 100)).unwrap();
    assert_eq!(store.blob(hash).unwrap(), Some(bytes(1, 100)));
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_can_look_into_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data");
    let (_store, _) = open(&folder);
    for name in ["", "keys", "blobs"] {
        let mode = fs::metadata(folder.join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[test]
fn every_error_says_what_is_safe_and_what_to_do_in_both_languages() {
    let path = || "data/journal".into();
    let cause = || "it failed".to_owned();
    let full = StoreError::DiskFull { path: path() };
    let errors = [
        full.clone(),
        StoreError::ReadOnly { path: path() },
        StoreError::Locked { folder: path() },
        StoreError::Damaged {
            file: path(),
            offset: 77,
            finding: cause(),
        },
        StoreError::NewerFormat { found: 2, known: 1 },
        StoreError::NotAStore { path: path() },
        StoreError::Disk {
            path: path(),
            cause: cause(),
        },
        StoreError::Index { cause: cause() },
        StoreError::Stopped {
            because: Box::new(full),
        },
        StoreError::WriterGone,
        StoreError::TooLarge {
            what: "changes",
            bytes: 9,
            limit: 8,
        },
        StoreError::KindMismatch {
            document: store::conformance::sample::document(1),
        },
        StoreError::KeyExists { person: person(1) },
    ];
    let mut codes: Vec<_> = errors.iter().map(StoreError::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), errors.len(), "one code for one error");
    for error in errors {
        let (zh, en) = (error.text_zh(), error.text_en());
        assert!(zh.matches('。').count() >= 2, "{zh}");
        assert!(en.matches(". ").count() + 1 >= 2, "{en}");
        assert_eq!(error.to_string(), en);
    }
}
