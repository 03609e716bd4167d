use model::summary::{DoorSummary, ReviewSummary, VisitSummary};
use model::{ChangeHash, DocumentId, FeedId, PersonId, Summary, document_digest};

use super::*;

const FEED: FeedId = FeedId::from_bytes([7; 16]);

fn id(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

fn row(document: DocumentId, arrived: i64, summary: Summary) -> Row {
    let heads = vec![ChangeHash([document.as_bytes()[0]; 32])];
    Row {
        document,
        feed: FEED,
        first_received_at: arrived,
        heads,
        summary,
    }
}

fn door(building: &str, tags: &[&str]) -> Summary {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    Summary::Door(DoorSummary {
        building: building.into(),
        label: "501".into(),
        tags,
        ..DoorSummary::default()
    })
}

fn visit(door: u8, outcome: &str, note: &str, at: i64) -> Summary {
    Summary::Visit(VisitSummary {
        door: Some(id(door)),
        at: Some(at),
        by: Some(PersonId::from_bytes([9; 16])),
        outcome: outcome.into(),
        note: note.into(),
        ..VisitSummary::default()
    })
}

/// Doors 1 and 2 are known, door 3 only spoken of, door 4 never visited.
fn small() -> Index {
    let mut index = Index::default();
    index.put(row(id(1), 0, door("2", &["aged"])), [1]);
    index.put(row(id(2), 0, door("10", &[])), [2]);
    index.put(row(id(4), 0, door("3", &[])), [3]);
    index.put(row(id(11), 100, visit(1, "met", "老人一切都好", 90)), [4]);
    index.put(row(id(12), 200, visit(2, "no_answer", "", 190)), [5]);
    index.put(row(id(13), 300, visit(3, "met", "水表漏水", 290)), [6]);
    index
}

const ALL: Page = Page {
    offset: 0,
    limit: 200,
};

fn found(index: &Index, filter: VisitFilter) -> Vec<u8> {
    let (total, rows) = index.find_visits(&[FEED], &filter, ALL);
    assert_eq!(total, rows.len());
    rows.iter()
        .filter_map(|row| Some(row.id()?.as_bytes()[0]))
        .collect()
}

#[test]
fn every_filter_narrows_and_the_newest_arrival_comes_first() {
    let index = small();
    let cases = [
        (VisitFilter::default(), vec![13, 12, 11]),
        (
            VisitFilter {
                building: Some("2".into()),
                ..VisitFilter::default()
            },
            vec![11],
        ),
        (
            VisitFilter {
                tag: Some("aged".into()),
                ..VisitFilter::default()
            },
            vec![11],
        ),
        (
            VisitFilter {
                outcome: Some("met".into()),
                ..VisitFilter::default()
            },
            vec![13, 11],
        ),
        (
            VisitFilter {
                outcome: Some("never heard of".into()),
                ..VisitFilter::default()
            },
            vec![],
        ),
        (
            VisitFilter {
                grid: Some(FEED),
                from: Some(190),
                to: Some(290),
                ..VisitFilter::default()
            },
            vec![12],
        ),
        (
            VisitFilter {
                grid: Some(FeedId::from_bytes([1; 16])),
                ..VisitFilter::default()
            },
            vec![],
        ),
        (
            VisitFilter {
                text: Some("漏水".into()),
                ..VisitFilter::default()
            },
            vec![13],
        ),
        (
            VisitFilter {
                door: Some(id(2)),
                ..VisitFilter::default()
            },
            vec![12],
        ),
        (
            VisitFilter {
                review: Some(ReviewState::Waiting),
                ..VisitFilter::default()
            },
            vec![13, 12, 11],
        ),
        (
            VisitFilter {
                review: Some(ReviewState::Is("accepted".into())),
                ..VisitFilter::default()
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&index, filter.clone()), expected, "{filter:?}");
    }
}

#[test]
fn rows_of_feeds_that_are_not_the_readers_are_neither_shown_nor_counted() {
    let index = small();
    assert_eq!(index.find_visits(&[], &VisitFilter::default(), ALL).0, 0);
    assert_eq!(
        index
            .find_doors(&[FeedId::from_bytes([1; 16])], &DoorFilter::default(), ALL)
            .0,
        0
    );
    assert_eq!(index.numbers(&[]), Numbers::default());
}

#[test]
fn a_page_holds_its_rows_and_the_total_of_all() {
    let index = small();
    let (total, rows) = index.find_visits(
        &[FEED],
        &VisitFilter::default(),
        Page {
            offset: 1,
            limit: 1,
        },
    );
    assert_eq!((total, rows.len(), rows[0].id()), (3, 1, Some(id(12))));
}

#[test]
fn a_review_changes_a_row_in_its_place() {
    let mut index = small();
    let Summary::Visit(summary) = visit(1, "met", "老人一切都好", 90) else {
        unreachable!()
    };
    let review = ReviewSummary {
        state: "accepted".into(),
        ..ReviewSummary::default()
    };
    index.put(
        row(
            id(11),
            999,
            Summary::Visit(VisitSummary { review, ..summary }),
        ),
        [7],
    );
    assert_eq!(found(&index, VisitFilter::default()), [13, 12, 11]);
    let waiting = VisitFilter {
        review: Some(ReviewState::Waiting),
        ..VisitFilter::default()
    };
    assert_eq!(found(&index, waiting), [13, 12]);
}

#[test]
fn doors_are_counted_by_what_was_found_there() {
    let index = small();
    let expected = Numbers {
        doors: 3,
        visited_doors: 1,
        no_answer_doors: 1,
        never_visited_doors: 1,
        visits: 3,
        waiting_review: 3,
    };
    assert_eq!(index.numbers(&[FEED]), expected);
}

#[test]
fn doors_come_in_the_order_of_their_addresses_with_their_last_visit() {
    let index = small();
    let (total, rows) = index.find_doors(&[FEED], &DoorFilter::default(), ALL);
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.door.summary.building.as_str(),
                row.seen,
                row.last.as_ref().map(|last| last.id),
            )
        })
        .collect();
    assert_eq!(total, 3);
    assert_eq!(
        rows,
        [
            ("2", Seen::Visited, Some(id(11))),
            ("3", Seen::Never, None),
            ("10", Seen::NoAnswer, Some(id(12)))
        ]
    );
    let never = DoorFilter {
        seen: Some(Seen::Never),
        ..DoorFilter::default()
    };
    assert_eq!(index.find_doors(&[FEED], &never, ALL).0, 1);
}

