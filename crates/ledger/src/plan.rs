//! What a ledger would change: new doors, changed ones and what changes in
//! them, and what is kept although the ledger no longer has it.
//!
//! A ledger adds and corrects. It never takes away: a blank cell is not a claim
//! that there is nothing, and a person missing from the ledger may have been
//! met at the door yesterday. What is kept is listed, so that the keeper can
//! decide.

mod existing;
mod residents;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use model::{DocumentId, FeedId, PersonId, community_id, door_id, grid_id};

use crate::address::grid_likeness;
use crate::ledger::{DoorRow, Ledger};
use crate::mistake::{Mistake, Place};

pub use existing::{BuildingShape, Existing, ExistingDoor, ExistingPerson, ExistingPhone};

/// What an import would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Grids that are not there yet.
    pub new_grids: BTreeMap<String, FeedId>,
    /// Buildings whose shape is new or larger than known.
    pub buildings: BTreeMap<String, BuildingShape>,
    /// Doors to make, in the order of the ledger.
    pub new_doors: Vec<DoorPlan>,
    /// Doors to change, in the order of the ledger.
    pub changed_doors: Vec<DoorPlan>,
    /// How many doors are already as the ledger says.
    pub unchanged_doors: usize,
    /// What stays although the ledger does not have it.
    pub kept: Vec<Kept>,
}

impl Plan {
    /// Whether everything is already as the ledger says.
    pub fn is_empty(&self) -> bool {
        self.new_grids.is_empty()
            && self.buildings.is_empty()
            && self.new_doors.is_empty()
            && self.changed_doors.is_empty()
    }
}

/// One door to make or to change.
#[derive(Clone, Debug)]
pub struct DoorPlan {
    /// The door's document.
    pub id: DocumentId,
    /// The feed it belongs to.
    pub grid: FeedId,
    /// What the ledger says.
    pub row: DoorRow,
    /// The residents' ids, in the order of the row's persons.
    pub residents: Vec<PersonId>,
    /// Whose phone is new or different. An unchanged phone is not sealed again:
    /// that would be a change that says nothing.
    pub phones_to_seal: BTreeSet<PersonId>,
    /// What differs from what is held; for a new door, nothing is listed.
    pub differences: Vec<Difference>,
}

/// One thing that a ledger would change at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A resident not known there.
    NewPerson {
        /// Their name.
        name: String,
    },
    /// A field with another value, or with its first.
    Field {
        /// Whose; `None` for the door itself.
        name: Option<String>,
        /// Which.
        field: Field,
        /// What is held; empty for nothing.
        before: String,
        /// What the ledger says.
        after: String,
    },
    /// A tag not held.
    NewTag {
        /// Whose; `None` for the household.
        name: Option<String>,
        /// The tag.
        tag: String,
    },
    /// A phone to seal. It is never shown.
    Phone {
        /// Whose.
        name: String,
        /// Whether none was held.
        is_first: bool,
    },
}

/// A field that a [`Difference`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 楼层
    Floor,
    /// 姓名
    Name,
    /// 关系
    Relation,
    /// 出生年
    BirthYear,
}

/// Something held that the ledger does not have. It stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A door in a building that the ledger covers.
    Door {
        /// Its address.
        address: String,
    },
    /// A resident of a door that the ledger has.
    Person {
        /// The door's address.
        address: String,
        /// Their name.
        name: String,
    },
    /// A tag of a resident that the ledger has.
    Tag {
        /// The door's address.
        address: String,
        /// Their name.
        name: String,
        /// The tag.
        tag: String,
    },
}

/// Plans the import of `ledger` into the community called `community`.
///
/// Fails when the ledger contradicts what cannot be changed: a door's grid is
/// the feed its document lives in.
pub fn plan(existing: &Existing, ledger: &Ledger, community: &str) -> Result<Plan, Vec<Mistake>> {
    let community = community_id(community);
    let mut plan = Plan::default();
    let mut mistakes = Vec::new();
    for row in &ledger.doors {
        let Some(grid) = grid_of(existing, community, row, &mut plan, &mut mistakes) else {
            continue;
        };
        let id = door_id(community, &row.building, &row.unit, &row.label);
        match existing.doors.get(&id) {
            Some(held) if held.grid != grid => mistakes.push(moved(existing, held, row)),
            Some(held) => plan_known(id, held, row, &mut plan),
            None => plan.new_doors.push(new_door(id, grid, row)),
        }
    }
    plan.buildings = grown_buildings(existing, ledger);
    plan.kept.extend(kept_doors(existing, ledger, community));
    if mistakes.is_empty() {
        Ok(plan)
    } else {
        Err(mistakes)
    }
}

