//! Chance that one seed decides, so that a run can be repeated. Not for secrets.

use std::ops::Range;

/// A stream of numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// The stream of one thing under a seed.
    pub fn new(seed: u64, thing: u64) -> Self {
        let mut chance = Self { state: seed };
        chance.state ^= chance.next().wrapping_mul(thing.wrapping_add(1));
        chance.next();
        chance
    }

    /// Any of 64 bits.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let number = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    /// A number of the range; its beginning if the range is empty.
    pub fn within(&mut self, range: Range<usize>) -> usize {
        let width = range.end.saturating_sub(range.start) as u64;
        range.start + self.next().checked_rem(width).unwrap_or(0) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.within(0..times) == 0
    }

    /// Mixes the order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.within(0..last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_and_thing_give_one_stream_and_others_another() {
        let stream = |seed, thing| {
            let mut chance = Chance::new(seed, thing);
            [chance.next(), chance.next()]
        };
        assert_eq!(stream(1, 2), stream(1, 2));
        assert_ne!(stream(1, 2), stream(1, 3));
        assert_ne!(stream(1, 2), stream(2, 2));
    }

    #[test]
    fn a_number_stays_within_its_range() {
        let mut chance = Chance::new(7, 0);
        let numbers: Vec<usize> = (0..200).map(|_| chance.within(3..6)).collect();
        assert!(numbers.iter().all(|number| (3..6).contains(number)));
        assert!((3..6).all(|number| numbers.contains(&number)));
        assert_eq!(chance.within(4..4), 4);
    }
}
