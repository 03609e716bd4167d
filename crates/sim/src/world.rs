//! The world in which a story happens: one office, phones, a network, people. Each event is taken as
//! far as it makes sense; what cannot happen does not. What it leads to is written down in words.

mod changes;
mod exchanges;
mod machinery;

pub(crate) use changes::{text_of, values_of};

use model::{DeviceId, Member, PersonId};

use crate::chance::Chance;
use crate::network::Parcel;
use crate::office::{DOORS_PER_GRID, GRIDS, Gone, Machine, community, door, grid};
use crate::phone::{Phone, role_of};
use crate::promises::{Broken, Promise};
use crate::story::{Event, Story};
use crate::witness::{Document, Witness};

/// When every story begins: an afternoon of November 2025, in milliseconds since 1970.
const BEGIN_MS: i64 = 1_763_800_000_000;
/// What passes between two events.
const STEP_MS: i64 = 7_000;
const HOUR_MS: i64 = 3_600_000;
/// More phones than this would only make a story long.
const PHONES_MAX: usize = 7;
/// Bodies on their way; the oldest are lost.
const PARCELS_MAX: usize = 12;

/// What clocks say in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    /// What the story says.
    AsTold,
    /// The truth.
    True,
}

/// The desk is the first of the phones.
pub const DESK: usize = 0;

/// A world.
pub struct World {
    pub(crate) machine: Machine,
    pub(crate) phones: Vec<Phone>,
    pub(crate) witness: Witness,
    pub(crate) parcels: Vec<Parcel>,
    /// The grid of each person, and whether they were ever in another.
    pub(crate) people: Vec<Person>,
    pub(crate) log: Vec<String>,
    /// Answers that the office made.
    answers: u64,
    clocks: Clocks,
    now_ms: i64,
    office_shift_ms: i64,
    chance: Chance,
}

/// A worker or the supervisor.
pub(crate) struct Person {
    pub id: PersonId,
    pub grid: usize,
    pub was_moved: bool,
}

impl World {
    /// The world at the beginning of a story.
    pub fn new(story: &Story, clocks: Clocks) -> Result<Self, Broken> {
        let machine =
            Machine::new(story.setup.disk, BEGIN_MS).map_err(|gone| does_not_start(&gone))?;
        let mut world = Self {
            machine,
            phones: Vec::new(),
            witness: Witness::default(),
            parcels: Vec::new(),
            people: Vec::new(),
            log: Vec::new(),
            answers: 0,
            clocks,
            now_ms: BEGIN_MS,
            office_shift_ms: 0,
            chance: Chance::new(story.seed, 2),
        };
        for number in 0..GRIDS * DOORS_PER_GRID {
            world.witness.documents.push(Document {
                id: door(number),
                is_visit: false,
            });
        }
        for person in 0..=usize::from(story.setup.workers) {
            let id = PersonId::from_bytes([person as u8 + 1; 16]);
            world.people.push(Person {
                id,
                grid: person % GRIDS,
                was_moved: false,
            });
            world.settle_person(person)?;
        }
        world.enrol(0, 2)?;
        for (person, version) in &story.setup.phones {
            world.enrol(usize::from(*person), *version)?;
        }
        Ok(world)
    }

