//! The visit that counts last at each door, kept while rows come in.
//!
//! Belongs here: keeping it and giving it. Does not belong here: whether a door was seen at all
//! (`doors`), which is counted anew for every list.

use model::{DocumentId, PersonId};

use super::index::Index;
use super::rows::{NONE, VisitRow};

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
    pub(super) fn take(&mut self, place: u32, visits: &[VisitRow]) {
        let Some(row) = visits.get(place as usize) else {
            return;
        };
        if row.door == NONE {
            return;
        }
        let door = row.door as usize;
        if self.places.len() <= door {
            self.places.resize(door + 1, NONE);
        }
        let now = self.place(row.door).map(|last| standing(last, visits));
        if now.is_none_or(|now| standing(place, visits) >= now) {
            self.places[door] = place;
        }
    }

    /// Looks for a door's last visit among all, because the one known is no longer there or no
    /// longer counts at that time. Rare: it takes an edit of a door or of a time.
    pub(super) fn look_again(&mut self, door: u32, visits: &[VisitRow]) {
        let at_door = (0..).zip(visits).filter(|(_, row)| row.door == door);
        let last = at_door
            .map(|(place, _)| place)
            .max_by_key(|place| standing(*place, visits));
        if let Some(known) = self.places.get_mut(door as usize) {
            *known = last.unwrap_or(NONE);
        }
    }

    /// Takes all visits in anew, after they were put into another order.
    pub(super) fn count(&mut self, visits: &[VisitRow]) {
        self.places.clear();
        (0..)
            .zip(visits)
            .for_each(|(place, _)| self.take(place, visits));
    }
}

/// The greater counts later; of two visits at the same time the later arrival does.
fn standing(place: u32, visits: &[VisitRow]) -> (i64, u32) {
    let at = visits
        .get(place as usize)
        .map_or(i64::MIN, VisitRow::counted_at);
    (at, place)
}

impl Index {
    /// The visit that counts last at a door, whichever feed lists it. Costs two look-ups.
    pub fn last_visit(&self, door: DocumentId) -> Option<LastVisit> {
        self.last_visit_at(self.names.doors.find(&door)?)
    }

    /// The same by the door's number.
    pub(super) fn last_visit_at(&self, door: u32) -> Option<LastVisit> {
        let row = self.visits.get(self.last.place(door)? as usize)?;
        Some(LastVisit {
            id: row.document,
            at: row.counted_at(),
            received_at: row.first_received_at,
            outcome: self
                .names
                .codes
                .value(row.outcome)
                .cloned()
                .unwrap_or_default(),
            by: self.names.people.value(row.by).copied(),
        })
    }
}
