//! Visits for the desk: filters and pages over the columns in memory.
//!
//! Each filter that is given reads its one column from end to end; that is faster than asking all
//! of them of each row.

use model::{DocumentId, FeedId, PersonId, Summary};

use super::index::Index;
use super::rows::{DoorRow, VisitRow, counted_at};

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

/// A visit in a list.
pub struct FoundVisit<'a> {
    index: &'a Index,
    row: VisitRow,
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

/// Which places of the list still pass.
struct Passing(Vec<bool>);

impl Passing {
    /// Goes on with those whose field passes too.
    fn narrow<T: Copy>(&mut self, column: &[T], passes: impl Fn(T) -> bool) {
        for (passing, field) in self.0.iter_mut().zip(column) {
            *passing &= passes(*field);
        }
    }

    /// Goes on with those that have this number, if one is wanted.
    fn narrow_to(&mut self, wanted: Option<u32>, column: &[u32]) {
        if let Some(wanted) = wanted {
            self.narrow(column, |number| number == wanted);
        }
    }

    /// Goes on with those whose number is marked. No mark stands for "none".
    fn narrow_to_marked(&mut self, marked: &[bool], column: &[u32]) {
        self.narrow(column, |number| {
            marked.get(number as usize).copied().unwrap_or(false)
        });
    }
}

impl Index {
    /// The rows of a reader's feeds that pass, newest first by arrival: how many in all, and those
    /// of the page.
    pub fn find_visits(
        &self,
        feeds: &[FeedId],
        filter: &VisitFilter,
        page: Page,
    ) -> (usize, Vec<FoundVisit<'_>>) {
        let Some(numbers) = self.numbers_of(filter) else {
            return (0, Vec::new());
        };
        let Passing(passing) = self.visits_passing(feeds, filter, &numbers);
        let total = passing.iter().filter(|passing| **passing).count();
        let newest_first = passing.iter().enumerate().rev();
        let rows = newest_first
            .filter(|(_, passing)| **passing)
            .skip(page.offset)
            .take(page.limit)
            .filter_map(|(place, _)| {
                let row = self.visits.get(u32::try_from(place).ok()?)?;
                Some(FoundVisit { index: self, row })
            });
        (total, rows.collect())
    }

    fn visits_passing(&self, feeds: &[FeedId], filter: &VisitFilter, numbers: &Numbers) -> Passing {
        let visits = &self.visits;
        let scope = self.scope(feeds);
        let mut passing = Passing(visits.feed.iter().map(|feed| scope.has(*feed)).collect());
        passing.narrow_to(numbers.grid, &visits.feed);
        passing.narrow_to(numbers.door, &visits.door);
        passing.narrow_to(numbers.worker, &visits.by);
        passing.narrow_to(numbers.purpose, &visits.purpose);
        passing.narrow_to(numbers.outcome, &visits.outcome);
        passing.narrow_to(numbers.review, &visits.review_state);
        if filter.from.is_some() || filter.to.is_some() {
            let (from, to) = (filter.from, filter.to);
            let times = visits.at.iter().zip(&visits.received_at);
            for (passing, (at, received_at)) in passing.0.iter_mut().zip(times) {
                let at = counted_at(*at, *received_at);
                *passing &= from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to);
            }
        }
        if numbers.building.is_some() || numbers.tag.is_some() {
            passing.narrow_to_marked(&self.doors_with(numbers), &visits.door);
        }
        if let Some(words) = &filter.text {
            passing.narrow_to_marked(&self.names.texts.with_words(words), &visits.note);
        }
        passing
    }

    /// For each door, whether it is in the building that is asked for and has the tag.
    fn doors_with(&self, numbers: &Numbers) -> Vec<bool> {
        let has = |door: &DoorRow| {
            numbers
                .building
                .is_none_or(|building| door.building == building)
                && numbers.tag.is_none_or(|tag| door.tags.contains(&tag))
        };
        self.doors
            .iter()
            .map(|door| door.as_ref().is_some_and(has))
            .collect()
    }

    fn numbers_of(&self, filter: &VisitFilter) -> Option<Numbers> {
        let code = |text: &Option<String>| match text {
            Some(text) => self.names.code(text).map(Some),
            None => Some(None),
        };
        let review = match &filter.review {
            // Without any visit the empty text has no number, and no row asks for it.
            Some(ReviewState::Waiting) => Some(self.names.code("")?),
            Some(ReviewState::Is(state)) => Some(self.names.code(state)?),
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
}

impl<'a> FoundVisit<'a> {
    /// Which document.
    pub fn id(&self) -> Option<DocumentId> {
        self.index.documents.id(self.row.document)
    }

    /// The feed that lists it.
    pub fn feed(&self) -> Option<FeedId> {
        self.index.names.feeds.value(self.row.feed).copied()
    }

    /// When its first change arrived, ms.
    pub fn received_at(&self) -> i64 {
        self.row.received_at
    }

    /// The door it was made at, if it is known.
    pub fn door(&self) -> Option<&'a DoorRow> {
        self.index.doors.get(self.row.door as usize)?.as_ref()
    }

    /// Its whole summary.
    pub fn summary(&self) -> Summary {
        Summary::Visit(self.row.summary(&self.index.names))
    }
}

/// The number a filter's id has: outer `None` when it has none and so no row can pass.
pub(super) fn number_in<K: std::hash::Hash + Eq + Copy>(
    interner: &super::interner::Interner<K>,
    wanted: &Option<K>,
) -> Option<Option<u32>> {
    match wanted {
        Some(value) => interner.find(value).map(Some),
        None => Some(None),
    }
}
