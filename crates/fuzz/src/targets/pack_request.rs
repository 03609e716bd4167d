//! A request's pack, version 1 and 2, as it arrives: however it is cut up, the
//! same frames come of it; and what came of it can be sent again.

use sync::frame::Frame;
use sync::lean::NoNames;
use sync::pack::{FrameReader, FrameWriter};

use super::{fixtures, frame};
use crate::chance::Chance;
use crate::{Target, mutate, parts};

/// The first byte says how long the pieces are in which the pack arrives.
pub const TARGET: Target = Target {
    name: "pack_request",
    run,
    seeds,
    mutate: mutate_frames,
    memory_bytes: 64 << 20,
    mutations: 3_000,
};

fn run(input: &[u8]) {
    let Some((step, pack)) = input.split_first() else {
        return;
    };
    let reader = || {
        let common = fixtures::common();
        FrameReader::for_request(common.device, common.community)
    };
    let whole = read(reader(), pack, pack.len().max(1));
    let pieces = read(reader(), pack, usize::from(*step).max(1));
    assert_eq!(whole.0, pieces.0, "pieces make no difference");
    let mut writer = FrameWriter::in_terms_of(whole.1.clone(), Vec::new());
    for frame in whole.0.iter().flatten() {
        frame::reads_back(frame, whole.1.as_ref());
        match frame {
            Frame::Hello(_) => {}
            Frame::Change(change) => writer.push_change(change.clone(), &NoNames),
            frame => writer.push(frame),
        }
    }
    sends_again(&whole, &writer.into_bytes());
}

/// Every frame that was read, or the words of the error in its place, and the
/// terms in the end.
type Found = (Vec<Result<Frame, String>>, Option<sync::lean::Common>);

/// Reads a pack that arrives in pieces of so many bytes.
pub(super) fn read(mut reader: FrameReader, pack: &[u8], step: usize) -> Found {
    let mut found = Vec::new();
    for piece in pack.chunks(step) {
        reader.push(piece);
        loop {
            match reader.next_frame() {
                Ok(Some(frame)) => found.push(Ok(frame)),
                Ok(None) => break,
                Err(error) => found.push(Err(error.to_string())),
            }
        }
    }
    (found, reader.common().cloned())
}

/// The frames behind the hello come back from a pack that was written of them.
fn sends_again(found: &Found, pack: &[u8]) {
    let Some(hello) = found.0.iter().flatten().find_map(|frame| match frame {
        Frame::Hello(hello) => Some(hello.clone()),
        _ => None,
    }) else {
        return;
    };
    let is_first = matches!(found.0.first(), Some(Ok(Frame::Hello(_))));
    let hellos = found.0.iter().flatten();
    let hellos = hellos.filter(|frame| matches!(frame, Frame::Hello(_)));
    // A second hello, which no phone sends, would change the terms half-way.
    if !is_first || hellos.count() > 1 || !found.0.iter().flatten().all(frame::can_be_said) {
        return;
    }
    let mut first = FrameWriter::new();
    first.push(&Frame::Hello(hello));
    let pack = [first.into_bytes(), pack.to_vec()].concat();
    let common = fixtures::common();
    let reader = FrameReader::for_request(common.device, common.community);
    let again = read(reader, &pack, pack.len());
    let frames = |found: &Found| -> Vec<Frame> { found.0.iter().flatten().cloned().collect() };
    assert_eq!(frames(&again), frames(found), "it can be sent again");
}

/// Changes inside of a frame, with its length set right again.
pub(super) fn mutate_frames(input: &mut Vec<u8>, chance: &mut Chance) {
    if input.is_empty() || chance.once_in(8) {
        return mutate::bytes(input, chance);
    }
    let mut pack = input.split_off(1);
    parts::mutate(&mut pack, chance, mutate::bytes);
    input.extend(pack);
}

fn seeds() -> Vec<Vec<u8>> {
    let asked = |frames: Vec<Vec<u8>>| -> Vec<Vec<u8>> {
        let asked = frames.into_iter();
        asked.filter(|frame| fixtures::is_asked(frame)).collect()
    };
    let (plain, mut lean) = (asked(fixtures::frames()), asked(fixtures::lean_frames()));
    // The hello comes first, the changes after it.
    lean.sort_by_key(|frame| fixtures::body_of(frame).get(1).copied());
    vec![
        [vec![1], plain.concat()].concat(),
        [vec![5], lean.concat()].concat(),
        [vec![64], plain.concat(), lean.concat()].concat(),
    ]
}
