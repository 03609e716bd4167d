//! Chance from a seed, the same on every machine.

/// An endless source of numbers; the same seed gives the same ones.
pub struct Chance(sync::hostile::Chance);

impl Chance {
    /// Starts a source.
    pub fn new(seed: u64) -> Self {
        Self(sync::hostile::Chance(seed))
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.0.draw()
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.below(end.max(1))
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        self.draw().to_le_bytes()[0]
    }

    /// True once in `times`, on average.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
