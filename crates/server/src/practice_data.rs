//! Filling an empty data folder with the practice community, and who may play in it.

mod hands;

use model::{DocumentId, FeedId, Role};
use practice::{Items, Practice, Summarised, Worker};
use serde::{Deserialize, Serialize};
use store::{Append, Store, StoreError, Table};

use crate::chance;
use crate::failure::Failure;
use crate::office::Office;
use crate::people::{DeviceRecord, Heard, PersonRecord};
use crate::progress::{Report, Step};

/// The seed of the community everyone practises in; only the time makes one differ from another.
const SEED: u64 = 20_240;
const RECORD: &[u8] = b"practice";
const FILLING: &str = "生成演练社区 making the practice community";
/// Changes appended in one durable step.
const BATCH: usize = 1_000;

/// What was generated, so that a start that was interrupted goes on with the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Begun {
    now_ms: i64,
    scale: u32,
    is_complete: bool,
}

/// A person to play, and the host that gives them an origin of their own in one browser.
pub struct Player {
    /// Who.
    pub person: PersonRecord,
    /// Such as `chen.localhost`.
    pub host: &'static str,
}

/// Fills an empty store. A store that holds the practice community already is left as it is; one
/// that holds anything else is refused.
pub fn fill(store: &dyn Store, now_ms: i64, scale: u32, report: Report<'_>) -> Result<(), Failure> {
    let begun = match store.get_record(Table::Settings, RECORD)? {
        Some(record) => serde_json::from_slice(&record).map_err(|error| Failure::of(&error))?,
        None if is_empty(store)? => {
            let begun = Begun {
                now_ms,
                scale,
                is_complete: false,
            };
            note(store, begun)?;
            begun
        }
        None => {
            return Err(Failure::new(
                "这个数据文件夹里有真实数据，不能用来演练；请另选一个空文件夹",
                "this data folder holds real data; choose an empty one to practise in",
            ));
        }
    };
    if begun.is_complete {
        return Ok(());
    }
    let practice = practice::generate(SEED, begun.now_ms, begun.scale);
    std::thread::scope(|scope| {
        let items = practice.items_with(hands::visits(scope, &practice));
        append(store, items, practice.document_count() as u64, report)
    })?;
    note(
        store,
        Begun {
            is_complete: true,
            ..begun
        },
    )?;
    Ok(())
}

/// Puts the people of the practice community on record, and says who can be played.
pub fn settle_people(office: &Office) -> Result<Vec<Player>, Failure> {
    let Some(record) = office.store.get_record(Table::Settings, RECORD)? else {
        return Ok(Vec::new());
    };
    let begun: Begun = serde_json::from_slice(&record).map_err(|error| Failure::of(&error))?;
    let practice = practice::generate(SEED, begun.now_ms, 0);
    for worker in practice.workers.iter().chain([&practice.supervisor]) {
        settle_person(office, &practice, worker, begun.now_ms)?;
    }
    let hosts = ["chen.localhost", "lin.localhost", "desk.localhost"];
    let players = practice
        .workers
        .iter()
        .take(2)
        .chain([&practice.supervisor])
        .zip(hosts);
    let players = players.filter_map(|(worker, host)| {
        Some(Player {
            person: office.people.person(worker.person.id)?,
            host,
        })
    });
    Ok(players.collect())
}

fn settle_person(
    office: &Office,
    practice: &Practice,
    worker: &Worker,
    at_ms: i64,
) -> Result<(), Failure> {
    let person = &worker.person;
    if office.people.person(person.id).is_none() {
        office.people.put_person(PersonRecord {
            id: person.id,
            name: person.name.clone(),
            role: person.role,
            community: practice.community,
            grids: grids_of(person.role, practice.community, &person.feeds),
            added_at: at_ms,
        })?;
    }
    if office.people.owner(worker.device).is_none() {
        office.people.put_device(DeviceRecord {
            id: worker.device,
            person: person.id,
            // Nobody is told this token: the phone exists only in the story.
            token: chance::random_bytes().map_err(|error| Failure::of(&error))?,
            enrolled_at: at_ms,
            heard: Some(Heard {
                at: at_ms,
                clock_error_ms: 0,
                app_version: "practice".to_owned(),
            }),
        })?;
    }
    Ok(())
}

fn grids_of(role: Role, community: DocumentId, feeds: &[FeedId]) -> Vec<FeedId> {
    match role {
        Role::GridWorker => feeds
            .iter()
            .copied()
            .filter(|feed| *feed != community.as_feed())
            .collect(),
        Role::CommunitySupervisor => Vec::new(),
    }
}

/// `total` is how many documents there will be, to tell how far it is.
fn append(
    store: &dyn Store,
    items: Items<'_>,
    total: u64,
    report: Report<'_>,
) -> Result<(), Failure> {
    let mut batch = Batch::default();
    for item in items {
        let item = item.map_err(|error| Failure::of(&error))?;
        for (hash, bytes) in item.changes {
            batch.changes.push(Append {
                document: item.document,
                kind: item.kind.clone(),
                home_feed: item.feed,
                device: item.device,
                hash,
                bytes,
                received_at: item.at_ms,
            });
        }
        let summarised = item
            .summarised
            .map(|summarised| (item.document, summarised));
        batch.summaries.extend(summarised);
        if batch.changes.len() >= BATCH {
            batch.put(store)?;
            report(Step::new(FILLING, batch.documents, total));
        }
    }
    batch.put(store)?;
    Ok(())
}

/// What goes into the store in one step.
#[derive(Default)]
struct Batch {
    changes: Vec<Append>,
    summaries: Vec<(DocumentId, Summarised)>,
    /// Documents that have come to their end.
    documents: u64,
}

impl Batch {
    /// Puts it in and empties it. The summaries are kept with it, so that the documents need not
    /// be loaded again for them.
    fn put(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        store.append(&self.changes)?;
        self.changes.clear();
        for (document, Summarised { heads, summary }) in self.summaries.drain(..) {
            store.put_summary(document, &heads, &summary.to_json())?;
            self.documents += 1;
        }
        Ok(())
    }
}

fn is_empty(store: &dyn Store) -> Result<bool, StoreError> {
    let mut is_empty = store.records(Table::People)?.is_empty();
    store.summaries(&mut |_| is_empty = false)?;
    Ok(is_empty)
}

fn note(store: &dyn Store, begun: Begun) -> Result<(), StoreError> {
    // Two numbers and a truth value, which JSON can always write.
    let record = serde_json::to_vec(&begun).unwrap_or_default();
    store.put_record(Table::Settings, RECORD, &record)
}
