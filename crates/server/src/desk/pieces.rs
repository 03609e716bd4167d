//! Pieces of bytes that are named again and again: notes, codes, lists of numbers.
//!
//! Each different piece stands once in one long buffer and has a number. Stock phrases make many
//! notes alike, and words are looked for in the buffer as a whole.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use memchr::memmem::Finder;

/// No piece has this number.
const NONE: u32 = u32::MAX;
/// A buffer that wastes less than this is left as it is.
const WASTE_BYTES_MIN: usize = 1 << 20;

/// The pieces.
#[derive(Default)]
pub struct Pieces {
    bytes: Vec<u8>,
    /// Where each piece ends; it begins where the one before ends.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
    hasher: RandomState,
    /// Bytes that rows have let go of, some of which other rows may still hold.
    let_go: usize,
}

impl Pieces {
    /// The number of a piece, a new one if it has none.
    pub fn number(&mut self, piece: &[u8]) -> u32 {
        self.find(piece).unwrap_or_else(|| self.add(piece))
    }

    /// The number of a piece that already has one.
    pub fn find(&self, piece: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one(piece);
        let is_it = |number: &u32| self.piece(*number) == piece;
        self.numbers.find(hash, is_it).copied()
    }

    /// Adds a piece that is not here.
    fn add(&mut self, piece: &[u8]) -> u32 {
        // Four billion different pieces need more memory than any machine this runs on.
        let number = u32::try_from(self.ends.len()).unwrap_or(NONE);
        self.bytes.extend_from_slice(piece);
        self.ends.push(self.bytes.len());
        let hash = self.hasher.hash_one(piece);
        let Self {
            bytes,
            ends,
            numbers,
            hasher,
            ..
        } = self;
        numbers.insert_unique(hash, number, |number| {
            hasher.hash_one(piece_in(bytes, ends, *number))
        });
        number
    }

    /// A piece; empty for a number that none has.
    pub fn piece(&self, number: u32) -> &[u8] {
        piece_in(&self.bytes, &self.ends, number)
    }

    /// A piece that was put in as text.
    pub fn text(&self, number: u32) -> Cow<'_, str> {
        String::from_utf8_lossy(self.piece(number))
    }

    /// For each piece, whether these words stand in it.
    pub fn with_words(&self, words: &str) -> Vec<bool> {
        let mut found = vec![words.is_empty(); self.ends.len()];
        let finder = Finder::new(words);
        let (mut from, mut number) = (0, 0);
        while let Some(place) = finder.find(&self.bytes[from..]) {
            let place = from + place;
            while self.ends.get(number).is_some_and(|end| *end <= place) {
                number += 1;
            }
            let Some(end) = self.ends.get(number) else {
                break;
            };
            // Words that begin in one piece and end in the next stand in neither.
            found[number] |= place + words.len() <= *end;
            from = *end;
        }
        found
    }

    /// Says that a row no longer holds a piece.
    pub fn let_go(&mut self, number: u32) {
        self.let_go += self.piece(number).len();
    }

    /// Whether so much was let go of that [`Self::compact`] is worth its time.
    pub fn is_wasteful(&self) -> bool {
        self.let_go > WASTE_BYTES_MIN.max(self.bytes.len() / 2)
    }

    /// Forgets every piece that none of these numbers names, and gives the others new numbers.
    pub fn compact<'a>(&mut self, held: impl Iterator<Item = &'a mut u32>) {
        let mut kept = Pieces::default();
        let mut renumbered = vec![NONE; self.ends.len()];
        for number in held {
            let Some(new) = renumbered.get_mut(*number as usize) else {
                continue;
            };
            if *new == NONE {
                *new = kept.add(self.piece(*number));
            }
            *number = *new;
        }
        *self = kept;
    }

    /// Bytes of all pieces.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

fn piece_in<'a>(bytes: &'a [u8], ends: &[usize], number: u32) -> &'a [u8] {
    let number = number as usize;
    let from = match number.checked_sub(1) {
        Some(before) => ends.get(before).copied(),
        None => Some(0),
    };
    let piece = from.zip(ends.get(number).copied());
    piece.map_or(&[], |(from, to)| &bytes[from..to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_the_pieces_that_hold_them_and_not_across_two() {
        let mut pieces = Pieces::default();
        let texts = ["水表漏", "水", "", "家里水表漏水", "aab", "a", "ab"];
        for (number, text) in (0..).zip(texts) {
            assert_eq!(pieces.number(text.as_bytes()), number);
        }
        for words in [
            "水",
            "漏水",
            "漏",
            "ab",
            "aab",
            "a",
            "bb",
            "没有",
            "水表漏水家",
            "",
        ] {
            let found = pieces.with_words(words);
            let expected = texts.map(|text| text.contains(words));
            assert_eq!(found, expected, "{words}");
        }
    }

    #[test]
    fn compacting_keeps_what_is_held_and_forgets_the_rest() {
        let mut pieces = Pieces::default();
        let long = "很长的一段".repeat(1000);
        let mut held: Vec<u32> = Vec::new();
        let mut length = 0;
        for round in 0..200 {
            held = ["甲", "乙", "甲"]
                .map(|name| pieces.number(format!("{name}{round}{long}").as_bytes()))
                .to_vec();
            length = length.max(pieces.len());
            held.iter().for_each(|number| pieces.let_go(*number));
            if pieces.is_wasteful() {
                pieces.compact(held.iter_mut());
            }
        }
        assert_eq!(held[0], held[2]);
        assert!(pieces.text(held[1]).starts_with("乙199很长"));
        assert!(length < 3 * WASTE_BYTES_MIN, "{length}");
    }
}
