//! Frames with their JSON, for the golden file that other languages read.
//!
//! In JSON, ids are UUID text, bytes and hashes hex, and numbers that may pass
//! 2^53 (digest, history) decimal text. `hex` is the frame as it stands in a
//! pack, its length before it. `json` is null for a frame that a reader passes
//! over. A case with `"reading": true` is only read: the frame written anew has
//! other bytes.

pub mod lean;
pub mod lean_frames;
mod lean_json;
pub mod rescue;

use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, PersonId, Reason};
use serde_json::{Value, json};
use sync::frame::*;
use sync::pack::FrameWriter;

pub const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/fixtures/frames.json"
);

pub struct Case {
    pub name: &'static str,
    /// `None` where the bytes are not what this version would write.
    pub frame: Option<Frame>,
    pub body: Vec<u8>,
}

impl Case {
    fn written(name: &'static str, frame: Frame) -> Self {
        Self {
            name,
            body: frame.encode(),
            frame: Some(frame),
        }
    }

    fn read(name: &'static str, body: Vec<u8>) -> Self {
        Self {
            name,
            frame: None,
            body,
        }
    }

    pub fn packed(&self) -> Vec<u8> {
        let mut pack = FrameWriter::new();
        pack.push_body(&self.body);
        pack.into_bytes()
    }
}

pub fn cases() -> Vec<Case> {
    requests()
        .into_iter()
        .chain(responses())
        .chain(oddities())
        .collect()
}

