//! Visits and doors as the desk keeps them in memory: whole summaries, with ids and codes as numbers.

use std::collections::BTreeMap;

use model::summary::{DoorSummary, ReviewSummary, VisitSummary};
use model::{DocumentId, FeedId, PersonId};

use super::interner::Interner;

/// Stands for "none" among numbers.
pub(super) const NONE: u32 = u32::MAX;

/// What rows name by number.
#[derive(Default)]
pub struct Names {
    /// Codes, labels and paths: the empty text is a value like any other.
    pub codes: Interner<String>,
    /// Workers, supervisors and residents.
    pub people: Interner<PersonId>,
    /// Doors, known or only spoken of by a visit.
    pub doors: Interner<DocumentId>,
    /// Feeds.
    pub feeds: Interner<FeedId>,
}

/// One visit. Holds all of its summary, so that nothing is read from the store for a list.
pub struct VisitRow {
    /// Which document.
    pub document: DocumentId,
    /// When its first change arrived, ms. It orders the list and never alters.
    pub first_received_at: i64,
    /// Its feed's number.
    pub feed: u32,
    /// Its door's number.
    pub door: u32,
    /// Its worker's number.
    pub by: u32,
    /// Purpose code.
    pub purpose: u32,
    /// Outcome code.
    pub outcome: u32,
    /// Review state; the empty text while it waits.
    pub review_state: u32,
    review_by: u32,
    /// The beginning of the note.
    pub note: Box<str>,
    note_chars: u64,
    at: Option<i64>,
    review_at: Option<i64>,
    comment: Box<str>,
    checks: Box<[(u32, u32)]>,
    met: Box<[u32]>,
    conflicts: Box<[u32]>,
}

impl VisitRow {
    /// Takes a summary apart.
    pub fn new(
        document: DocumentId,
        feed: u32,
        first_received_at: i64,
        summary: &VisitSummary,
        names: &mut Names,
    ) -> Self {
        let mut person =
            |id: &Option<PersonId>| id.as_ref().map_or(NONE, |id| names.people.number(id));
        let (by, review_by) = (person(&summary.by), person(&summary.review.by));
        let met = summary
            .met
            .iter()
            .map(|id| names.people.number(id))
            .collect();
        let codes = &mut names.codes;
        Self {
            document,
            first_received_at,
            feed,
            door: summary
                .door
                .as_ref()
                .map_or(NONE, |door| names.doors.number(door)),
            by,
            purpose: codes.number(summary.purpose.as_str()),
            outcome: codes.number(summary.outcome.as_str()),
            review_state: codes.number(summary.review.state.as_str()),
            review_by,
            note: summary.note.as_str().into(),
            note_chars: summary.note_chars,
            at: summary.at,
            review_at: summary.review.at,
            comment: summary.review.comment.as_str().into(),
            checks: summary
                .checks
                .iter()
                .map(|(check, value)| (codes.number(check.as_str()), codes.number(value.as_str())))
                .collect(),
            met,
            conflicts: summary
                .conflicts
                .iter()
                .map(|path| codes.number(path.as_str()))
                .collect(),
        }
    }

    /// The day this visit counts for, ms. The phone's clock says when it was, unless that is after
    /// its arrival, which cannot be, or unbelievably long before it: then the arrival counts.
    pub fn counted_at(&self) -> i64 {
        const BELIEVABLE_MS: i64 = 90 * 24 * 3_600_000;
        match self.at {
            Some(at)
                if at <= self.first_received_at && at > self.first_received_at - BELIEVABLE_MS =>
            {
                at
            }
            _ => self.first_received_at,
        }
    }

    /// The summary, as it came.
    pub fn summary(&self, names: &Names) -> VisitSummary {
        let code = |number: u32| names.codes.value(number).cloned().unwrap_or_default();
        let person = |number: u32| names.people.value(number).copied();
        VisitSummary {
            door: names.doors.value(self.door).copied(),
            at: self.at,
            by: person(self.by),
            purpose: code(self.purpose),
            outcome: code(self.outcome),
            note: self.note.to_string(),
            note_chars: self.note_chars,
            checks: self
                .checks
                .iter()
                .map(|(check, value)| (code(*check), code(*value)))
                .collect::<BTreeMap<_, _>>(),
            met: self
                .met
                .iter()
                .filter_map(|number| person(*number))
                .collect(),
            review: ReviewSummary {
                state: code(self.review_state),
                by: person(self.review_by),
                at: self.review_at,
                comment: self.comment.to_string(),
            },
            conflicts: self.conflicts.iter().map(|path| code(*path)).collect(),
        }
    }
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
            building: names.codes.number(summary.building.as_str()),
            tags: summary
                .tags
                .iter()
                .map(|tag| names.codes.number(tag.as_str()))
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
        let document = DocumentId::from_bytes([9; 16]);
        let row = VisitRow::new(document, 0, 1_700_000_002_000, &summary, &mut names);
        assert_eq!(row.summary(&names), summary);
    }

    #[test]
    fn a_wrong_phone_clock_cannot_hide_a_visit_from_the_days_it_belongs_to() {
        let received = 1_700_000_000_000;
        let day = 24 * 3_600_000;
        let cases = [
            (Some(received - day), received - day),
            (Some(received + day), received),
            (Some(received - 3 * 365 * day), received),
            (None, received),
        ];
        for (at, counted) in cases {
            let summary = VisitSummary {
                at,
                ..VisitSummary::default()
            };
            let row = VisitRow::new(
                DocumentId::from_bytes([1; 16]),
                0,
                received,
                &summary,
                &mut Names::default(),
            );
            assert_eq!(row.counted_at(), counted);
        }
    }
}
