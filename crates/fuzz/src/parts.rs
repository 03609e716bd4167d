//! Inputs that are made of several parts: each a LEB128 length and its bytes.
//! Reading takes any bytes; what does not fit is a shorter last part.

use crate::chance::Chance;
use crate::mutate;

/// The parts.
pub fn split(mut input: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = length(input) {
        let (part, rest) = rest.split_at(length.min(rest.len()));
        parts.push(part.to_vec());
        input = rest;
    }
    parts
}

fn length(input: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (index, byte) in input.iter().take(4).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, &input[index + 1..]));
        }
    }
    None
}

/// The input with these parts.
pub fn join<T: AsRef<[u8]>>(parts: &[T]) -> Vec<u8> {
    let mut input = Vec::new();
    for part in parts {
        let mut length = part.as_ref().len();
        while length >= 0x80 {
            input.push(length as u8 | 0x80);
            length >>= 7;
        }
        input.push(length as u8);
        input.extend_from_slice(part.as_ref());
    }
    input
}

/// Changes one part with `inside`, or the parts' order and number.
pub fn mutate(
    input: &mut Vec<u8>,
    chance: &mut Chance,
    inside: impl FnOnce(&mut Vec<u8>, &mut Chance),
) {
    let mut parts = split(input);
    if parts.is_empty() || chance.once_in(16) {
        return mutate::bytes(input, chance);
    }
    let (at, other) = (chance.below(parts.len()), chance.below(parts.len()));
    match chance.below(12) {
        0 => parts.swap(at, other),
        1 => parts.insert(other, parts[at].clone()),
        2 if parts.len() > 1 => drop(parts.remove(at)),
        _ => inside(&mut parts[at], chance),
    }
    *input = join(&parts);
    input.truncate(mutate::LONGEST);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_as_they_were_joined() {
        let parts = [vec![], vec![7; 300], vec![0xff]];
        assert_eq!(split(&join(&parts)), parts);
    }

    #[test]
    fn a_length_that_lies_takes_what_is_there() {
        assert_eq!(split(&[2, 9, 200, 1, 5]), [vec![9, 200], vec![5]]);
        assert_eq!(split(&[0xff; 9]), Vec::<Vec<u8>>::new());
    }
}
