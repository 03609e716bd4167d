//! A response's pack, as it arrives at a phone in memory.

use sync::pack::FrameReader;

use super::pack_request::{mutate_frames, read};
use super::{fixtures, frame};
use crate::Target;

/// The first byte says how long the pieces are, and whether in terms of what is
/// known.
pub const TARGET: Target = Target {
    name: "pack_response",
    run,
    seeds,
    mutate: mutate_frames,
    memory_bytes: 96 << 20,
    mutations: 2_000,
};

fn run(input: &[u8]) {
    let Some((step, pack)) = input.split_first() else {
        return;
    };
    let common = (step & 1 != 0).then(fixtures::common);
    let reader = || FrameReader::for_response(common.clone());
    let whole = read(reader(), pack, pack.len().max(1));
    let pieces = read(reader(), pack, usize::from(step >> 1).max(1));
    assert_eq!(whole.0, pieces.0, "pieces make no difference");
    for read in whole.0.iter().flatten() {
        frame::reads_back(read, common.as_ref());
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let told = |first: u8, frames: Vec<Vec<u8>>| {
        let told = frames
            .into_iter()
            .filter(|frame| !fixtures::is_asked(frame));
        [vec![first], told.flatten().collect()].concat()
    };
    vec![
        told(6, fixtures::frames()),
        told(7, fixtures::lean_frames()),
    ]
}
