//! The index agrees with a plain list of summaries, whatever is put in, edited and asked.

use std::collections::BTreeMap;

use model::summary::{DoorSummary, ReviewSummary, VisitSummary};
use model::{ChangeHash, DocumentId, FeedId, PersonId, Summary, document_digest};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const DAY: i64 = 24 * 3_600_000;
const CODES: [&str; 4] = ["", "met", "no_answer", "从未听说"];
const NOTES: [&str; 6] = ["", "水", "水表漏水", "家里漏水表", "老人都好", "水水"];
const WORDS: [&str; 6] = ["水", "漏水", "水表漏水", "水水", "没有", "表"];
const BUILDINGS: [&str; 3] = ["1", "2", "10"];
const TAGS: [&str; 2] = ["aged", "disabled"];

/// A document of the plain list.
#[derive(Debug, Clone)]
struct Plain {
    document: DocumentId,
    feed: FeedId,
    arrived: i64,
    heads: Vec<ChangeHash>,
    summary: Summary,
}

/// The plain list: everything in the order of its first arrival.
#[derive(Debug, Default)]
struct List(Vec<Plain>);

impl List {
    fn put(&mut self, new: Plain) {
        match self.0.iter_mut().find(|old| old.document == new.document) {
            Some(old) => {
                let arrived = old.arrived;
                *old = Plain { arrived, ..new };
            }
            None => self.0.push(new),
        }
    }

    fn visits(&self) -> impl DoubleEndedIterator<Item = (&Plain, &VisitSummary)> {
        self.0.iter().filter_map(|plain| match &plain.summary {
            Summary::Visit(visit) => Some((plain, visit)),
            _ => None,
        })
    }

    fn doors(&self) -> impl Iterator<Item = (&Plain, &DoorSummary)> {
        self.0.iter().filter_map(|plain| match &plain.summary {
            Summary::Door(door) => Some((plain, door)),
            _ => None,
        })
    }

    fn door(&self, wanted: Option<DocumentId>) -> Option<&DoorSummary> {
        let mut doors = self.doors();
        doors.find_map(|(plain, door)| (Some(plain.document) == wanted).then_some(door))
    }

    /// The visits that pass, newest arrival first.
    fn find(&self, feeds: &[FeedId], filter: &VisitFilter) -> Vec<DocumentId> {
        let passing = self.visits().rev().filter(|(plain, visit)| {
            let door = self.door(visit.door);
            let at = counted_at(plain, visit);
            let review = match &filter.review {
                None => true,
                Some(ReviewState::Waiting) => visit.review.state.is_empty(),
                Some(ReviewState::Is(state)) => visit.review.state == *state,
            };
            let in_building =
                |building: &String| door.is_some_and(|door| door.building == *building);
            let has_tag = |tag: &String| door.is_some_and(|door| door.tags.contains(tag));
            feeds.contains(&plain.feed)
                && review
                && filter.grid.is_none_or(|grid| plain.feed == grid)
                && filter.door.is_none_or(|door| visit.door == Some(door))
                && filter.worker.is_none_or(|worker| visit.by == Some(worker))
                && filter
                    .purpose
                    .as_ref()
                    .is_none_or(|code| visit.purpose == *code)
                && filter
                    .outcome
                    .as_ref()
                    .is_none_or(|code| visit.outcome == *code)
                && filter.building.as_ref().is_none_or(in_building)
                && filter.tag.as_ref().is_none_or(has_tag)
                && filter.from.is_none_or(|from| at >= from)
                && filter.to.is_none_or(|to| at < to)
                && filter
                    .text
                    .as_ref()
                    .is_none_or(|words| visit.note.contains(words))
        });
        passing.map(|(plain, _)| plain.document).collect()
    }

    fn last_visit(&self, door: DocumentId) -> Option<DocumentId> {
        let there = self.visits().filter(|(_, visit)| visit.door == Some(door));
        let last = there.max_by_key(|(plain, visit)| counted_at(plain, visit));
        last.map(|(plain, _)| plain.document)
    }

    fn seen(&self, door: DocumentId) -> Seen {
        let there = self.visits().filter(|(_, visit)| visit.door == Some(door));
        let outcomes: Vec<&str> = there.map(|(_, visit)| visit.outcome.as_str()).collect();
        match outcomes.iter().all(|outcome| *outcome == "no_answer") {
            _ if outcomes.is_empty() => Seen::Never,
            true => Seen::NoAnswer,
            false => Seen::Visited,
        }
    }
}

