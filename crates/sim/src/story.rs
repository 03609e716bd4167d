//! What is to happen, as data: who there is, and a list of events that a seed gives. Events name
//! phones and documents by numbers that are taken round, so that a list from which some were dropped
//! still makes sense. What an event does is `world`'s.

use crate::chance::Chance;

/// One whole story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// What it was made from.
    pub seed: u64,
    /// Who and what there is at the beginning.
    pub setup: Setup,
    /// What happens, in order.
    pub events: Vec<Event>,
}

/// Who and what there is at the beginning. Person 0 is the supervisor, with the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Grid workers.
    pub workers: u8,
    /// The phones of the workers: whose, and which version of the protocol it speaks.
    pub phones: Vec<(u8, u8)>,
    /// What the office keeps its data on.
    pub disk: DiskKind,
}

/// What the office keeps its data on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskKind {
    /// The store in memory, which forgets nothing.
    Memory,
    /// The embedded store over files that fail.
    Files,
}

/// One thing that happens.
#[expect(
    missing_docs,
    reason = "each field says by its name whom or what the event is about"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A worker saves a new visit.
    Visit { phone: u8, door: u8 },
    /// Somebody writes into the prose of a document.
    Words { phone: u8, document: u8, at: u8 },
    /// Somebody sets the outcome of a visit.
    Outcome { phone: u8, document: u8, value: u8 },
    /// Somebody reviews a visit; a worker may not.
    Review { phone: u8, document: u8 },
    /// A phone of a later time saves a document of a kind that the office does not know.
    Strange { phone: u8 },
    /// Somebody opens a document.
    Open { phone: u8, document: u8 },
    /// A phone exchanges with the office.
    Exchange { phone: u8, up: Way, down: Way },
    /// Something that was on its way arrives. `again`: and will once more.
    Arrive { which: u8, again: bool },
    /// A phone's program is killed and started again.
    KillPhone { phone: u8 },
    /// A phone is backed up.
    Backup { phone: u8 },
    /// A phone's backup is restored into a new phone.
    RestoreBackup { phone: u8 },
    /// Somebody gets one more phone.
    Enrol { person: u8, version: u8 },
    /// Somebody goes on in another tab.
    Tab { phone: u8, slot: u8 },
    /// A phone's clock jumps.
    PhoneClock { phone: u8, hours: i32 },
    /// The office's clock jumps.
    OfficeClock { hours: i32 },
    /// A worker is moved to another grid.
    Move { person: u8, grid: u8 },
    /// An old app is brought up to date.
    Upgrade { phone: u8 },
    /// The supervisor admits something from the tray.
    Admit { which: u8 },
    /// The supervisor sets something in the tray aside.
    SetAside { which: u8 },
    /// The office's program ends without warning.
    Crash { how: Death, when: Moment },
    /// The disk fails from now on, after so many more writes.
    DiskFails {
        after: u8,
        how: Failure,
        then: Death,
    },
    /// A document is compacted.
    Compact { document: u8 },
    /// All summaries are made anew.
    Remake,
    /// The office is stopped in order and started with an index built anew.
    Rebuild,
    /// The office's data is copied without its index, and the copy takes its place.
    Restore,
}

/// How a body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// When it arrives.
    pub fate: Fate,
    /// Where the line dies: after so many whole frames (taken round), and so many 256ths of the next.
    pub cut: Option<(u8, u8)>,
    /// How often the line falls silent on the way.
    pub silences: u8,
}

/// When a body arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// At once.
    Now,
    /// Some time, perhaps after what was sent later.
    Late,
    /// Never.
    Lost,
}

/// How a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// It is killed; what it wrote is in the system's memory.
    Kill,
    /// The machine loses power; what was not forced to disk is lost.
    Power,
}

/// When a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// While nothing happens.
    Now,
    /// In the next exchange, when the changes are kept and before anything is answered.
    Keeping,
}

/// How a disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is full.
    Full,
    /// What was written could not be forced to it.
    Sync,
}

impl Story {
    /// The story of a seed.
    pub fn of_seed(seed: u64) -> Self {
        let mut chance = Chance::new(seed, 1);
        let setup = Setup::by(&mut chance, seed);
        let count = 20 + chance.below(41);
        let events = (0..count).map(|_| event(&mut chance)).collect();
        Self {
            seed,
            setup,
            events,
        }
    }
}

