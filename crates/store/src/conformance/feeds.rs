//! Claims about feeds: `since` and the moving of documents between them.

use model::Seq;

use super::sample::{change, document, feed};
use crate::{Append, Store, StoredChange};

super::claims![
    a_feed_lists_each_document_once_at_its_newest_place,
    pages_of_any_size_meet_every_document_once,
    a_cursor_at_or_beyond_the_head_gives_nothing,
    a_moved_document_is_listed_in_its_new_feed_alone,
    a_reader_of_the_new_feed_gets_all_of_a_moved_document,
    a_document_that_moves_back_is_listed_at_its_newest_place,
];

fn listed(store: &dyn Store, feed_n: u8, cursor: Seq) -> Vec<(u8, Seq)> {
    let entries = store.since(feed(feed_n), cursor, usize::MAX).unwrap();
    let entry = |entry: &crate::FeedEntry| (entry.document.as_bytes()[0], entry.seq);
    entries.iter().map(entry).collect()
}

fn seqs(changes: &[StoredChange]) -> Vec<Seq> {
    changes.iter().map(|change| change.seq).collect()
}

fn append_all(store: &dyn Store, batch: impl IntoIterator<Item = Append>) {
    let batch: Vec<Append> = batch.into_iter().collect();
    store.append(&batch).unwrap();
}

fn a_feed_lists_each_document_once_at_its_newest_place(store: &dyn Store) {
    append_all(store, [change(1, 1, 1), change(2, 2, 1), change(3, 1, 1)]);
    assert_eq!(listed(store, 1, 0), [(2, 2), (1, 3)]);
    append_all(store, [change(4, 2, 1)]);
    assert_eq!(listed(store, 1, 0), [(1, 3), (2, 4)]);
    assert_eq!(listed(store, 1, 3), [(2, 4)]);
    assert_eq!(listed(store, 2, 0), []);
}

fn pages_of_any_size_meet_every_document_once(store: &dyn Store) {
    append_all(store, (0..60).map(|n| change(n, (n * 7 % 20) as u8, 1)));
    let whole = listed(store, 1, 0);
    assert_eq!(whole.len(), 20);
    for limit in [1, 2, 7, 20, 21] {
        let mut met = Vec::new();
        let mut cursor = 0;
        loop {
            let page = store.since(feed(1), cursor, limit).unwrap();
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            cursor = last.seq;
            met.extend(page.iter().map(|e| (e.document.as_bytes()[0], e.seq)));
        }
        assert_eq!(met, whole, "pages of {limit}");
    }
    assert_eq!(store.since(feed(1), 0, 0).unwrap(), []);
}

fn a_cursor_at_or_beyond_the_head_gives_nothing(store: &dyn Store) {
    append_all(store, [change(1, 1, 1)]);
    for cursor in [1, 2, Seq::MAX] {
        assert_eq!(listed(store, 1, cursor), []);
        let after = store.changes_after(document(1), cursor).unwrap();
        assert_eq!((after.snapshot, after.changes), (None, vec![]));
    }
}

fn a_moved_document_is_listed_in_its_new_feed_alone(store: &dyn Store) {
    append_all(store, [change(1, 1, 1), change(2, 2, 1), change(3, 1, 2)]);
    assert_eq!(listed(store, 1, 0), [(2, 2)]);
    assert_eq!(listed(store, 2, 0), [(1, 1)]);
    assert_eq!(store.feed_head(feed(1)).unwrap(), 2);
    let stored = store.document(document(1)).unwrap().unwrap();
    assert_eq!((stored.home_feed, stored.newest_seq), (feed(2), 1));
}

fn a_reader_of_the_new_feed_gets_all_of_a_moved_document(store: &dyn Store) {
    append_all(store, (10..15).map(|n| change(n, 9, 2)));
    append_all(store, [change(1, 1, 1), change(2, 1, 1)]);
    append_all(store, [change(3, 1, 2), change(4, 1, 2)]);
    let after = |cursor| seqs(&store.changes_after(document(1), cursor).unwrap().changes);
    assert_eq!(after(0), [6, 6, 6, 7]);
    assert_eq!(after(5), [6, 6, 6, 7], "the reader never saw the old feed");
    assert_eq!(after(6), [7]);
    assert_eq!(after(7), [0; 0]);
    let stored = store.document(document(1)).unwrap().unwrap();
    assert_eq!(seqs(&stored.changes), [6, 6, 6, 7]);
}

fn a_document_that_moves_back_is_listed_at_its_newest_place(store: &dyn Store) {
    append_all(store, [change(1, 1, 1), change(2, 1, 2), change(3, 1, 1)]);
    assert_eq!(listed(store, 1, 0), [(1, 2)]);
    assert_eq!(listed(store, 2, 0), []);
    let after = store.changes_after(document(1), 1).unwrap();
    assert_eq!(seqs(&after.changes), [2, 2, 2]);
}
