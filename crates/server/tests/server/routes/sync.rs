//! `POST /api/sync`: what a client may send, and what it is told.

use model::Kind;
use sync::body::{Encoding, gzip, inflate};
use sync::frame::{ChangeFrame, Frame, Hello, PROTOCOL_VERSION};
use sync::pack::{FrameReader, FrameWriter};

use crate::support::{Phone, TestOffice, agent, code_of, door, grid, send_pack};

fn hello(version: u64) -> Frame {
    Frame::Hello(Hello {
        version,
        clock_ms: 0,
        feeds: vec![],
        people_version: 0,
        app: "test".into(),
    })
}

fn pack(frames: &[Frame]) -> Vec<u8> {
    let mut writer = FrameWriter::new();
    frames.iter().for_each(|frame| writer.push(frame));
    writer.into_bytes()
}

fn frames(bytes: &[u8]) -> Vec<Frame> {
    let mut reader = FrameReader::for_response(None);
    reader.push(bytes);
    std::iter::from_fn(|| reader.next_frame().unwrap()).collect()
}

fn post(office: &TestOffice, phone: &Phone, body: &[u8], encoding: &str) -> (u16, Vec<Frame>) {
    let (status, _, answer) = send_pack(&office.url, &phone.token, body, encoding, "identity");
    (
        status,
        if status == 200 {
            frames(&answer)
        } else {
            Vec::new()
        },
    )
}

fn refused(office: &TestOffice, token: &str, body: &[u8], encoding: &str) -> (u16, String) {
    let (status, _, answer) = send_pack(&office.url, token, body, encoding, "identity");
    code_of((status, serde_json::from_slice(&answer).unwrap()))
}

/// The change frame of a visit that `phone` writes.
fn change(phone: &mut Phone, note: &str) -> Frame {
    let visit = phone.visit(door(0), note);
    let (_, own) = phone
        .replica
        .outbox()
        .find(|(document, _)| *document == visit)
        .unwrap();
    Frame::Change(ChangeFrame {
        document: visit,
        kind: Kind::Visit,
        feed: grid(0),
        bytes: own.bytes.clone(),
    })
}

fn receipts(frames: &[Frame]) -> usize {
    frames
        .iter()
        .filter(|frame| matches!(frame, Frame::Receipt(receipt) if receipt.seq > 0))
        .count()
}

fn notices(frames: &[Frame]) -> Vec<&str> {
    let notices = frames.iter().filter_map(|frame| match frame {
        Frame::Notice(code) => Some(code.as_str()),
        _ => None,
    });
    notices.collect()
}

#[test]
fn without_a_known_token_nothing_is_taken() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let body = pack(&[hello(1), change(&mut phone, "外人")]);
    assert_eq!(
        refused(&office, "foreign", &body, ""),
        (401, "token_unknown".into())
    );
    let mut response = agent()
        .post(format!("{}/api/sync", office.url))
        .send(&body[..])
        .unwrap();
    assert_eq!(response.status(), 401);
    assert!(
        response
            .body_mut()
            .read_to_string()
            .unwrap()
            .contains("token_missing")
    );
    assert_eq!(office.office.desk.read().head(grid(0)), 10);
}

#[test]
fn a_pack_may_be_plain_or_gzip_and_its_answer_is_as_the_client_accepts() {
    let office = TestOffice::start();
    let phone = office.worker("陈小满");
    // Documents are asked for, or the answer would be too small to be compressed.
    let wants = (0..4).map(|number| Frame::Want(door(number)));
    let frames_sent: Vec<Frame> = [hello(PROTOCOL_VERSION)].into_iter().chain(wants).collect();
    let body = pack(&frames_sent);
    let cases = [
        ("br, gzip", Encoding::Brotli),
        ("gzip", Encoding::Gzip),
        ("identity", Encoding::Plain),
    ];
    for (accept, expected) in cases {
        for (sent, encoding) in [(body.clone(), ""), (gzip(&body), "gzip")] {
            let (status, found, answer) =
                send_pack(&office.url, &phone.token, &sent, encoding, accept);
            assert_eq!((status, found), (200, expected));
            let frames = frames(&inflate(found, &answer, 1 << 20));
            assert!(
                matches!(frames.last(), Some(Frame::End(_))),
                "{accept}: {frames:?}"
            );
        }
    }
    assert_eq!(
        refused(&office, &phone.token, &body, "br"),
        (415, "encoding_unknown".into())
    );
}

#[test]
fn a_pack_of_a_newer_version_is_refused_kindly_and_keeps_everything_on_the_phone() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let body = pack(&[hello(PROTOCOL_VERSION + 1), change(&mut phone, "来自未来")]);
    let (status, _, answer) = send_pack(&office.url, &phone.token, &body, "", "identity");
    let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    assert!(answer["error"]["zh"].as_str().unwrap().contains("升级"));
    assert_eq!(code_of((status, answer)), (426, "version_unknown".into()));
    assert_eq!(office.office.desk.read().head(grid(0)), 10);
}

