//! Visits and doors as the desk keeps them in memory: whole summaries, with everything that is
//! named again and again as a number.

use std::collections::BTreeMap;

use model::summary::{DoorSummary, ReviewSummary, VisitSummary};
use model::{DocumentId, FeedId, PersonId};

use super::columns::columns;
use super::interner::Interner;
use super::pieces::Pieces;

/// Stands for "none" among numbers.
pub(super) const NONE: u32 = u32::MAX;
/// Stands for "none" among times. A visit that claims to be from 292 million years ago reads as
/// one that names no time.
const NO_TIME: i64 = i64::MIN;

/// What rows name by number.
#[derive(Default)]
pub struct Names {
    /// Codes, labels and paths: the empty text is a value like any other.
    pub codes: Pieces,
    /// Workers, supervisors and residents.
    pub people: Interner<PersonId>,
    /// Doors, known or only spoken of by a visit.
    pub doors: Interner<DocumentId>,
    /// Feeds.
    pub feeds: Interner<FeedId>,
    /// Notes and comments.
    pub texts: Pieces,
    /// Checks, residents met and conflicts, each list as its numbers one after the other.
    pub lists: Pieces,
}

impl Names {
    /// The number of a code that some row has or had.
    pub fn code(&self, code: &str) -> Option<u32> {
        self.codes.find(code.as_bytes())
    }

    fn code_number(&mut self, code: &str) -> u32 {
        self.codes.number(code.as_bytes())
    }

    /// The code behind a number; empty for a number that none has.
    pub fn code_text(&self, number: u32) -> String {
        self.codes.text(number).into_owned()
    }

    fn person_number(&mut self, person: Option<&PersonId>) -> u32 {
        person.map_or(NONE, |person| self.people.number(person))
    }

    /// The person behind a number.
    pub fn person(&self, number: u32) -> Option<PersonId> {
        self.people.value(number).copied()
    }

    fn list_number(&mut self, list: impl IntoIterator<Item = u32>) -> u32 {
        let bytes: Vec<u8> = list.into_iter().flat_map(u32::to_le_bytes).collect();
        self.lists.number(&bytes)
    }

    fn list(&self, number: u32) -> impl Iterator<Item = u32> {
        let (numbers, _) = self.lists.piece(number).as_chunks();
        numbers.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }
}

columns! {
    /// All visits.
    Visits of
    /// One visit: all of its summary, so that nothing is read from the store for a list.
    VisitRow {
        /// Its document's number.
        document: u32,
        /// When its first change arrived, ms. It orders the list and never alters.
        received_at: i64,
        /// When it was, by the phone's clock, ms.
        at: i64,
        /// Its feed's number.
        feed: u32,
        /// Its door's number.
        door: u32,
        /// Its worker's number.
        by: u32,
        /// Purpose code.
        purpose: u32,
        /// Outcome code.
        outcome: u32,
        /// Review state; the empty code while it waits.
        review_state: u32,
        /// Its reviewer's number.
        review_by: u32,
        /// When it was reviewed, ms.
        review_at: i64,
        /// The beginning of the review's comment.
        comment: u32,
        /// The beginning of the note.
        note: u32,
        /// Unicode scalar values of the whole note.
        note_chars: u32,
        /// Check codes and their values, in turn.
        checks: u32,
        /// Residents met.
        met: u32,
        /// Paths of conflicts.
        conflicts: u32,
    }
}

impl VisitRow {
    /// Takes a summary apart. `document` and `feed` are numbers.
    pub fn new(
        (document, feed): (u32, u32),
        received_at: i64,
        summary: &VisitSummary,
        names: &mut Names,
    ) -> Self {
        let review = &summary.review;
        let door = summary.door.as_ref();
        let mut checks = Vec::new();
        for (check, value) in &summary.checks {
            checks.extend([names.code_number(check), names.code_number(value)]);
        }
        let met: Vec<u32> = summary
            .met
            .iter()
            .map(|id| names.people.number(id))
            .collect();
        let conflicts: Vec<u32> = summary
            .conflicts
            .iter()
            .map(|path| names.code_number(path))
            .collect();
        Self {
            document,
            received_at,
            at: summary.at.unwrap_or(NO_TIME),
            feed,
            door: door.map_or(NONE, |door| names.doors.number(door)),
            by: names.person_number(summary.by.as_ref()),
            purpose: names.code_number(&summary.purpose),
            outcome: names.code_number(&summary.outcome),
            review_state: names.code_number(&review.state),
            review_by: names.person_number(review.by.as_ref()),
            review_at: review.at.unwrap_or(NO_TIME),
            comment: names.texts.number(review.comment.as_bytes()),
            note: names.texts.number(summary.note.as_bytes()),
            // A document of four billion characters is never admitted.
            note_chars: u32::try_from(summary.note_chars).unwrap_or(u32::MAX),
            checks: names.list_number(checks),
            met: names.list_number(met),
            conflicts: names.list_number(conflicts),
        }
    }

