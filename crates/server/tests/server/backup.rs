//! Backups of an office at work, and offices that go on from one.

use std::sync::atomic::{AtomicBool, Ordering};

use server::clock::now_ms;
use tempfile::TempDir;

use crate::support::{Service, door, grid, run, settled_folder, text};

/// Backs a data folder up, and says where to.
fn back_up(data: &std::path::Path, to: &TempDir) -> std::path::PathBuf {
    let folder = to.path().join("backup");
    let output = run(data, &["backup", folder.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    folder
}

/// Restores a backup into a folder of its own.
fn restored(backup: &std::path::Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = run(&data, &["restore", backup.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    folder
}

#[test]
fn a_backup_taken_while_phones_write_has_every_change_receipted_before_it_and_can_be_served() {
    let service = Service::start(settled_folder(), &[]);
    let mut phones = [
        service.add_worker("陈小满"),
        service.add_worker("林秋实"),
        service.add_worker("何青山"),
    ];
    let mut before = Vec::new();
    for (number, phone) in (0..).zip(&mut phones) {
        for time in 0..4 {
            let note = format!("第{number}人第{time}次");
            before.push((phone.visit(door(time * 2), &note), note));
        }
        assert_eq!(phone.exchange_with(&service.url).receipts, 4);
    }
    let ended = AtomicBool::new(false);
    let to = tempfile::tempdir().unwrap();
    let backup = std::thread::scope(|scope| {
        for phone in &mut phones {
            let (url, ended) = (&service.url, &ended);
            scope.spawn(move || {
                while !ended.load(Ordering::Relaxed) {
                    phone.visit(door(0), "备份时");
                    phone.exchange_with(url);
                }
            });
        }
        let backup = back_up(&service.data(), &to);
        ended.store(true, Ordering::Relaxed);
        backup
    });
    drop(service);
    let service = Service::start(restored(&backup), &[]);
    let mut other = service.add_worker("林秋实");
    before
        .iter()
        .for_each(|(visit, _)| other.replica.want(*visit));
    other.exchange_with(&service.url);
    for (visit, note) in before {
        assert_eq!(other.note(visit), note);
    }
    other.visit(door(0), "恢复以后");
    assert_eq!(other.exchange_with(&service.url).receipts, 1);
}

#[test]
fn what_phones_had_sent_after_the_copy_reaches_the_office_that_was_restored_from_it() {
    let service = Service::start(settled_folder(), &[]);
    let (mut phone, mut other) = (service.add_worker("陈小满"), service.add_worker("林秋实"));
    let kept = phone.visit(door(0), "备份以前");
    phone.exchange_with(&service.url);
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&service.data(), &to);
    let later = phone.visit(door(0), "备份以后");
    assert_eq!(phone.exchange_with(&service.url).receipts, 1);
    other.exchange_with(&service.url);
    let edited = phone
        .replica
        .edit_note(kept, "备份以前，备份以后又补", now_ms());
    assert!(edited.unwrap().is_some());
    assert_eq!(phone.exchange_with(&service.url).receipts, 1);
    let ahead = phone.replica.cursor(grid(0));
    drop(service);

    let service = Service::start(restored(&backup), &[]);
    other.exchange_with(&service.url);
    // The office is an older one: what it lacks is unsent again, and can be read meanwhile.
    let mut receipts = phone.exchange_with(&service.url).receipts;
    assert!(phone.replica.cursor(grid(0)) < ahead);
    assert_eq!(phone.note(later), "备份以后");
    while phone.replica.has_more_to_say() {
        receipts += phone.exchange_with(&service.url).receipts;
        assert_eq!(phone.note(later), "备份以后");
    }
    assert_eq!(receipts, 2);
    let after = phone.visit(door(0), "恢复以后");
    assert_eq!(phone.exchange_with(&service.url).receipts, 1);
    let words = [
        (kept, "备份以前，备份以后又补"),
        (later, "备份以后"),
        (after, "恢复以后"),
    ];
    other.exchange_with(&service.url);
    for (visit, _) in words {
        other.replica.want(visit);
    }
    while other.replica.has_more_to_say() {
        other.exchange_with(&service.url);
    }
    for (visit, note) in words {
        assert_eq!(other.note(visit), note);
    }
}

#[test]
fn a_broken_backup_is_refused_file_by_file_and_nothing_is_ever_replaced() {
    let folder = settled_folder();
    let data = folder.path().join("data");
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&data, &to);
    let words = |output: &std::process::Output| {
        assert!(!output.status.success());
        let line = text(&output.stderr);
        let said: Vec<_> = line
            .lines()
            .filter(|line| line.starts_with("stairwell:"))
            .collect();
        assert_eq!(said.len(), 1, "{line}");
        line
    };
    let again = run(&data, &["backup", backup.to_str().unwrap()]);
    assert!(words(&again).contains("is not empty"));
    let over = run(&data, &["restore", backup.to_str().unwrap()]);
    assert!(words(&over).contains("is not empty"));
    let nothing = run(to.path(), &["restore", to.path().to_str().unwrap()]);
    assert!(words(&nothing).contains("is not empty"));

    let journal = backup.join("journal/00000001.journal");
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&journal, bytes).unwrap();
    let place = tempfile::tempdir().unwrap();
    let broken = run(
        &place.path().join("data"),
        &["restore", backup.to_str().unwrap()],
    );
    assert!(words(&broken).contains("1 files"));
    assert!(text(&broken.stdout).contains("journal/00000001.journal"));
    assert!(!place.path().join("data").exists());
}
