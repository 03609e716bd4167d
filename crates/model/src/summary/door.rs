//! The row of a door.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, ObjId, ROOT};
use serde::{Deserialize, Serialize};

use super::{beginning, conflicts};
use crate::records::Plan;
use crate::{FeedId, PersonId, read};

/// A door in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DoorSummary {
    /// The community's feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub community: Option<FeedId>,
    /// The grid's feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<FeedId>,
    /// Building label, as the ledger says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub building: String,
    /// Unit label.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Floor number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<i64>,
    /// Door label.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Residents, sorted by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<PersonSummary>,
    /// Care tags of the household and of its persons together, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The visiting plan.
    #[serde(skip_serializing_if = "is_no_plan")]
    pub plan: Plan,
    /// The beginning of the remarks.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remarks: String,
    /// Paths of fields that hold more than one value, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
}

/// One resident of a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSummary {
    /// Who.
    pub id: PersonId,
    /// Name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What they are to the head of the household.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub relation: String,
    /// Year of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<i64>,
    /// Care tags, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Names of the facts kept under this person's key, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<String>,
}

pub(super) fn summarise(document: &Automerge) -> DoorSummary {
    let persons = persons(document);
    let mut tags = read::set(document, &ROOT, "tags");
    tags.extend(persons.iter().flat_map(|person| person.tags.clone()));
    DoorSummary {
        community: read::id(document, &ROOT, "community"),
        grid: read::id(document, &ROOT, "grid"),
        building: read::string(document, &ROOT, "building"),
        unit: read::string(document, &ROOT, "unit"),
        floor: read::integer(document, &ROOT, "floor"),
        label: read::string(document, &ROOT, "label"),
        persons,
        tags: tags.into_iter().collect(),
        plan: plan(document),
        remarks: beginning(&read::prose(document, &ROOT, "remarks")),
        conflicts: conflicts(document),
    }
}

fn persons(document: &Automerge) -> Vec<PersonSummary> {
    let mut sealed = sealed_names(document);
    // The map is in the order of its keys, which is the order of the ids.
    read::maps(document, &ROOT, "persons")
        .into_iter()
        .filter_map(|(key, map)| Some(person(document, key.parse().ok()?, &map, &mut sealed)))
        .collect()
}

fn person(
    document: &Automerge,
    id: PersonId,
    map: &ObjId,
    sealed: &mut BTreeMap<PersonId, BTreeSet<String>>,
) -> PersonSummary {
    PersonSummary {
        id,
        name: read::string(document, map, "name"),
        relation: read::string(document, map, "relation"),
        birth_year: read::integer(document, map, "birth_year"),
        tags: read::set(document, map, "tags").into_iter().collect(),
        sealed: sealed.remove(&id).unwrap_or_default().into_iter().collect(),
    }
}

/// The names of sealed facts by resident, from keys such as `<id>/phone`.
fn sealed_names(document: &Automerge) -> BTreeMap<PersonId, BTreeSet<String>> {
    let mut names: BTreeMap<PersonId, BTreeSet<String>> = BTreeMap::new();
    for key in read::keys(document, &ROOT, "sealed") {
        let Some((id, name)) = key.split_once('/') else {
            continue;
        };
        if let Ok(id) = id.parse() {
            names.entry(id).or_default().insert(name.to_owned());
        }
    }
    names
}

fn plan(document: &Automerge) -> Plan {
    let Some(map) = read::map(document, &ROOT, "plan") else {
        return Plan::default();
    };
    Plan {
        interval_days: read::integer(document, &map, "interval_days"),
        purpose: read::string(document, &map, "purpose"),
    }
}

fn is_no_plan(plan: &Plan) -> bool {
    *plan == Plan::default()
}