#[test]
fn a_pack_without_a_beginning_is_refused_whole() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let headless = pack(&[change(&mut phone, "没有开头")]);
    for body in [&headless[..], b"", b"\x01\x02\x03"] {
        assert_eq!(
            refused(&office, &phone.token, body, ""),
            (400, "hello_missing".into())
        );
    }
    assert_eq!(office.office.desk.read().head(grid(0)), 10);
}

#[test]
fn a_frame_that_does_not_read_is_noticed_and_blocks_no_other() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let mut writer = FrameWriter::new();
    writer.push(&hello(1));
    writer.push(&change(&mut phone, "前面的"));
    writer.push_body(&[0x82, 0x01, 0x00]);
    writer.push_body(&[0x82, 0x18, 0x63, 0x00]);
    writer.push(&change(&mut phone, "后面的"));
    let (status, frames) = post(&office, &phone, &writer.into_bytes(), "");
    assert_eq!(
        (status, receipts(&frames), notices(&frames)),
        (200, 2, vec!["malformed"])
    );
}

#[test]
fn a_frame_over_the_limit_ends_the_reading_and_what_came_before_counts() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let mut writer = FrameWriter::new();
    writer.push(&hello(1));
    writer.push(&change(&mut phone, "前面的"));
    writer.push_body(&vec![0; 81 << 10]);
    writer.push(&change(&mut phone, "后面的"));
    let (status, frames) = post(&office, &phone, &writer.into_bytes(), "");
    assert_eq!(
        (status, receipts(&frames), notices(&frames)),
        (200, 1, vec!["too_large"])
    );
}

#[test]
fn bodies_over_the_limits_are_read_no_further_as_sent_or_inflated() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let change = change(&mut phone, "炸弹前面的");
    // Frames of a number that nobody knows, which are passed over as long as they are read.
    let filler = [vec![0x82, 0x18, 0x63, 0x59, 0xff, 0xff], vec![0; 0xffff]].concat();
    let mut writer = FrameWriter::new();
    writer.push(&hello(1));
    writer.push(&change);
    (0..600).for_each(|_| writer.push_body(&filler));
    let inflated = writer.into_bytes();
    assert!(inflated.len() > 33 << 20);
    let (status, frames) = post(&office, &phone, &gzip(&inflated), "gzip");
    assert_eq!(
        (status, receipts(&frames), notices(&frames)),
        (200, 1, vec!["too_large"])
    );
}

#[test]
fn a_body_that_is_no_gzip_counts_up_to_where_it_breaks() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let whole = gzip(&pack(&[hello(1), change(&mut phone, "断在半路")]));
    let (status, frames) = post(&office, &phone, &whole[..whole.len() - 8], "gzip");
    assert_eq!(
        (status, receipts(&frames), notices(&frames)),
        (200, 1, vec!["malformed"])
    );
    assert_eq!(
        refused(&office, &phone.token, b"no gzip at all", "gzip"),
        (400, "hello_missing".into())
    );
}

#[test]
fn a_foreign_actor_goes_to_the_tray_and_not_into_the_document() {
    let office = TestOffice::start();
    let mut one = office.worker("陈小满");
    let other = office.worker("林秋实");
    let body = pack(&[hello(1), change(&mut one, "冒名")]);
    let (status, frames) = post(&office, &other, &body, "");
    assert_eq!((status, receipts(&frames)), (200, 0));
    let held = frames.iter().find_map(|frame| match frame {
        Frame::Receipt(receipt) => receipt.reason.as_deref(),
        _ => None,
    });
    assert_eq!(held, Some("foreign_actor"));
    assert_eq!(office.office.desk.read().head(grid(0)), 10);
}

#[test]
fn feeds_a_person_does_not_have_are_not_told_of() {
    let office = TestOffice::start();
    let phone = office.worker("陈小满");
    let state = |feed| sync::frame::FeedState {
        feed,
        cursor: 0,
        digest: 0,
        history: 0,
        complete: 0,
        past: None,
    };
    let hello = Hello {
        version: 1,
        clock_ms: 0,
        feeds: vec![state(grid(1)), state(grid(0)), state(grid(0))],
        people_version: 0,
        app: String::new(),
    };
    let (_, frames) = post(
        &office,
        &phone,
        &pack(&[Frame::Hello(hello), Frame::Want(door(1))]),
        "",
    );
    let told: Vec<_> = frames
        .iter()
        .filter_map(|frame| match frame {
            Frame::Feed(feed) => Some(feed.feed),
            Frame::Document(document) => Some(document.feed),
            _ => None,
        })
        .collect();
    assert_eq!(told, [grid(0); 11]);
}
