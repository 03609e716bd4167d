//! Many writers share one force to disk.

mod common;

use store::conformance::portrait;
use store::conformance::sample::{change, feed};
use store::faulty::Faults;
use store::{Appended, EmbeddedStore, Options, Store};

const WRITERS: u32 = 64;

#[test]
fn all_who_come_while_one_sync_runs_share_the_next() {
    let home = tempfile::tempdir().unwrap();
    let faults = Faults::none();
    let options = Options {
        files: faults.files(),
        ..Options::default()
    };
    let (store, _) = EmbeddedStore::open_with(home.path(), options, &mut |_| {}).unwrap();
    let (syncs, frames) = (faults.syncs(), store.statistics().unwrap().journal_frames);
    std::thread::scope(|scope| {
        let held = faults.hold_syncs();
        let append = |n: u32| store.append(&[change(n, n as u8, 1)]).unwrap();
        scope.spawn(move || append(0));
        held.wait_for_one();
        for n in 1..=WRITERS {
            scope.spawn(move || append(n));
        }
        while store.statistics().unwrap().waiting <= u64::from(WRITERS) {
            std::thread::yield_now();
        }
    });
    let statistics = store.statistics().unwrap();
    assert_eq!(statistics.changes, u64::from(1 + WRITERS));
    assert_eq!(statistics.writes, u64::from(1 + WRITERS));
    assert_eq!(faults.syncs() - syncs, 2, "one for the first, one for all");
    assert_eq!(statistics.journal_frames - frames, 2);
}

#[test]
fn readers_wait_for_no_sync_and_see_nothing_before_it() {
    let home = tempfile::tempdir().unwrap();
    let faults = Faults::none();
    let options = Options {
        files: faults.files(),
        ..Options::default()
    };
    let (store, _) = EmbeddedStore::open_with(home.path(), options, &mut |_| {}).unwrap();
    store.append(&[change(1, 1, 1)]).unwrap();
    let before = portrait(&store);
    std::thread::scope(|scope| {
        let held = faults.hold_syncs();
        let writer = scope.spawn(|| store.append(&[change(2, 1, 1)]).unwrap());
        held.wait_for_one();
        assert_eq!(portrait(&store), before);
        assert!(!writer.is_finished(), "it was acknowledged before the sync");
        drop(held);
        assert_eq!(writer.join().unwrap(), [Appended::New(2)]);
    });
    assert_eq!(store.feed_head(feed(1)).unwrap(), 2);
}

#[test]
fn a_batch_of_any_length_takes_one_sync() {
    let home = tempfile::tempdir().unwrap();
    let (store, _) = common::open(home.path());
    let before = store.statistics().unwrap().syncs;
    let batch: Vec<_> = (0..2_000).map(|n| change(n, (n % 9) as u8, 1)).collect();
    store.append(&batch).unwrap();
    assert_eq!(store.statistics().unwrap().syncs, before + 1);
    store.append(&batch).unwrap();
    let again = store.statistics().unwrap().syncs;
    assert_eq!(again, before + 1, "what is kept already needs none");
}