    /// Lets one thing happen.
    pub fn happen(&mut self, event: &Event) -> Result<(), Broken> {
        self.now_ms += STEP_MS;
        match *event {
            Event::Visit { phone, door } => self.visit(phone, door),
            Event::Words {
                phone,
                document,
                at,
            } => self.words(phone, document, at),
            Event::Outcome {
                phone,
                document,
                value,
            } => self.outcome(phone, document, value),
            Event::Review { phone, document } => self.review(phone, document),
            Event::Strange { phone } => self.strange(phone),
            Event::Open { phone, document } => self.open(phone, document),
            Event::Exchange { phone, up, down } => self.exchange(phone, up, down),
            Event::Arrive { which, again } => self.arrive(which, again),
            Event::KillPhone { phone } => self.kill_phone(phone),
            Event::Backup { phone } => self.back_up(phone),
            Event::RestoreBackup { phone } => self.restore_backup(phone),
            Event::Enrol { person, version } => {
                let person = usize::from(person) % self.people.len();
                self.enrol(person, version)
            }
            Event::Tab { phone, slot } => {
                let phone = self.phone(phone);
                self.phones[phone].replica.write_in_slot(slot);
                self.say(format!("{} goes on in tab {slot}", self.name(phone)));
                Ok(())
            }
            Event::PhoneClock { phone, hours } => {
                let phone = self.phone(phone);
                self.phones[phone].shift_ms = i64::from(hours) * HOUR_MS;
                self.say(format!(
                    "the clock of {} is {hours} hours wrong",
                    self.name(phone)
                ));
                Ok(())
            }
            Event::OfficeClock { hours } => {
                self.office_shift_ms = i64::from(hours) * HOUR_MS;
                self.say(format!("the office's clock is {hours} hours wrong"));
                Ok(())
            }
            Event::Move { person, grid } => self.move_person(person, grid),
            Event::Upgrade { phone } => {
                let phone = self.phone(phone);
                self.phones[phone].replica.speak(2);
                self.say(format!("{} has the new app", self.name(phone)));
                Ok(())
            }
            Event::Admit { which } => self.admit(which),
            Event::SetAside { which } => self.set_aside(which),
            Event::Crash { how, when } => self.crash(how, when),
            Event::DiskFails { after, how, then } => {
                self.machine.fail(after, how, then);
                self.say(format!(
                    "the disk will fail ({how:?}) after {after} more writes"
                ));
                Ok(())
            }
            Event::Compact { document } => self.compact(document),
            Event::Remake => self.remake(),
            Event::Rebuild => self.rebuild(),
            Event::Restore => self.restore(),
        }
    }

    /// The office's clock.
    pub(crate) fn office_ms(&self) -> i64 {
        match self.clocks {
            Clocks::AsTold => self.now_ms + self.office_shift_ms,
            Clocks::True => self.now_ms,
        }
    }

    /// A phone's clock.
    pub(crate) fn phone_ms(&self, phone: usize) -> i64 {
        match self.clocks {
            Clocks::AsTold => self.told_ms(phone),
            Clocks::True => self.now_ms,
        }
    }

    /// What the story says that a phone's clock shows: ids are made from it in both worlds, so that
    /// they can be compared.
    pub(crate) fn told_ms(&self, phone: usize) -> i64 {
        self.now_ms + self.phones[phone].shift_ms
    }

    pub(crate) fn phone(&self, number: u8) -> usize {
        usize::from(number) % self.phones.len()
    }

    pub(crate) fn name(&self, phone: usize) -> String {
        match phone {
            DESK => "the desk".to_owned(),
            _ => format!("phone {phone} (worker {})", self.phones[phone].person),
        }
    }

    pub(crate) fn say(&mut self, words: String) {
        self.log.push(words);
    }

    /// What a device may do at this moment.
    pub(crate) fn member(&self, device: DeviceId) -> Option<Member> {
        self.machine.office().member_of_device(device)
    }

    pub(crate) fn enrol(&mut self, person: usize, version: u8) -> Result<(), Broken> {
        if self.phones.len() >= PHONES_MAX {
            return Ok(());
        }
        let device = self.new_device(person)?;
        let Some(member) = device.and_then(|device| self.member(device)) else {
            return Ok(());
        };
        let phone = Phone::new(person, &member, self.machine.key(), version);
        self.phones.push(phone);
        let phone = self.phones.len() - 1;
        self.say(format!(
            "{} is enrolled and speaks version {version}",
            self.name(phone)
        ));
        Ok(())
    }

    /// A device on record; `None` when the office died over it.
    pub(crate) fn new_device(&mut self, person: usize) -> Result<Option<DeviceId>, Broken> {
        let device = DeviceId::from_bytes(self.chance.id());
        let id = self.people[person].id;
        let put = self.machine.put_device(device, id, self.office_ms());
        self.after_write(put.is_err())?;
        Ok(put.is_ok().then_some(device))
    }

    /// Puts a person on record as they are now.
    pub(crate) fn settle_person(&mut self, person: usize) -> Result<(), Broken> {
        let role = role_of(person);
        let grids = match person {
            0 => Vec::new(),
            _ => vec![grid(self.people[person].grid)],
        };
        let id = self.people[person].id;
        let put = self.machine.put_person(id, role, grids, self.office_ms());
        self.after_write(put.is_err())
    }
}

/// The community's feed is the one that everybody has.
pub(crate) fn community_feed() -> model::FeedId {
    community().as_feed()
}

pub(crate) fn does_not_start(gone: &Gone) -> Broken {
    Promise::AcknowledgedMeansKept.broken(format!("the office does not start again: {gone:?}"))
}
