//! An enrolled device that sends whatever harms: the real binary answers each piece in words, stays
//! small, and lets nothing of it reach another phone.

use std::collections::{BTreeMap, BTreeSet};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, Change, ObjType, ROOT, ReadDoc};
use model::limits::REQUEST_FRAME_BYTES;
use model::{DocumentId, FeedId, Kind};
use server::chance::new_id;
use server::clock::now_ms;
use sync::body::gzip;
use sync::frame::{ChangeFrame, Frame, Hello, Receipt, ReceiptStatus};
use sync::hostile::{Attacker, Prey};
use sync::pack::{FrameReader, FrameWriter};

use crate::support::{Phone, Service, door, grid, note_of, send_pack, settled_folder};

/// Pieces of hostile bytes in all, over all attackers.
const STRIKES: usize = 100_000;
const ATTACKERS: usize = 4;
/// Hostile pieces in one pack, among which stands one good change.
const STRIKES_IN_A_PACK: usize = 250;
/// The program may not grow beyond this while it is attacked.
const MEMORY_KIB_MAX: u64 = 300 << 10;

fn hello() -> Frame {
    Frame::Hello(Hello {
        version: 1,
        clock_ms: 0,
        feeds: vec![],
        people_version: 0,
        app: "attacker".into(),
    })
}

/// Sends frames; answers the receipts, which come in the order of the changes.
fn exchange(url: &str, phone: &Phone, frames: &[Frame]) -> Vec<Receipt> {
    let mut writer = FrameWriter::new();
    frames.iter().for_each(|frame| writer.push(frame));
    let (status, _, answer) = send_pack(
        url,
        &phone.token,
        &gzip(&writer.into_bytes()),
        "gzip",
        "identity",
    );
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
    let mut reader = FrameReader::for_response(None);
    reader.push(&answer);
    let frames: Vec<Frame> = std::iter::from_fn(|| reader.next_frame().unwrap()).collect();
    assert!(
        matches!(frames.last(), Some(Frame::End(_))),
        "the answer was cut off"
    );
    frames
        .into_iter()
        .filter_map(|frame| {
            if let Frame::Receipt(receipt) = frame {
                Some(receipt)
            } else {
                None
            }
        })
        .collect()
}

fn change_frame(document: DocumentId, bytes: Vec<u8>) -> Frame {
    aimed(document, grid(0), bytes)
}

fn aimed(document: DocumentId, feed: FeedId, bytes: Vec<u8>) -> Frame {
    Frame::Change(ChangeFrame {
        document,
        kind: Kind::Visit,
        feed,
        bytes,
    })
}

/// What an attacker knows of its own visit.
struct Target {
    document: DocumentId,
    changes: Vec<Change>,
    whole: Vec<u8>,
    bundle: Vec<u8>,
}

impl Target {
    /// A visit with a second, unsent change to start mutations from.
    fn new(phone: &mut Phone, url: &str) -> Self {
        let visit = phone.visit(door(0), "老人在家，一切都好。");
        phone.exchange_with(url);
        phone
            .replica
            .edit_note(visit, "老人在家，一切都好。周五再来。", now_ms())
            .unwrap();
        let document = phone.replica.open(visit).unwrap();
        let changes = document.get_changes(&[]);
        let last = changes.last().unwrap().hash();
        let bundle = document.bundle([last]).unwrap().bytes().to_vec();
        Self {
            document: visit,
            changes,
            whole: document.save(),
            bundle,
        }
    }

    fn prey(&self) -> Prey<'_> {
        Prey {
            changes: &self.changes,
            document: &self.whole,
            bundle: &self.bundle,
        }
    }
}

/// How often each reason was given, and `accepted`.
type Verdicts = BTreeMap<String, usize>;

