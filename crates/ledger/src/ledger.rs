//! A household ledger as it was read: doors and the persons behind them. Plain
//! data; how it is read is in `reading`, what it changes in `plan`.

use std::collections::BTreeSet;

use crate::mistake::{Notice, Place};
use crate::person::Phone;

/// Everything one ledger says, with nothing in it that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// Doors in the order in which the ledger first names them.
    pub doors: Vec<DoorRow>,
    /// What was left out or supplied, for the keeper to know.
    pub notices: Vec<Notice>,
}

impl Ledger {
    /// How many persons the ledger names.
    pub fn persons(&self) -> usize {
        self.doors.iter().map(|door| door.persons.len()).sum()
    }
}

/// One door of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorRow {
    /// Where the ledger first names it.
    pub place: Place,
    /// Building label, such as `3`.
    pub building: String,
    /// Unit label, such as `2`.
    pub unit: String,
    /// Door label, such as `501`.
    pub label: String,
    /// Floor; negative below ground; absent when neither written nor told by
    /// the label.
    pub floor: Option<i64>,
    /// Name of the grid it belongs to.
    pub grid: String,
    /// Tags of the household as a whole.
    pub tags: BTreeSet<String>,
    /// Who lives here; nobody at a vacant door.
    pub persons: Vec<PersonRow>,
}

/// One person of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Where the ledger names them.
    pub place: Place,
    /// Their name.
    pub name: String,
    /// Relation to the head of the household.
    pub relation: Option<String>,
    /// Year of birth.
    pub birth_year: Option<i32>,
    /// Care tags: codes, and unknown ones as they stand. Absent when the ledger
    /// has no column of tags, which says nothing about them.
    pub tags: Option<BTreeSet<String>>,
    /// Phone, checked and in one form.
    pub phone: Option<Phone>,
}
