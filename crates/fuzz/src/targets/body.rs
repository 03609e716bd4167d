//! Compressed bodies: never more comes out than the limit, and a body that was
//! cut off gives a beginning of what was put in.

use sync::body::{Encoding, gzip, inflate};

use crate::chance::Chance;
use crate::{Target, mutate};

const LIMIT: usize = 1 << 20;

/// The first byte: 0 plain, 1 gzip, 2 brotli, else the rest is a pack that is
/// compressed and cut first.
pub const TARGET: Target = Target {
    name: "body",
    run,
    seeds,
    mutate: mutate_body,
    memory_bytes: 64 << 20,
    mutations: 2_000,
};

fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    let encoding = match first % 4 {
        0 => Encoding::Plain,
        1 => Encoding::Gzip,
        2 => Encoding::Brotli,
        _ => return cut_anywhere(usize::from(first >> 2), rest),
    };
    let pack = inflate(encoding, rest, LIMIT);
    assert!(pack.len() <= LIMIT);
    let less = inflate(encoding, rest, 10);
    assert_eq!(less, pack[..pack.len().min(10)], "a limit only cuts");
}

fn cut_anywhere(cut: usize, pack: &[u8]) {
    let mut body = gzip(pack);
    assert_eq!(inflate(Encoding::Gzip, &body, usize::MAX), pack);
    body.truncate(body.len() * cut / 64);
    assert!(pack.starts_with(&inflate(Encoding::Gzip, &body, usize::MAX)));
}

fn mutate_body(input: &mut Vec<u8>, chance: &mut Chance) {
    // Most bytes of a compressed body only ever break it; its ends say more.
    mutate::place(input, chance);
    if chance.once_in(4) {
        input.truncate(chance.below(input.len() + 1));
    }
    input.truncate(mutate::LONGEST);
}

fn seeds() -> Vec<Vec<u8>> {
    let pack = super::fixtures::frames().concat();
    vec![
        [&[0], &pack[..]].concat(),
        [&[1], &gzip(&pack)[..]].concat(),
        [&[1], &gzip(&vec![0; 3 << 20])[..]].concat(),
        // The shortest brotli stream that there is, and one that inflates much.
        vec![2, 0x06],
        vec![
            2, 0x1b, 0xff, 0xff, 0x00, 0x00, 0x24, 0x00, 0x42, 0xa2, 0x01, 0x10,
        ],
        [&[3 | 40 << 2], &pack[..]].concat(),
    ]
}