impl Setup {
    fn by(chance: &mut Chance, seed: u64) -> Self {
        let workers = 1 + chance.below(3) as u8;
        let count = u64::from(workers) + chance.below(3);
        let phone = |number: u64| {
            let person = 1 + (number % u64::from(workers)) as u8;
            let version = if chance.in_hundred(25) { 1 } else { 2 };
            (person, version)
        };
        Self {
            workers,
            phones: (0..count).map(phone).collect(),
            // Files cost more; what they can do wrong beyond memory takes fewer seeds to find.
            disk: match seed % 4 {
                0 => DiskKind::Files,
                _ => DiskKind::Memory,
            },
        }
    }
}

/// How often an event comes, and how one is made.
type Weighted = (u64, fn(&mut Chance) -> Event);

const WEIGHTS: [Weighted; 25] = [
    (14, |c| Event::Visit {
        phone: c.byte(),
        door: c.byte(),
    }),
    (20, |c| Event::Words {
        phone: c.byte(),
        document: c.byte(),
        at: c.byte(),
    }),
    (8, |c| Event::Outcome {
        phone: c.byte(),
        document: c.byte(),
        value: c.byte(),
    }),
    (6, |c| Event::Review {
        phone: c.byte(),
        document: c.byte(),
    }),
    (1, |c| Event::Strange { phone: c.byte() }),
    (6, |c| Event::Open {
        phone: c.byte(),
        document: c.byte(),
    }),
    (40, |c| Event::Exchange {
        phone: c.byte(),
        up: way(c),
        down: way(c),
    }),
    (8, |c| Event::Arrive {
        which: c.byte(),
        again: c.in_hundred(30),
    }),
    (4, |c| Event::KillPhone { phone: c.byte() }),
    (2, |c| Event::Backup { phone: c.byte() }),
    (2, |c| Event::RestoreBackup { phone: c.byte() }),
    (1, |c| Event::Enrol {
        person: c.byte(),
        version: 1 + c.byte() % 2,
    }),
    (4, |c| Event::Tab {
        phone: c.byte(),
        slot: c.byte() % 3,
    }),
    (3, |c| Event::PhoneClock {
        phone: c.byte(),
        hours: hours(c),
    }),
    (1, |c| Event::OfficeClock { hours: hours(c) }),
    (2, |c| Event::Move {
        person: c.byte(),
        grid: c.byte(),
    }),
    (1, |c| Event::Upgrade { phone: c.byte() }),
    (5, |c| Event::Admit { which: c.byte() }),
    (1, |c| Event::SetAside { which: c.byte() }),
    (4, |c| Event::Crash {
        how: death(c),
        when: match c.below(2) {
            0 => Moment::Now,
            _ => Moment::Keeping,
        },
    }),
    (2, |c| Event::DiskFails {
        after: c.byte() % 4,
        how: match c.below(2) {
            0 => Failure::Full,
            _ => Failure::Sync,
        },
        then: death(c),
    }),
    (3, |c| Event::Compact { document: c.byte() }),
    (1, |_| Event::Remake),
    (1, |_| Event::Rebuild),
    (1, |_| Event::Restore),
];

fn event(chance: &mut Chance) -> Event {
    let total = WEIGHTS.iter().map(|(weight, _)| weight).sum();
    let mut left = chance.below(total);
    for (weight, make) in WEIGHTS {
        match left.checked_sub(weight) {
            Some(rest) => left = rest,
            None => return make(chance),
        }
    }
    Event::Remake
}

fn way(chance: &mut Chance) -> Way {
    let fate = match chance.below(10) {
        0 => Fate::Lost,
        1 | 2 => Fate::Late,
        _ => Fate::Now,
    };
    let cut = chance
        .in_hundred(30)
        .then(|| (chance.byte(), chance.byte()));
    Way {
        fate,
        cut,
        silences: (chance.below(6) / 3) as u8,
    }
}

fn death(chance: &mut Chance) -> Death {
    match chance.below(2) {
        0 => Death::Kill,
        _ => Death::Power,
    }
}

/// Hours that a clock jumps: minutes of drift are nothing beside days and years.
fn hours(chance: &mut Chance) -> i32 {
    let most = [2, 24 * 40, 24 * 365 * 6][chance.below(3) as usize];
    chance.below(2 * most + 1) as i32 - most as i32
}
