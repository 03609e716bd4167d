//! Which door is visited when and by whom: rounds through the stairways for
//! everybody, and monthly visits where care is due.

use crate::calendar::{DAY, MINUTE, day_of, moment, setting_out, working_day};
use crate::chance::{Chance, Stream};
use crate::household::Household;
use crate::layout::Door;

/// The practice data covers so many days before now.
pub const DAYS: i64 = 365;
/// Days between visits of a door that needs care, and of any other.
pub const CARE_INTERVAL: i64 = 30;
/// See [`CARE_INTERVAL`].
pub const ORDINARY_INTERVAL: i64 = 180;

/// Rounds through one stairway in a year.
const ROUNDS: i64 = 8;
/// How many doors in a thousand are seen in one round: about twice a year.
const SEEN_IN_ROUND: u64 = 300;
/// A worker goes home then.
const LAST_MINUTE: i64 = 20 * 60 + 50;

/// One visit to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    /// When.
    pub at: i64,
    /// Number of the door.
    pub door: usize,
    /// Number of the worker.
    pub worker: usize,
    /// Whether it is one of the monthly care visits.
    pub care: bool,
}

/// All visits before `now_ms`, oldest first. `scale` multiplies them.
pub fn plan(
    seed: u64,
    now_ms: i64,
    scale: u32,
    doors: &[Door],
    households: &[Household],
) -> Vec<Planned> {
    let mut planned = Vec::new();
    if scale == 0 {
        return planned;
    }
    let mut first = 0;
    while first < doors.len() {
        let stairway = (doors[first].building, doors[first].unit);
        let count = doors[first..]
            .iter()
            .take_while(|door| (door.building, door.unit) == stairway)
            .count();
        let rounds = Rounds {
            seed,
            today: day_of(now_ms),
            grid: doors[first].grid,
            first,
        };
        for number in 0..ROUNDS * i64::from(scale) {
            rounds.walk(number, &households[first..first + count], &mut planned);
        }
        first += count;
    }
    for (door, household) in households.iter().enumerate() {
        if household.needs_care() {
            care_visits(seed, now_ms, scale, (door, doors[door].grid), &mut planned);
        }
    }
    planned.retain(|visit| visit.at < now_ms);
    planned.sort_unstable();
    planned
}

/// The rounds through one stairway.
struct Rounds {
    seed: u64,
    today: i64,
    grid: usize,
    /// Number of its first door.
    first: usize,
}

impl Rounds {
    fn walk(&self, number: i64, stairway: &[Household], planned: &mut Vec<Planned>) {
        let index = (self.first as u64) << 32 | number as u64;
        let mut chance = Chance::new(self.seed, Stream::Rounds, index);
        let day = working_day(self.today - chance.between(0, DAYS - 1));
        let worker = 2 * self.grid + chance.below(2) as usize;
        let mut minute = setting_out(&mut chance);
        for (door, household) in (self.first..).zip(stairway) {
            let left_out = household.needs_care() || self.is_never_seen(door);
            let stands_empty = household.residents.is_empty();
            let times = if stands_empty {
                SEEN_IN_ROUND / 3
            } else {
                SEEN_IN_ROUND
            };
            if left_out || !chance.in_thousand(times) {
                continue;
            }
            planned.push(Planned {
                at: moment(day, minute) + chance.between(0, MINUTE - 1),
                door,
                worker,
                care: false,
            });
            minute += chance.between(4, 9);
            if minute > LAST_MINUTE {
                return;
            }
        }
    }

    /// Some doors are missed by every round.
    fn is_never_seen(&self, door: usize) -> bool {
        Chance::new(self.seed, Stream::CarePlan, door as u64).in_thousand(50)
    }
}

fn care_visits(
    seed: u64,
    now_ms: i64,
    scale: u32,
    (door, grid): (usize, usize),
    planned: &mut Vec<Planned>,
) {
    let mut chance = Chance::new(seed, Stream::CarePlan, door as u64);
    if chance.in_thousand(15) {
        return;
    }
    let step = DAY / i64::from(scale);
    let lapsed = chance.in_thousand(130);
    let last = now_ms
        - if lapsed {
            chance.between(40, 140) * DAY
        } else {
            0
        };
    let usual = chance.below(2) as usize;
    let mut next = now_ms - DAYS * DAY + chance.between(0, CARE_INTERVAL - 1) * step;
    while next < last {
        let day = working_day(day_of(next));
        let other = usize::from(chance.in_thousand(150));
        planned.push(Planned {
            at: moment(day, setting_out(&mut chance)) + chance.between(0, 90 * MINUTE),
            door,
            worker: 2 * grid + (usual + other) % 2,
            care: true,
        });
        next += chance.between(CARE_INTERVAL - 6, CARE_INTERVAL + 4) * step;
    }
}
