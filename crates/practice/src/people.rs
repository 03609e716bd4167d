//! The workers and the supervisor of the practice community. The names are
//! made up of seasons, plants and weather, so that nobody takes them for real.

use model::{DeviceId, FeedId, Person, PersonId, Role};
use uuid::Uuid;

use crate::layout::{self, GRIDS};

/// Two workers for each grid, in the order of the grids.
const WORKERS: [[&str; 2]; 5] = [
    ["陈小满", "林秋实"],
    ["沈青禾", "何南星"],
    ["顾远山", "苏白露"],
    ["许半夏", "梁云起"],
    ["宋谷雨", "唐清和"],
];
const SUPERVISOR: &str = "周明月";

/// Somebody who works in the practice community, and the device with which the
/// practice data was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// Who.
    pub person: Person,
    /// The device of the practice data; a person who tries the program enrols
    /// another one.
    pub device: DeviceId,
}

/// The ten grid workers; those of grid `n` are at 2n and 2n + 1.
pub fn workers(seed: u64) -> Vec<Worker> {
    let mut workers = Vec::new();
    for (grid, names) in WORKERS.iter().enumerate() {
        for name in names {
            let feeds = vec![layout::grid_feed(grid), layout::community().as_feed()];
            workers.push(worker(seed, name, Role::GridWorker, feeds));
        }
    }
    workers
}

/// The supervisor, who works in every feed.
pub fn supervisor(seed: u64) -> Worker {
    let mut feeds: Vec<FeedId> = (0..GRIDS.len()).map(layout::grid_feed).collect();
    feeds.push(layout::community().as_feed());
    worker(seed, SUPERVISOR, Role::CommunitySupervisor, feeds)
}

/// The device with which places and households were written down.
pub fn office_device(seed: u64) -> DeviceId {
    DeviceId::from_uuid(named(seed, "device", "office"))
}

fn worker(seed: u64, name: &str, role: Role, feeds: Vec<FeedId>) -> Worker {
    Worker {
        person: Person {
            id: PersonId::from_uuid(named(seed, "person", name)),
            name: name.to_owned(),
            role,
            feeds,
        },
        device: DeviceId::from_uuid(named(seed, "device", name)),
    }
}

/// The same seed gives the same people on every start.
fn named(seed: u64, what: &str, name: &str) -> Uuid {
    let text = format!("practice/{seed}/{what}/{name}");
    Uuid::new_v5(layout::community().as_uuid(), text.as_bytes())
}
