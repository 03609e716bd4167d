//! Doors for the desk: filters, pages, and what their visits say about them.

use model::FeedId;

use super::index::Index;
use super::last::LastVisit;
use super::natural::natural_key;
use super::rows::DoorRow;
use super::visits::{Page, number_in};

/// The outcome code of a visit at which nobody answered.
const NO_ANSWER: &str = "no_answer";

/// Whether a door has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Somebody was met, spoken to, or left a word.
    Visited,
    /// It was visited, and nobody ever answered.
    NoAnswer,
    /// It was never visited.
    Never,
}

impl Seen {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Seen::Visited => "visited",
            Seen::NoAnswer => "no_answer",
            Seen::Never => "never",
        }
    }

    /// Reads the word on the wire.
    pub fn of(word: &str) -> Option<Self> {
        [Seen::Visited, Seen::NoAnswer, Seen::Never]
            .into_iter()
            .find(|seen| seen.as_str() == word)
    }
}

/// What a supervisor asks for; every given field must hold.
#[derive(Debug, Clone, Default)]
pub struct DoorFilter {
    /// Doors of this grid.
    pub grid: Option<FeedId>,
    /// Doors of this building.
    pub building: Option<String>,
    /// Doors with this care tag.
    pub tag: Option<String>,
    /// Doors seen, not answered, or never seen.
    pub seen: Option<Seen>,
    /// With these words in address, names or remarks.
    pub text: Option<String>,
}

/// A door in a list, with what its visits say about it.
pub struct FoundDoor<'a> {
    /// The door.
    pub door: &'a DoorRow,
    /// Whether it has been seen.
    pub seen: Seen,
    /// The visit that counts last.
    pub last: Option<LastVisit>,
}

impl Index {
    /// The doors of a reader's feeds that pass, by address: how many in all, and those of the page.
    pub fn find_doors(
        &self,
        feeds: &[FeedId],
        filter: &DoorFilter,
        page: Page,
    ) -> (usize, Vec<FoundDoor<'_>>) {
        let scope = self.scope(feeds);
        let seen = self.seen_by_door();
        let mut found = self.doors_passing(filter, &seen);
        found.retain(|(door, _)| scope.has(door.feed));
        found.sort_by_cached_key(|(door, _)| address_key(door));
        let rows = found.iter().skip(page.offset).take(page.limit);
        let rows = rows.map(|(door, seen)| FoundDoor {
            door,
            seen: *seen,
            last: self.last_visit(door.document),
        });
        (found.len(), rows.collect())
    }

    fn doors_passing<'a>(&'a self, filter: &DoorFilter, seen: &[Seen]) -> Vec<(&'a DoorRow, Seen)> {
        let code = |text: &Option<String>| match text {
            Some(text) => self.names.code(text).map(Some),
            None => Some(None),
        };
        let (Some(grid), Some(building), Some(tag)) = (
            number_in(&self.names.feeds, &filter.grid),
            code(&filter.building),
            code(&filter.tag),
        ) else {
            return Vec::new();
        };
        let known = self
            .doors
            .iter()
            .zip(seen)
            .filter_map(|(door, seen)| Some((door.as_ref()?, *seen)));
        known
            .filter(|(door, seen)| {
                grid.is_none_or(|grid| door.feed == grid)
                    && building.is_none_or(|building| door.building == building)
                    && tag.is_none_or(|tag| door.tags.contains(&tag))
                    && filter.seen.is_none_or(|wanted| *seen == wanted)
                    && filter
                        .text
                        .as_ref()
                        .is_none_or(|text| door.words.contains(text.as_str()))
            })
            .collect()
    }

    /// One pass over all visits. Counting anew costs a few milliseconds at 100,000 visits, and
    /// leaves no counter that could go wrong.
    pub(super) fn seen_by_door(&self) -> Vec<Seen> {
        let mut all = vec![Seen::Never; self.doors.len()];
        let no_answer = self.names.code(NO_ANSWER);
        for (door, outcome) in self.visits.door.iter().zip(&self.visits.outcome) {
            let Some(seen) = all.get_mut(*door as usize) else {
                continue;
            };
            if Some(*outcome) != no_answer {
                *seen = Seen::Visited;
            } else if *seen == Seen::Never {
                *seen = Seen::NoAnswer;
            }
        }
        all
    }

    /// The feed that lists a door.
    pub fn feed_of_door(&self, door: &DoorRow) -> Option<FeedId> {
        self.names.feeds.value(door.feed).copied()
    }
}

type Key = (u64, String);

/// Orders doors as people read addresses.
fn address_key(door: &DoorRow) -> (Key, Key, i64, Key) {
    let summary = &door.summary;
    (
        natural_key(&summary.building),
        natural_key(&summary.unit),
        summary.floor.unwrap_or_default(),
        natural_key(&summary.label),
    )
}
