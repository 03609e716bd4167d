//! Numbers that look like chance and are the same for one seed on every machine.
//! Not for secrets.

/// A stream of numbers that a seed and a place in the practice data decide, so
/// that one door's story does not depend on how many visits another has.
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

/// What a stream is for. Streams of different purposes never meet.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub enum Stream {
    Sizes = 1,
    Household,
    Rounds,
    CarePlan,
    Visit,
    Remarks,
}

impl Chance {
    /// The stream of one thing.
    pub fn new(seed: u64, stream: Stream, index: u64) -> Self {
        let mut chance = Self {
            state: mix(seed ^ mix(stream as u64 ^ mix(index))),
        };
        chance.next();
        chance
    }

    /// The next number, any of 64 bits.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number from 0 to `limit` - 1; 0 when `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The bias of the remainder is far below what anybody could see here.
        self.next().checked_rem(limit).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).unsigned_abs()) as i64
    }

    /// True so many times in a thousand.
    pub fn in_thousand(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// One of the choices, which must not be empty.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// One of the choices by weight; the weights must not all be 0.
    pub fn weighted<T: Copy>(&mut self, choices: &[(u64, T)]) -> T {
        let total = choices.iter().map(|choice| choice.0).sum();
        let mut left = self.below(total);
        for (weight, choice) in choices {
            if left < *weight {
                return *choice;
            }
            left -= weight;
        }
        choices[choices.len() - 1].1
    }

    /// Mixes the order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// The finisher of SplitMix64.
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
