//! What repeated measurements come to.

use std::time::{Duration, Instant};

use crate::figures::Figures;

/// Times of the same thing done again and again, milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    times_ms: Vec<f64>,
}

impl Spread {
    /// Takes one time in.
    pub fn add(&mut self, time: Duration) {
        self.add_ms(time.as_secs_f64() * 1000.0);
    }

    /// Takes the time from `one` to `other` in, which is not before it.
    pub fn add_between(&mut self, one: Instant, other: Instant) {
        self.add(other.saturating_duration_since(one));
    }

    fn add_ms(&mut self, time_ms: f64) {
        let place = self.times_ms.partition_point(|other| *other <= time_ms);
        self.times_ms.insert(place, time_ms);
    }

    /// The smallest time that at least `share` of the times do not pass
    /// (nearest rank); 0 without any.
    pub fn at(&self, share: f64) -> f64 {
        let rank = (share * self.times_ms.len() as f64).ceil() as usize;
        let place = rank.saturating_sub(1);
        self.times_ms.get(place).copied().unwrap_or_default()
    }

    /// Writes the four figures of a case.
    pub fn tell(&self, case: &str, figures: &mut Figures) {
        let shares = [
            ("min_ms", 0.0),
            ("median_ms", 0.5),
            ("p99_ms", 0.99),
            ("max_ms", 1.0),
        ];
        for (name, share) in shares {
            figures.add(case, name, self.at(share), "ms");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_sorted_times() {
        let mut spread = Spread::default();
        for time_ms in [5.0, 1.0, 4.0, 2.0, 3.0] {
            spread.add_ms(time_ms);
        }
        let shares = [0.0, 0.5, 0.99, 1.0].map(|share| spread.at(share));
        assert_eq!(shares, [1.0, 3.0, 5.0, 5.0]);
        assert_eq!(Spread::default().at(0.5), 0.0);
    }
}
