//! Claims about single documents: what is read of them, and compaction.

use model::{ChangeHash, Seq};

use super::sample::{change, document, feed, hash};
use crate::{Appended, Compacted, Snapshot, Store, StoredChange};

super::claims![
    what_is_not_here_is_not_made_up,
    changes_after_a_cursor_are_those_that_came_later,
    a_change_is_found_by_its_hash,
    the_revision_rises_with_every_change_and_compaction,
    a_snapshot_stands_for_the_changes_before_it,
    a_snapshot_of_an_old_revision_is_stale_and_changes_nothing,
    a_reader_before_the_snapshot_gets_it_and_one_after_it_does_not,
    a_change_that_a_snapshot_holds_is_still_known,
    a_newer_snapshot_takes_the_place_of_the_older,
    a_snapshot_moves_with_its_document,
];

fn hashes(changes: &[StoredChange]) -> Vec<ChangeHash> {
    changes.iter().map(|change| change.hash).collect()
}

fn snapshot(bytes: &[u8], seq: Seq) -> Option<Snapshot> {
    Some(Snapshot {
        bytes: bytes.to_vec(),
        seq,
    })
}

/// Changes 1 and 2 to document 1, with another document's change between.
fn two_changes(store: &dyn Store) {
    let batch = [change(1, 1, 1), change(9, 2, 1), change(2, 1, 1)];
    store.append(&batch).unwrap();
}

fn what_is_not_here_is_not_made_up(store: &dyn Store) {
    assert_eq!(store.document(document(1)).unwrap(), None);
    let after = store.changes_after(document(1), 0).unwrap();
    assert_eq!((after.snapshot, after.changes), (None, vec![]));
    assert_eq!(store.find_change(document(1), hash(1)).unwrap(), None);
    let compacted = store.compact(document(1), 0, b"s").unwrap();
    assert_eq!(compacted, Compacted::Stale(0));
    assert_eq!(store.document(document(1)).unwrap(), None);
}

fn changes_after_a_cursor_are_those_that_came_later(store: &dyn Store) {
    two_changes(store);
    let after = |cursor| hashes(&store.changes_after(document(1), cursor).unwrap().changes);
    assert_eq!(after(0), [hash(1), hash(2)]);
    assert_eq!(after(1), [hash(2)]);
    assert_eq!(after(2), [hash(2)]);
    assert_eq!(after(3), []);
}

fn a_change_is_found_by_its_hash(store: &dyn Store) {
    two_changes(store);
    let found = |n, change| store.find_change(document(n), hash(change)).unwrap();
    assert_eq!([found(1, 1), found(1, 2)], [Some(1), Some(3)]);
    assert_eq!(found(2, 9), Some(2));
    assert_eq!([found(1, 9), found(1, 3)], [None, None]);
}

fn the_revision_rises_with_every_change_and_compaction(store: &dyn Store) {
    two_changes(store);
    let revision = || store.document(document(1)).unwrap().unwrap().revision;
    assert_eq!(revision(), 2);
    store.append(&[change(1, 1, 1)]).unwrap();
    assert_eq!(revision(), 2, "nothing new came");
    let compacted = store.compact(document(1), 2, b"s").unwrap();
    assert_eq!(compacted, Compacted::Done(3));
    assert_eq!(revision(), 3);
    store.append(&[change(3, 1, 1)]).unwrap();
    assert_eq!(revision(), 4);
}

fn a_snapshot_stands_for_the_changes_before_it(store: &dyn Store) {
    two_changes(store);
    store.compact(document(1), 2, b"both").unwrap();
    store.append(&[change(3, 1, 1)]).unwrap();
    let stored = store.document(document(1)).unwrap().unwrap();
    assert_eq!(stored.snapshot, snapshot(b"both", 3));
    assert_eq!(hashes(&stored.changes), [hash(3)]);
    assert_eq!((stored.newest_seq, stored.home_feed), (4, feed(1)));
}

fn a_snapshot_of_an_old_revision_is_stale_and_changes_nothing(store: &dyn Store) {
    two_changes(store);
    for expected in [0, 1, 3] {
        let compacted = store.compact(document(1), expected, b"old").unwrap();
        assert_eq!(compacted, Compacted::Stale(2));
    }
    let stored = store.document(document(1)).unwrap().unwrap();
    assert_eq!((stored.snapshot, stored.changes.len()), (None, 2));
}

fn a_reader_before_the_snapshot_gets_it_and_one_after_it_does_not(store: &dyn Store) {
    two_changes(store);
    store.compact(document(1), 2, b"both").unwrap();
    store.append(&[change(3, 1, 1), change(4, 1, 1)]).unwrap();
    let cases = [
        (0, snapshot(b"both", 3), vec![hash(3), hash(4)]),
        (2, snapshot(b"both", 3), vec![hash(3), hash(4)]),
        (3, None, vec![hash(3), hash(4)]),
        (4, None, vec![hash(4)]),
        (5, None, vec![]),
    ];
    for (cursor, expected, changes) in cases {
        let after = store.changes_after(document(1), cursor).unwrap();
        assert_eq!(after.snapshot, expected, "cursor {cursor}");
        assert_eq!(hashes(&after.changes), changes, "cursor {cursor}");
    }
}

fn a_change_that_a_snapshot_holds_is_still_known(store: &dyn Store) {
    two_changes(store);
    store.compact(document(1), 2, b"both").unwrap();
    let again = store.append(&[change(1, 1, 1)]).unwrap();
    assert_eq!(again, [Appended::Already(1)]);
    assert_eq!(store.find_change(document(1), hash(1)).unwrap(), Some(1));
}

fn a_newer_snapshot_takes_the_place_of_the_older(store: &dyn Store) {
    two_changes(store);
    store.compact(document(1), 2, b"both").unwrap();
    store.append(&[change(3, 1, 1)]).unwrap();
    let large = vec![7; 100_000];
    store.compact(document(1), 4, &large).unwrap();
    let stored = store.document(document(1)).unwrap().unwrap();
    assert!(stored.snapshot == snapshot(&large, 4));
    assert_eq!(stored.changes, []);
}

fn a_snapshot_moves_with_its_document(store: &dyn Store) {
    two_changes(store);
    store.compact(document(1), 2, b"both").unwrap();
    store.append(&[change(7, 7, 2)]).unwrap();
    store.append(&[change(3, 1, 2), change(4, 1, 2)]).unwrap();
    let cases = [
        (0, snapshot(b"both", 2), vec![hash(3), hash(4)]),
        (1, snapshot(b"both", 2), vec![hash(3), hash(4)]),
        (2, None, vec![hash(4)]),
        (3, None, vec![]),
    ];
    for (cursor, expected, changes) in cases {
        let after = store.changes_after(document(1), cursor).unwrap();
        assert_eq!(after.snapshot, expected, "cursor {cursor}");
        assert_eq!(hashes(&after.changes), changes, "cursor {cursor}");
    }
    store.compact(document(1), 5, b"all").unwrap();
    let stored = store.document(document(1)).unwrap().unwrap();
    assert_eq!(
        (stored.snapshot, stored.changes),
        (snapshot(b"all", 3), vec![])
    );
}
