//! What cases cost, and how ours compares.

use std::time::Duration;

use crate::figures::Figures;
use crate::proxy::{Network, Traffic};

use super::Setting;

/// The program's own name as an engine.
pub const OURS: &str = "stairwell";
/// Whom the last line compares with.
const COMPARED: &str = "automerge-repo";

/// One case of one engine.
#[derive(Clone, Debug)]
pub struct Cost {
    /// Who.
    pub engine: &'static str,
    /// What, and over which network.
    pub case: String,
    /// What passed.
    pub traffic: Traffic,
    /// How long it took.
    pub time: Time,
    /// What it took the office's process. `None` where none ran.
    pub server: Option<Server>,
}

/// Seconds from the first byte until the phone knows that all is done.
#[derive(Clone, Copy, Debug)]
pub enum Time {
    /// Of the clock.
    Measured(f64),
    /// From the bytes and round trips of the same case over a faster network.
    Computed(f64),
    /// Nothing was sent.
    None,
}

/// What it took the office's process.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// Processor time, seconds.
    pub cpu_s: f64,
    /// Resident memory at the end of the case.
    pub rss_bytes: usize,
}

/// All of one workload, in the order of measuring.
#[derive(Default)]
pub struct Costs {
    costs: Vec<Cost>,
}

impl Costs {
    /// Takes one in, and shows that something happens.
    pub fn add(&mut self, cost: Cost) {
        let Traffic { up, down, .. } = cost.traffic;
        let (engine, case) = (cost.engine, &cost.case);
        eprintln!("   {engine} {case}: {} B up, {} B down", up.wire, down.wire);
        self.costs.push(cost);
    }

    /// Adds what a case costs over a narrow line, where it takes minutes and its
    /// bytes say how many.
    pub fn compute(&mut self, engine: &str, case: &str, setting: &Setting) {
        if let Some(fast) = self.of(engine, case) {
            let seconds = least_seconds(&fast.traffic, setting.network);
            let cost = Cost {
                case: format!("{case}{}", setting.suffix),
                time: Time::Computed(seconds),
                server: None,
                ..fast.clone()
            };
            self.add(cost);
        }
    }

    /// What a case of an engine cost.
    pub fn of(&self, engine: &str, case: &str) -> Option<&Cost> {
        let mut costs = self.costs.iter();
        costs.find(|cost| cost.engine == engine && cost.case == case)
    }

    /// Writes the figures, and at the end how many times less ours cost.
    pub fn tell(&self, figures: &mut Figures) {
        self.costs.iter().for_each(|cost| cost.tell(figures));
        let bytes = |traffic: &Traffic| traffic.up.wire + traffic.down.wire;
        let ratio = |case: &str, of: fn(&Traffic) -> u64| {
            let [ours, other] = [OURS, COMPARED].map(|engine| self.of(engine, case));
            Some(of(&other?.traffic) as f64 / of(&ours?.traffic).max(1) as f64)
        };
        let ratios = [
            ("day_bytes", ratio("day", bytes)),
            ("nothing_new_bytes", ratio("nothing_new", bytes)),
            (
                "day_round_trips",
                ratio("day", |traffic| traffic.round_trips),
            ),
        ];
        for (name, ratio) in ratios {
            if let Some(ratio) = ratio {
                figures.add(&format!("times_less_than_{COMPARED}"), name, ratio, "x");
            }
        }
    }
}

impl Cost {
    fn tell(&self, figures: &mut Figures) {
        let mut add =
            |name, value, unit| figures.add_of(self.engine, &self.case, name, value, unit);
        let Traffic { up, down, .. } = self.traffic;
        add("body_up", up.body as f64, "B");
        add("body_down", down.body as f64, "B");
        if up.wire + down.wire > up.body + down.body {
            add("wire_up", up.wire as f64, "B");
            add("wire_down", down.wire as f64, "B");
            add("requests", self.traffic.requests as f64, "");
            add("round_trips", self.traffic.round_trips as f64, "");
        }
        match self.time {
            Time::Measured(seconds) => add("seconds", seconds, "s"),
            Time::Computed(seconds) => add("computed_s", seconds, "s"),
            Time::None => {}
        }
        if let Some(server) = self.server {
            add("server_cpu_s", server.cpu_s, "s");
            add("server_rss_bytes", server.rss_bytes as f64, "B");
        }
    }
}

/// No line carries the bytes faster, and no round trip is shorter.
fn least_seconds(traffic: &Traffic, network: Network) -> f64 {
    let rate = network
        .bits_per_second
        .map_or(f64::INFINITY, |rate| rate as f64);
    let bytes = traffic.up.wire.max(traffic.down.wire) as f64;
    let round_trip: Duration = network.one_way * 2;
    bytes * 8.0 / rate + traffic.round_trips as f64 * round_trip.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proxy::Bytes;

    #[test]
    fn computed_seconds_are_those_of_the_fuller_direction_and_of_every_round_trip() {
        let network = Network {
            one_way: Duration::from_millis(150),
            bits_per_second: Some(50_000),
        };
        let bytes = |wire| Bytes { wire, body: 0 };
        let traffic = Traffic {
            up: bytes(6_250),
            down: bytes(62_500),
            round_trips: 4,
            ..Traffic::default()
        };
        assert!((least_seconds(&traffic, network) - 11.2).abs() < 1e-9);
    }
}
