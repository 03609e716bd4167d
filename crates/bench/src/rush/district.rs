//! The people of the evening: communities of eight grids, a worker and a phone
//! to each. They are put on record through the program's own commands, enrol as
//! people do, and have had their morning exchange.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use model::edit::VisitDraft;
use model::visit_id;
use serde_json::json;
use sync::body::{Encoding, inflate};
use sync::{Exchange, Replica};

use crate::commands::{add_person, command};
use crate::enrolled::Enrolled;
use crate::http::{Answer, Connection, Request};
use crate::phone::now_ms;
use crate::program::Program;
use crate::{BenchError, visits};

const GRIDS: [&str; 8] = [
    "第一网格",
    "第二网格",
    "第三网格",
    "第四网格",
    "第五网格",
    "第六网格",
    "第七网格",
    "第八网格",
];
/// Communities that are settled at one time.
const AT_ONCE: usize = 8;
/// Different visits of the practice community, from which each phone takes its own.
const DRAFTS: usize = 400;
/// An answer to forty visits is a few kilobytes.
const PACK_BYTES_MAX: usize = 16 << 20;

/// A phone without a connection of its own.
pub struct Carrier {
    /// Its documents.
    pub replica: Replica,
    token: String,
    enrolled: Enrolled,
    last_visit_ms: i64,
}

/// All phones.
pub struct District {
    /// In the order in which they set out.
    pub carriers: Vec<Carrier>,
    drafts: Vec<VisitDraft>,
    /// Where the next phone begins in the drafts.
    next_draft: usize,
}

impl District {
    /// Puts `phones` people on record and enrols their phones.
    pub fn settle(program: &Program, data: &Path, phones: usize) -> Result<Self, BenchError> {
        let communities: Vec<usize> = (0..phones.div_ceil(GRIDS.len())).collect();
        let share = communities.len().div_ceil(AT_ONCE).max(1);
        let (sender, settled) = mpsc::channel();
        let address = program.address.as_str();
        thread::scope(|scope| {
            for share in communities.chunks(share) {
                let sender = sender.clone();
                scope.spawn(move || {
                    for number in share {
                        let carriers = settle_community(address, data, *number);
                        if sender.send((*number, carriers)).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        drop(sender);
        let mut in_order = BTreeMap::new();
        for (number, carriers) in settled {
            in_order.insert(number, carriers?);
        }
        let mut carriers: Vec<Carrier> = in_order.into_values().flatten().collect();
        carriers.truncate(phones);
        let someone = carriers.first().map(|carrier| carrier.replica.person());
        let someone = someone.ok_or_else(|| BenchError::Practice("no phones".to_owned()))?;
        Ok(Self {
            carriers,
            drafts: visits::drafts(DRAFTS, someone, now_ms())?,
            next_draft: 0,
        })
    }

    /// Has every phone write so many visits.
    pub fn write_visits(&mut self, count: usize) -> Result<(), BenchError> {
        let first = self.next_draft;
        self.next_draft += count;
        let (drafts, cores) = (&self.drafts, thread::available_parallelism()?.get());
        let share = self.carriers.len().div_ceil(cores);
        let written = thread::scope(|scope| {
            let writers = self.carriers.chunks_mut(share).map(|carriers| {
                scope.spawn(move || {
                    for (place, carrier) in (first..).zip(carriers) {
                        carrier.write(drafts.iter().cycle().skip(place % DRAFTS).take(count))?;
                    }
                    Ok(())
                })
            });
            let writers: Vec<_> = writers.collect();
            writers.into_iter().map(joined).collect::<Vec<_>>()
        });
        written.into_iter().collect()
    }
}

/// What a thread came to.
pub fn joined<T>(
    thread: thread::ScopedJoinHandle<'_, Result<T, BenchError>>,
) -> Result<T, BenchError> {
    let panicked = |_| BenchError::Program("a thread of the measurement panicked".to_owned());
    thread.join().map_err(panicked)?
}

impl Carrier {
    fn new(connection: &mut Connection, code: &str) -> Result<Self, BenchError> {
        let enrolled = Enrolled::with_code(connection, code)?;
        let mut carrier = Self {
            replica: Replica::new(&enrolled.member, Some(enrolled.office)),
            token: enrolled.token.clone(),
            enrolled,
            last_visit_ms: 0,
        };
        // In the morning the phone has heard everything there is.
        let mut more = true;
        while more {
            let exchange = carrier.replica.request(now_ms());
            let answer = carrier.send(connection, &exchange)?;
            carrier.hear(&exchange, &answer)?;
            more = carrier.replica.has_more_to_say();
        }
        Ok(carrier)
    }

    fn write<'d>(
        &mut self,
        drafts: impl Iterator<Item = &'d VisitDraft>,
    ) -> Result<(), BenchError> {
        for draft in drafts {
            let draft = VisitDraft {
                by: self.enrolled.member.person,
                ..draft.clone()
            };
            // One visit in a millisecond, as a person has it.
            self.last_visit_ms = now_ms().max(self.last_visit_ms + 1);
            let id = visit_id(self.replica.device(), self.last_visit_ms);
            let grid = self.enrolled.grid;
            self.replica.create_visit(id, grid, &draft, now_ms())?;
        }
        Ok(())
    }

    /// Sends a request that was made before.
    pub fn send(
        &self,
        connection: &mut Connection,
        exchange: &Exchange,
    ) -> Result<Answer, BenchError> {
        connection.ask_well(Request {
            method: "POST",
            path: "/api/sync",
            token: Some(&self.token),
            headers: &[
                ("content-type", "application/x-stairwell-pack"),
                ("content-encoding", "gzip"),
            ],
            body: &exchange.body,
        })
    }

    /// Reads an answer, which must be whole and signed. Answers how many changes
    /// it says are kept.
    pub fn hear(&mut self, exchange: &Exchange, answer: &Answer) -> Result<usize, BenchError> {
        let encoding = Encoding::named(answer.header("content-encoding"));
        let wrong = |words: String| BenchError::answer("/api/sync", words);
        let encoding = encoding.ok_or_else(|| wrong("an unknown encoding".to_owned()))?;
        let before = self.replica.own().count();
        let pack = inflate(encoding, &answer.body, PACK_BYTES_MAX);
        let heard = self.replica.receive(exchange, &pack);
        if !heard.complete || heard.is_signed != Some(true) || heard.notice.is_some() {
            return Err(wrong(format!("not a whole, signed response: {heard:?}")));
        }
        Ok(before - self.replica.own().count())
    }
}

/// One community: its ledger of one door to a grid, then its people.
fn settle_community(address: &str, data: &Path, number: usize) -> Result<Vec<Carrier>, BenchError> {
    let name = format!("第{}社区", number + 1);
    let ledger = data.with_extension(format!("{number}.csv"));
    let mut rows = String::from("楼栋,单元,楼层,门牌,网格,姓名\n");
    for (building, grid) in (1..).zip(GRIDS) {
        rows += &format!("{building},1,1,101,{grid},王春兰\n");
    }
    fs::write(&ledger, rows)?;
    let import = json!({ "file": ledger, "community": name, "dry_run": false });
    command(data, &json!({ "import": import }))?;
    fs::remove_file(&ledger)?;
    let mut connection = Connection::open(address)?;
    let mut carriers = Vec::new();
    for grid in GRIDS {
        let person = json!({
            "name": format!("{name}{grid}"), "role": "grid_worker",
            "grids": [grid], "community": name,
        });
        let code = add_person(data, &person)?;
        carriers.push(Carrier::new(&mut connection, &code)?);
    }
    Ok(carriers)
}
