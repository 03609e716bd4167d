//! A community to practise with: 22 buildings, 2,250 doors, 5,823 invented
//! residents, ten workers, a supervisor, and a year of visits.
//!
//! Everything follows from a seed and the time given: the same arguments give
//! the same bytes. Nothing here touches a clock, chance, file or socket; the
//! server appends what comes out.

mod calendar;
mod chance;
mod draft;
mod homes;
mod household;
mod item;
mod layout;
mod notes;
mod people;
mod phrases;
mod places;
mod schedule;
mod stage;
mod story;

use model::edit::EditError;
use model::{DeviceId, DocumentId, FeedId};

pub use homes::Homes;
pub use household::Resident;
pub use item::{Item, Summarised};
pub use people::Worker;
pub use stage::Items;

use household::Household;
use layout::Door;
use schedule::Planned;
use story::Setting;

/// The practice community, planned but not yet written.
pub struct Practice {
    /// The community's document; its feed has the same id.
    pub community: DocumentId,
    /// Its name.
    pub community_name: &'static str,
    /// Its grids: feed and name.
    pub grids: Vec<(FeedId, &'static str)>,
    /// The ten grid workers, two to a grid. 陈小满 and 林秋实 come first.
    pub workers: Vec<Worker>,
    /// 周明月.
    pub supervisor: Worker,
    /// The device that wrote down places and households.
    pub office: DeviceId,
    seed: u64,
    now_ms: i64,
    doors: Vec<Door>,
    households: Vec<Household>,
    planned: Vec<Planned>,
}

/// Plans the practice community. `now_ms` is when it ends; `scale` multiplies
/// the visits: 1 gives about 10,000, 0 none.
pub fn generate(seed: u64, now_ms: i64, scale: u32) -> Practice {
    let doors = layout::doors();
    let ids: Vec<DocumentId> = doors.iter().map(|door| door.id).collect();
    let households = household::households(seed, &ids);
    let planned = schedule::plan(seed, now_ms, scale, &doors, &households);
    Practice {
        community: layout::community(),
        community_name: layout::COMMUNITY,
        grids: (0..).map(layout::grid_feed).zip(layout::GRIDS).collect(),
        workers: people::workers(seed),
        supervisor: people::supervisor(seed),
        office: people::office_device(seed),
        seed,
        now_ms,
        doors,
        households,
        planned,
    }
}

impl Practice {
    /// How many doors there are.
    pub fn door_count(&self) -> usize {
        self.doors.len()
    }

    /// How many residents there are.
    pub fn resident_count(&self) -> usize {
        self.households
            .iter()
            .map(|home| home.residents.len())
            .sum()
    }

    /// How many visits are made before now. A few of the newest have not
    /// arrived yet and are not among the items.
    pub fn visit_count(&self) -> usize {
        self.planned.len()
    }

    /// How many documents there are in all, for a progress bar.
    pub fn document_count(&self) -> usize {
        1 + self.door_count() + self.visit_count()
    }

    /// Everything in the order of its arrival, written while it is asked for.
    pub fn items(&self) -> Items<'_> {
        self.items_with((0..self.visit_count()).map(|number| self.visit(number)))
    }

    /// The same, with the visits written elsewhere: `visits` gives what [`Self::visit`] gives for
    /// each number from 0.
    pub fn items_with<'a>(
        &'a self,
        visits: impl Iterator<Item = Result<Vec<Item>, EditError>> + 'a,
    ) -> Items<'a> {
        Items::new(self, Box::new(visits))
    }

    /// All changes of the visit with this number, by time. Writing them is most of the work.
    pub fn visit(&self, number: usize) -> Result<Vec<Item>, EditError> {
        let Some(planned) = self.planned.get(number) else {
            return Ok(Vec::new());
        };
        let setting = Setting {
            seed: self.seed,
            door: &self.doors[planned.door],
            household: &self.households[planned.door],
            worker: &self.workers[planned.worker],
            colleague: &self.workers[planned.worker ^ 1],
            supervisor: &self.supervisor,
        };
        story::tell(&setting, planned, number as u64)
    }
}
