//! A lean change behind an honest hello: whatever is in it, the change that it
//! stands for is no longer than a change may be.

use minicbor::Encoder;
use model::limits;
use sync::frame::{FeedState, Frame, Hello};
use sync::name_of;
use sync::pack::{FrameReader, FrameWriter};

use super::fixtures;
use crate::{Target, mutate};

/// Bytes that may come to a body whose length has been looked at last.
const SLACK: usize = 128;

/// The first byte is the number of the kind, the rest the lean bytes.
pub const TARGET: Target = Target {
    name: "lean_change",
    run,
    seeds,
    mutate: mutate::bytes,
    memory_bytes: 16 << 20,
    mutations: 6_000,
};

fn run(input: &[u8]) {
    let Some((kind, lean)) = input.split_first() else {
        return;
    };
    let frame = change_frame(kind % 4, lean);
    let common = fixtures::common();
    let mut reader = FrameReader::for_request(common.device, common.community);
    reader.push(&hello());
    assert!(matches!(reader.next_frame(), Ok(Some(Frame::Hello(_)))));
    // Twice, for the second may build on the first.
    for _ in 0..2 {
        let mut writer = FrameWriter::new();
        writer.push_body(&frame);
        reader.push(&writer.into_bytes());
        match reader.next_frame() {
            Ok(Some(Frame::Change(change))) => {
                let longest = limits::CHANGE_BYTES.max(input.len()) + SLACK;
                assert!(change.bytes.len() <= longest, "no longer than a change");
                name_of(&change.bytes);
            }
            Ok(other) => assert!(other.is_none(), "a change, or nothing"),
            Err(error) => assert!(!error.is_final() || lean.len() > limits::CHANGE_BYTES),
        }
    }
}

fn change_frame(kind: u8, lean: &[u8]) -> Vec<u8> {
    let mut frame = Encoder::new(Vec::new());
    let written = frame
        .array(5)
        .and_then(|frame| frame.u8(3))
        .and_then(|frame| frame.bytes(&[5; 16]))
        .and_then(|frame| match kind {
            3 => frame.str("later"),
            known => frame.u8(known),
        })
        .and_then(|frame| frame.u8(0))
        .and_then(|frame| frame.bytes(lean));
    written.expect("a vector takes every byte");
    frame.into_writer()
}

fn hello() -> Vec<u8> {
    let common = fixtures::common();
    let feeds = common.feeds.iter().map(|feed| FeedState {
        feed: *feed,
        cursor: 0,
        digest: 0,
        history: 0,
        complete: 0,
        past: None,
    });
    let mut writer = FrameWriter::new();
    writer.push(&Frame::Hello(Hello {
        version: 2,
        clock_ms: common.clock_ms,
        feeds: feeds.collect(),
        people_version: 0,
        app: String::new(),
    }));
    writer.into_bytes()
}

fn seeds() -> Vec<Vec<u8>> {
    let frames = fixtures::lean_frames();
    let changes = frames.iter().filter_map(|frame| {
        let body = fixtures::body_of(frame);
        let is_change = body.get(1) == Some(&3);
        match Frame::decode_for(body, Some(&fixtures::common())) {
            Ok(Some(Frame::LeanChange(lean))) if is_change => {
                Some([&[2], lean.change.as_bytes()].concat())
            }
            _ => None,
        }
    });
    changes.collect()
}
