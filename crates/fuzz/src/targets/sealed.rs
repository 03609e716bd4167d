//! Sealed values: what was sealed opens to itself, and nothing else opens.

use server::sealed::{seal, unseal};

use crate::{Target, mutate, parts};

/// Parts: the place, a text, what to change of the sealed bytes, and sealed bytes
/// as they come.
pub const TARGET: Target = Target {
    name: "sealed",
    run,
    seeds,
    mutate: |input, chance| parts::mutate(input, chance, mutate::bytes),
    memory_bytes: 8 << 20,
    mutations: 2_000,
};

/// Another key each time. libFuzzer is told what a tag is compared with, and under one key it
/// forges a seal within minutes by putting that into the input.
fn key() -> [u8; 32] {
    let of_chance = seal(&[7; 32], "", "").expect("the system gives chance");
    let mut key = [7; 32];
    key.iter_mut()
        .zip(of_chance)
        .for_each(|(to, from)| *to = from);
    key
}

fn run(input: &[u8]) {
    let key = key();
    let parts = parts::split(input);
    let part = |number: usize| parts.get(number).map_or(&[][..], Vec::as_slice);
    let place = String::from_utf8_lossy(part(0));
    assert!(unseal(&key, &place, part(3)).is_err(), "nobody forges one");
    let text = String::from_utf8_lossy(part(1));
    let sealed = seal(&key, &place, &text).expect("the system gives chance");
    assert_eq!(unseal(&key, &place, &sealed).as_deref().ok(), Some(&*text));
    let mut altered = sealed.clone();
    for (at, change) in part(2).iter().enumerate() {
        match altered.get_mut(at) {
            Some(byte) => *byte ^= change,
            None => altered.push(*change),
        }
    }
    assert!(altered == sealed || unseal(&key, &place, &altered).is_err());
    assert!(unseal(&key, &format!("{place}/"), &sealed).is_err());
}

fn seeds() -> Vec<Vec<u8>> {
    let place = "93f85153-5be7-54d1-b85b-2c5d707b1a0d/phone";
    vec![
        parts::join(&[place.as_bytes(), b"138 0000 0000", &[0, 1], &[9; 40]]),
        parts::join(&[place.as_bytes(), b"", &[0; 40], &[]]),
    ]
}