/// One attacker's share. Answers the visits that were good, which must all have been accepted.
fn attack(url: &str, mut phone: Phone, seed: u64) -> (Vec<DocumentId>, Verdicts) {
    let mut attacker = Attacker::new(seed);
    let mut good = vec![];
    let mut verdicts = Verdicts::new();
    let mut left = STRIKES / ATTACKERS;
    while left > 0 {
        let count = left.min(STRIKES_IN_A_PACK);
        left -= count;
        // A fresh target: one that has taken a mutant in lets the next ones not get far.
        let target = Target::new(&mut phone, url);
        let mut frames = vec![hello()];
        let mut alone = Vec::new();
        // One of the attackers aims at a grid that is not its own, where nobody is let in and the
        // bytes must be looked at with as much care.
        let is_stranger = seed == ATTACKERS as u64;
        let (document, feed) = match is_stranger {
            true => (DocumentId::from_uuid(new_id(now_ms()).unwrap()), grid(1)),
            false => (target.document, grid(0)),
        };
        for _ in 0..count {
            let (_, bytes) = attacker.strike(target.prey());
            if bytes.len() < REQUEST_FRAME_BYTES - 200 {
                frames.push(aimed(document, feed, bytes));
            } else {
                alone.push(bytes);
            }
        }
        let visit = phone.visit(door(2), "好的走访");
        let bytes = phone
            .replica
            .outbox()
            .find(|(id, _)| *id == visit)
            .unwrap()
            .1
            .bytes
            .clone();
        let place = 1 + (seed as usize * 7 + left) % (frames.len() - 1);
        frames.insert(place, change_frame(visit, bytes));
        good.push(visit);

        let receipts = exchange(url, &phone, &frames);
        assert_eq!(receipts.len(), frames.len() - 1, "every change is answered");
        assert_eq!(
            receipts[place - 1].status,
            ReceiptStatus::Accepted,
            "the good change suffers"
        );
        for receipt in &receipts {
            let reason = receipt.reason.as_deref();
            let is_clear = match receipt.status {
                ReceiptStatus::Accepted => reason.is_none() && receipt.seq > 0,
                _ => reason.is_some_and(|code| code.parse::<model::Reason>().is_ok()),
            };
            assert!(is_clear, "{receipt:?}");
            *verdicts
                .entry(reason.unwrap_or("accepted").to_owned())
                .or_default() += 1;
        }
        // A frame over the limit ends the reading, so each of them goes alone.
        for bytes in alone {
            let frames = [hello(), change_frame(target.document, bytes)];
            assert!(exchange(url, &phone, &frames).is_empty());
        }
    }
    (good, verdicts)
}

#[test]
fn a_hundred_thousand_hostile_changes_harm_nobody() {
    let service = Service::start(settled_folder(), &[]);
    let mut bystander = service.add_worker("林秋实");
    bystander.exchange_with(&service.url);
    let threads: Vec<_> = (0..ATTACKERS as u64)
        .map(|seed| {
            let (url, phone) = (service.url.clone(), service.add_worker("陈小满"));
            std::thread::spawn(move || attack(&url, phone, seed + 1))
        })
        .collect();
    let mut good = BTreeSet::new();
    let mut verdicts = Verdicts::new();
    for thread in threads {
        let (visits, seen) = thread.join().expect("an attacker saw a wrong answer");
        good.extend(visits);
        for (verdict, times) in seen {
            *verdicts.entry(verdict).or_default() += times;
        }
    }
    println!("{verdicts:?}");
    // The attack is worth its name: it got as far as applying, and was stopped at every gate.
    for verdict in [
        "accepted",
        "malformed",
        "harmful",
        "foreign_actor",
        "waits",
        "tray_full",
    ] {
        assert!(
            verdicts.get(verdict).is_some_and(|times| *times >= 20),
            "{verdict}: {verdicts:?}"
        );
    }

    let peak = service.status_kib("VmHWM");
    println!("peak {peak} KiB");
    assert!(peak < MEMORY_KIB_MAX, "the program grew to {peak} KiB");
    assert_health(&service);

    // Another phone reads all there is, and a new process finds all of it in order.
    let service = Service::start(service.kill(), &[]);
    bystander.exchange_with(&service.url);
    while bystander.replica.has_more_to_say() {
        bystander.exchange_with(&service.url);
    }
    let documents: Vec<DocumentId> = bystander.replica.documents().map(|(id, _)| id).collect();
    assert_eq!(
        documents.iter().filter(|id| good.contains(id)).count(),
        good.len()
    );
    assert_eq!(documents.len(), 1 + 10 + 2 * good.len());
    for document in documents {
        bystander.replica.want(document);
    }
    while bystander.replica.has_more_to_say() {
        bystander.exchange_with(&service.url);
    }
    for visit in good {
        assert_eq!(note_of(&bystander.replica.open(visit).unwrap()), "好的走访");
    }
}

