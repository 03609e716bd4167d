//! Carries a plan out: the community first, so that the grids have names before doors arrive in
//! them, then the doors, a few hundred to one durable step.

use std::collections::BTreeMap;

use ledger::{DoorPlan, PersonRow, Plan};
use model::edit::{CommunityRecord, DoorRecord, PersonRecord, write_community, write_door};
use model::lists::shipped_lists;
use model::records::{Building, Grid};
use model::{Kind, PersonId, community_id};

use super::{ImportError, phone_place};
use crate::chance;
use crate::office::{Office, OwnWrite, Written};
use crate::progress::{Report, Step};
use crate::sealed;

/// Doors that go into one durable step.
const DOORS_PER_STEP: usize = 200;
/// New keys that go into one durable step.
const KEYS_PER_STEP: usize = 500;
const SEALING: &str = "加密电话 sealing phones";
const WRITING: &str = "导入住户 importing doors";

/// Writes what the plan says. Answers how many changes that took.
pub fn carry_out(
    office: &Office,
    community: &str,
    is_new: bool,
    plan: &Plan,
    now_ms: i64,
    report: Report<'_>,
) -> Result<usize, ImportError> {
    let doors = plan.new_doors.iter().chain(&plan.changed_doors);
    let total = (plan.new_doors.len() + plan.changed_doors.len()) as u64;
    // Every phone is sealed before anything is written: what fails here leaves nothing behind.
    let (mut records, mut new_keys) = (Vec::new(), Vec::new());
    for (done, door) in (0..).zip(doors) {
        report(Step::new(SEALING, done, total));
        records.push((door, record_of(office, community, door, &mut new_keys)?));
        if new_keys.len() >= KEYS_PER_STEP {
            office.store.put_keys(&std::mem::take(&mut new_keys))?;
        }
    }
    // Kept durably before any document names what is sealed under them.
    office.store.put_keys(&new_keys)?;
    let mut written = write_community_of(office, community, is_new, plan, now_ms)?;
    for (done, step) in (0..)
        .step_by(DOORS_PER_STEP)
        .zip(records.chunks(DOORS_PER_STEP))
    {
        report(Step::new(WRITING, done, total));
        let writes = step.iter().map(|(door, record)| OwnWrite {
            document: door.id,
            kind: Kind::Door,
            feed: door.grid,
            edit: Box::new(move |document| write_door(document, record, now_ms)),
        });
        written += write(office, writes.collect(), written, now_ms)?;
    }
    report(Step::new(WRITING, total, total));
    Ok(written)
}

fn write_community_of(
    office: &Office,
    community: &str,
    is_new: bool,
    plan: &Plan,
    now_ms: i64,
) -> Result<usize, ImportError> {
    if !is_new && plan.new_grids.is_empty() && plan.buildings.is_empty() {
        return Ok(0);
    }
    let id = community_id(community);
    let grids = plan
        .new_grids
        .iter()
        .map(|(name, feed)| (*feed, Grid { name: name.clone() }));
    let buildings = plan.buildings.iter().map(|(label, shape)| {
        let known = |number: i64| (number > 0).then_some(number);
        let building = Building {
            units: known(shape.units),
            floors: known(shape.floors),
            note: String::new(),
        };
        (label.clone(), building)
    });
    let record = CommunityRecord {
        name: community.to_owned(),
        grids: grids.collect(),
        buildings: buildings.collect(),
        // A community keeps its own words once it has lists.
        lists: if is_new {
            shipped_lists()
        } else {
            BTreeMap::new()
        },
        phrases: BTreeMap::new(),
    };
    let write_it = OwnWrite {
        document: id,
        kind: Kind::Community,
        feed: id.as_feed(),
        edit: Box::new(move |document| write_community(document, &record, now_ms)),
    };
    write(office, vec![write_it], 0, now_ms)
}

fn write(
    office: &Office,
    writes: Vec<OwnWrite<'_>>,
    written: usize,
    now_ms: i64,
) -> Result<usize, ImportError> {
    let outcomes = office
        .write_own(writes, now_ms)
        .map_err(|error| ImportError::Interrupted {
            written,
            error: Box::new(error),
        })?;
    Ok(outcomes
        .iter()
        .filter(|outcome| **outcome != Written::Unchanged)
        .count())
}

fn record_of(
    office: &Office,
    community: &str,
    door: &DoorPlan,
    new_keys: &mut Vec<(PersonId, [u8; 32])>,
) -> Result<DoorRecord, ImportError> {
    let mut sealed = BTreeMap::new();
    let mut persons = BTreeMap::new();
    for (resident, person) in door.residents.iter().zip(&door.row.persons) {
        persons.insert(*resident, person_record(person));
        if let Some(phone) = person
            .phone
            .as_ref()
            .filter(|_| door.phones_to_seal.contains(resident))
        {
            let place = phone_place(*resident);
            let key = key_of(office, *resident, new_keys)?;
            sealed.insert(place.clone(), sealed::seal(&key, &place, phone.reveal())?);
        }
    }
    Ok(DoorRecord {
        community: community_id(community).as_feed(),
        grid: door.grid,
        building: door.row.building.clone(),
        unit: door.row.unit.clone(),
        label: door.row.label.clone(),
        floor: door.row.floor,
        persons,
        tags: door.row.tags.clone(),
        plan: model::records::Plan::default(),
        remarks: String::new(),
        sealed,
    })
}

fn person_record(person: &PersonRow) -> PersonRecord {
    PersonRecord {
        name: person.name.clone(),
        relation: person.relation.clone().unwrap_or_default(),
        birth_year: person.birth_year.map(i64::from),
        tags: person.tags.clone().unwrap_or_default(),
    }
}

/// The person's key; a new one is still to be kept.
fn key_of(
    office: &Office,
    resident: PersonId,
    new_keys: &mut Vec<(PersonId, [u8; 32])>,
) -> Result<[u8; 32], ImportError> {
    if let Some(key) = office.store.key(resident)? {
        return Ok(key);
    }
    let key = chance::random_bytes()?;
    new_keys.push((resident, key));
    Ok(key)
}
