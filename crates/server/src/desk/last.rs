//! The visit that counts last at each door, kept while rows come in.
//!
//! Belongs here: keeping it and giving it. Does not belong here: whether a door was seen at all
//! (`doors`), which is counted anew for every list.

use model::{DocumentId, PersonId};

use super::index::Index;
use super::rows::{NONE, Visits, counted_at};

/// The place of the last visit, by the door's number.
#[derive(Default)]
pub(super) struct LastVisits {
    places: Vec<u32>,
}

/// The last visit at a door, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastVisit {
    /// Which visit.
    pub id: DocumentId,
    /// When it counts, ms.
    pub at: i64,
    /// When its first change arrived, ms.
    pub received_at: i64,
    /// Its outcome code.
    pub outcome: String,
    /// Who made it.
    pub by: Option<PersonId>,
}

impl LastVisits {
    /// The place in the list of visits of the last one at this door.
    pub(super) fn place(&self, door: u32) -> Option<u32> {
        let place = self.places.get(door as usize).copied();
        place.filter(|place| *place != NONE)
    }

    /// Takes a visit in that is in the list at `place`.
    pub(super) fn take(&mut self, place: u32, visits: &Visits) {
        let door = visits.door.get(place as usize).copied();
        let Some(door) = door.filter(|door| *door != NONE) else {
            return;
        };
        if self.places.len() <= door as usize {
            self.places.resize(door as usize + 1, NONE);
        }
        let now = self.place(door).map(|last| standing(last, visits));
        if now.is_none_or(|now| standing(place, visits) >= now) {
            self.places[door as usize] = place;
        }
    }

    /// Looks for a door's last visit among all, because the one known is no longer there or no
    /// longer counts at that time. Rare: it takes an edit of the last visit at a door.
    pub(super) fn look_again(&mut self, door: u32, visits: &Visits) {
        let at_door = (0..).zip(&visits.door).filter(|(_, at)| **at == door);
        let last = at_door
            .map(|(place, _)| place)
            .max_by_key(|place| standing(*place, visits));
        if let Some(known) = self.places.get_mut(door as usize) {
            *known = last.unwrap_or(NONE);
        }
    }

    /// Takes all visits in anew, after they were put into another order.
    pub(super) fn count(&mut self, visits: &Visits) {
        self.places.clear();
        (0..)
            .take(visits.len())
            .for_each(|place| self.take(place, visits));
    }
}

/// The greater counts later; of two visits at the same time the later arrival does.
fn standing(place: u32, visits: &Visits) -> (i64, u32) {
    (visits.counted_at(place), place)
}

impl Index {
    /// The visit that counts last at a door, whichever feed lists it. Costs two look-ups.
    pub fn last_visit(&self, door: DocumentId) -> Option<LastVisit> {
        self.last_visit_at(self.names.doors.find(&door)?)
    }

    /// The same by the door's number.
    pub(super) fn last_visit_at(&self, door: u32) -> Option<LastVisit> {
        let row = self.visits.get(self.last.place(door)?)?;
        Some(LastVisit {
            id: self.documents.id(row.document)?,
            at: counted_at(row.at, row.received_at),
            received_at: row.received_at,
            outcome: self.names.code_text(row.outcome),
            by: self.names.person(row.by),
        })
    }
}
