//! What is found in the journal when a store is opened: a torn tail is cut,
//! damage is reported with its place, and nothing acknowledged is passed over
//! in silence.

mod common;

use std::fs;
use std::path::Path;

use common::{copy, flip, forget_boot, open, refusal, segment};
use store::conformance::sample::{bytes, change, document, feed};
use store::{Append, EmbeddedStore, IndexState, Options, Store, StoreError, Table, TornTail, Why};
use tempfile::TempDir;

/// A way to spoil something, and its name.
type Spoil<'a> = (&'a str, &'a dyn Fn(&Path));

/// Bytes of a segment's header.
const HEADER: u64 = 40;

/// A store with one frame for each of the changes 1 to `count`, all in document
/// 1, closed in order. Gives the length of the journal after each frame, the
/// empty journal's first.
fn store_with(count: u32) -> (TempDir, Vec<u64>) {
    let home = tempfile::tempdir().unwrap();
    let (store, report) = open(home.path());
    assert!(report.created);
    let length = || fs::metadata(segment(home.path(), 1)).unwrap().len();
    let mut ends = vec![length()];
    for n in 1..=count {
        store.append(&[change(n, 1, 1)]).unwrap();
        ends.push(length());
    }
    drop(store);
    (home, ends)
}

/// A copy of a store's folder.
fn copy_of(home: &Path) -> TempDir {
    let copied = tempfile::tempdir().unwrap();
    copy(home, copied.path());
    copied
}

fn cut(home: &Path, length: u64) {
    let file = fs::File::options()
        .write(true)
        .open(segment(home, 1))
        .unwrap();
    file.set_len(length).unwrap();
}

fn changes_in(store: &EmbeddedStore) -> usize {
    let held = store.document(document(1)).unwrap();
    held.map_or(0, |held| held.changes.len())
}

#[test]
fn a_journal_cut_at_any_byte_of_its_last_frame_keeps_all_frames_before() {
    let (home, ends) = store_with(3);
    for length in ends[2]..ends[3] {
        // By turns the program was killed and the machine stopped.
        let machine_stopped = length % 2 == 0;
        let copied = copy_of(home.path());
        cut(copied.path(), length);
        if machine_stopped {
            forget_boot(copied.path());
        }
        let (store, report) = open(copied.path());
        assert_eq!(changes_in(&store), 2, "cut at {length}");
        let torn = (length > ends[2]).then_some(TornTail {
            segment: 1,
            offset: ends[2],
            bytes: length - ends[2],
        });
        assert_eq!(report.torn, torn, "cut at {length}");
        let why = if machine_stopped {
            Why::NotClosed
        } else {
            Why::AheadOfJournal
        };
        assert_eq!(report.index, IndexState::Rebuilt(why));
        store.append(&[change(9, 1, 1)]).unwrap();
        drop(store);
        let (store, report) = open(copied.path());
        assert_eq!((changes_in(&store), report.torn), (3, None));
        assert_eq!(report.index, IndexState::Ready);
    }
}

#[test]
fn a_frame_that_never_became_whole_is_cut_off_whatever_its_bytes() {
    let (home, ends) = store_with(2);
    let tails = [vec![0; 1], vec![0; 5_000], vec![0xff; 300], bytes(1, 5_000)];
    for tail in tails {
        let copied = copy_of(home.path());
        let mut journal = fs::read(segment(home.path(), 1)).unwrap();
        journal.extend_from_slice(&tail);
        fs::write(segment(copied.path(), 1), &journal).unwrap();
        let (store, report) = open(copied.path());
        assert_eq!(changes_in(&store), 2);
        let torn = report.torn.unwrap();
        assert_eq!((torn.offset, torn.bytes), (ends[2], tail.len() as u64));
        assert_eq!(report.index, IndexState::Ready);
    }
}

#[test]
fn damage_before_the_tail_is_reported_with_segment_and_place_and_nothing_is_touched() {
    let (home, ends) = store_with(3);
    for frame in [0, 1] {
        for at in ends[frame]..ends[frame + 1] {
            let copied = copy_of(home.path());
            if at % 2 == 0 {
                forget_boot(copied.path());
            }
            let file = segment(copied.path(), 1);
            flip(&file, at);
            let before = fs::read(&file).unwrap();
            match refusal(copied.path()) {
                StoreError::Damaged {
                    file: found,
                    offset,
                    ..
                } => assert_eq!((found, offset), (file.clone(), ends[frame]), "byte {at}"),
                other => panic!("byte {at}: {other:?}"),
            }
            assert!(fs::read(&file).unwrap() == before, "byte {at}");
        }
    }
}

