//! What version 2 writes, for the golden file that other languages read:
//! `{"common", "names", "genesis", "visit_ids": [{"device", "ms", "id"}],
//! "changes": [{"name", "chunk", "hex"}], "frames": [{"name", "hex", "json"}]}`.
//! `changes` are those of one visit of `common.device`, one after the other in its
//! request, by a writer who knows `names`; `hex` is the frame as it stands in the
//! pack, its length before it. `json` of a frame is what it says; bytes are hex.

use std::collections::BTreeMap;

use model::edit::{self, VisitDraft};
use model::{
    DeviceId, DocumentId, FeedId, Kind, PersonId, community_id, door_named, genesis_hash,
    new_document, resident_named, visit_id,
};
use serde_json::{Value, json};
use sync::frame::*;
use sync::lean::{Common, Names};
use sync::pack::{FrameReader, FrameWriter};
use sync::walk::{Change, Content, Entry, Reader, Walk};

pub const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/fixtures/lean.json"
);

pub fn common() -> Common {
    Common {
        device: DeviceId::from_bytes([7; 16]),
        community: community_id("蓝湖小区"),
        clock_ms: 1_763_800_000_000,
        feeds: vec![feed(1), feed(2)],
    }
}

fn feed(number: u8) -> FeedId {
    FeedId::from_bytes([0xf0 + number; 16])
}

fn other_device() -> DeviceId {
    DeviceId::from_bytes([9; 16])
}

const DOOR: &str = "3/2/501";
const RESIDENTS: [&str; 2] = ["王大妈", "王大妈/2"];

fn door() -> DocumentId {
    door_named(common().community, DOOR)
}

/// Knows one door and its residents.
struct Street;

impl Names for Street {
    fn door(&self, id: DocumentId) -> Option<String> {
        (id == door()).then(|| DOOR.to_owned())
    }

    fn resident(&self, at: DocumentId, id: PersonId) -> Option<String> {
        let name = RESIDENTS
            .into_iter()
            .find(|name| resident_named(at, name) == id);
        name.map(str::to_owned)
    }
}

fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

/// A visit's chunks: made by the sender, edited by it, then by another device.
fn visit_chunks() -> Vec<Vec<u8>> {
    let device = common().device;
    let mut document = new_document(&Kind::Visit, device.actor(0)).expect("the kind is known");
    let draft = VisitDraft {
        door: door(),
        at: 1_763_799_000_000,
        by: person(7),
        purpose: "routine".into(),
        outcome: "met".into(),
        note: "王大妈在家，血压平稳。".into(),
        checks: BTreeMap::from([("gas".into(), "ok".into())]),
        met: RESIDENTS
            .into_iter()
            .map(|name| resident_named(door(), name))
            .chain([person(8)])
            .collect(),
    };
    let first = edit::new_visit(&mut document, &draft, 1_763_799_100_000);
    let second = edit::edit_note(
        &mut document,
        "王大妈在家，血压平稳。约了下周。",
        1_763_799_200_000,
    );
    document.set_actor(other_device().actor(0));
    let third = edit::edit_note(&mut document, "王大妈在家。约了下周。", 1_763_799_300_000);
    [first, second, third]
        .into_iter()
        .map(|change| {
            change
                .expect("it writes")
                .expect("it differs")
                .raw_bytes()
                .to_vec()
        })
        .collect()
}

fn changes() -> Vec<Value> {
    let chunks = visit_chunks();
    let visit = visit_id(common().device, 1_763_798_999_000);
    let mut pack = FrameWriter::in_terms_of(Some(common()), Vec::new());
    let mut rows = Vec::new();
    for (name, chunk) in [
        "first change of a visit",
        "edit of what the pack made",
        "edit by another device",
    ]
    .into_iter()
    .zip(&chunks)
    {
        let frame = ChangeFrame {
            document: visit,
            kind: Kind::Visit,
            feed: feed(1),
            bytes: chunk.clone(),
        };
        pack.push_change(frame, &Street);
        let bytes = pack.take();
        rows.push(json!({"name": name, "chunk": hex::encode(chunk), "hex": hex::encode(bytes)}));
    }
    rows
}

/// The golden file as it should be.
pub fn fixture_text() -> String {
    let known = common();
    let residents: Vec<Value> = RESIDENTS
        .into_iter()
        .map(|name| json!({"id": resident_named(door(), name), "name": name}))
        .collect();
    let file = json!({
        "common": {
            "device": known.device, "community": known.community,
            "clock_ms": known.clock_ms, "feeds": known.feeds,
        },
        "names": {"door": {"id": door(), "name": DOOR}, "residents": residents},
        "genesis": genesis_hash(&Kind::Visit),
        "visit_ids": visit_ids(),
        "changes": changes(),
        "frames": frames().iter().map(row).collect::<Vec<_>>(),
    });
    format!(
        "{}\n",
        serde_json::to_string_pretty(&file).expect("it is JSON")
    )
}

fn visit_ids() -> Vec<Value> {
    [0, 1, 1_763_800_000_123, 281_474_976_710_655]
        .into_iter()
        .map(|ms| json!({"device": common().device, "ms": ms, "id": visit_id(common().device, ms)}))
        .collect()
}

