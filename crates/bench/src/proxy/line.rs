//! When bytes come out at the other end. Pure: the clock is the caller's.

use std::time::Duration;

use super::Network;

/// One direction of a network, shared by all connections: what was given to it
/// first leaves first.
#[derive(Debug)]
pub struct Line {
    network: Network,
    free_at: Duration,
}

impl Line {
    /// An empty one.
    pub fn new(network: Network) -> Self {
        Self {
            network,
            free_at: Duration::ZERO,
        }
    }

    /// When the last of so many bytes, given to the line at `now`, arrives.
    pub fn arrival(&mut self, now: Duration, bytes: usize) -> Duration {
        let start = self.free_at.max(now);
        self.free_at = start + self.time_for(bytes);
        self.free_at + self.network.one_way
    }

    fn time_for(&self, bytes: usize) -> Duration {
        let nanoseconds = |rate: u64| bytes as u64 * 8 * 1_000_000_000 / rate.max(1);
        let rate = self.network.bits_per_second;
        rate.map_or(Duration::ZERO, |rate| {
            Duration::from_nanos(nanoseconds(rate))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_delay_alone_holds_everything_back_alike() {
        let mut line = Line::new(Network {
            one_way: ms(150),
            bits_per_second: None,
        });
        assert_eq!(line.arrival(ms(10), 1), ms(160));
        assert_eq!(line.arrival(ms(10), 1_000_000), ms(160));
    }

    #[test]
    fn a_narrow_line_lets_one_pass_after_the_other_and_rests_in_between() {
        let mut line = Line::new(Network {
            one_way: ms(150),
            bits_per_second: Some(8_000),
        });
        assert_eq!(line.arrival(ms(0), 100), ms(250));
        assert_eq!(line.arrival(ms(0), 50), ms(300));
        assert_eq!(line.arrival(ms(1000), 100), ms(1250));
    }
}
