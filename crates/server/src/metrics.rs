//! What the service counts about itself, for whoever watches over it (Prometheus).
//!
//! Belongs here: the counters and their names. Does not belong here: who may read them (see
//! `api::metrics`). No measure carries the name or id of a person, a door or a device: a number per
//! worker would be the start of a ranking, and a scrape is kept where nobody erases.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use sync::frame::ReceiptStatus;

use crate::failure::Failure;
use crate::office::Office;

/// Upper bounds of the classes in which intakes are counted, s. The last but one is the time after
/// which a silent phone is given up.
const INTAKE_SECONDS: [f64; 9] = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0, 300.0];

/// What is counted while the service runs.
#[derive(Default)]
pub struct Counters {
    exchanges: Family<ExchangeLabels, Counter>,
    changes: Family<ChangeLabels, Counter>,
    intake_seconds: IntakeSeconds,
}

struct IntakeSeconds(Histogram);

impl Default for IntakeSeconds {
    fn default() -> Self {
        Self(Histogram::new(INTAKE_SECONDS))
    }
}

/// How a request to exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeEnd {
    /// All of it could be read.
    Whole,
    /// It broke off, or a part could not be read; what could be read was taken.
    Broken,
    /// It was refused.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ExchangeLabels {
    end: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChangeLabels {
    verdict: &'static str,
}

impl Counters {
    /// Counts one request and how long it took to take it in.
    pub fn exchanged(&self, end: ExchangeEnd, took: Duration) {
        let end = match end {
            ExchangeEnd::Whole => "whole",
            ExchangeEnd::Broken => "broken",
            ExchangeEnd::Refused => "refused",
        };
        self.exchanges.get_or_create(&ExchangeLabels { end }).inc();
        self.intake_seconds.0.observe(took.as_secs_f64());
    }

    /// Counts what became of changes.
    pub fn judged(&self, verdicts: impl Iterator<Item = ReceiptStatus>) {
        for verdict in verdicts {
            let verdict = match verdict {
                ReceiptStatus::Accepted => "accepted",
                ReceiptStatus::Held => "held",
                ReceiptStatus::Refused => "refused",
            };
            self.changes.get_or_create(&ChangeLabels { verdict }).inc();
        }
    }
}

/// Everything that is measured at this moment, as OpenMetrics text.
pub fn text(office: &Office) -> Result<String, Failure> {
    let mut registry = Registry::with_prefix("stairwell");
    register_counters(&mut registry, &office.counters);
    register_standing(&mut registry, office);
    register_store(&mut registry, office)?;
    register_process(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| Failure::of(&error))?;
    Ok(text)
}

fn register_counters(registry: &mut Registry, counters: &Counters) {
    registry.register(
        "exchanges",
        "requests to exchange, by how they ended",
        counters.exchanges.clone(),
    );
    registry.register(
        "changes",
        "changes that devices sent, by verdict; a change that is sent again counts again",
        counters.changes.clone(),
    );
    registry.register_with_unit(
        "intake",
        "time from the first byte of a request to the last receipt being durable",
        Unit::Seconds,
        counters.intake_seconds.0.clone(),
    );
}

fn register_standing(registry: &mut Registry, office: &Office) {
    let stops = office.stopping.is_stopping();
    let gauges: [(&str, &str, usize); 4] = [
        (
            "ready",
            "1 while changes are taken",
            usize::from(!stops && !office.guard.is_exhausted()),
        ),
        (
            "tray_waiting",
            "changes that wait for a supervisor",
            office.tray.waiting(),
        ),
        (
            "live_listeners",
            "open connections that hear live news",
            office.hub.listeners(),
        ),
        (
            "hung_threads",
            "threads that hang on a change they were given",
            office.guard.hung(),
        ),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, value as u64);
    }
}

fn register_store(registry: &mut Registry, office: &Office) -> Result<(), Failure> {
    let store = office.store.statistics()?;
    let gauges = [
        ("store_changes", "changes kept", store.changes),
        (
            "store_journal_bytes",
            "bytes of the journal",
            store.journal_bytes,
        ),
        (
            "store_journal_segments",
            "files of the journal",
            store.journal_segments,
        ),
        (
            "store_journal_frames",
            "groups of writes in the journal",
            store.journal_frames,
        ),
        (
            "store_index_bytes",
            "bytes of the index, which can be thrown away",
            store.index_bytes,
        ),
        (
            "store_waiting",
            "writes that wait to become durable",
            store.waiting,
        ),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, value);
    }
    counter(
        registry,
        "store_writes",
        "writes made durable since the start",
        store.writes,
    );
    counter(
        registry,
        "store_syncs",
        "times the journal was forced to disk since the start",
        store.syncs,
    );
    Ok(())
}

/// What the system tells of this process, under the names that every Prometheus knows.
fn register_process(registry: &mut Registry) {
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    registry.register(
        "build",
        "the program's version",
        prometheus_client::metrics::info::Info::new(version),
    );
    if let Some(bytes) = resident_bytes() {
        gauge(registry, "resident_memory_bytes", "memory in use", bytes);
    }
}

/// Memory that this process holds, where the system tells it (Linux).
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib << 10)
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let gauge: Gauge<u64, AtomicU64> = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn counter(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let counter: Counter = Counter::default();
    counter.inc_by(value);
    registry.register(name, help, counter);
}
