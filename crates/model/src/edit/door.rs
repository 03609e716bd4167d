//! Writing a door.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::{Transactable, Transaction};
use automerge::{Automerge, Change, ObjType, ROOT, ReadDoc};

use super::{EditError, add_members, commit, filled, map_or_new, object, put, put_some, put_text};
use crate::records::Plan;
use crate::{FeedId, PersonId};

/// What a ledger says of a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorRecord {
    /// The community's feed.
    pub community: FeedId,
    /// The grid's feed.
    pub grid: FeedId,
    /// Building label.
    pub building: String,
    /// Unit label; empty where a building has no units.
    pub unit: String,
    /// Door label.
    pub label: String,
    /// Floor number.
    pub floor: Option<i64>,
    /// The residents the ledger names.
    pub persons: BTreeMap<PersonId, PersonRecord>,
    /// Care tags of the household as a whole.
    pub tags: BTreeSet<String>,
    /// The visiting plan.
    pub plan: Plan,
    /// Remarks; empty when the ledger has none.
    pub remarks: String,
    /// Sealed facts by key (`<resident id>/phone`): nonce and ciphertext.
    pub sealed: BTreeMap<String, Vec<u8>>,
}

/// What a ledger says of a resident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRecord {
    /// Name.
    pub name: String,
    /// What they are to the head of the household.
    pub relation: String,
    /// Year of birth.
    pub birth_year: Option<i64>,
    /// Care tags.
    pub tags: BTreeSet<String>,
}

/// Writes what the record says and the document does not. What the record leaves
/// empty stays as it is, and nobody and no tag is taken away: a ledger is rarely
/// complete.
pub fn write_door(
    document: &mut Automerge,
    record: &DoorRecord,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    commit(document, time_ms, |transaction| {
        put(
            transaction,
            &ROOT,
            "community",
            record.community.to_string(),
        )?;
        put(transaction, &ROOT, "grid", record.grid.to_string())?;
        put(transaction, &ROOT, "building", record.building.as_str())?;
        put(transaction, &ROOT, "unit", record.unit.as_str())?;
        put(transaction, &ROOT, "label", record.label.as_str())?;
        put_some(transaction, &ROOT, "floor", record.floor)?;
        for (id, person) in &record.persons {
            write_person(transaction, *id, person)?;
        }
        add_members(transaction, &ROOT, "tags", &record.tags)?;
        write_plan(transaction, &record.plan)?;
        if !record.remarks.is_empty() {
            put_text(transaction, &ROOT, "remarks", &record.remarks)?;
        }
        let sealed = object(transaction, &ROOT, "sealed", ObjType::Map)?;
        for (key, bytes) in &record.sealed {
            put(transaction, &sealed, key, bytes.clone())?;
        }
        Ok(())
    })
}

/// Brings the remarks to `remarks`. Only the words that differ are touched.
pub fn write_remarks(
    document: &mut Automerge,
    remarks: &str,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    commit(document, time_ms, |transaction| {
        put_text(transaction, &ROOT, "remarks", remarks)
    })
}

/// Takes a resident off the door, with what is sealed of them.
pub fn remove_person(
    document: &mut Automerge,
    person: PersonId,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    let id = person.to_string();
    commit(document, time_ms, |transaction| {
        let persons = object(transaction, &ROOT, "persons", ObjType::Map)?;
        if transaction.get(&persons, id.as_str())?.is_some() {
            transaction.delete(&persons, id.as_str())?;
        }
        let sealed = object(transaction, &ROOT, "sealed", ObjType::Map)?;
        let keys: Vec<String> = transaction.keys(&sealed).collect();
        for key in keys {
            if key.split_once('/').is_some_and(|(owner, _)| owner == id) {
                transaction.delete(&sealed, key.as_str())?;
            }
        }
        Ok(())
    })
}

fn write_person(
    transaction: &mut Transaction<'_>,
    id: PersonId,
    person: &PersonRecord,
) -> Result<(), EditError> {
    let persons = object(transaction, &ROOT, "persons", ObjType::Map)?;
    let map = map_or_new(transaction, &persons, &id.to_string())?;
    put_some(transaction, &map, "name", filled(&person.name))?;
    put_some(transaction, &map, "relation", filled(&person.relation))?;
    put_some(transaction, &map, "birth_year", person.birth_year)?;
    add_members(transaction, &map, "tags", &person.tags)
}

fn write_plan(transaction: &mut Transaction<'_>, plan: &Plan) -> Result<(), EditError> {
    let map = object(transaction, &ROOT, "plan", ObjType::Map)?;
    put_some(transaction, &map, "interval_days", plan.interval_days)?;
    put_some(transaction, &map, "purpose", filled(&plan.purpose))
}