#[test]
fn a_durable_frame_that_goes_bad_at_the_end_is_damage_and_not_a_torn_tail() {
    let (home, ends) = store_with(3);
    for at in ends[2]..ends[3] {
        let copied = copy_of(home.path());
        flip(&segment(copied.path(), 1), at);
        match refusal(copied.path()) {
            StoreError::Damaged { offset, .. } => assert_eq!(offset, ends[2], "byte {at}"),
            other => panic!("byte {at}: {other:?}"),
        }
    }
}

#[test]
fn a_damaged_header_is_reported() {
    let (home, _) = store_with(1);
    for at in 0..HEADER {
        let copied = copy_of(home.path());
        flip(&segment(copied.path(), 1), at);
        let refused = refusal(copied.path());
        assert_eq!(refused.code(), "data_damaged", "byte {at}");
    }
}

/// A store whose journal has many small segments.
fn store_of_segments() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let options = Options {
        segment_bytes: 300,
        ..Options::default()
    };
    let (store, _) = EmbeddedStore::open_with(home.path(), options, &mut |_| {}).unwrap();
    for n in 1..=12 {
        store.append(&[change(n, 1, 1)]).unwrap();
    }
    assert!(store.statistics().unwrap().journal_segments > 3);
    drop(store);
    home
}

#[test]
fn segments_that_are_missing_swapped_cut_or_foreign_are_reported() {
    let home = store_of_segments();
    let foreign = store_of_segments();
    let second = |folder: &Path| segment(folder, 2);
    let spoil: [Spoil<'_>; 5] = [
        ("the first missing", &|folder| {
            fs::remove_file(segment(folder, 1)).unwrap();
        }),
        ("one missing", &|folder| {
            fs::remove_file(second(folder)).unwrap();
        }),
        ("swapped", &|folder| {
            fs::copy(segment(folder, 3), second(folder)).unwrap();
        }),
        ("cut at a frame's end", &|folder| {
            let bytes = fs::read(second(folder)).unwrap();
            fs::write(second(folder), &bytes[..HEADER as usize]).unwrap();
        }),
        ("from another journal", &|folder| {
            fs::copy(second(foreign.path()), second(folder)).unwrap();
        }),
    ];
    for (how, spoil) in spoil {
        let copied = copy_of(home.path());
        forget_boot(copied.path());
        spoil(copied.path());
        assert_eq!(refusal(copied.path()).code(), "data_damaged", "{how}");
    }
}

#[test]
fn a_segment_that_was_still_being_made_is_made_again() {
    let home = store_of_segments();
    let numbers = fs::read_dir(home.path().join("journal")).unwrap().count() as u32;
    for length in [0, 1, 39] {
        let copied = copy_of(home.path());
        let half_made = segment(copied.path(), numbers + 1);
        let header = fs::read(segment(home.path(), 1)).unwrap();
        fs::write(&half_made, &header[..length]).unwrap();
        let (store, report) = open(copied.path());
        let torn = report.torn.unwrap();
        assert_eq!((torn.segment, torn.offset), (numbers + 1, 0));
        assert_eq!(changes_in(&store), 12);
        assert!(!half_made.exists());
        store.append(&[change(50, 1, 1)]).unwrap();
        drop(store);
        assert_eq!(changes_in(&open(copied.path()).0), 13);
    }
}

#[test]
fn a_value_that_goes_bad_while_the_store_is_open_is_reported_when_it_is_read() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    let large = Append {
        bytes: bytes(1, 10_000),
        ..change(1, 1, 1)
    };
    store.append(&[large, change(2, 2, 1)]).unwrap();
    store
        .put_record(Table::Tray, b"t", &bytes(2, 10_000))
        .unwrap();
    flip(&segment(home.path(), 1), HEADER + 5_000);
    let error = store.document(document(1)).unwrap_err();
    assert_eq!(error.code(), "data_damaged");
    assert!(store.document(document(2)).unwrap().is_some());
    flip(&segment(home.path(), 1), HEADER + 15_000);
    let error = store.get_record(Table::Tray, b"t").unwrap_err();
    assert_eq!(error.code(), "data_damaged");
}

#[test]
fn what_looks_like_a_frame_inside_a_change_does_not_turn_a_torn_tail_into_damage() {
    // A client may send the bytes of a frame of some other journal, but it does
    // not know this segment's salt.
    let (other, ends) = store_with(3);
    let frames = fs::read(segment(other.path(), 1)).unwrap()[ends[1] as usize..].to_vec();
    let home = tempfile::tempdir().unwrap();
    let (store, _) = open(home.path());
    store.append(&[change(1, 1, 1)]).unwrap();
    let disguised = Append {
        bytes: frames,
        ..change(2, 1, 1)
    };
    store.append(&[disguised]).unwrap();
    drop(store);
    forget_boot(home.path());
    let length = fs::metadata(segment(home.path(), 1)).unwrap().len();
    cut(home.path(), length - 1);
    let (store, report) = open(home.path());
    assert!(report.torn.is_some());
    assert_eq!(store.feed_head(feed(1)).unwrap(), 1);
}
