//! Whatever is done to the embedded store, in any order, closed and killed and
//! cut off at any point: it shows what the memory store shows.

mod common;

use model::{Kind, Seq};
use proptest::prelude::*;
use store::conformance::portrait;
use store::conformance::sample::{bytes, change, document, hash};
use store::faulty::Faults;
use store::{Append, EmbeddedStore, MemoryStore, Options, RecordChange, Store, Table};
use tempfile::TempDir;

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<Append>),
    Compact(u8, u64, usize),
    Records(Vec<RecordChange>),
    Summary(u8, u32),
    Reopen(Stop),
}

/// How the store came to be closed.
#[derive(Debug, Clone, Copy)]
enum Stop {
    InOrder,
    Killed,
    KilledInTheMiddleOfAFrame,
    PowerCut,
    IndexLost,
}

fn appends() -> impl Strategy<Value = Step> {
    let append = (0..60_u32, 0..6_u8, 0..3_u8, 0..10_u8).prop_map(|(n, document, feed, kind)| {
        Append {
            // Most agree on the kind; those that do not are refused alike.
            kind: if kind == 0 { Kind::Door } else { Kind::Visit },
            ..change(n, document, feed)
        }
    });
    prop::collection::vec(append, 0..6).prop_map(Step::Append)
}

fn records() -> impl Strategy<Value = Step> {
    let lengths = prop::sample::select(vec![0, 10, 4_095, 4_096, 9_000]);
    let record = (
        prop::sample::select(Table::ALL.to_vec()),
        prop::collection::vec(0..3_u8, 0..3),
        prop::option::of(lengths),
    );
    let record = record.prop_map(|(table, key, length)| RecordChange {
        table,
        key,
        value: length.map(|length| bytes(7, length)),
    });
    prop::collection::vec(record, 0..4).prop_map(Step::Records)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let stop = prop::sample::select(vec![
        Stop::InOrder,
        Stop::Killed,
        Stop::KilledInTheMiddleOfAFrame,
        Stop::PowerCut,
        Stop::IndexLost,
    ]);
    let step = prop_oneof![
        6 => appends(),
        2 => (0..6_u8, 0..2_u64, 0..6_000_usize).prop_map(|(d, off, n)| Step::Compact(d, off, n)),
        2 => records(),
        2 => (0..6_u8, 0..60_u32).prop_map(|(d, h)| Step::Summary(d, h)),
        3 => stop.prop_map(Step::Reopen),
    ];
    prop::collection::vec(step, 1..25)
}

/// The embedded store with the folder it lives in.
struct Subject {
    home: TempDir,
    lives: u32,
    faults: Faults,
    store: Option<EmbeddedStore>,
}

impl Subject {
    fn new() -> Subject {
        let mut subject = Subject {
            home: tempfile::tempdir().unwrap(),
            lives: 0,
            faults: Faults::none(),
            store: None,
        };
        subject.open();
        subject
    }

    fn folder(&self) -> std::path::PathBuf {
        self.home.path().join(self.lives.to_string())
    }

    fn open(&mut self) {
        self.faults = Faults::none();
        let options = Options {
            // Small, so that frames fill several segments.
            segment_bytes: 600,
            files: self.faults.files(),
            ..Options::default()
        };
        let opened = EmbeddedStore::open_with(&self.folder(), options, &mut |_| {});
        self.store = Some(opened.unwrap().0);
    }

    fn reopen(&mut self, stop: Stop) {
        let old = self.folder();
        if matches!(stop, Stop::InOrder | Stop::IndexLost) {
            self.store = None;
        }
        self.lives += 1;
        let new = self.folder();
        common::copy(&old, &new);
        match stop {
            Stop::InOrder | Stop::Killed => {}
            Stop::KilledInTheMiddleOfAFrame => {
                let segments = std::fs::read_dir(new.join("journal")).unwrap();
                let last = segments.map(|entry| entry.unwrap().path()).max().unwrap();
                let mut file = std::fs::OpenOptions::new().append(true).open(last).unwrap();
                std::io::Write::write_all(&mut file, &bytes(3, 77)).unwrap();
            }
            Stop::PowerCut => {
                self.faults.lose_power(&new.join("journal")).unwrap();
                common::forget_boot(&new);
            }
            Stop::IndexLost => std::fs::remove_dir_all(new.join("index")).unwrap(),
        }
        self.store = None;
        self.open();
    }

    fn store(&self) -> &dyn Store {
        self.store.as_ref().unwrap()
    }
}

fn take(step: &Step, model: &MemoryStore, subject: &mut Subject) -> Result<(), TestCaseError> {
    match step {
        Step::Append(batch) => {
            prop_assert_eq!(model.append(batch), subject.store().append(batch));
        }
        Step::Compact(n, off, length) => {
            let held = model.document(document(*n)).unwrap();
            let expected = held.map_or(0, |held| held.revision) + off;
            let snapshot = bytes(u32::from(*n), *length);
            prop_assert_eq!(
                model.compact(document(*n), expected, &snapshot),
                subject.store().compact(document(*n), expected, &snapshot)
            );
        }
        Step::Records(changes) => {
            prop_assert_eq!(
                model.write_records(changes),
                subject.store().write_records(changes)
            );
        }
        Step::Summary(n, newest) => {
            // As in life, the same heads always have the same summary.
            let json = "x".repeat(*newest as usize * 103);
            for store in [model, subject.store()] {
                store
                    .put_summary(document(*n), &[hash(*newest)], &json)
                    .unwrap();
            }
        }
        Step::Reopen(stop) => subject.reopen(*stop),
    }
    Ok(())
}

fn compare(model: &MemoryStore, subject: &Subject) -> Result<(), TestCaseError> {
    let mut expected = portrait(model);
    let mut shown = portrait(subject.store());
    let summaries = expected.take_summaries();
    for (shown, expected) in shown.take_summaries().into_iter().zip(summaries) {
        // A summary may be lost with its index, and one before it come back, which is told only if
        // it speaks of the document as it stands. It is never another.
        prop_assert!(shown.is_none() || expected.is_none() || shown == expected);
    }
    prop_assert_eq!(shown, expected);
    let statistics = subject.store().statistics().unwrap();
    let expected: Seq = model.statistics().unwrap().changes;
    prop_assert_eq!(statistics.changes, expected);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_embedded_store_shows_what_the_memory_store_shows(steps in steps()) {
        let model = MemoryStore::new();
        let mut subject = Subject::new();
        for step in &steps {
            take(step, &model, &mut subject)?;
            if matches!(step, Step::Reopen(_)) {
                compare(&model, &subject)?;
            }
        }
        compare(&model, &subject)?;
    }
}
