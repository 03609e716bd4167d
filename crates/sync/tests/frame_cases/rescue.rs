//! A rescue file, for the golden file that other languages read:
//! `{"token", "words", "hex", "json"}`. `token` is the phone's, whose SHA-256 is the key of the seal;
//! `json` is what the file says, bytes and ids as in `frames.json`.

use model::{DeviceId, DocumentId, FeedId, Kind, PersonId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sync::frame::ChangeFrame;
use sync::rescue::{Contents, Draft, Head, Item, Key, write};

pub const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/fixtures/rescue.json"
);

const TOKEN: &str = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const WORDS: &str = "楼道救援文件 · 陈小满 · 没有送到 2 条\n";

pub fn head() -> Head {
    Head {
        device: DeviceId::from_bytes([1; 16]),
        person: PersonId::from_bytes([2; 16]),
        name: "陈小满".to_owned(),
        community: DocumentId::from_bytes([3; 16]),
        made_at_ms: 1_763_800_000_000,
        app: "0.1.0".to_owned(),
    }
}

pub fn contents() -> Contents {
    let item = |document: u8, at_ms: i64, door: Option<u8>, place: &str| Item {
        change: ChangeFrame {
            document: DocumentId::from_bytes([document; 16]),
            kind: Kind::Visit,
            feed: FeedId::from_bytes([0xf1; 16]),
            bytes: vec![0x85, 0x6f, 0x4a, 0x83, document],
        },
        at_ms,
        door: door.map(|door| DocumentId::from_bytes([door; 16])),
        place: place.to_owned(),
    };
    let draft = Draft {
        door: DocumentId::from_bytes([6; 16]),
        visit: None,
        place: "3-2-501".to_owned(),
        started_at_ms: 1_763_799_500_000,
        changed_at_ms: 1_763_799_600_000,
        purpose: "routine".to_owned(),
        outcome: String::new(),
        note: "王阿姨说水管\n又漏了".to_owned(),
        checks: vec![("gas".to_owned(), "ok".to_owned())],
        met: vec![PersonId::from_bytes([8; 16])],
    };
    let edit = Draft {
        visit: Some(DocumentId::from_bytes([4; 16])),
        checks: Vec::new(),
        met: Vec::new(),
        ..draft.clone()
    };
    Contents {
        items: vec![
            item(4, 1_763_799_000_000, Some(6), "3-2-501"),
            item(5, 1_763_799_100_000, None, ""),
        ],
        drafts: vec![draft, edit],
        unreadable: 0,
    }
}

pub fn key() -> Key {
    Sha256::digest(TOKEN).into()
}

pub fn file() -> Vec<u8> {
    write(&head(), &contents(), WORDS, &key())
}

pub fn fixture_text() -> String {
    let fixture = json!({
        "token": TOKEN,
        "words": WORDS,
        "hex": hex::encode(file()),
        "json": said(),
    });
    format!("{fixture:#}\n")
}

fn said() -> Value {
    let (head, contents) = (head(), contents());
    let items = contents.items.iter().map(|item| {
        let change = &item.change;
        json!({
            "document": change.document, "kind": change.kind, "feed": change.feed,
            "bytes": hex::encode(&change.bytes), "at": item.at_ms, "door": item.door, "place": item.place,
        })
    });
    let drafts = contents.drafts.iter().map(|draft| {
        json!({
            "door": draft.door, "visit": draft.visit, "place": draft.place,
            "started_at": draft.started_at_ms, "changed_at": draft.changed_at_ms,
            "purpose": draft.purpose, "outcome": draft.outcome, "note": draft.note,
            "checks": draft.checks, "met": draft.met,
        })
    });
    json!({
        "device": head.device, "person": head.person, "name": head.name, "community": head.community,
        "made_at": head.made_at_ms, "app": head.app,
        "items": items.collect::<Vec<_>>(), "drafts": drafts.collect::<Vec<_>>(),
    })
}