#[test]
fn the_digest_is_the_sum_over_the_documents_and_knows_when_it_fits_no_head() {
    let mut index = Index::default();
    let share = |number: u8| document_digest(id(number), &[ChangeHash([number; 32])]);
    index.put(row(id(1), 0, door("2", &[])), [1]);
    assert_eq!(index.digest(FEED), Some((1, share(1))));
    index.put(row(id(3), 0, door("3", &[])), [3]);
    assert_eq!(index.digest(FEED), None);
    index.put(row(id(2), 0, door("4", &[])), [2]);
    let sum = share(1).wrapping_add(share(2)).wrapping_add(share(3));
    assert_eq!(index.digest(FEED), Some((3, sum)));
    index.put(row(id(1), 0, door("2", &["aged"])), [4]);
    assert_eq!(index.digest(FEED), Some((4, sum)));
    assert_eq!(index.document_digest(id(2)), Some(share(2)));
    assert_eq!(index.document_digest(id(9)), None);
}

#[test]
fn rows_taken_in_out_of_order_are_put_in_order_once() {
    let mut index = Index::default();
    index.put(row(id(13), 300, visit(1, "met", "", 1)), []);
    index.put(row(id(11), 100, visit(1, "met", "", 1)), []);
    index.sort_visits();
    assert_eq!(found(&index, VisitFilter::default()), [13, 11]);
    index.put(row(id(11), 100, visit(1, "met", "改过", 1)), []);
    assert_eq!(
        found(
            &index,
            VisitFilter {
                text: Some("改过".into()),
                ..VisitFilter::default()
            }
        ),
        [11]
    );
}

#[test]
fn a_door_knows_its_last_visit_whatever_is_edited() {
    let mut index = small();
    let last = |index: &Index, number: u8| index.last_visit(id(number)).map(|last| last.id);
    assert_eq!(last(&index, 1), Some(id(11)));
    // A door that is not on the books, a door never visited, one nobody speaks of.
    assert_eq!(last(&index, 3), Some(id(13)));
    assert_eq!(last(&index, 4), None);
    assert_eq!(last(&index, 5), None);
    // A later arrival of an earlier visit.
    index.put(row(id(14), 400, visit(1, "phone", "", 80)), [7]);
    assert_eq!(last(&index, 1), Some(id(11)));
    index.put(row(id(14), 400, visit(1, "phone", "", 390)), [8]);
    let found = index.last_visit(id(1)).expect("a visit");
    let expected = LastVisit {
        id: id(14),
        at: 390,
        received_at: 400,
        outcome: "phone".into(),
        by: Some(PersonId::from_bytes([9; 16])),
    };
    assert_eq!(found, expected);
    // Its time is set back, then it turns out to have been at another door.
    index.put(row(id(14), 400, visit(1, "phone", "", 70)), [9]);
    assert_eq!(last(&index, 1), Some(id(11)));
    index.put(row(id(11), 100, visit(4, "met", "", 90)), [10]);
    assert_eq!(
        (last(&index, 1), last(&index, 4)),
        (Some(id(14)), Some(id(11)))
    );
    index.sort_visits();
    assert_eq!(
        (last(&index, 1), last(&index, 4)),
        (Some(id(14)), Some(id(11)))
    );
}

#[test]
fn edits_of_one_visit_do_not_pile_up_in_memory() {
    let mut index = small();
    let mut most = 0;
    for round in 0..200 {
        let Summary::Visit(mut summary) = visit(1, "met", &"长".repeat(5_000 + round), 90) else {
            unreachable!()
        };
        summary.review.comment = "好".repeat(5_000 - round);
        summary.met = (0..2_000u16)
            .map(|number| PersonId::from_bytes([number.to_be_bytes()[1]; 16]))
            .skip(round)
            .collect();
        let expected = summary.clone();
        index.put(row(id(11), 100, Summary::Visit(summary)), []);
        let kept = index.row(id(11)).map(|row| row.summary);
        assert_eq!(kept, Some(Summary::Visit(expected)));
        most = most.max(index.names.texts.len() + index.names.lists.len());
    }
    assert!(most < 3 << 20, "{most}");
    let other = index.row(id(13)).map(|row| row.summary);
    assert_eq!(other, Some(visit(3, "met", "水表漏水", 290)));
}