/// The golden file as it should be.
pub fn fixture_text() -> String {
    let rows: Vec<String> = cases().iter().map(|case| row(case).to_string()).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

fn row(case: &Case) -> Value {
    let decoded = Frame::decode(&case.body).expect("every case reads");
    let mut row = json!({
        "name": case.name,
        "hex": hex::encode(case.packed()),
        "json": decoded.as_ref().map(to_json),
    });
    if case.frame.is_none() {
        row["reading"] = json!(true);
    }
    row
}

fn requests() -> Vec<Case> {
    let hello = Hello {
        version: 1,
        clock_ms: 1_763_800_000_000,
        feeds: Vec::new(),
        people_version: 0,
        app: "0.1.0".into(),
    };
    let state = FeedState {
        feed: feed(1),
        cursor: 0,
        digest: 0,
        history: 0,
        complete: 0,
        past: None,
    };
    vec![
        Case::written("hello of a new phone", Frame::Hello(hello.clone())),
        Case::written(
            "hello with feeds",
            Frame::Hello(Hello {
                feeds: vec![
                    state,
                    FeedState {
                        cursor: 70_000,
                        digest: 0xfedc_ba98_7654_3210,
                        history: 66_000,
                        complete: 69_999,
                        ..state
                    },
                    FeedState {
                        feed: feed(2),
                        digest: 23,
                        history: HISTORY_ALL,
                        ..state
                    },
                ],
                people_version: 12,
                app: "0.1.0 测试".into(),
                clock_ms: -1,
                ..hello
            }),
        ),
        Case::written(
            "change",
            Frame::Change(ChangeFrame {
                document: document(3),
                kind: Kind::Visit,
                feed: feed(1),
                bytes: (0..=255).collect(),
            }),
        ),
        Case::written("want", Frame::Want(document(3))),
    ]
}

fn responses() -> Vec<Case> {
    let row = DocumentFrame {
        document: document(4),
        kind: Kind::Door,
        feed: feed(1),
        seq: 300,
        heads: vec![hash(1), hash(2)],
        summary: Some(r#"{"kind":"door","label":"501"}"#.into()),
        whole: false,
        chunks: Vec::new(),
    };
    let place = FeedFrame {
        feed: feed(1),
        cursor: 300,
        digest: u64::MAX,
        more: true,
        head: 9_007_199_254_740_991,
    };
    vec![
        Case::written(
            "receipt accepted",
            Frame::Receipt(Receipt::accepted(&hash(5), 4_294_967_296)),
        ),
        Case::written(
            "receipt held",
            Frame::Receipt(Receipt::held(&hash(6), Reason::Waits)),
        ),
        Case::written(
            "receipt refused",
            Frame::Receipt(Receipt::refused(&hash(7), Reason::TrayFull)),
        ),
        Case::written("document as a row", Frame::Document(row.clone())),
        Case::written(
            "document to append",
            Frame::Document(DocumentFrame {
                chunks: vec![0x85, 0x6f, 0x4a, 0x83],
                ..row.clone()
            }),
        ),
        Case::written(
            "document wanted, whole, of an unknown kind",
            Frame::Document(DocumentFrame {
                kind: Kind::from("matter"),
                seq: 0,
                summary: None,
                whole: true,
                chunks: vec![7; 300],
                ..row
            }),
        ),
        Case::written("feed with more to come", Frame::Feed(place)),
        Case::written(
            "feed at its end",
            Frame::Feed(FeedFrame {
                more: false,
                head: 300,
                ..place
            }),
        ),
        Case::written("people", people()),
        Case::written(
            "end",
            Frame::End(End {
                server_time_ms: 1_763_800_000_123,
                signature: Some(std::array::from_fn(|place| place as u8)),
            }),
        ),
        Case::written("notice", Frame::Notice(Reason::TooLarge.as_str().into())),
    ]
}

fn people() -> Frame {
    Frame::People(People {
        version: 3,
        people: vec![
            PersonEntry {
                person: PersonId::from_bytes([1; 16]),
                name: "陈小满".into(),
                role: "grid_worker".into(),
                devices: vec![DeviceId::from_bytes([2; 16]), DeviceId::from_bytes([3; 16])],
            },
            PersonEntry {
                person: PersonId::from_bytes([4; 16]),
                name: "周明月".into(),
                role: "community_supervisor".into(),
                devices: Vec::new(),
            },
        ],
        feeds: vec![
            FeedName {
                feed: feed(1),
                name: "第一网格".into(),
                kind: "grid".into(),
            },
            FeedName {
                feed: feed(2),
                name: "蓝湖小区".into(),
                kind: "community".into(),
            },
        ],
    })
}

/// What a newer version may send: more items, and frames with other numbers.
fn oddities() -> Vec<Case> {
    let mut more_items = Frame::Notice("malformed".into()).encode();
    more_items[0] += 2;
    // A map and a number, of which nothing is known.
    more_items.extend([0xa1, 0x61, 0x78, 0x82, 0x01, 0x02, 0x18, 0x2a]);
    vec![
        Case::read("notice with items of a newer version", more_items),
        Case::read(
            "hello of a phone that says less of its feeds",
            short_hello(),
        ),
        Case::read("unknown frame", vec![0x82, 0x18, 0x63, 0x61, 0x3f]),
        Case::read("receipt spelled with wide numbers", wide_receipt()),
    ]
}

/// A feed's state may end before `complete`, which is 0 then.
fn short_hello() -> Vec<u8> {
    let mut body = vec![0x86, 0x00, 0x01, 0x00, 0x81, 0x84, 0x50];
    body.extend(feed(1).as_bytes());
    body.extend([0x07, 0x00, 0x05, 0x00, 0x60]);
    body
}

/// Numbers need not be in their shortest form to be read.
fn wide_receipt() -> Vec<u8> {
    let mut body = vec![0x85, 0x19, 0x00, 0x10, 0x48];
    body.extend([9; 8]);
    body.extend([0x18, 0x00, 0x1b, 0, 0, 0, 0, 0, 0, 0, 5, 0xf6]);
    body
}

fn to_json(frame: &Frame) -> Value {
    match frame {
        Frame::Hello(hello) => json!({
            "frame": "hello", "version": hello.version, "clock_ms": hello.clock_ms,
            "feeds": hello.feeds.iter().map(|state| json!({
                "feed": state.feed, "cursor": state.cursor,
                "digest": state.digest.to_string(), "history": state.history.to_string(),
                "complete": state.complete,
            })).collect::<Vec<_>>(),
            "people": hello.people_version, "app": hello.app,
        }),
        Frame::Change(change) => json!({
            "frame": "change", "document": change.document, "kind": change.kind,
            "feed": change.feed, "bytes": hex::encode(&change.bytes),
        }),
        Frame::Want(document) => json!({"frame": "want", "document": document}),
        Frame::Receipt(receipt) => json!({
            "frame": "receipt", "prefix": hex::encode(receipt.change),
            "status": match receipt.status {
                ReceiptStatus::Accepted => "accepted",
                ReceiptStatus::Held => "held",
                ReceiptStatus::Refused => "refused",
            },
            "seq": receipt.seq, "reason": receipt.reason,
        }),
        Frame::Document(document) => json!({
            "frame": "document", "document": document.document, "kind": document.kind,
            "feed": document.feed, "seq": document.seq, "heads": document.heads,
            "summary": document.summary, "whole": document.whole,
            "bytes": hex::encode(&document.chunks),
        }),
        Frame::Feed(place) => json!({
            "frame": "feed", "feed": place.feed, "cursor": place.cursor,
            "digest": place.digest.to_string(), "more": place.more, "head": place.head,
        }),
        Frame::People(people) => json!({
            "frame": "people", "version": people.version,
            "people": people.people.iter().map(|entry| json!({
                "person": entry.person, "name": entry.name, "role": entry.role,
                "devices": entry.devices,
            })).collect::<Vec<_>>(),
            "feeds": people.feeds.iter().map(|entry| json!({
                "feed": entry.feed, "name": entry.name, "kind": entry.kind,
            })).collect::<Vec<_>>(),
        }),
        Frame::End(end) => json!({
            "frame": "end", "server_time": end.server_time_ms,
            "signature": end.signature.map(hex::encode),
        }),
        Frame::Notice(code) => json!({"frame": "notice", "reason": code}),
        other => panic!("not a frame of version 1: {other:?}"),
    }
}

fn feed(number: u8) -> FeedId {
    FeedId::from_bytes([0xf0 + number; 16])
}

fn document(number: u8) -> DocumentId {
    DocumentId::from_bytes([0xd0 + number; 16])
}

fn hash(number: u8) -> ChangeHash {
    ChangeHash([number; 32])
}
