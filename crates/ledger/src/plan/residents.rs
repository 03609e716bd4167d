//! Who in a ledger's row is who at the door: residents keep their ids over
//! imports, also when rows change places or a birth year is filled in.

use std::collections::BTreeSet;

use model::{DocumentId, PersonId, resident_id};

use super::{Difference, ExistingDoor, ExistingPerson, ExistingPhone, Field, Kept, words};
use crate::ledger::{DoorRow, PersonRow};
use crate::person::Phone;

/// The ids of the row's persons, in their order. A person who is not known at
/// the door gets the next id of their name.
pub fn match_residents(
    door: DocumentId,
    held: Option<&ExistingDoor>,
    row: &DoorRow,
) -> Vec<PersonId> {
    let mut ids: Vec<Option<PersonId>> = vec![None; row.persons.len()];
    let mut taken = BTreeSet::new();
    // Same name and year is surest, then same name; only then is somebody new.
    let is_same_year = |known: &ExistingPerson, person: &PersonRow| {
        known.birth_year.is_some() && known.birth_year == person.birth_year.map(i64::from)
    };
    let is_any_year = |_: &ExistingPerson, _: &PersonRow| true;
    for is_match in [&is_same_year as &dyn Fn(&_, &_) -> bool, &is_any_year] {
        for (person, id) in row
            .persons
            .iter()
            .zip(&mut ids)
            .filter(|(_, id)| id.is_none())
        {
            let known = held.into_iter().flat_map(|held| &held.persons);
            *id = known
                .filter(|(known_id, known)| {
                    known.name == person.name
                        && !taken.contains(*known_id)
                        && is_match(known, person)
                })
                .map(|(known_id, _)| *known_id)
                .next();
            taken.extend(*id);
        }
    }
    // By birth year, so that the order of the rows does not decide who is who.
    let mut unknown: Vec<usize> = (0..ids.len())
        .filter(|index| ids[*index].is_none())
        .collect();
    unknown.sort_by_key(|index| row.persons[*index].birth_year.unwrap_or(i32::MAX));
    for index in unknown {
        let id = next_id(door, &row.persons[index].name, &taken);
        taken.insert(id);
        ids[index] = Some(id);
    }
    ids.into_iter().flatten().collect()
}

/// The first id of this name that nobody in the row has. It may be that of a
/// known resident whose name was corrected since; then it is the same person.
fn next_id(door: DocumentId, name: &str, taken: &BTreeSet<PersonId>) -> PersonId {
    let mut nth = 1;
    loop {
        let id = resident_id(door, name, nth);
        if !taken.contains(&id) {
            return id;
        }
        nth += 1;
    }
}

/// What the ledger says differently of a known resident.
pub fn differences(known: &ExistingPerson, person: &PersonRow) -> Vec<Difference> {
    let name = Some(person.name.clone());
    let mut differences = Vec::new();
    let mut compare = |field, before: String, after: Option<String>| {
        if let Some(after) = after.filter(|after| *after != before) {
            differences.push(Difference::Field {
                name: name.clone(),
                field,
                before,
                after,
            });
        }
    };
    let held_year = known
        .birth_year
        .map(|year| year.to_string())
        .unwrap_or_default();
    compare(Field::Name, known.name.clone(), Some(person.name.clone()));
    compare(
        Field::Relation,
        known.relation.clone(),
        person.relation.clone(),
    );
    compare(
        Field::BirthYear,
        held_year,
        person.birth_year.map(|year| year.to_string()),
    );
    let tags = person
        .tags
        .iter()
        .flatten()
        .filter(|tag| !known.tags.contains(*tag));
    differences.extend(tags.map(|tag| Difference::NewTag {
        name: name.clone(),
        tag: tag.clone(),
    }));
    if let Some(phone) = &person.phone
        && known.phone != ExistingPhone::Known(phone.clone())
    {
        let is_first = known.phone == ExistingPhone::None;
        differences.push(Difference::Phone {
            name: person.name.clone(),
            is_first,
        });
    }
    differences
}

/// The residents whose phone in the ledger is not what is held.
pub fn phones_to_seal(
    held: Option<&ExistingDoor>,
    row: &DoorRow,
    residents: &[PersonId],
) -> BTreeSet<PersonId> {
    let is_held = |resident: &PersonId, phone: &Phone| {
        let known = held.and_then(|held| held.persons.get(resident));
        known.is_some_and(|known| known.phone == ExistingPhone::Known(phone.clone()))
    };
    (row.persons.iter().zip(residents))
        .filter(|(person, resident)| {
            person
                .phone
                .as_ref()
                .is_some_and(|phone| !is_held(resident, phone))
        })
        .map(|(_, resident)| *resident)
        .collect()
}

/// Residents and tags at a door that its row does not have.
pub fn kept(held: &ExistingDoor, row: &DoorRow, residents: &[PersonId]) -> Vec<Kept> {
    let address = words::address(&held.building, &held.unit, &held.label);
    let gone = held
        .persons
        .iter()
        .filter(|(id, _)| !residents.contains(id));
    let mut kept: Vec<Kept> = gone
        .map(|(_, known)| Kept::Person {
            address: address.clone(),
            name: known.name.clone(),
        })
        .collect();
    for (person, resident) in row.persons.iter().zip(residents) {
        let (Some(known), Some(tags)) = (held.persons.get(resident), &person.tags) else {
            continue;
        };
        kept.extend(known.tags.difference(tags).map(|tag| Kept::Tag {
            address: address.clone(),
            name: person.name.clone(),
            tag: tag.clone(),
        }));
    }
    kept
}
