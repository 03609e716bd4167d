//! A journal whose frames are whole but whose records make no sense: written by
//! a faulty program, so that only a writer within this crate can make one.

use model::Kind;

use super::EmbeddedStore;
use crate::conformance::sample::{change, document};
use crate::journal::files::DiskFiles;
use crate::journal::frame::Frame;
use crate::journal::record::ChangeRecord;
use crate::journal::scan::scan;
use crate::journal::writer::Writer;
use crate::{IndexState, Store};

/// The code of the error that a store with one change and then this frame is
/// refused with.
fn refusal_of(fill: impl FnOnce(&mut Frame)) -> &'static str {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = EmbeddedStore::open(home.path(), &mut |_| {}).unwrap();
    store.append(&[change(1, 1, 1)]).unwrap();
    drop(store);
    let journal = home.path().join("journal");
    let scanned = scan(&journal, &mut |_| Ok(())).unwrap();
    let mut writer = Writer::resume(&journal, Box::new(DiskFiles), &scanned, 1 << 20).unwrap();
    let mut frame = writer.begin().unwrap();
    fill(&mut frame);
    writer.commit(frame).unwrap();
    match EmbeddedStore::open(home.path(), &mut |_| {}) {
        Ok((_, report)) => {
            assert_eq!(report.index, IndexState::CaughtUp(1));
            "opened"
        }
        Err(error) => error.code(),
    }
}

fn put_at(frame: &mut Frame, seq: u64) {
    let append = change(2, 1, 1);
    let record = ChangeRecord {
        document: append.document,
        kind: Kind::Visit.as_str(),
        home_feed: append.home_feed,
        device: append.device,
        hash: append.hash,
        received_at: append.received_at,
        seq,
        bytes: &append.bytes,
    };
    frame.change(&record);
}

#[test]
fn a_change_at_any_place_but_the_next_is_damage() {
    assert_eq!(refusal_of(|frame| put_at(frame, 2)), "opened");
    for seq in [0, 1, 3, u64::MAX] {
        let refusal = refusal_of(|frame| put_at(frame, seq));
        assert_eq!(refusal, "data_damaged", "place {seq}");
    }
}

#[test]
fn a_snapshot_of_a_document_that_is_not_there_is_damage() {
    let of = |n| {
        refusal_of(|frame| {
            frame.snapshot(document(n), 1, 1, b"s");
        })
    };
    assert_eq!((of(1), of(2)), ("opened", "data_damaged"));
}
