//! Seeds in every run of the tests; thousands more by `cargo xtask sim`.

use std::sync::atomic::{AtomicU64, Ordering};

use sim::corpus;
use sim::promises::Broken;
use sim::run::{tell, try_story};
use sim::story::Story;
use sim::world::Clocks;

/// How many are tried here.
const SEEDS: u64 = 300;

#[test]
fn every_promise_is_kept_in_some_hundred_stories() {
    let next = AtomicU64::new(0);
    let work = || -> Option<(u64, Broken)> {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= SEEDS {
                return None;
            }
            if let Err(broken) = try_story(&Story::of_seed(seed)) {
                return Some((seed, broken));
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let broken = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join().unwrap());
        joined.flatten().next()
    });
    if let Some((seed, broken)) = broken {
        panic!("{broken}\nthe story in words: cargo xtask sim --seed {seed}");
    }
}

#[test]
fn seeds_that_once_failed_fail_no_more() {
    for (seed, why) in corpus::seeds() {
        if let Err(broken) = try_story(&Story::of_seed(seed)) {
            panic!("seed {seed} ({why}): {broken}");
        }
    }
}

#[test]
fn one_seed_is_one_story_whenever_it_is_told() {
    for seed in 0..24 {
        let story = Story::of_seed(seed);
        assert_eq!(story, Story::of_seed(seed));
        let [one, two] = [(), ()].map(|()| tell(&story, Clocks::AsTold));
        assert_eq!(one.log, two.log, "seed {seed}");
        assert_eq!(one.ending, two.ending, "seed {seed}");
        assert!(!one.log.is_empty());
    }
}
