//! The numbers that stand first on the desk; each of them opens its list.

use super::doors::Seen;
use super::index::Index;
use model::FeedId;

/// Counts over all rows. No count is about a person: coverage is felt by door, and nobody is ranked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Doors on the books.
    pub doors: usize,
    /// Doors at which somebody was met.
    pub visited_doors: usize,
    /// Doors visited where nobody ever answered.
    pub no_answer_doors: usize,
    /// Doors never visited.
    pub never_visited_doors: usize,
    /// Visits.
    pub visits: usize,
    /// Visits no supervisor has reviewed.
    pub waiting_review: usize,
}

impl Index {
    /// Counts everything in a reader's feeds, in one pass over visits and one over doors.
    pub fn numbers(&self, feeds: &[FeedId]) -> Numbers {
        let scope = self.scope(feeds);
        let waiting = self.names.code("");
        let mut numbers = Numbers::default();
        for (feed, state) in self.visits.feed.iter().zip(&self.visits.review_state) {
            if scope.has(*feed) {
                numbers.visits += 1;
                numbers.waiting_review += usize::from(Some(*state) == waiting);
            }
        }
        for (door, seen) in self.doors.iter().zip(self.seen_by_door()) {
            if !door.as_ref().is_some_and(|door| scope.has(door.feed)) {
                continue;
            }
            numbers.doors += 1;
            match seen {
                Seen::Visited => numbers.visited_doors += 1,
                Seen::NoAnswer => numbers.no_answer_doors += 1,
                Seen::Never => numbers.never_visited_doors += 1,
            }
        }
        numbers
    }
}