    /// The summary, as it came.
    pub fn summary(&self, names: &Names) -> VisitSummary {
        let code = |number| names.code_text(number);
        let checks: Vec<u32> = names.list(self.checks).collect();
        let (checks, _) = checks.as_chunks();
        let time = |time: i64| (time != NO_TIME).then_some(time);
        VisitSummary {
            door: names.doors.value(self.door).copied(),
            at: time(self.at),
            by: names.person(self.by),
            purpose: code(self.purpose),
            outcome: code(self.outcome),
            note: names.texts.text(self.note).into_owned(),
            note_chars: self.note_chars.into(),
            checks: checks
                .iter()
                .map(|[check, value]| (code(*check), code(*value)))
                .collect::<BTreeMap<_, _>>(),
            met: names
                .list(self.met)
                .filter_map(|number| names.person(number))
                .collect(),
            review: ReviewSummary {
                state: code(self.review_state),
                by: names.person(self.review_by),
                at: time(self.review_at),
                comment: names.texts.text(self.comment).into_owned(),
            },
            conflicts: names.list(self.conflicts).map(code).collect(),
        }
    }

    /// Lets go of what only this row may have held.
    pub fn let_go(&self, names: &mut Names, successor: &VisitRow) {
        for (old, new) in [
            (self.note, successor.note),
            (self.comment, successor.comment),
        ] {
            if old != new {
                names.texts.let_go(old);
            }
        }
        let lists = [
            (self.checks, successor.checks),
            (self.met, successor.met),
            (self.conflicts, successor.conflicts),
        ];
        for (old, new) in lists {
            if old != new {
                names.lists.let_go(old);
            }
        }
    }
}

impl Visits {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.document.len()
    }

    /// When the visit at a place counts, ms; see [`counted_at`].
    pub fn counted_at(&self, place: u32) -> i64 {
        let place = place as usize;
        match (self.at.get(place), self.received_at.get(place)) {
            (Some(at), Some(received_at)) => counted_at(*at, *received_at),
            _ => NO_TIME,
        }
    }

    /// Forgets what rows have let go of, once it is much.
    pub fn compact(&mut self, names: &mut Names) {
        if names.texts.is_wasteful() {
            let held = self.note.iter_mut().chain(&mut self.comment);
            names.texts.compact(held);
        }
        if names.lists.is_wasteful() {
            let held = self.checks.iter_mut().chain(&mut self.met);
            names.lists.compact(held.chain(&mut self.conflicts));
        }
    }
}

/// The time a visit counts for, ms. The phone's clock says when it was, unless that is after its
/// arrival, which cannot be, or unbelievably long before it: then the arrival counts.
pub fn counted_at(at: i64, received_at: i64) -> i64 {
    const BELIEVABLE_MS: i64 = 90 * 24 * 3_600_000;
    let is_believable = at <= received_at && at > received_at.saturating_sub(BELIEVABLE_MS);
    if is_believable { at } else { received_at }
}

/// One door. Doors are fifty times fewer than visits, so the summary stays in one piece.
pub struct DoorRow {
    /// Which document.
    pub document: DocumentId,
    /// Its feed's number.
    pub feed: u32,
    /// Building label.
    pub building: u32,
    /// Care tags.
    pub tags: Box<[u32]>,
    /// Address, names and remarks, for the text filter.
    pub words: Box<str>,
    /// The whole summary.
    pub summary: DoorSummary,
}

impl DoorRow {
    /// Takes over a summary.
    pub fn new(document: DocumentId, feed: u32, summary: DoorSummary, names: &mut Names) -> Self {
        let residents = summary.persons.iter().map(|person| person.name.as_str());
        let address = format!("{}-{}-{}", summary.building, summary.unit, summary.label);
        let words: Vec<&str> = residents
            .chain([address.as_str(), summary.remarks.as_str()])
            .collect();
        Self {
            document,
            feed,
            building: names.code_number(&summary.building),
            tags: summary
                .tags
                .iter()
                .map(|tag| names.code_number(tag))
                .collect(),
            words: words.join("\n").into(),
            summary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_row_gives_back_the_summary_it_was_made_of() {
        let json = r#"{"kind":"visit","door":"0190b5a0-0000-7000-8000-000000000001","at":1700000000000,"by":"0190b5a0-0000-7000-8000-000000000002","purpose":"care","outcome":"met","note":"老人一切都好","note_chars":6,"checks":{"gas":"ok","water":"漏水"},"met":["0190b5a0-0000-7000-8000-000000000003"],"review":{"state":"asked_back","by":"0190b5a0-0000-7000-8000-000000000004","at":1700000001000,"comment":"请再看一次"},"conflicts":["outcome"]}"#;
        let model::Summary::Visit(summary) = model::Summary::from_json(json).unwrap() else {
            panic!("a visit")
        };
        let mut names = Names::default();
        let row = VisitRow::new((9, 0), 1_700_000_002_000, &summary, &mut names);
        assert_eq!(row.summary(&names), summary);
    }

    #[test]
    fn a_wrong_phone_clock_cannot_hide_a_visit_from_the_days_it_belongs_to() {
        let received = 1_700_000_000_000;
        let day = 24 * 3_600_000;
        let cases = [
            (received - day, received - day),
            (received + day, received),
            (received - 3 * 365 * day, received),
            (NO_TIME, received),
        ];
        for (at, counted) in cases {
            assert_eq!(counted_at(at, received), counted);
        }
    }
}
