//! The golden files of `tests/fixtures` as seeds, and what both sides of an
//! exchange know in them.

use model::{DeviceId, FeedId, community_id};
use serde_json::Value;
use sync::lean::Common;

const FRAMES: &str = include_str!("../../../../tests/fixtures/frames.json");
const LEAN: &str = include_str!("../../../../tests/fixtures/lean.json");
const DOCUMENTS: &str = include_str!("../../../../tests/fixtures/documents.json");
const RESCUE: &str = include_str!("../../../../tests/fixtures/rescue.json");

/// What the frames of `lean.json` are written in terms of.
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

/// The frames of version 1 as they stand in a pack.
pub fn frames() -> Vec<Vec<u8>> {
    hex_of(&json(FRAMES), "hex")
}

/// Those of version 2, the lean changes first.
pub fn lean_frames() -> Vec<Vec<u8>> {
    let lean = json(LEAN);
    [
        hex_of(&lean["changes"], "hex"),
        hex_of(&lean["frames"], "hex"),
    ]
    .concat()
}

/// The golden summaries, as JSON text.
pub fn summaries() -> Vec<Vec<u8>> {
    let documents = json(DOCUMENTS);
    let entries = documents.as_array().into_iter().flatten();
    entries
        .map(|entry| entry["summary"].to_string().into_bytes())
        .collect()
}

/// The golden rescue file.
pub fn rescue() -> Vec<u8> {
    let rescue = json(RESCUE);
    let file = rescue["hex"]
        .as_str()
        .and_then(|text| hex::decode(text).ok());
    file.expect("the golden file is hex")
}

/// A frame without the length before it.
pub fn body_of(frame: &[u8]) -> &[u8] {
    let width = frame.iter().take_while(|byte| **byte >= 0x80).count() + 1;
    frame.get(width..).unwrap_or_default()
}

/// Whether a frame's number is one that phones send.
pub fn is_asked(frame: &[u8]) -> bool {
    body_of(frame).get(1).is_some_and(|number| *number < 16)
}

fn hex_of(entries: &Value, key: &str) -> Vec<Vec<u8>> {
    let entries = entries.as_array().into_iter().flatten();
    entries
        .filter_map(|entry| hex::decode(entry[key].as_str()?).ok())
        .collect()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("a golden file is JSON")
}
