//! The community and its doors as documents.

use automerge::{Automerge, Change};
use model::edit::{
    CommunityRecord, DoorRecord, EditError, PersonRecord, write_community, write_door,
};
use model::lists::shipped_lists;
use model::records::{Building, Grid, Phrase, Plan};
use model::{DeviceId, DocumentId, FeedId, Kind, new_document};

use crate::calendar::year_of;
use crate::chance::{Chance, Stream};
use crate::household::{Household, Resident};
use crate::item::{Item, Summarised};
use crate::layout::{self, BUILDINGS, COMMUNITY, Door, GRIDS};
use crate::phrases;
use crate::schedule::{CARE_INTERVAL, ORDINARY_INTERVAL};

/// The community's document.
pub fn community(office: DeviceId, at_ms: i64) -> Result<Option<Item>, EditError> {
    let id = layout::community();
    let Some(mut document) = new_document(&Kind::Community, office.actor(0)) else {
        return Ok(None);
    };
    let change = write_community(&mut document, &community_record(), at_ms)?;
    let place = (id, Kind::Community, id.as_feed());
    Ok(change.map(|change| item(place, office, (&change, &document), at_ms)))
}

/// A door's document. `index` is the door's place in the layout.
pub fn door(
    seed: u64,
    (index, door, household): (u64, &Door, &Household),
    office: DeviceId,
    at_ms: i64,
) -> Result<Option<Item>, EditError> {
    let Some(mut document) = new_document(&Kind::Door, office.actor(0)) else {
        return Ok(None);
    };
    let mut chance = Chance::new(seed, Stream::Remarks, index);
    let record = door_record(&mut chance, door, household, year_of(at_ms));
    let change = write_door(&mut document, &record, at_ms)?;
    let place = (door.id, Kind::Door, record.grid);
    Ok(change.map(|change| item(place, office, (&change, &document), at_ms)))
}

fn item(
    (document, kind, feed): (DocumentId, Kind, FeedId),
    device: DeviceId,
    (change, document_now): (&Change, &Automerge),
    at_ms: i64,
) -> Item {
    Item {
        document,
        kind,
        feed,
        device,
        changes: vec![(change.hash().into(), change.raw_bytes().to_vec())],
        at_ms,
        summarised: Summarised::of(document_now),
    }
}

fn community_record() -> CommunityRecord {
    CommunityRecord {
        name: COMMUNITY.to_owned(),
        grids: GRIDS
            .iter()
            .enumerate()
            .map(|(grid, name)| {
                (
                    layout::grid_feed(grid),
                    Grid {
                        name: (*name).to_owned(),
                    },
                )
            })
            .collect(),
        buildings: BUILDINGS
            .iter()
            .zip(1..)
            .map(|(shape, label)| {
                let building = Building {
                    units: Some(shape.units.into()),
                    floors: Some(shape.floors.into()),
                    note: shape.note.to_owned(),
                };
                (format!("{label}"), building)
            })
            .collect(),
        lists: shipped_lists(),
        phrases: phrases::QUICK
            .iter()
            .zip(1..)
            .map(|(words, order)| {
                let phrase = Phrase {
                    zh: (*words).to_owned(),
                    order: Some(order),
                };
                (format!("{order}"), phrase)
            })
            .collect(),
    }
}

fn door_record(chance: &mut Chance, door: &Door, household: &Household, year: i64) -> DoorRecord {
    let remarks = match household.residents.is_empty() {
        true => "空置，钥匙在物业。",
        false if chance.in_thousand(60) => chance.pick(phrases::REMARKS),
        false => "",
    };
    DoorRecord {
        community: layout::community().as_feed(),
        grid: layout::grid_feed(door.grid),
        building: (door.building + 1).to_string(),
        unit: door.unit.to_string(),
        label: door.label.clone(),
        floor: Some(door.floor.into()),
        persons: household
            .residents
            .iter()
            .map(|resident| (resident.id, person(resident, year)))
            .collect(),
        tags: Default::default(),
        plan: plan(household),
        remarks: remarks.to_owned(),
        sealed: Default::default(),
    }
}

fn person(resident: &Resident, year: i64) -> PersonRecord {
    PersonRecord {
        name: resident.name.clone(),
        relation: resident.relation.to_owned(),
        birth_year: Some(year - resident.age),
        tags: resident.tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

/// A door that stands empty has no plan.
fn plan(household: &Household) -> Plan {
    if household.residents.is_empty() {
        return Plan::default();
    }
    let (interval, purpose) = match household.needs_care() {
        true => (CARE_INTERVAL, "care"),
        false => (ORDINARY_INTERVAL, "routine"),
    };
    Plan {
        interval_days: Some(interval),
        purpose: purpose.to_owned(),
    }
}
