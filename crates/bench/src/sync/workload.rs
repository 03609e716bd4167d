//! The workload that every engine gets: a grid of 500 doors with twelve past
//! visits each, and days of 40 visits by the phone and ten edits by the office.
//! One seed and time give one workload.

mod plain;

use model::edit::{DoorRecord, VisitDraft};
use model::{DeviceId, DocumentId, PersonId, community_id, door_id, grid_id, visit_id};
use practice::{Homes, Resident};

use super::words::Words;

/// The community, of one grid.
pub const COMMUNITY: &str = "丈量社区";
/// The grid.
pub const GRID: &str = "第一网格";

const SEED: u64 = 500;
const BUILDINGS: usize = 5;
const UNITS: usize = 2;
const FLOORS: usize = 25;
const DOORS_ON_FLOOR: usize = 2;
const PAST_VISITS: usize = 12;
const DAYS: usize = 3;
const DAY_VISITS: usize = 40;
const DAY_EDITS: usize = 10;
/// From one day's first door to the next day's, the doors of edits in between.
const DAY_STEP: usize = 150;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// When the ages of residents were true.
const LEDGER_YEAR: i64 = 2026;

/// Everything.
pub struct Workload {
    /// In the order in which one walks.
    pub doors: Vec<Door>,
    /// Oldest first.
    pub past: Vec<Visit>,
    /// One for each network.
    pub days: Vec<Day>,
}

/// A door and who lives there.
#[derive(Clone, Debug)]
pub struct Door {
    /// Its document.
    pub id: DocumentId,
    /// Its address.
    pub place: Place,
    /// Head of the household first.
    pub residents: Vec<Resident>,
}

/// An address.
#[derive(Clone, Debug)]
pub struct Place {
    /// Such as `3`.
    pub building: String,
    /// Such as `2`.
    pub unit: String,
    /// From 1.
    pub floor: i64,
    /// Such as `501`.
    pub label: String,
}

/// A visit to be written.
#[derive(Clone)]
pub struct Visit {
    /// Its document.
    pub id: DocumentId,
    /// What it says.
    pub draft: VisitDraft,
}

/// What a supervisor changes at a household.
pub struct Edit {
    /// The door.
    pub door: DocumentId,
    /// The remarks as they should read.
    pub remarks: String,
    /// The plan's interval.
    pub interval_days: i64,
}

/// A day.
pub struct Day {
    /// By the phone.
    pub visits: Vec<Visit>,
    /// By the office, at other doors.
    pub edits: Vec<Edit>,
}

impl Workload {
    /// The workload that ends at `now_ms`, with notes of these words. One person
    /// writes the past, at this device, another one the days.
    pub fn generate(
        words: Words,
        [(past, device), (days, _)]: [(PersonId, DeviceId); 2],
        now_ms: i64,
    ) -> Option<Self> {
        let doors = doors();
        let ids: Vec<DocumentId> = doors.iter().map(|door| door.id).collect();
        let writing = Writing {
            homes: &Homes::behind(SEED, &ids),
            words,
        };
        let mut past = writing.past(ids.len(), past, now_ms)?;
        past.iter_mut().for_each(|visit| visit.make_at(device));
        let days = (0..DAYS).map(|day| writing.day(day, &ids, days, now_ms));
        let days = days.collect::<Option<_>>()?;
        Some(Self { doors, past, days })
    }
}

/// The doors and who lives there: the same for everybody who writes.
pub fn doors() -> Vec<Door> {
    let places = places();
    let ids: Vec<DocumentId> = places.iter().map(Place::document).collect();
    let homes = Homes::behind(SEED, &ids);
    let doors = places.into_iter().zip(homes.iter());
    let doors = doors.map(|(place, (id, residents))| Door {
        id,
        place,
        residents: residents.to_vec(),
    });
    doors.collect()
}

/// Doors as a ledger for `stairwell import`.
pub fn ledger(doors: &[Door]) -> String {
    let mut text = "楼栋,单元,楼层,门牌,网格,姓名,关系,出生年,标签\n".to_owned();
    for door in doors {
        let Place {
            building,
            unit,
            floor,
            label,
        } = &door.place;
        let place = format!("{building},{unit},{floor},{label},{GRID}");
        for person in &door.residents {
            let (name, relation) = (&person.name, person.relation);
            let tags: Vec<&str> = person.tags.iter().copied().map(tag_title).collect();
            let (year, tags) = (birth_year(person), tags.join("、"));
            text += &format!("{place},{name},{relation},{year},{tags}\n");
        }
        if door.residents.is_empty() {
            text += &format!("{place},,,,\n");
        }
    }
    text
}

/// Puts words into visits and edits.
struct Writing<'a> {
    homes: &'a Homes,
    words: Words,
}

