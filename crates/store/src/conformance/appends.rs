//! Claims about `append`.

use model::Kind;

use super::sample::{bytes, change, document, feed, hash};
use crate::limits::MAX_WRITE_BYTES;
use crate::{Append, Appended, Store, StoreError};

super::claims![
    each_change_gets_the_next_place_of_its_feed,
    a_change_appended_again_keeps_its_place,
    a_change_twice_in_one_batch_is_kept_once,
    one_hash_may_stand_in_two_documents,
    a_batch_that_gives_a_document_a_second_kind_leaves_nothing,
    an_unknown_kind_is_carried_as_it_is,
    an_empty_batch_changes_nothing,
    a_batch_that_is_too_large_is_refused_and_leaves_nothing,
    changes_of_any_size_come_back_byte_for_byte,
    threads_that_append_at_once_get_every_place_exactly_once,
    a_clock_that_goes_back_alters_no_order,
];

fn each_change_gets_the_next_place_of_its_feed(store: &dyn Store) {
    let first = [change(1, 1, 1), change(2, 2, 1), change(3, 3, 2)];
    let second = [change(4, 1, 1), change(5, 4, 2)];
    let new = |places: &[u64]| -> Vec<Appended> {
        places.iter().map(|seq| Appended::New(*seq)).collect()
    };
    assert_eq!(store.append(&first).unwrap(), new(&[1, 2, 1]));
    assert_eq!(store.append(&second).unwrap(), new(&[3, 2]));
    assert_eq!(store.feed_head(feed(1)).unwrap(), 3);
    assert_eq!(store.feed_head(feed(2)).unwrap(), 2);
    assert_eq!(store.feed_head(feed(3)).unwrap(), 0);
}

fn a_change_appended_again_keeps_its_place(store: &dyn Store) {
    store.append(&[change(1, 1, 1), change(2, 1, 1)]).unwrap();
    let again = store.append(&[change(1, 1, 1), change(3, 1, 1)]).unwrap();
    assert_eq!(again, [Appended::Already(1), Appended::New(3)]);
    let stored = store.document(document(1)).unwrap().unwrap();
    assert_eq!(stored.changes.len(), 3);
}

fn a_change_twice_in_one_batch_is_kept_once(store: &dyn Store) {
    let batch = [change(1, 1, 1), change(1, 1, 1), change(2, 1, 1)];
    let places = store.append(&batch).unwrap();
    let expected = [Appended::New(1), Appended::Already(1), Appended::New(2)];
    assert_eq!(places, expected);
}

fn one_hash_may_stand_in_two_documents(store: &dyn Store) {
    let places = store.append(&[change(1, 2, 1), change(1, 1, 1)]).unwrap();
    assert_eq!(places, [Appended::New(1), Appended::New(2)]);
    for n in [1, 2] {
        let stored = store.document(document(n)).unwrap().unwrap();
        assert_eq!(stored.changes.len(), 1);
    }
    let found = [1, 2].map(|n| store.find_change(document(n), hash(1)).unwrap());
    assert_eq!(found, [Some(2), Some(1)]);
}

fn a_batch_that_gives_a_document_a_second_kind_leaves_nothing(store: &dyn Store) {
    store.append(&[change(1, 1, 1)]).unwrap();
    let door = |n, document_n| Append {
        kind: Kind::Door,
        ..change(n, document_n, 1)
    };
    let refused = [
        vec![change(2, 2, 1), door(3, 1)],
        vec![change(2, 2, 1), door(3, 2)],
    ];
    for batch in refused {
        let mismatch = StoreError::KindMismatch {
            document: batch[1].document,
        };
        assert_eq!(store.append(&batch).unwrap_err(), mismatch);
        assert_eq!(store.feed_head(feed(1)).unwrap(), 1);
        assert_eq!(store.find_change(document(2), hash(2)).unwrap(), None);
    }
    let places = store.append(&[door(3, 2)]).unwrap();
    assert_eq!(places, [Appended::New(2)], "the store goes on");
}

