//! What befalls the office: deaths, new starts, the supervisor's decisions, moved people.

use model::{ChangeHash, DocumentId};

use super::{DESK, World, does_not_start};
use crate::office::GRIDS;
use crate::promises::{Broken, Promise};
use crate::story::{Death, Moment};
use crate::witness::Word;

impl World {
    pub(super) fn crash(&mut self, how: Death, when: Moment) -> Result<(), Broken> {
        match when {
            Moment::Now => {
                self.say(format!("the office dies ({how:?}) and is started again"));
                self.die(how)
            }
            Moment::Keeping => {
                self.say(format!(
                    "the office will die ({how:?}) when it has kept something"
                ));
                self.machine.plan(how);
                Ok(())
            }
        }
    }

    pub(super) fn rebuild(&mut self) -> Result<(), Broken> {
        self.say("the office is stopped and its index is built anew".to_owned());
        let now_ms = self.office_ms();
        self.machine
            .rebuild(now_ms)
            .map_err(|gone| does_not_start(&gone))?;
        self.hold_all_kept()
    }

    pub(super) fn restore(&mut self) -> Result<(), Broken> {
        self.say("a copy of the office's data takes its place".to_owned());
        let now_ms = self.office_ms();
        self.machine
            .restore(now_ms)
            .map_err(|gone| does_not_start(&gone))?;
        self.hold_all_kept()
    }

    pub(super) fn remake(&mut self) -> Result<(), Broken> {
        self.say("all summaries are made anew".to_owned());
        let failed = self.machine.remake().is_err();
        self.after_write(failed)
    }

    pub(super) fn compact(&mut self, document: u8) -> Result<(), Broken> {
        let number = usize::from(document) % self.witness.documents.len();
        self.say(format!("document {number} is compacted"));
        let failed = self
            .machine
            .compact(self.witness.documents[number].id)
            .is_err();
        self.after_write(failed)
    }

    pub(super) fn move_person(&mut self, person: u8, grid: u8) -> Result<(), Broken> {
        let workers = self.people.len() - 1;
        let person = 1 + usize::from(person) % workers;
        let grid = usize::from(grid) % GRIDS;
        if self.people[person].grid == grid {
            return Ok(());
        }
        self.people[person].grid = grid;
        self.people[person].was_moved = true;
        self.say(format!("worker {person} is moved to grid {grid}"));
        self.settle_person(person)
    }

    pub(super) fn admit(&mut self, which: u8) -> Result<(), Broken> {
        let Some(change) = self.held(which) else {
            return Ok(());
        };
        let now_ms = self.office_ms();
        let desk = self.phones[DESK].device;
        let outcome = self.machine.admit(desk, change, now_ms);
        let number = self.witness.number(&change);
        self.say(format!(
            "the supervisor admits {number} from the tray: {outcome}"
        ));
        self.after_write(false)
    }

    pub(super) fn set_aside(&mut self, which: u8) -> Result<(), Broken> {
        let Some(change) = self.held(which) else {
            return Ok(());
        };
        let (by, at) = (self.people[0].id, self.office_ms());
        let number = self.witness.number(&change);
        self.say(format!("the supervisor sets {number} aside"));
        let altered = self.machine.office().tray.alter(&change, |entry| {
            entry.set_aside = Some(server::tray::SetAside { by, at });
        });
        if let Err(error) = &altered {
            self.machine.office().store_failed(error);
        }
        self.after_write(altered.is_err())
    }

    /// One of the changes in the tray, in the order in which they were written.
    fn held(&self, which: u8) -> Option<ChangeHash> {
        let tray = &self.machine.office().tray;
        let made = self.witness.made.iter().map(|made| made.hash);
        let held: Vec<ChangeHash> = made.filter(|hash| tray.entry(hash).is_some()).collect();
        (!held.is_empty()).then(|| held[usize::from(which) % held.len()])
    }

    /// After anything that writes: a store that failed ends the program.
    pub(crate) fn after_write(&mut self, failed: bool) -> Result<(), Broken> {
        if failed || self.machine.has_failed() {
            let how = self.machine.dies_by();
            self.say(format!(
                "   the office's disk has failed; it ends ({how:?}) and is started again"
            ));
            return self.die(how);
        }
        Ok(())
    }

    /// The office dies and is started again, and everything that was ever acknowledged is there.
    pub(crate) fn die(&mut self, how: Death) -> Result<(), Broken> {
        let now_ms = self.office_ms();
        self.machine
            .die(how, now_ms)
            .map_err(|gone| does_not_start(&gone))?;
        self.hold_all_kept()
    }

    pub(crate) fn hold_all_kept(&self) -> Result<(), Broken> {
        let mut acknowledged = self.witness.acknowledged.keys();
        acknowledged.try_for_each(|change| self.hold_kept(change))
    }

    /// Holds that an acknowledged change is in its document, at the place that was said, or in the
    /// tray with its bytes.
    pub(crate) fn hold_kept(&self, change: &ChangeHash) -> Result<(), Broken> {
        let Some(made) = self.witness.change(change) else {
            return Ok(());
        };
        let document = self.witness.documents[made.document].id;
        let number = self.witness.number(change);
        Promise::AcknowledgedMeansKept.hold(self.is_kept(document, change), || {
            format!("{number} was acknowledged and is not at the office")
        })?;
        let said = self.witness.acknowledged.get(change).copied();
        let place = self.machine.office().store.find_change(document, *change);
        match (said, place) {
            (Some(Word::Accepted(said)), Ok(place)) if place != Some(said) => {
                let words =
                    format!("{number} was acknowledged at place {said} and is at {place:?}");
                Err(Promise::AcknowledgedMeansKept.broken(words))
            }
            _ => Ok(()),
        }
    }

    /// Whether the office has a change, in its document or readable in the tray.
    pub(crate) fn is_kept(&self, document: DocumentId, change: &ChangeHash) -> bool {
        let office = self.machine.office();
        let is_in_document = || matches!(office.store.find_change(document, *change), Ok(Some(_)));
        let is_in_tray = || matches!(office.tray.with_bytes(change), Ok(Some(_)));
        is_in_document() || is_in_tray()
    }
}