fn grid_of(
    existing: &Existing,
    community: DocumentId,
    row: &DoorRow,
    plan: &mut Plan,
    mistakes: &mut Vec<Mistake>,
) -> Option<FeedId> {
    if let Some(feed) = existing
        .grids
        .get(&row.grid)
        .or_else(|| plan.new_grids.get(&row.grid))
    {
        return Some(*feed);
    }
    let likeness = grid_likeness(&row.grid);
    if let Some(known) = existing
        .grids
        .keys()
        .find(|name| grid_likeness(name) == likeness)
    {
        mistakes.push(like_known_grid(row.place.clone(), &row.grid, known));
        return None;
    }
    let feed = grid_id(community, &row.grid);
    plan.new_grids.insert(row.grid.clone(), feed);
    Some(feed)
}

fn new_door(id: DocumentId, grid: FeedId, row: &DoorRow) -> DoorPlan {
    let residents = residents::match_residents(id, None, row);
    let phones_to_seal = residents::phones_to_seal(None, row, &residents);
    let (row, differences) = (row.clone(), Vec::new());
    DoorPlan {
        id,
        grid,
        row,
        residents,
        phones_to_seal,
        differences,
    }
}

fn plan_known(id: DocumentId, held: &ExistingDoor, row: &DoorRow, plan: &mut Plan) {
    let residents = residents::match_residents(id, Some(held), row);
    let mut differences = Vec::new();
    if let Some(floor) = row.floor.filter(|floor| held.floor != Some(*floor)) {
        differences.push(Difference::Field {
            name: None,
            field: Field::Floor,
            before: held
                .floor
                .map(|floor| floor.to_string())
                .unwrap_or_default(),
            after: floor.to_string(),
        });
    }
    let new_tags = row.tags.difference(&held.tags);
    differences.extend(new_tags.map(|tag| Difference::NewTag {
        name: None,
        tag: tag.clone(),
    }));
    for (person, resident) in row.persons.iter().zip(&residents) {
        match held.persons.get(resident) {
            Some(known) => differences.extend(residents::differences(known, person)),
            None => differences.push(Difference::NewPerson {
                name: person.name.clone(),
            }),
        }
    }
    plan.kept.extend(residents::kept(held, row, &residents));
    if differences.is_empty() {
        plan.unchanged_doors += 1;
        return;
    }
    let phones_to_seal = residents::phones_to_seal(Some(held), row, &residents);
    let (grid, row) = (held.grid, row.clone());
    plan.changed_doors.push(DoorPlan {
        id,
        grid,
        row,
        residents,
        phones_to_seal,
        differences,
    });
}

/// Buildings that the ledger shows to be larger than known; none shrinks.
fn grown_buildings(existing: &Existing, ledger: &Ledger) -> BTreeMap<String, BuildingShape> {
    let mut units: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut shapes: BTreeMap<String, BuildingShape> = BTreeMap::new();
    for row in &ledger.doors {
        units.entry(&row.building).or_default().insert(&row.unit);
        let shape = shapes.entry(row.building.clone()).or_default();
        shape.floors = shape.floors.max(row.floor.unwrap_or_default());
    }
    for held in existing.doors.values() {
        units.entry(&held.building).or_default().insert(&held.unit);
    }
    shapes.retain(|building, shape| {
        let known = existing
            .buildings
            .get(building)
            .copied()
            .unwrap_or_default();
        let counted = units.get(building.as_str()).map_or(0, BTreeSet::len);
        shape.units = known.units.max(i64::try_from(counted).unwrap_or(i64::MAX));
        shape.floors = known.floors.max(shape.floors);
        *shape != known
    });
    shapes
}

/// Doors missing from a ledger that covers their building. A ledger of one grid
/// says nothing about the buildings of the others.
fn kept_doors(existing: &Existing, ledger: &Ledger, community: DocumentId) -> Vec<Kept> {
    let covered: BTreeSet<&str> = ledger
        .doors
        .iter()
        .map(|row| row.building.as_str())
        .collect();
    let named: BTreeSet<DocumentId> = (ledger.doors.iter())
        .map(|row| door_id(community, &row.building, &row.unit, &row.label))
        .collect();
    (existing.doors.iter())
        .filter(|(id, held)| covered.contains(held.building.as_str()) && !named.contains(id))
        .map(|(_, held)| Kept::Door {
            address: words::address(&held.building, &held.unit, &held.label),
        })
        .collect()
}

fn moved(existing: &Existing, held: &ExistingDoor, row: &DoorRow) -> Mistake {
    let known = existing.grids.iter().find(|(_, feed)| **feed == held.grid);
    let (known, here) = (known.map_or("", |(name, _)| name), &row.grid);
    let address = words::address(&row.building, &row.unit, &row.label);
    Mistake::new(
        row.place.clone(),
        format!(
            "{address} 已在「{known}」，台账写「{here}」；这一版还不能把户移到别的网格，请先写回原来的网格"
        ),
        format!(
            "{address} is held in grid “{known}”, the ledger says “{here}”; this version cannot move a door to another grid, write the former one for now"
        ),
    )
}

fn like_known_grid(place: Place, here: &str, known: &str) -> Mistake {
    Mistake::new(
        place,
        format!("网格「{here}」和已有的「{known}」像是同一个；请写成「{known}」"),
        format!("grid “{here}” looks like the existing “{known}”; write “{known}”"),
    )
}
