//! Claims about what stands beside the documents: summaries, records, keys and
//! blobs.

use super::sample::{bytes, change, document, feed, hash, person};
use crate::limits::{MAX_KEY_BYTES, MAX_WRITE_BYTES};
use crate::{BlobHash, RecordChange, Store, StoreError, SummaryRow, Table};

super::claims![
    every_document_has_a_row_with_or_without_a_summary,
    a_summary_is_stale_once_its_heads_lack_the_newest_change,
    summaries_of_any_length_come_back_whole,
    a_summary_of_a_document_that_is_not_here_is_not_told,
    records_are_kept_by_table_and_key_in_order,
    of_two_writes_to_one_record_the_later_counts,
    records_of_any_length_come_back_byte_for_byte,
    records_that_are_too_large_are_refused_and_leave_nothing,
    a_person_has_one_key_until_it_is_destroyed,
    a_blob_is_kept_under_the_hash_of_its_bytes,
];

fn rows(store: &dyn Store) -> Vec<SummaryRow> {
    let mut rows = Vec::new();
    store.summaries(&mut |row| rows.push(row)).unwrap();
    rows
}

fn every_document_has_a_row_with_or_without_a_summary(store: &dyn Store) {
    let batch = [change(1, 2, 1), change(2, 1, 1), change(3, 2, 1)];
    store.append(&batch).unwrap();
    let heads = [hash(1), hash(3)];
    store.put_summary(document(2), &heads, "{\"a\":1}").unwrap();
    let rows = rows(store);
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].document, &rows[0].json), (document(1), &None));
    let expected = SummaryRow {
        document: document(2),
        kind: batch[0].kind.clone(),
        home_feed: feed(1),
        newest_seq: 3,
        first_received_at: batch[0].received_at,
        received_at: batch[2].received_at,
        heads: heads.to_vec(),
        json: Some("{\"a\":1}".into()),
    };
    assert_eq!(rows[1], expected);
}

fn a_summary_is_stale_once_its_heads_lack_the_newest_change(store: &dyn Store) {
    store.append(&[change(1, 1, 1)]).unwrap();
    store.put_summary(document(1), &[hash(1)], "one").unwrap();
    store.append(&[change(2, 1, 1)]).unwrap();
    assert_eq!(
        (&rows(store)[0].json, &rows(store)[0].heads),
        (&None, &vec![])
    );
    // A slow reader that summarised the older state must not pass for new.
    store.put_summary(document(1), &[hash(1)], "one").unwrap();
    assert_eq!(rows(store)[0].json, None);
    store.put_summary(document(1), &[hash(2)], "two").unwrap();
    assert_eq!(rows(store)[0].json.as_deref(), Some("two"));
}

fn summaries_of_any_length_come_back_whole(store: &dyn Store) {
    store.append(&[change(1, 1, 1)]).unwrap();
    for length in [0, 1, 4_000, 4_053, 4_054, 4_055, 4_096, 9_000, 100_000, 50] {
        let json = "楼".repeat(length / 3) + &"x".repeat(length % 3);
        store.put_summary(document(1), &[hash(1)], &json).unwrap();
        assert!(
            rows(store)[0].json.as_ref() == Some(&json),
            "{length} bytes"
        );
    }
}

fn a_summary_of_a_document_that_is_not_here_is_not_told(store: &dyn Store) {
    store.put_summary(document(1), &[hash(1)], "one").unwrap();
    assert_eq!(rows(store), []);
    store.append(&[change(2, 1, 1)]).unwrap();
    assert_eq!(rows(store)[0].json, None);
}

fn records_are_kept_by_table_and_key_in_order(store: &dyn Store) {
    let keys: [&[u8]; 6] = [b"", b"\0", b"a", b"a\0", b"ab", b"\xff\xff"];
    for table in Table::ALL {
        for (n, key) in keys.iter().enumerate().rev() {
            store.put_record(table, key, &[n as u8]).unwrap();
        }
    }
    store.delete_record(Table::Tray, b"a").unwrap();
    store.delete_record(Table::Tray, b"never there").unwrap();
    for table in Table::ALL {
        let expected: Vec<_> = (0..)
            .zip(keys)
            .filter(|(_, key)| table != Table::Tray || *key != b"a")
            .map(|(n, key)| (key.to_vec(), vec![n]))
            .collect();
        assert_eq!(store.records(table).unwrap(), expected, "{table:?}");
    }
    assert_eq!(store.get_record(Table::Tray, b"a").unwrap(), None);
    let held = store.get_record(Table::Tray, b"ab").unwrap();
    assert_eq!(held, Some(vec![4]));
}

