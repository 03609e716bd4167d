//! Changing bytes blindly, as a broken line or a curious mind would. What knows
//! the form of an input is beside its target.

use crate::chance::Chance;

/// Longest input that mutation makes.
pub const LONGEST: usize = 64 << 10;

/// Ends of what numbers can be, in several spellings.
const ODD: [&[u8]; 9] = [
    &[0x00],
    &[0x7f],
    &[0x80],
    &[0xff],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f],
    &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    &[0x9b, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff],
];

/// Changes one to four places.
pub fn bytes(input: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(4) {
        place(input, chance);
    }
    input.truncate(LONGEST);
}

/// Changes one place.
pub fn place(input: &mut Vec<u8>, chance: &mut Chance) {
    if input.is_empty() {
        input.push(chance.byte());
        return;
    }
    let at = chance.below(input.len());
    let width = (1 + chance.below(16)).min(input.len() - at);
    match chance.below(10) {
        0 | 1 => input[at] ^= 1 << chance.below(8),
        2 => input[at] = chance.byte(),
        3 => input[at] = input[at].wrapping_add(1),
        4 => input[at] = input[at].wrapping_sub(1),
        5 => input.insert(at, chance.byte()),
        6 => drop(input.drain(at..at + width)),
        7 => {
            let copy = input[at..at + width].to_vec();
            let to = chance.below(input.len());
            drop(input.splice(to..to, copy));
        }
        8 => drop(input.splice(at..at + width, ODD[chance.below(ODD.len())].iter().copied())),
        _ => {
            let odd = ODD[chance.below(ODD.len())].iter().copied();
            drop(input.splice(at..at, odd));
        }
    }
}
