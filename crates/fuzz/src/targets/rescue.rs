//! A rescue file: what reads under its seal reads the same after it was written
//! again, and under any other seal nothing opens.

use sync::rescue::{Contents, Key, RescueError, RescueFile, SEAL_BYTES, seal, write};

use super::fixtures;
use crate::chance::Chance;
use crate::{Target, mutate, parts};

/// The first byte is even if the seal is to be made here, over all the rest; odd
/// if the rest is the file as it comes.
pub const TARGET: Target = Target {
    name: "rescue",
    run,
    seeds,
    mutate: mutate_file,
    memory_bytes: 64 << 20,
    mutations: 3_000,
};

const KEY: Key = [7; 32];
const OTHER_KEY: Key = [8; 32];

fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let file = match first % 2 {
        0 => [rest, &seal(rest, &KEY)].concat(),
        _ => rest.to_vec(),
    };
    let Ok(read) = RescueFile::read(&file) else {
        return;
    };
    let is_sealed = first % 2 == 0;
    assert!(matches!(read.open(&OTHER_KEY), Err(RescueError::WrongSeal)));
    match read.open(&KEY) {
        Err(RescueError::WrongSeal) => assert!(!is_sealed, "a right seal opens"),
        Err(_) => {}
        Ok(contents) => {
            let again = write(read.head(), &contents, "未送出的记录", &KEY);
            let again = RescueFile::read(&again).expect("what was written reads");
            assert_eq!(again.head(), read.head());
            let kept = Contents {
                unreadable: 0,
                ..contents
            };
            assert_eq!(again.open(&KEY), Ok(kept), "it reads as it was");
        }
    }
}

/// Changes inside of a frame, with its length set right again.
fn mutate_file(input: &mut Vec<u8>, chance: &mut Chance) {
    let end_of_words = input.iter().skip(1).position(|byte| *byte == 0);
    let frames_at = end_of_words.map(|at| at + 2);
    match frames_at.filter(|_| !chance.once_in(8)) {
        Some(at) => {
            let mut frames = input.split_off(at);
            parts::mutate(&mut frames, chance, mutate::bytes);
            input.extend(frames);
        }
        None => mutate::bytes(input, chance),
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let file = fixtures::rescue();
    let unsealed = &file[..file.len() - SEAL_BYTES];
    vec![[&[0], unsealed].concat(), [&[1], &file[..]].concat()]
}