fn counted_at(plain: &Plain, visit: &VisitSummary) -> i64 {
    let believed = plain.arrived - 90 * DAY + 1..=plain.arrived;
    let said = visit.at.filter(|at| believed.contains(at));
    said.unwrap_or(plain.arrived)
}

fn id(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

fn feed() -> impl Strategy<Value = FeedId> {
    (0..3u8).prop_map(|number| FeedId::from_bytes([number; 16]))
}

fn person() -> impl Strategy<Value = PersonId> {
    (0..4u8).prop_map(|number| PersonId::from_bytes([number; 16]))
}

fn door_id() -> impl Strategy<Value = DocumentId> {
    (0..6u8).prop_map(id)
}

fn text(all: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(all).prop_map(str::to_owned)
}

fn time() -> impl Strategy<Value = i64> {
    (0..200i64).prop_map(|days| 1_700_000_000_000 + days * DAY)
}

fn door() -> impl Strategy<Value = (DocumentId, Summary)> {
    let summary = (text(&BUILDINGS), vec(text(&TAGS), 0..3)).prop_map(|(building, tags)| {
        Summary::Door(DoorSummary {
            building,
            tags,
            ..DoorSummary::default()
        })
    });
    (door_id(), summary)
}

fn review() -> impl Strategy<Value = ReviewSummary> {
    (text(&CODES), of(person()), of(time()), text(&NOTES)).prop_map(|(state, by, at, comment)| {
        ReviewSummary {
            state,
            by,
            at,
            comment,
        }
    })
}

fn visit() -> impl Strategy<Value = (DocumentId, Summary)> {
    let what = (text(&CODES), text(&CODES), text(&NOTES), 0..500u64);
    let more: (_, _, _) = (
        btree_map(text(&CODES), text(&CODES), 0..3),
        vec(person(), 0..3),
        vec(text(&CODES), 0..2),
    );
    let summary = (
        of(door_id()),
        of(time()),
        of(person()),
        what,
        review(),
        more,
    )
        .prop_map(
            |(
                door,
                at,
                by,
                (purpose, outcome, note, note_chars),
                review,
                (checks, met, conflicts),
            )| {
                Summary::Visit(VisitSummary {
                    door,
                    at,
                    by,
                    purpose,
                    outcome,
                    note,
                    note_chars,
                    checks,
                    met,
                    review,
                    conflicts,
                })
            },
        );
    (100..130u8, summary).prop_map(|(number, summary)| (id(number), summary))
}

fn plain() -> impl Strategy<Value = Plain> {
    let document = prop_oneof![1 => door(), 4 => visit()];
    let heads = vec(any::<u8>().prop_map(|byte| ChangeHash([byte; 32])), 1..3);
    (document, feed(), time(), heads).prop_map(|((document, summary), feed, arrived, mut heads)| {
        heads.sort_unstable();
        heads.dedup();
        Plain {
            document,
            feed,
            arrived,
            heads,
            summary,
        }
    })
}

fn filter() -> impl Strategy<Value = VisitFilter> {
    let codes = (
        of(text(&BUILDINGS)),
        of(text(&TAGS)),
        of(text(&CODES)),
        of(text(&CODES)),
    );
    let review = select(vec![
        None,
        Some(ReviewState::Waiting),
        Some(ReviewState::Is("met".into())),
    ]);
    let ids = (of(feed()), of(door_id()), of(person()));
    let rest = (of(time()), of(time()), of(text(&WORDS)), review);
    (ids, codes, rest, any::<u16>()).prop_map(|(ids, codes, rest, kept)| {
        // Few filters hold together, or nearly nothing would ever pass.
        let kept = |number: u16| kept >> number & 3 == 0;
        VisitFilter {
            grid: ids.0.filter(|_| kept(0)),
            door: ids.1.filter(|_| kept(1)),
            worker: ids.2.filter(|_| kept(2)),
            building: codes.0.filter(|_| kept(3)),
            tag: codes.1.filter(|_| kept(4)),
            purpose: codes.2.filter(|_| kept(5)),
            outcome: codes.3.filter(|_| kept(6)),
            from: rest.0.filter(|_| kept(7)),
            to: rest.1.filter(|_| kept(8)),
            text: rest.2.filter(|_| kept(9)),
            review: rest.3.filter(|_| kept(10)),
        }
    })
}

fn put_into(index: &mut Index, plain: &Plain) {
    let plain = plain.clone();
    let row = Row {
        document: plain.document,
        feed: plain.feed,
        first_received_at: plain.arrived,
        heads: plain.heads,
        summary: plain.summary,
    };
    index.put(row, []);
}

fn agree_on_lists(index: &Index, list: &List, feeds: &[FeedId], filter: &VisitFilter) {
    let expected = list.find(feeds, filter);
    for (offset, limit) in [(0, 7), (3, 4), (0, 200)] {
        let (total, rows) = index.find_visits(feeds, filter, Page { offset, limit });
        let rows: Vec<_> = rows.iter().filter_map(FoundVisit::id).collect();
        let page: Vec<_> = expected.iter().copied().skip(offset).take(limit).collect();
        assert_eq!((total, rows), (expected.len(), page), "{filter:?}");
    }
    for seen in [
        None,
        Some(Seen::Visited),
        Some(Seen::NoAnswer),
        Some(Seen::Never),
    ] {
        let asked = DoorFilter {
            grid: filter.grid,
            building: filter.building.clone(),
            tag: filter.tag.clone(),
            seen,
            text: None,
        };
        let passing = list.doors().filter(|(plain, door)| {
            feeds.contains(&plain.feed)
                && asked.grid.is_none_or(|grid| plain.feed == grid)
                && asked
                    .building
                    .as_ref()
                    .is_none_or(|building| door.building == *building)
                && asked.tag.as_ref().is_none_or(|tag| door.tags.contains(tag))
                && seen.is_none_or(|seen| list.seen(plain.document) == seen)
        });
        let limit = 200;
        let (total, rows) = index.find_doors(feeds, &asked, Page { offset: 0, limit });
        let mut rows: Vec<_> = rows.iter().map(|found| found.door.document).collect();
        let mut expected: Vec<_> = passing.map(|(plain, _)| plain.document).collect();
        rows.sort_unstable();
        expected.sort_unstable();
        assert_eq!((total, rows), (expected.len(), expected));
    }
}

fn agree_on_rows(index: &Index, list: &List) {
    let mut digests: BTreeMap<FeedId, u64> = BTreeMap::new();
    for plain in &list.0 {
        let row = index.row(plain.document).expect("a row");
        assert_eq!(row.summary.to_json(), plain.summary.to_json());
        assert_eq!((row.feed, &row.heads), (plain.feed, &plain.heads));
        assert_eq!(index.feed_of(plain.document), Some(plain.feed));
        assert_eq!(index.kind_of(plain.document), Some(plain.summary.kind()));
        let share = document_digest(plain.document, &plain.heads);
        assert_eq!(index.document_digest(plain.document), Some(share));
        let sum = digests.entry(plain.feed).or_default();
        *sum = sum.wrapping_add(share);
    }
    for (feed, digest) in digests {
        assert_eq!(index.digest(feed), Some((0, digest)));
    }
    assert_eq!(index.len(), list.0.len());
    for door in (0..7).map(id) {
        let last = index.last_visit(door).map(|last| last.id);
        assert_eq!(last, list.last_visit(door));
    }
}

fn agree_on_numbers(index: &Index, list: &List, feeds: &[FeedId]) {
    let doors = |seen: Option<Seen>| {
        let own = list
            .doors()
            .filter(|(plain, _)| feeds.contains(&plain.feed));
        own.filter(|(plain, _)| seen.is_none_or(|seen| list.seen(plain.document) == seen))
            .count()
    };
    let visits = |filter| list.find(feeds, &filter).len();
    let expected = Numbers {
        doors: doors(None),
        visited_doors: doors(Some(Seen::Visited)),
        no_answer_doors: doors(Some(Seen::NoAnswer)),
        never_visited_doors: doors(Some(Seen::Never)),
        visits: visits(VisitFilter::default()),
        waiting_review: visits(VisitFilter {
            review: Some(ReviewState::Waiting),
            ..VisitFilter::default()
        }),
    };
    assert_eq!(index.numbers(feeds), expected);
}

proptest! {
    #[test]
    fn the_index_answers_like_a_plain_list_of_summaries(
        start in vec(plain(), 0..40),
        later in vec(plain(), 0..60),
        feeds in vec(feed(), 1..4),
        filters in vec(filter(), 12),
    ) {
        let (mut index, mut list) = (Index::default(), List::default());
        for plain in start {
            put_into(&mut index, &plain);
            list.put(plain);
        }
        index.sort_visits();
        list.0.sort_by_key(|plain| (plain.arrived, plain.document));
        for plain in later {
            put_into(&mut index, &plain);
            list.put(plain);
        }
        agree_on_rows(&index, &list);
        agree_on_numbers(&index, &list, &feeds);
        for filter in filters {
            agree_on_lists(&index, &list, &feeds, &filter);
        }
    }
}
