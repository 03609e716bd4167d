//! What is held of a community, in the form that a plan compares with.

use std::collections::{BTreeMap, BTreeSet};

use model::{DocumentId, FeedId, PersonId};

use crate::person::Phone;

/// What is held already, as far as a ledger can touch it.
#[derive(Clone, Debug, Default)]
pub struct Existing {
    /// Grids by name.
    pub grids: BTreeMap<String, FeedId>,
    /// Buildings by label.
    pub buildings: BTreeMap<String, BuildingShape>,
    /// Doors by their documents.
    pub doors: BTreeMap<DocumentId, ExistingDoor>,
}

/// How many units and floors a building has, as far as is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BuildingShape {
    /// Units (stairways).
    pub units: i64,
    /// The highest floor.
    pub floors: i64,
}

/// A door as it is held.
#[derive(Clone, Debug)]
pub struct ExistingDoor {
    /// The grid whose feed the door belongs to.
    pub grid: FeedId,
    /// Building label.
    pub building: String,
    /// Unit label.
    pub unit: String,
    /// Door label.
    pub label: String,
    /// Floor.
    pub floor: Option<i64>,
    /// Tags of the household as a whole.
    pub tags: BTreeSet<String>,
    /// Residents.
    pub persons: BTreeMap<PersonId, ExistingPerson>,
}

/// A resident as held.
#[derive(Clone, Debug)]
pub struct ExistingPerson {
    /// Name.
    pub name: String,
    /// Relation to the head of the household; empty when not known.
    pub relation: String,
    /// Year of birth.
    pub birth_year: Option<i64>,
    /// Care tags.
    pub tags: BTreeSet<String>,
    /// Their phone.
    pub phone: ExistingPhone,
}

/// A phone as held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExistingPhone {
    /// None is sealed.
    None,
    /// Sealed, and this is it.
    Known(Phone),
    /// Sealed, and the key is gone or does not fit.
    Unreadable,
}
