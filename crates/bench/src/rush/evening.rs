//! One evening: requests that were made before the clock starts, threads that
//! send them, and what the program did meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sync::Exchange;

use crate::BenchError;
use crate::figures::Figures;
use crate::http::{Answer, Connection};
use crate::machine::ProcessorTime;
use crate::phone::now_ms;
use crate::program::{Memory, Program};
use crate::spread::Spread;

use super::district::{Carrier, District};
use super::{CONNECTIONS, VISITS};

/// Everything ready to be sent.
pub struct Evening<'d> {
    carriers: &'d mut [Carrier],
    exchanges: Vec<Exchange>,
}

/// What came of it.
pub struct Outcome {
    acked: usize,
    took: Duration,
    waits: Spread,
    program: ProcessorTime,
    generator: ProcessorTime,
    memory: Memory,
    body_bytes: usize,
    /// How much the journal has grown.
    pub journal: Journal,
}

/// What was written to the journal, and in how many requests.
pub struct Journal {
    /// Bytes.
    pub bytes: u64,
    /// Requests that brought them.
    pub requests: usize,
}

impl<'d> Evening<'d> {
    /// Has every phone write its visits and pack them.
    pub fn prepare(district: &'d mut District) -> Result<Self, BenchError> {
        district.write_visits(VISITS)?;
        let requests = |carrier: &mut Carrier| carrier.replica.request(now_ms());
        Ok(Self {
            exchanges: district.carriers.iter_mut().map(requests).collect(),
            carriers: &mut district.carriers,
        })
    }

    /// Some of the changes that wait on the phones.
    pub fn some_changes(&self, count: usize) -> Vec<Vec<u8>> {
        let outboxes = self.carriers.iter().map(|carrier| carrier.replica.outbox());
        let changes = outboxes.flatten().map(|(_, own)| own.bytes.clone());
        changes.take(count).collect()
    }

    /// Sends everything: each phone when its turn comes after `pace`, or as soon
    /// as a connection is free.
    pub fn run(self, program: &Program, pace: Option<Duration>) -> Result<Outcome, BenchError> {
        let journal_before = program.journal_bytes()?;
        let program_before = program.processor_time()?;
        let generator_before = ProcessorTime::of_this_process()?;
        let begun = Instant::now();
        let sent = self.send(&program.address, begun, pace)?;
        let took = begun.elapsed();
        let generator = ProcessorTime::of_this_process()?.since(generator_before);
        let processor_time = program.processor_time()?.since(program_before);
        let memory = program.memory()?;
        let mut acked = 0;
        let mut waits = Spread::default();
        for (place, wait, answer) in sent {
            acked += self.carriers[place].hear(&self.exchanges[place], &answer)?;
            waits.add(wait);
        }
        Ok(Outcome {
            acked,
            took,
            waits,
            program: processor_time,
            generator,
            memory,
            body_bytes: self
                .exchanges
                .iter()
                .map(|exchange| exchange.body.len())
                .sum(),
            journal: Journal {
                bytes: program.journal_bytes()? - journal_before,
                requests: self.exchanges.len(),
            },
        })
    }

    /// Answers come back in any order, each with its place and how long it took
    /// since it was due.
    fn send(
        &self,
        address: &str,
        begun: Instant,
        pace: Option<Duration>,
    ) -> Result<Vec<(usize, Duration, Answer)>, BenchError> {
        let next = AtomicUsize::new(0);
        let one_connection = || {
            let mut connection = Connection::open(address)?;
            let mut answers = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(exchange) = self.exchanges.get(place) else {
                    return Ok(answers);
                };
                let due = match pace {
                    Some(pace) => begun + pace * place as u32,
                    None => Instant::now(),
                };
                thread::sleep(due.saturating_duration_since(Instant::now()));
                let answer = self.carriers[place].send(&mut connection, exchange)?;
                answers.push((place, due.elapsed(), answer));
            }
        };
        let answers: Vec<Result<Vec<_>, BenchError>> = thread::scope(|scope| {
            let senders: Vec<_> = (0..CONNECTIONS)
                .map(|_| scope.spawn(one_connection))
                .collect();
            let joined = senders.into_iter().map(super::district::joined);
            joined.collect()
        });
        let mut all = Vec::with_capacity(self.exchanges.len());
        for answers in answers {
            all.extend(answers?);
        }
        Ok(all)
    }
}

impl Outcome {
    /// Acknowledged visits, 1/s.
    pub fn rate(&self) -> f64 {
        self.acked as f64 / self.took.as_secs_f64()
    }

    /// The program's processor time for a visit, µs.
    pub fn cpu_us_per_visit(&self) -> f64 {
        self.per_visit(self.program.all())
    }

    fn per_visit(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / self.acked.max(1) as f64
    }

    /// Writes the figures of a case.
    pub fn tell(&self, case: &str, figures: &mut Figures) {
        let visits = self.acked.max(1) as f64;
        figures.add_whole(case, "acked_visits", self.acked, "");
        figures.add(case, "acked_visits_per_s", self.rate(), "1/s");
        figures.add(case, "p50_ms", self.waits.at(0.5), "ms");
        figures.add(case, "p99_ms", self.waits.at(0.99), "ms");
        figures.add(case, "cpu_us_per_visit", self.cpu_us_per_visit(), "us");
        figures.add(
            case,
            "cpu_user_us_per_visit",
            self.per_visit(self.program.user),
            "us",
        );
        let generator = self.per_visit(self.generator.all());
        figures.add(case, "generator_cpu_us_per_visit", generator, "us");
        figures.add(case, "rss_mb", self.memory.resident as f64 / 1e6, "MB");
        figures.add(case, "peak_mb", self.memory.peak as f64 / 1e6, "MB");
        let body = self.body_bytes as f64 / visits;
        figures.add(case, "body_up_b_per_visit", body, "B");
        let journal = self.journal.bytes as f64 / visits;
        figures.add(case, "journal_b_per_visit", journal, "B");
    }
}
