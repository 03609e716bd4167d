//! One frame: what reads, reads the same after it was written again.

use sync::frame::Frame;
use sync::lean::Common;

use super::fixtures;
use crate::{Target, mutate};

/// The first byte says whether ids may be spelled in terms of what is known.
pub const TARGET: Target = Target {
    name: "frame",
    run,
    seeds,
    mutate: mutate::bytes,
    memory_bytes: 64 << 20,
    mutations: 4_000,
};

fn run(input: &[u8]) {
    let Some((terms, bytes)) = input.split_first() else {
        return;
    };
    let common = (terms & 1 != 0).then(fixtures::common);
    if let Ok(Some(frame)) = Frame::decode_for(bytes, common.as_ref()) {
        reads_back(&frame, common.as_ref());
    }
}

/// Holds a frame that was read against what is written of it.
pub(super) fn reads_back(frame: &Frame, common: Option<&Common>) {
    if !can_be_said(frame) {
        return;
    }
    let written = frame.encode_for(common, &[]);
    let read = Frame::decode_for(&written, common).expect("what was written reads");
    assert_eq!(read.as_ref(), Some(frame), "it reads as it was");
}

/// Some frames that read are none that anybody writes.
pub(super) fn can_be_said(frame: &Frame) -> bool {
    match frame {
        // No rows are no frame.
        Frame::Rows(rows) => !rows.is_empty(),
        // Version 1 has no place in the history.
        Frame::Hello(hello) => {
            hello.version > 1 || hello.feeds.iter().all(|feed| feed.past.is_none())
        }
        _ => true,
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let seed = |terms: u8| move |frame: &Vec<u8>| [&[terms], fixtures::body_of(frame)].concat();
    let plain = fixtures::frames();
    let lean = fixtures::lean_frames();
    plain
        .iter()
        .map(seed(0))
        .chain(lean.iter().map(seed(1)))
        .collect()
}