impl Writing<'_> {
    /// Twelve rounds through all doors in a year.
    fn past(&self, doors: usize, by: PersonId, now_ms: i64) -> Option<Vec<Visit>> {
        let count = doors * PAST_VISITS;
        let step_ms = 365 * DAY_MS / count as i64;
        let visit = |number: usize| {
            let at = now_ms - DAY_MS - (count - number) as i64 * step_ms;
            self.visit(number % doors, number, at + uneven_ms(number, step_ms), by)
        };
        (0..count).map(visit).collect()
    }

    fn day(&self, day: usize, doors: &[DocumentId], by: PersonId, now_ms: i64) -> Option<Day> {
        let first = day * DAY_STEP;
        let visit = |place: usize| {
            let at = now_ms - (DAY_VISITS - place) as i64 * 8 * MINUTE_MS;
            let number = doors.len() * PAST_VISITS + first + place;
            self.visit(
                first + place,
                number,
                at + uneven_ms(number, 5 * MINUTE_MS),
                by,
            )
        };
        let edit = |number: usize| {
            let remarks = REMARKS[(day + number) % REMARKS.len()];
            Some(Edit {
                door: *doors.get(first + DAY_VISITS + number * DAY_EDITS)?,
                remarks: self.words.instead_of(remarks, (first + number) as u64),
                interval_days: [15, 30, 90][number % 3],
            })
        };
        Some(Day {
            visits: (0..DAY_VISITS).map(visit).collect::<Option<_>>()?,
            edits: (0..DAY_EDITS).map(edit).collect::<Option<_>>()?,
        })
    }

    fn visit(&self, place: usize, number: usize, at: i64, by: PersonId) -> Option<Visit> {
        let number = number as u64;
        let mut draft = self.homes.visit(place, number, at, by)?;
        draft.note = self.words.instead_of(&draft.note, number);
        if self.words != Words::PhrasesAndMet {
            draft.met.clear();
        }
        let mut visit = Visit {
            id: DocumentId::from_bytes([0; 16]),
            draft,
        };
        visit.make_at(DeviceId::from_bytes([0; 16]));
        Some(visit)
    }
}

impl Visit {
    /// Gives the visit the id that it has when it is made at this device.
    pub fn make_at(&mut self, device: DeviceId) {
        self.id = visit_id(device, self.draft.at);
    }
}

/// Nobody rings at full minutes: some time below `below_ms`, from a number.
fn uneven_ms(number: usize, below_ms: i64) -> i64 {
    // Knuth's multiplier: enough to spread times.
    let spread = (number as u64).wrapping_mul(6_364_136_223_846_793_005) >> 33;
    (spread % below_ms.unsigned_abs()).cast_signed()
}

/// What a supervisor notes at a household.
const REMARKS: [&str; 10] = [
    "女儿在外地，紧急时先打物业值班电话。",
    "已和家属约好，每月十五号上门。",
    "门铃坏了，请轻敲两下并报名字。",
    "老人听力不好，说话靠近左耳。",
    "家中养狗，上门前先打电话。",
    "助餐从下周一开始，送到门口。",
    "备用钥匙在对门，征得老人同意。",
    "已申请扶手改造，等街道批复。",
    "周末孩子在家，可以一并核对信息。",
    "术后恢复期，访问时间不超过十分钟。",
];

fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for building in 1..=BUILDINGS {
        for unit in 1..=UNITS {
            for floor in (1..=FLOORS).rev() {
                for number in 1..=DOORS_ON_FLOOR {
                    places.push(Place {
                        building: building.to_string(),
                        unit: unit.to_string(),
                        floor: floor as i64,
                        label: (floor * 100 + number).to_string(),
                    });
                }
            }
        }
    }
    places
}

impl Place {
    fn document(&self) -> DocumentId {
        let community = community_id(COMMUNITY);
        door_id(community, &self.building, &self.unit, &self.label)
    }
}

impl Door {
    /// What the office writes when it makes an edit at this door.
    pub fn edited(&self, edit: &Edit) -> DoorRecord {
        let community = community_id(COMMUNITY);
        DoorRecord {
            community: community.as_feed(),
            grid: grid_id(community, GRID),
            building: self.place.building.clone(),
            unit: self.place.unit.clone(),
            label: self.place.label.clone(),
            floor: Some(self.place.floor),
            persons: Default::default(),
            tags: Default::default(),
            plan: model::records::Plan {
                interval_days: Some(edit.interval_days),
                ..Default::default()
            },
            remarks: edit.remarks.clone(),
            sealed: Default::default(),
        }
    }
}

fn birth_year(person: &Resident) -> i64 {
    LEDGER_YEAR - person.age
}

/// A tag as ledgers write it.
fn tag_title(code: &str) -> &str {
    match code {
        "empty_nest" => "空巢老人",
        "left_behind_child" => "留守儿童",
        "minor" => "未成年人",
        "disabled" => "残疾人",
        "aged" => "老年人",
        "lives_alone" => "独居",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const NOW_MS: i64 = 1_800_000_000_000;

    fn workload(words: Words) -> Workload {
        let writer = |byte| {
            (
                PersonId::from_bytes([byte; 16]),
                DeviceId::from_bytes([byte; 16]),
            )
        };
        Workload::generate(words, [1, 2].map(writer), NOW_MS).unwrap()
    }

    #[test]
    fn it_is_as_large_as_it_says_and_no_document_comes_twice() {
        let workload = workload(Words::Phrases);
        assert_eq!((workload.doors.len(), workload.past.len()), (500, 6_000));
        let days = workload.days.iter();
        let visits = days.flat_map(|day| &day.visits).chain(&workload.past);
        let ids: BTreeSet<DocumentId> = visits.map(|visit| visit.id).collect();
        assert_eq!(ids.len(), 6_000 + 3 * 40);
        let edits = workload.days.iter().flat_map(|day| &day.edits);
        let edited: BTreeSet<DocumentId> = edits.map(|edit| edit.door).collect();
        let visited: BTreeSet<DocumentId> = workload
            .days
            .iter()
            .flat_map(|day| day.visits.iter().map(|visit| visit.draft.door))
            .collect();
        assert_eq!((edited.len(), visited.len()), (30, 120));
        assert!(edited.is_disjoint(&visited));
    }

    #[test]
    fn random_notes_are_as_long_as_those_of_phrases_and_say_something_else() {
        let (phrases, random) = (workload(Words::Phrases), workload(Words::Random));
        for (one, other) in phrases.past.iter().zip(&random.past) {
            assert_eq!(one.id, other.id);
            let (one, other) = (&one.draft.note, &other.draft.note);
            assert_eq!(one.chars().count(), other.chars().count());
            assert_ne!(one, other);
        }
    }
}
