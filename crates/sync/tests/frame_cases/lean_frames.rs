//! One of each frame of version 2.

use model::{DeviceId, DocumentId, Kind, visit_id};
use serde_json::{Value, json};
use sync::frame::*;
use sync::lean::LeanChange;
use sync::walk::{Change, Content, Entry, Reader, Walk};

use super::lean::{Case, common, door, feed, other_device, person, visit_chunks};

/// All of them.
pub fn frames() -> Vec<Case> {
    let all = [asked(), said(), news(), rows()];
    all.into_iter().flatten().collect()
}

fn case(name: &'static str, frame: Frame) -> Case {
    Case { name, frame }
}

fn json_of(value: Value) -> Json {
    value.as_object().expect("a map").clone()
}

/// What a phone asks.
fn asked() -> Vec<Case> {
    vec![
        case("hello", Frame::Hello(hello())),
        case(
            "compare",
            Frame::Compare(Compare {
                feed: feed(2),
                digests: Box::new(std::array::from_fn(|part| part as u32 * 0x0101_0101)),
            }),
        ),
    ]
}

/// What the office says of the request and of feeds.
fn said() -> Vec<Case> {
    vec![
        case(
            "start",
            Frame::Start(Start {
                feed: feed(1),
                history: 6_500,
            }),
        ),
        case(
            "receipts",
            Frame::Receipts(ReceiptRun {
                first: 2,
                count: 38,
                seq: 70_000,
                check: 0xdead_beef,
            }),
        ),
        case(
            "feed",
            Frame::Feed(FeedFrame {
                feed: feed(2),
                cursor: 9,
                digest: 0xffff_ffff,
                more: false,
                head: 9,
            }),
        ),
        case(
            "end without receipts",
            Frame::End(End {
                server_time_ms: 1_763_800_000_123,
                signature: None,
            }),
        ),
        case(
            "compared",
            Frame::Compared(Compared {
                feed: feed(1),
                digest: 12,
                differing: std::array::from_fn(|byte| byte as u8),
            }),
        ),
    ]
}

/// What is new in documents.
fn news() -> Vec<Case> {
    let news = News {
        document: visit_id(other_device(), 1_763_799_999_000),
        kind: Kind::Visit,
        feed: feed(1),
        seq: 70_001,
        digest: 0xfedc_ba98,
        summary: NewsSummary::Whole(json_of(json!({
            "kind": "visit", "door": door(), "at": 1_763_799_000_000_i64, "note": "在家",
            "met": [person(8)], "review": {"state": "accepted", "by": person(9)},
        }))),
        whole: true,
        changes: lean_changes(),
    };
    vec![
        case("news of a whole visit", Frame::News(news.clone())),
        case(
            "news with a patch",
            Frame::News(News {
                document: DocumentId::from_bytes([0xd1; 16]),
                summary: NewsSummary::Patch(json_of(
                    json!({"review": {"state": "asked_back", "comment": null}, "note": null}),
                )),
                whole: false,
                changes: Vec::new(),
                ..news.clone()
            }),
        ),
        case(
            "news of an unchanged summary",
            Frame::News(News {
                kind: Kind::Other("loan".into()),
                summary: NewsSummary::Unchanged,
                changes: Vec::new(),
                ..news
            }),
        ),
    ]
}

/// Documents in lists.
fn rows() -> Vec<Case> {
    let row = |number: u8, seq, summary: Option<Value>, seen| Row {
        document: DocumentId::from_bytes([number; 16]),
        kind: Kind::Door,
        feed: feed(1),
        seq,
        digest: u32::from(number),
        summary: summary.map(json_of),
        seen,
    };
    let door_summary = |floor: i64| {
        json!({
            "kind": "door", "building": "3", "floor": floor, "persons": [{"id": person(8), "name": "王大妈"}],
        })
    };
    let seen = |at, outcome: &str| {
        Some(Seen {
            at,
            outcome: outcome.into(),
        })
    };
    let visits = (0..3_i64).map(|number| Row {
        document: match number {
            2 => DocumentId::from_bytes([0xdd; 16]),
            _ => visit_id(other_device(), 1_763_700_000_000 - number * 1_000),
        },
        kind: Kind::Visit,
        feed: feed(2),
        seq: 900 - number.unsigned_abs(),
        digest: 0x0102_0304,
        summary: Some(json_of(
            json!({"kind": "visit", "at": 1_763_699_000_000 - number, "outcome": "met"}),
        )),
        seen: None,
    });
    vec![
        case(
            "rows of doors",
            Frame::Rows(vec![
                row(
                    0xd1,
                    1,
                    Some(door_summary(5)),
                    seen(1_763_000_000_000, "met"),
                ),
                row(
                    0xd2,
                    3,
                    Some(json!({"kind": "door", "building": "3"})),
                    None,
                ),
                row(0xd3, 2, None, seen(1_763_000_000_000, "no_answer")),
                row(0xd4, 4, Some(door_summary(-1)), None),
            ]),
        ),
        case("rows of visits", Frame::Rows(visits.collect())),
    ]
}

/// The visit's changes as a walk tells them to a reader that has none.
fn lean_changes() -> Vec<LeanChange> {
    let state = FeedState {
        feed: feed(1),
        cursor: 0,
        digest: 0,
        history: 1,
        complete: 0,
        past: None,
    };
    let reader = Reader {
        device: DeviceId::from_bytes([5; 16]),
        state,
    };
    let stored = visit_chunks()
        .into_iter()
        .zip(1..)
        .map(|(bytes, seq)| Change {
            seq,
            device: other_device(),
            bytes,
        });
    let content = Content {
        snapshot: None,
        changes: stored.collect(),
        has_beginning: true,
    };
    let entry = Entry {
        document: DocumentId::from_bytes([1; 16]),
        kind: Kind::Visit,
        seq: 3,
        heads: Vec::new(),
        summary: None,
        patch: None,
        seen: None,
    };
    match Walk::new(reader, 3).tell(entry, &content, &common()) {
        Some(Frame::News(news)) => news.changes,
        other => panic!("no news: {other:?}"),
    }
}

fn hello() -> Hello {
    let state = FeedState {
        feed: feed(1),
        cursor: 0,
        digest: 0,
        history: 0,
        complete: 0,
        past: Some(Past::default()),
    };
    Hello {
        version: 2,
        clock_ms: 1_763_800_000_000,
        feeds: vec![
            state,
            FeedState {
                feed: feed(2),
                cursor: 70_000,
                digest: 0xfedc_ba98,
                history: 66_000,
                complete: 69_999,
                past: None,
            },
        ],
        people_version: 12,
        app: "0.2.0".into(),
    }
}
