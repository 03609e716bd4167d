//! Lets everything arrive in order of time. Visits are told one by one when
//! their time comes, so that a large practice community needs little memory.

use std::collections::BTreeMap;

use model::edit::EditError;

use crate::Practice;
use crate::calendar::DAY;
use crate::item::Item;
use crate::places;
use crate::schedule::DAYS;

type Visits<'a> = Box<dyn Iterator<Item = Result<Vec<Item>, EditError>> + 'a>;

/// The items of a practice community, oldest first.
pub struct Items<'a> {
    practice: &'a Practice,
    /// The changes of each planned visit, in the order of the plan.
    visits: Visits<'a>,
    /// Items told but not yet delivered, by time and by the order of telling.
    waiting: BTreeMap<(i64, usize), Item>,
    told: usize,
    next_place: usize,
    next_visit: usize,
}

impl<'a> Items<'a> {
    pub(crate) fn new(practice: &'a Practice, visits: Visits<'a>) -> Self {
        Self {
            practice,
            visits,
            waiting: BTreeMap::new(),
            told: 0,
            next_place: 0,
            next_visit: 0,
        }
    }

    /// The community, then its doors: written down before the first visit.
    fn place(&mut self) -> Option<Result<Item, EditError>> {
        let practice = self.practice;
        let at_ms = practice.now_ms - (DAYS + 2) * DAY;
        let place = self.next_place;
        if place > practice.doors.len() {
            return None;
        }
        self.next_place += 1;
        if place == 0 {
            return places::community(practice.office, at_ms).transpose();
        }
        let index = place - 1;
        let door = (
            index as u64,
            &practice.doors[index],
            &practice.households[index],
        );
        places::door(practice.seed, door, practice.office, at_ms).transpose()
    }

    /// Tells the visits that could bring something before what waits first.
    fn tell_due(&mut self) -> Result<(), EditError> {
        let practice = self.practice;
        while let Some(planned) = practice.planned.get(self.next_visit) {
            if let Some(((first, _), _)) = self.waiting.first_key_value()
                && *first < planned.at
            {
                return Ok(());
            }
            self.next_visit += 1;
            for item in self.visits.next().transpose()?.unwrap_or_default() {
                self.waiting.insert((item.at_ms, self.told), item);
                self.told += 1;
            }
        }
        Ok(())
    }
}

impl Iterator for Items<'_> {
    type Item = Result<Item, EditError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(place) = self.place() {
            return Some(place);
        }
        if let Err(error) = self.tell_due() {
            return Some(Err(error));
        }
        let ((at_ms, _), item) = self.waiting.pop_first()?;
        // What would arrive after now has not arrived.
        (at_ms <= self.practice.now_ms).then_some(Ok(item))
    }
}