/// A frame and the devices its writer knows.
pub struct Case {
    pub name: &'static str,
    pub frame: Frame,
}

impl Case {
    pub fn packed(&self) -> Vec<u8> {
        let devices = vec![common().device, other_device()];
        let mut pack = FrameWriter::in_terms_of(Some(common()), devices);
        pack.push(&self.frame);
        pack.into_bytes()
    }

    pub fn read(&self) -> Frame {
        let mut reader = FrameReader::for_response(Some(common()));
        reader.push(&self.packed());
        reader.next_frame().expect("it reads").expect("it is whole")
    }
}

pub fn frames() -> Vec<Case> {
    let case = |name, frame| Case { name, frame };
    let visit = |ms| visit_id(other_device(), ms);
    let json = |value: Value| value.as_object().expect("a map").clone();
    let news = News {
        document: visit(1_763_799_999_000),
        kind: Kind::Visit,
        feed: feed(1),
        seq: 70_001,
        digest: 0xfedc_ba98,
        summary: NewsSummary::Whole(json(json!({
            "kind": "visit", "door": door(), "at": 1_763_799_000_000_i64, "note": "在家",
            "met": [person(8)], "review": {"state": "accepted", "by": person(9)},
        }))),
        whole: true,
        changes: lean_changes(),
    };
    let row = |number: u8, seq, summary: Option<Value>, seen| Row {
        document: DocumentId::from_bytes([number; 16]),
        kind: Kind::Door,
        feed: feed(1),
        seq,
        digest: u32::from(number),
        summary: summary.map(json),
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
            _ => visit(1_763_700_000_000 - number * 1_000),
        },
        kind: Kind::Visit,
        feed: feed(2),
        seq: 900 - number.unsigned_abs(),
        digest: 0x0102_0304,
        summary: Some(json(
            json!({"kind": "visit", "at": 1_763_699_000_000 - number, "outcome": "met"}),
        )),
        seen: None,
    });
    vec![
        case("hello", Frame::Hello(hello())),
        case(
            "compare",
            Frame::Compare(Compare {
                feed: feed(2),
                digests: Box::new(std::array::from_fn(|part| part as u32 * 0x0101_0101)),
            }),
        ),
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
        case("news of a whole visit", Frame::News(news.clone())),
        case(
            "news with a patch",
            Frame::News(News {
                document: DocumentId::from_bytes([0xd1; 16]),
                summary: NewsSummary::Patch(json(
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

/// The visit's changes as a walk tells them to a reader that has none.
fn lean_changes() -> Vec<sync::lean::LeanChange> {
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

fn row(case: &Case) -> Value {
    json!({"name": case.name, "hex": hex::encode(case.packed()), "json": to_json(&case.read())})
}

fn to_json(frame: &Frame) -> Value {
    match frame {
        Frame::Hello(hello) => json!({
            "frame": "hello", "version": hello.version, "clock_ms": hello.clock_ms,
            "feeds": hello.feeds.iter().map(|state| json!({
                "feed": state.feed, "cursor": state.cursor, "digest": state.digest,
                "history": state.history, "complete": state.complete,
                "past": state.past.map(|past| (past.rank, past.seq)),
            })).collect::<Vec<_>>(),
            "people": hello.people_version, "app": hello.app,
        }),
        Frame::Compare(compare) => json!({
            "frame": "compare", "feed": compare.feed, "digests": compare.digests.to_vec(),
        }),
        Frame::Start(start) => {
            json!({"frame": "start", "feed": start.feed, "history": start.history})
        }
        Frame::Receipts(run) => json!({
            "frame": "receipts", "first": run.first, "count": run.count, "seq": run.seq, "check": run.check,
        }),
        Frame::Feed(place) => json!({
            "frame": "feed", "feed": place.feed, "cursor": place.cursor, "digest": place.digest,
            "more": place.more, "head": place.head,
        }),
        Frame::End(end) => json!({
            "frame": "end", "server_time": end.server_time_ms, "signature": end.signature.map(hex::encode),
        }),
        Frame::News(news) => json!({
            "frame": "news", "document": news.document, "kind": news.kind, "feed": news.feed,
            "seq": news.seq, "digest": news.digest, "whole": news.whole,
            "summary": match &news.summary {
                NewsSummary::Unchanged => Value::Null,
                NewsSummary::Whole(json) => json!({"whole": json}),
                NewsSummary::Patch(json) => json!({"patch": json}),
            },
            "changes": news.changes.iter().map(|one| hex::encode(one.as_bytes())).collect::<Vec<_>>(),
        }),
        Frame::Rows(rows) => json!({
            "frame": "rows",
            "rows": rows.iter().map(|row| json!({
                "document": row.document, "kind": row.kind, "feed": row.feed, "seq": row.seq,
                "digest": row.digest, "summary": row.summary,
                "seen": row.seen.as_ref().map(|seen| json!({"at": seen.at, "outcome": seen.outcome})),
            })).collect::<Vec<_>>(),
        }),
        Frame::Compared(compared) => json!({
            "frame": "compared", "feed": compared.feed, "digest": compared.digest,
            "differing": hex::encode(compared.differing),
        }),
        other => panic!("not a frame of version 2: {other:?}"),
    }
}
