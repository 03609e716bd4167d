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

pub fn feed(number: u8) -> FeedId {
    FeedId::from_bytes([0xf0 + number; 16])
}

pub fn other_device() -> DeviceId {
    DeviceId::from_bytes([9; 16])
}

const DOOR: &str = "3/2/501";
const RESIDENTS: [&str; 2] = ["王大妈", "王大妈/2"];

pub fn door() -> DocumentId {
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

pub fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

/// A visit's chunks: made by the sender, edited by it, then by another device.
pub fn visit_chunks() -> Vec<Vec<u8>> {
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
        rows.push(json!({
            "name": name, "frame": "lean change",
            "chunk": hex::encode(chunk), "hex": hex::encode(bytes),
        }));
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
        "frames": super::lean_frames::frames().iter().map(row).collect::<Vec<_>>(),
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

fn row(case: &Case) -> Value {
    json!({"name": case.name, "hex": hex::encode(case.packed()), "json": super::lean_json::to_json(&case.read())})
}
