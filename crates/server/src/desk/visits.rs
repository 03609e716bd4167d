//! Visits for the desk: filters and pages over the rows in memory.

use model::{DocumentId, FeedId, PersonId};

use super::index::Index;
use super::rows::{DoorRow, VisitRow};

/// What a supervisor asks for; every given field must hold.
#[derive(Debug, Clone, Default)]
pub struct VisitFilter {
    /// Visits of this grid.
    pub grid: Option<FeedId>,
    /// At doors of this building.
    pub building: Option<String>,
    /// At this door.
    pub door: Option<DocumentId>,
    /// Made by this person.
    pub worker: Option<PersonId>,
    /// With this purpose code.
    pub purpose: Option<String>,
    /// With this outcome code.
    pub outcome: Option<String>,
    /// At doors with this care tag.
    pub tag: Option<String>,
    /// In this state of review.
    pub review: Option<ReviewState>,
    /// Counted at or after this time, ms.
    pub from: Option<i64>,
    /// Counted before this time, ms.
    pub to: Option<i64>,
    /// With these words in the note.
    pub text: Option<String>,
}

/// A state of review, as filters name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewState {
    /// No supervisor has said anything.
    Waiting,
    /// This state code.
    Is(String),
}

/// One page of a list.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Rows to pass over.
    pub offset: usize,
    /// Rows to give.
    pub limit: usize,
}

/// The filter with every name turned into its number. A name without a number is in no row.
#[derive(Default)]
struct Numbers {
    grid: Option<u32>,
    building: Option<u32>,
    door: Option<u32>,
    worker: Option<u32>,
    purpose: Option<u32>,
    outcome: Option<u32>,
    tag: Option<u32>,
    review: Option<u32>,
}

impl Index {
    /// The rows of a reader's feeds that pass, newest first by arrival: how many in all, and those
    /// of the page.
    pub fn find_visits(
        &self,
        feeds: &[FeedId],
        filter: &VisitFilter,
        page: Page,
    ) -> (usize, Vec<&VisitRow>) {
        let Some(numbers) = self.numbers_of(filter) else {
            return (0, Vec::new());
        };
        let scope = self.scope(feeds);
        let mut total = 0;
        let mut rows = Vec::new();
        let passing = self
            .visits
            .iter()
            .rev()
            .filter(|row| scope.has(row.feed) && self.passes(row, filter, &numbers));
        for row in passing {
            if total >= page.offset && rows.len() < page.limit {
                rows.push(row);
            }
            total += 1;
        }
        (total, rows)
    }

    /// The door a visit was made at, if it is known.
    pub fn door_of(&self, visit: &VisitRow) -> Option<&DoorRow> {
        self.doors.get(visit.door as usize)?.as_ref()
    }

    /// The feed that lists a visit.
    pub fn feed_of_visit(&self, visit: &VisitRow) -> Option<FeedId> {
        self.names.feeds.value(visit.feed).copied()
    }

    /// A visit's whole summary.
    pub fn summary_of_visit(&self, visit: &VisitRow) -> model::Summary {
        model::Summary::Visit(visit.summary(&self.names))
    }

    fn numbers_of(&self, filter: &VisitFilter) -> Option<Numbers> {
        let code = |text: &Option<String>| match text {
            Some(text) => self.names.codes.find(text.as_str()).map(Some),
            None => Some(None),
        };
        let review = match &filter.review {
            // Without any visit the empty text has no number, and no row asks for it.
            Some(ReviewState::Waiting) => Some(self.names.codes.find("")?),
            Some(ReviewState::Is(state)) => Some(self.names.codes.find(state.as_str())?),
            None => None,
        };
        Some(Numbers {
            grid: number_in(&self.names.feeds, &filter.grid)?,
            building: code(&filter.building)?,
            door: number_in(&self.names.doors, &filter.door)?,
            worker: number_in(&self.names.people, &filter.worker)?,
            purpose: code(&filter.purpose)?,
            outcome: code(&filter.outcome)?,
            tag: code(&filter.tag)?,
            review,
        })
    }

    fn passes(&self, row: &VisitRow, filter: &VisitFilter, numbers: &Numbers) -> bool {
        let is = |wanted: Option<u32>, found: u32| wanted.is_none_or(|wanted| wanted == found);
        is(numbers.grid, row.feed)
            && is(numbers.door, row.door)
            && is(numbers.worker, row.by)
            && is(numbers.purpose, row.purpose)
            && is(numbers.outcome, row.outcome)
            && is(numbers.review, row.review_state)
            && filter.from.is_none_or(|from| row.counted_at() >= from)
            && filter.to.is_none_or(|to| row.counted_at() < to)
            && self.door_passes(row, numbers)
            && filter
                .text
                .as_ref()
                .is_none_or(|text| row.note.contains(text.as_str()))
    }

    fn door_passes(&self, row: &VisitRow, numbers: &Numbers) -> bool {
        if numbers.building.is_none() && numbers.tag.is_none() {
            return true;
        }
        self.door_of(row).is_some_and(|door| {
            numbers
                .building
                .is_none_or(|building| door.building == building)
                && numbers.tag.is_none_or(|tag| door.tags.contains(&tag))
        })
    }
}

/// The number a filter's id has: outer `None` when it has none and so no row can pass.
pub(super) fn number_in<K: std::hash::Hash + Eq + Clone>(
    interner: &super::interner::Interner<K>,
    wanted: &Option<K>,
) -> Option<Option<u32>> {
    match wanted {
        Some(value) => interner.find(value).map(Some),
        None => Some(None),
    }
}
