//! Many writers share one force to disk.

mod common;

use std::time::Instant;

use store::conformance::portrait;
use store::conformance::sample::{change, feed};
use store::faulty::Faults;
use store::{Appended, EmbeddedStore, Options, Store};

const THREADS: u32 = 64;
const APPENDS: u32 = 100;

#[test]
fn sixty_four_writers_take_far_fewer_syncs_than_appends() {
    let home = tempfile::tempdir().unwrap();
    let faults = Faults::none();
    let options = Options {
        files: faults.files(),
        ..Options::default()
    };
    let (store, _) = EmbeddedStore::open_with(home.path(), options, &mut |_| {}).unwrap();
    let syncs_before = faults.syncs();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                for n in 0..APPENDS {
                    let n = thread * APPENDS + n;
                    store.append(&[change(n, thread as u8, 1)]).unwrap();
                }
            });
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let (appends, syncs) = (u64::from(THREADS * APPENDS), faults.syncs() - syncs_before);
    println!(
        "{appends} appends by {THREADS} threads: {:.0} a second, {syncs} syncs",
        appends as f64 / seconds
    );
    let statistics = store.statistics().unwrap();
    assert_eq!(statistics.changes, appends);
    assert_eq!(statistics.writes, appends);
    assert_eq!(statistics.journal_frames, syncs, "one sync for each group");
    assert!(syncs * 4 < appends, "{syncs} syncs for {appends} appends");
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
