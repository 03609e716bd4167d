//! Households behind any doors, and visits there, without documents: for
//! measurements that need a workload of another shape than the community's.

use model::edit::VisitDraft;
use model::{DocumentId, PersonId};

use crate::chance::{Chance, Stream};
use crate::draft::{Moment, draft};
use crate::household::{Household, Resident, households};

/// Doors with those who live there.
pub struct Homes {
    seed: u64,
    homes: Vec<(DocumentId, Household)>,
}

impl Homes {
    /// Lets people move in behind the first 2,250 of `doors`.
    pub fn behind(seed: u64, doors: &[DocumentId]) -> Self {
        let households = households(seed, doors);
        Self {
            seed,
            homes: doors.iter().copied().zip(households).collect(),
        }
    }

    /// The doors with their residents, head of the household first.
    pub fn iter(&self) -> impl Iterator<Item = (DocumentId, &[Resident])> {
        let homes = self.homes.iter();
        homes.map(|(door, household)| (*door, household.residents.as_slice()))
    }

    /// What somebody writes down at the door of that place. The same `number`
    /// gives the same visit. `None` where there is no such door.
    pub fn visit(&self, place: usize, number: u64, at: i64, by: PersonId) -> Option<VisitDraft> {
        let (door, household) = self.homes.get(place)?;
        let mut chance = Chance::new(self.seed, Stream::Visit, number);
        let care = household.needs_care();
        let moment = Moment { at, care };
        Some(draft(&mut chance, &moment, (*door, household), by))
    }
}
