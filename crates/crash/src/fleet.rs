//! Several phones that push visits at the same time, and keep what no receipt
//! has named.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use bench::BenchError;
use bench::commands::add_person;
use bench::enrolled::Enrolled;
use bench::http::Connection;
use bench::phone::{Phone, now_ms};
use bench::visits;
use model::edit::VisitDraft;
use model::{ChangeHash, DocumentId};
use serde_json::json;

use crate::CrashError;
use crate::chance::Chance;
use crate::heard::Heard;

/// Different visits, of which the phones write now this one, now that.
const DRAFTS: usize = 200;
/// A phone rests so long between two exchanges, in milliseconds, at most.
const REST_MAX_MS: usize = 12;
/// So many of a phone's own visits are edited again.
const OLD_VISITS: usize = 20;

/// The phones of a community.
pub struct Fleet {
    carriers: Vec<Carrier>,
    drafts: Vec<VisitDraft>,
}

struct Carrier {
    phone: Phone,
    chance: Chance,
    /// What it wrote last, to be edited again.
    recent: Vec<DocumentId>,
    /// Changes that it ever wrote.
    written: usize,
}

/// What came of a push.
pub struct Push<T> {
    /// What was acknowledged.
    pub heard: Heard,
    /// Why phones stopped before they were told to.
    pub errors: Vec<BenchError>,
    /// What `during` gave.
    pub outcome: T,
}

impl Fleet {
    /// Puts a person with a phone on record in each of these grids, and lets the
    /// phones hear everything once.
    pub fn enrol(
        address: &str,
        data: &Path,
        grids: &[&str],
        seed: u64,
    ) -> Result<(Self, Vec<Enrolled>), CrashError> {
        let mut connection = Connection::open_native(address)?;
        let (mut carriers, mut enrolments) = (Vec::new(), Vec::new());
        for (place, grid) in grids.iter().enumerate() {
            let name = format!("网格员{}", place + 1);
            let person = json!({ "name": name, "role": "grid_worker", "grids": [grid] });
            let enrolled = Enrolled::with_code(&mut connection, &add_person(data, &person)?)?;
            let mut phone = Phone::over(Connection::open_native(address)?, &enrolled);
            phone.exchange_all()?;
            carriers.push(Carrier {
                phone,
                chance: Chance::new(seed, place as u64),
                recent: Vec::new(),
                written: 0,
            });
            enrolments.push(enrolled);
        }
        let first = carriers.first().map(|carrier| carrier.phone.person);
        let first = first.ok_or_else(|| CrashError::Machine("no phones".to_owned()))?;
        let drafts = visits::drafts(DRAFTS, first, now_ms())?;
        Ok((Self { carriers, drafts }, enrolments))
    }

    /// Has all phones write and exchange while `during` runs. A phone whose
    /// exchange fails stops and keeps what it has.
    pub fn push<T>(&mut self, address: &str, during: impl FnOnce() -> T) -> Push<T> {
        let is_over = AtomicBool::new(false);
        let (is_over, drafts) = (&is_over, &self.drafts);
        thread::scope(|scope| {
            let carriers = self.carriers.iter_mut();
            let pushing: Vec<_> = carriers
                .map(|carrier| scope.spawn(|| carrier.push(address, drafts, is_over)))
                .collect();
            let outcome = during();
            is_over.store(true, Ordering::Relaxed);
            let mut push = Push {
                heard: Heard::default(),
                errors: Vec::new(),
                outcome,
            };
            for carrier in pushing {
                let panicked = BenchError::Program("a phone's thread panicked".to_owned());
                let (heard, error) = carrier.join().unwrap_or((Heard::default(), Some(panicked)));
                push.heard.append(heard);
                push.errors.extend(error);
            }
            push
        })
    }

    /// Has every phone send what it still has, until nothing is left.
    pub fn deliver(&mut self, address: &str) -> Result<Heard, CrashError> {
        let mut heard = Heard::default();
        for carrier in &mut self.carriers {
            carrier.phone.reconnect(Connection::open_native(address)?);
            while carrier.unsent() > 0 || carrier.phone.replica.has_more_to_say() {
                let before = carrier.unsent();
                carrier.exchange(&mut heard)?;
                if before > 0 && carrier.unsent() == before {
                    let words = "a phone's outbox is not taken any more";
                    return Err(CrashError::broken(words));
                }
            }
        }
        Ok(heard)
    }

    /// Changes that the phones ever wrote.
    pub fn written(&self) -> usize {
        self.carriers.iter().map(|carrier| carrier.written).sum()
    }
}

impl Carrier {
    fn push(
        &mut self,
        address: &str,
        drafts: &[VisitDraft],
        is_over: &AtomicBool,
    ) -> (Heard, Option<BenchError>) {
        let mut heard = Heard::default();
        let connected = Connection::open_native(address);
        let mut outcome = connected.map(|connection| self.phone.reconnect(connection));
        while outcome.is_ok() && !is_over.load(Ordering::Relaxed) {
            outcome = self.write(drafts).and_then(|()| self.exchange(&mut heard));
            let rest = self.chance.within(0..REST_MAX_MS + 1);
            thread::sleep(Duration::from_millis(rest as u64));
        }
        (heard, outcome.err())
    }

    /// One to three visits, now and then one that is edited again.
    fn write(&mut self, drafts: &[VisitDraft]) -> Result<(), BenchError> {
        let before = self.unsent();
        let outcome = self.write_some(drafts);
        self.written += self.unsent() - before;
        outcome
    }

    fn write_some(&mut self, drafts: &[VisitDraft]) -> Result<(), BenchError> {
        for _ in 0..self.chance.within(1..4) {
            let place = self.chance.within(0..drafts.len());
            let draft = VisitDraft {
                by: self.phone.person,
                ..drafts[place].clone()
            };
            if self.recent.len() < OLD_VISITS || !self.chance.once_in(4) {
                let id = self.phone.write(&draft)?;
                self.recent.push(id);
                continue;
            }
            let old = self.chance.within(0..self.recent.len());
            let id = self.recent[old];
            let now = now_ms();
            self.phone.replica.edit_note(id, &draft.note, now)?;
        }
        let surplus = self.recent.len().saturating_sub(OLD_VISITS * 2);
        self.recent.drain(..surplus);
        Ok(())
    }

    fn exchange(&mut self, heard: &mut Heard) -> Result<(), BenchError> {
        let before = self.own();
        let trip = self.phone.exchange()?;
        let after = self.own();
        let gone = before
            .into_iter()
            .filter(|(change, _)| !after.contains_key(change));
        heard.note(
            trip.down_body,
            gone.map(|((document, hash), bytes)| (document, hash, bytes)),
        );
        Ok(())
    }

    /// What the phone wrote and the office has not acknowledged.
    fn own(&self) -> BTreeMap<(DocumentId, ChangeHash), Vec<u8>> {
        let own = self.phone.replica.own();
        own.map(|(document, own)| ((document, own.hash), own.bytes.clone()))
            .collect()
    }

    fn unsent(&self) -> usize {
        self.phone.replica.outbox().count()
    }
}
