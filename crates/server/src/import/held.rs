//! What is held already, as the ledger's plan wants it: grids, buildings, doors, and phones
//! unsealed for comparing.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use ledger::{BuildingShape, Existing, ExistingDoor, ExistingPerson, ExistingPhone, Ledger, Phone};
use model::summary::{CommunitySummary, DoorSummary, PersonSummary};
use model::{DocumentId, FeedId, PersonId, Summary, community_id, door_id, summarise};

use super::{ImportError, phone_place};
use crate::office::{Office, documents};
use crate::sealed;

/// Everything held of a community that the ledger can touch. Doors that the ledger does not name
/// come from the desk's rows; only those it names are opened.
pub fn existing(
    office: &Office,
    community: &str,
    ledger: &Ledger,
) -> Result<Existing, ImportError> {
    let id = community_id(community);
    let mut existing = Existing::default();
    {
        let desk = office.desk.read();
        if let Some(summary) = desk.community(id) {
            take_community(summary, &mut existing);
        }
        for row in desk.known_doors() {
            if row.summary.community == Some(id.as_feed())
                && let Some(feed) = desk.feed_of_door(row)
            {
                existing
                    .doors
                    .insert(row.document, door_of(&row.summary, feed));
            }
        }
    }
    for row in &ledger.doors {
        let door = door_id(id, &row.building, &row.unit, &row.label);
        if let Some(held) = opened(office, door)? {
            existing.doors.insert(door, held);
        }
    }
    Ok(existing)
}

fn take_community(summary: &CommunitySummary, existing: &mut Existing) {
    let grids = summary
        .grids
        .iter()
        .map(|(feed, grid)| (grid.name.clone(), *feed));
    existing.grids.extend(grids);
    let buildings = summary.buildings.iter().map(|(label, building)| {
        let (units, floors) = (
            building.units.unwrap_or_default(),
            building.floors.unwrap_or_default(),
        );
        (label.clone(), BuildingShape { units, floors })
    });
    existing.buildings.extend(buildings);
}

fn opened(office: &Office, door: DocumentId) -> Result<Option<ExistingDoor>, ImportError> {
    let Some(stored) = office.store.document(door)? else {
        return Ok(None);
    };
    let document = documents::open(&stored)?;
    let Ok(Summary::Door(summary)) = summarise(&document) else {
        return Err(documents::DoesNotLoad.into());
    };
    let mut held = door_of(&summary, stored.home_feed);
    held.tags = household_tags(&document);
    for (id, person) in &mut held.persons {
        person.phone = phone_of(office, &document, *id)?;
    }
    Ok(Some(held))
}

/// A door as its summary shows it: without phones, and with the tags of the household and of its
/// persons still apart.
fn door_of(summary: &DoorSummary, grid: FeedId) -> ExistingDoor {
    let persons: BTreeMap<PersonId, ExistingPerson> = summary
        .persons
        .iter()
        .map(|person| (person.id, person_of(person)))
        .collect();
    ExistingDoor {
        grid,
        building: summary.building.clone(),
        unit: summary.unit.clone(),
        label: summary.label.clone(),
        floor: summary.floor,
        tags: BTreeSet::new(),
        persons,
    }
}

fn person_of(person: &PersonSummary) -> ExistingPerson {
    ExistingPerson {
        name: person.name.clone(),
        relation: person.relation.clone(),
        birth_year: person.birth_year,
        tags: person.tags.iter().cloned().collect(),
        phone: ExistingPhone::None,
    }
}

/// The tags of the household alone; a summary has them together with those of its persons.
fn household_tags(document: &Automerge) -> BTreeSet<String> {
    let Ok(Some((Value::Object(ObjType::Map), tags))) = document.get(ROOT, "tags") else {
        return BTreeSet::new();
    };
    let is_set = |tag: &String| matches!(document.get(&tags, tag.as_str()), Ok(Some((value, _))) if value.is_boolean() && value.as_bool() == Some(true));
    document.keys(&tags).filter(is_set).collect()
}

fn phone_of(
    office: &Office,
    document: &Automerge,
    resident: PersonId,
) -> Result<ExistingPhone, ImportError> {
    let place = phone_place(resident);
    let Some(bytes) = sealed_bytes(document, &place) else {
        return Ok(ExistingPhone::None);
    };
    let opened = match office.store.key(resident)? {
        Some(key) => sealed::unseal(&key, &place, &bytes).ok(),
        None => None,
    };
    Ok(opened.map_or(ExistingPhone::Unreadable, |text| {
        ExistingPhone::Known(Phone::known(text))
    }))
}

/// What is sealed at a place of the door, if anything.
pub fn sealed_bytes(document: &Automerge, place: &str) -> Option<Vec<u8>> {
    let (_, map) = document.get(ROOT, "sealed").ok()??;
    match document.get(&map, place).ok()?? {
        (Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        },
        _ => None,
    }
}