fn an_unknown_kind_is_carried_as_it_is(store: &dyn Store) {
    let kind = Kind::from("议事会");
    let append = Append {
        kind: kind.clone(),
        ..change(1, 1, 1)
    };
    store.append(&[append]).unwrap();
    assert_eq!(store.document(document(1)).unwrap().unwrap().kind, kind);
    assert_eq!(store.since(feed(1), 0, 9).unwrap()[0].kind, kind);
}

fn an_empty_batch_changes_nothing(store: &dyn Store) {
    assert_eq!(store.append(&[]).unwrap(), []);
    store.write_records(&[]).unwrap();
    assert_eq!(store.statistics().unwrap().changes, 0);
}

fn a_batch_that_is_too_large_is_refused_and_leaves_nothing(store: &dyn Store) {
    let large = Append {
        bytes: vec![0; MAX_WRITE_BYTES as usize],
        ..change(2, 2, 1)
    };
    let refusal = store.append(&[change(1, 1, 1), large]).unwrap_err();
    assert_eq!(refusal.code(), "write_too_large");
    assert_eq!(store.feed_head(feed(1)).unwrap(), 0);
    let long_kind = Append {
        kind: Kind::from(&*"k".repeat(1_000)),
        ..change(1, 1, 1)
    };
    let refusal = store.append(&[long_kind]).unwrap_err();
    assert_eq!(refusal.code(), "write_too_large");
    store.append(&[change(1, 1, 1)]).unwrap();
}

fn changes_of_any_size_come_back_byte_for_byte(store: &dyn Store) {
    let sizes = [0, 1, 23, 24, 255, 256, 4_095, 4_096, 4_097, 65_536, 1 << 20];
    let batch: Vec<Append> = (0..)
        .zip(sizes)
        .map(|(n, size)| Append {
            bytes: bytes(n, size),
            ..change(n, 1, 1)
        })
        .collect();
    store.append(&batch).unwrap();
    let stored = store.document(document(1)).unwrap().unwrap();
    for (kept, sent) in stored.changes.iter().zip(&batch) {
        assert!(kept.bytes == sent.bytes, "{} bytes", sent.bytes.len());
        assert_eq!(
            (kept.hash, kept.device, kept.received_at),
            (sent.hash, sent.device, sent.received_at)
        );
    }
    assert_eq!(stored.changes.len(), sizes.len());
}

fn threads_that_append_at_once_get_every_place_exactly_once(store: &dyn Store) {
    const THREADS: u32 = 8;
    const APPENDS: u32 = 25;
    let mut places = Vec::new();
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let numbers = (0..APPENDS).map(|n| thread * APPENDS + n);
                    let append = |n| store.append(&[change(n, thread as u8, 1)]).unwrap()[0].seq();
                    numbers.map(append).collect::<Vec<_>>()
                })
            })
            .collect();
        for writer in writers {
            let own = writer.join().unwrap();
            assert!(own.is_sorted(), "a writer's own changes keep their order");
            places.extend(own);
        }
    });
    places.sort_unstable();
    let all: Vec<u64> = (1..=u64::from(THREADS * APPENDS)).collect();
    assert_eq!(places, all);
}

fn a_clock_that_goes_back_alters_no_order(store: &dyn Store) {
    let at = |n: u32, received_at: i64| Append {
        received_at,
        ..change(n, (n % 2) as u8, 1)
    };
    let times = [5_000, 4_000, -7, 4_000, i64::MIN, i64::MAX];
    for (n, time) in (0..).zip(times) {
        let place = store.append(&[at(n, time)]).unwrap();
        assert_eq!(place, [Appended::New(u64::from(n) + 1)]);
    }
    let listed: Vec<u64> = store
        .since(feed(1), 0, 10)
        .unwrap()
        .iter()
        .map(|entry| entry.seq)
        .collect();
    assert_eq!(listed, [5, 6]);
    let held = store.document(document(0)).unwrap().unwrap();
    let kept: Vec<i64> = held.changes.iter().map(|one| one.received_at).collect();
    assert_eq!(kept, [5_000, -7, i64::MIN]);
}
