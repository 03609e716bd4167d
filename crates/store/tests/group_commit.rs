//! Many writers share one force to disk.

mod common;

use std::time::Instant;

use store::conformance::sample::change;
use store::faulty::Faults;
use store::{EmbeddedStore, Options, Store};

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