fn assert_health(service: &Service) {
    let mut response = crate::support::agent()
        .get(format!("{}/healthz", service.url))
        .call()
        .unwrap();
    assert_eq!(
        response.status(),
        200,
        "{}",
        response.body_mut().read_to_string().unwrap()
    );
}

#[test]
fn bodies_that_are_no_packs_are_answered_in_words_and_inflate_to_nothing() {
    let service = Service::start(settled_folder(), &[]);
    let mut phone = service.add_worker("陈小满");
    phone.visit(door(0), "好的走访");
    let honest = phone.replica.request(now_ms()).body;
    let zeros = gzip(&vec![0; 256 << 20]);
    assert!(zeros.len() < 1 << 20);
    let mut noise = Noise(7);
    let mut bodies: Vec<(Vec<u8>, &str)> = vec![
        (zeros.clone(), "gzip"),
        (zeros.clone(), ""),
        (gzip(&zeros), "gzip"),
    ];
    bodies.push(((0..7 << 20).map(|_| noise.next()).collect(), ""));
    for _ in 0..2_000 {
        let mut body = honest.clone();
        for _ in 0..1 + noise.next() % 4 {
            let place = usize::from(noise.next()) * body.len() / 256;
            body[place] = noise.next();
        }
        bodies.push((body, "gzip"));
        let plain: Vec<u8> = (0..noise.next()).map(|_| noise.next()).collect();
        bodies.push((gzip(&plain), "gzip"));
    }
    for (body, encoding) in bodies {
        let (status, _, answer) =
            send_pack(&service.url, &phone.token, &body, encoding, "identity");
        if status != 200 {
            let answer = serde_json::from_slice(&answer).expect("an answer in words");
            let (status, code) = crate::support::code_of((status, answer));
            assert!((400..500).contains(&status), "{status} {code}");
        }
    }
    let peak = service.status_kib("VmHWM");
    assert!(peak < MEMORY_KIB_MAX, "the program grew to {peak} KiB");
    assert_health(&service);
    phone.exchange_with(&service.url);
    assert_eq!(phone.replica.outbox().count(), 0);
}

#[test]
fn a_change_that_nests_as_deep_as_it_can_overflows_no_stack() {
    let service = Service::start(settled_folder(), &[]);
    let mut phone = service.add_worker("陈小满");
    for depth in [100, 3_000, 19_000] {
        let visit = phone.visit(door(0), "深");
        phone.exchange_with(&service.url);
        let mut document = phone.replica.open(visit).unwrap();
        let bytes = nested(&mut document, depth).raw_bytes().to_vec();
        assert!(bytes.len() < 64 << 10, "{} bytes", bytes.len());
        let receipts = exchange(&service.url, &phone, &[hello(), change_frame(visit, bytes)]);
        assert_ne!(receipts[0].status, ReceiptStatus::Accepted, "{depth}");
    }
    assert_health(&service);
}

fn nested(document: &mut Automerge, depth: usize) -> Change {
    let mut transaction = document.transaction();
    let (_, mut map) = transaction.get(ROOT, "checks").unwrap().unwrap();
    for _ in 0..depth {
        map = transaction.put_object(&map, "x", ObjType::Map).unwrap();
    }
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(0));
    document.get_change_by_hash(&hash.unwrap()).unwrap()
}

/// Bytes without order, the same each time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u8 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 56) as u8
    }
}