fn of_two_writes_to_one_record_the_later_counts(store: &dyn Store) {
    let write = |value: Option<&[u8]>| RecordChange {
        table: Table::People,
        key: b"k".to_vec(),
        value: value.map(<[u8]>::to_vec),
    };
    let get = || store.get_record(Table::People, b"k").unwrap();
    store
        .write_records(&[write(Some(b"1")), write(Some(b"2"))])
        .unwrap();
    assert_eq!(get().as_deref(), Some(&b"2"[..]));
    store
        .write_records(&[write(Some(b"3")), write(None)])
        .unwrap();
    assert_eq!(get(), None);
    store
        .write_records(&[write(None), write(Some(b""))])
        .unwrap();
    assert_eq!(get().as_deref(), Some(&b""[..]));
}

fn records_of_any_length_come_back_byte_for_byte(store: &dyn Store) {
    let lengths = [0, 1, 4_094, 4_095, 4_096, 4_097, 65_536, 300_000];
    for (n, length) in (0..).zip(lengths) {
        store
            .put_record(Table::Tray, &[n], &bytes(1, length))
            .unwrap();
    }
    let records = store.records(Table::Tray).unwrap();
    for ((_, value), length) in records.iter().zip(lengths) {
        assert!(*value == bytes(1, length), "{length} bytes");
    }
    store.put_record(Table::Tray, &[7], b"short now").unwrap();
    let held = store.get_record(Table::Tray, &[7]).unwrap();
    assert_eq!(held.as_deref(), Some(&b"short now"[..]));
}

fn records_that_are_too_large_are_refused_and_leave_nothing(store: &dyn Store) {
    let small = RecordChange {
        table: Table::Audit,
        key: b"small".to_vec(),
        value: Some(vec![1]),
    };
    let too_large = [
        RecordChange {
            key: vec![0; MAX_KEY_BYTES as usize + 1],
            ..small.clone()
        },
        RecordChange {
            key: b"large".to_vec(),
            value: Some(vec![0; MAX_WRITE_BYTES as usize]),
            ..small
        },
    ];
    for large in too_large {
        let refusal = store.write_records(&[small.clone(), large]).unwrap_err();
        assert_eq!(refusal.code(), "write_too_large");
        assert_eq!(store.records(Table::Audit).unwrap(), []);
    }
}

fn a_person_has_one_key_until_it_is_destroyed(store: &dyn Store) {
    assert_eq!(store.key(person(1)).unwrap(), None);
    store.put_key(person(1), &[1; 32]).unwrap();
    store.put_key(person(1), &[1; 32]).unwrap();
    store.put_key(person(2), &[0; 32]).unwrap();
    let person_1 = person(1);
    let refusal = store.put_key(person_1, &[2; 32]).unwrap_err();
    assert_eq!(refusal, StoreError::KeyExists { person: person_1 });
    assert_eq!(store.key(person(1)).unwrap(), Some([1; 32]));
    store.destroy_key(person(1)).unwrap();
    store.destroy_key(person(1)).unwrap();
    assert_eq!(store.key(person(1)).unwrap(), None);
    assert_eq!(store.key(person(2)).unwrap(), Some([0; 32]));
}

fn a_blob_is_kept_under_the_hash_of_its_bytes(store: &dyn Store) {
    let (small, large) = (b"".to_vec(), bytes(3, 2 << 20));
    for blob in [&small, &large, &small] {
        let hash = store.put_blob(blob).unwrap();
        assert_eq!(hash, BlobHash::of(blob));
        assert!(store.blob(hash).unwrap().as_ref() == Some(blob));
    }
    let hash = BlobHash::of(&large);
    store.delete_blob(hash).unwrap();
    store.delete_blob(hash).unwrap();
    assert_eq!(store.blob(hash).unwrap(), None);
    assert_eq!(store.blob(BlobHash::of(&small)).unwrap(), Some(small));
}
