//! The words of notes: stock phrases, as repetitive as forms are, or random
//! common characters, which hardly compress. Real notes lie in between.

use encoding_rs::GBK;
use sha2::{Digest, Sha256};

/// What is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// The practice community's sentences.
    Phrases,
    /// The 3,755 characters of GB 2312's first level, each as often.
    Random,
    /// Sentences, and the ids of the residents that were met: each is 16 bytes
    /// that nothing compresses.
    PhrasesAndMet,
}

/// The first level: rows and cells.
const ROWS: u64 = 40;
const CELLS: u64 = 94;
const FIRST_ROW: u8 = 0xb0;
const FIRST_CELL: u8 = 0xa1;
/// The last row is not full.
const CHARACTERS: u64 = (ROWS - 1) * CELLS + 89;

impl Words {
    /// What the workload is called.
    pub fn name(self) -> &'static str {
        match self {
            Words::Phrases => "phrases",
            Words::Random => "random",
            Words::PhrasesAndMet => "phrases_met",
        }
    }

    /// The text itself, or random characters, as many. One number gives the same.
    pub fn instead_of(self, text: &str, number: u64) -> String {
        if self != Words::Random {
            return text.to_owned();
        }
        let place = |place: usize| {
            let digest = Sha256::digest([number.to_be_bytes(), place.to_be_bytes()].concat());
            u64::from_be_bytes(digest[..8].try_into().unwrap_or_default())
        };
        let length = text.chars().count();
        (0..length).map(|at| character(place(at))).collect()
    }
}

/// Ten bytes that look like chance. One number gives the same.
pub fn ten_bytes(number: u64) -> [u8; 10] {
    let digest = Sha256::digest(number.to_be_bytes());
    digest[..10].try_into().unwrap_or_default()
}

/// One of the characters.
fn character(chance: u64) -> char {
    let place = chance % CHARACTERS;
    // Both are below 128, so nothing is lost.
    let (row, cell) = ((place / CELLS) as u8, (place % CELLS) as u8);
    let bytes = [FIRST_ROW + row, FIRST_CELL + cell];
    let (text, _, _) = GBK.decode(&bytes);
    text.chars().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_a_chinese_one_and_the_ends_are_the_first_and_the_last() {
        assert_eq!((character(0), character(CHARACTERS - 1)), ('啊', '座'));
        for place in 0..CHARACTERS {
            assert!(('\u{4e00}'..='\u{9fff}').contains(&character(place)));
        }
    }
}
