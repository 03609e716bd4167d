//! `stairwell-sim`: seeds by the thousand. `cargo xtask sim` builds and starts it.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sim::corpus;
use sim::promises::Broken;
use sim::run::{tell, try_story};
use sim::shrink::shrink;
use sim::story::Story;
use sim::world::Clocks;

const USAGE: &str = "stairwell-sim [--seeds N] [--from S] [--without-corpus] | --seed S [--whole]";
const SEEDS: u64 = 1_000;
/// After so many seeds that fail no more are tried.
const FAILURES_MAX: usize = 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // A panic in a world is a finding; it is told with its story.
    std::panic::set_hook(Box::new(|_| {}));
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(words) => {
            eprintln!("{words}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<bool, String> {
    let number = |name: &str| -> Result<Option<u64>, String> {
        let Some(place) = arguments.iter().position(|argument| argument == name) else {
            return Ok(None);
        };
        let value = arguments
            .get(place + 1)
            .and_then(|value| value.parse().ok());
        value.map(Some).ok_or_else(|| USAGE.to_owned())
    };
    if let Some(seed) = number("--seed")? {
        return Ok(one(
            seed,
            arguments.iter().any(|argument| argument == "--whole"),
        ));
    }
    let (from, count) = (
        number("--from")?.unwrap_or(0),
        number("--seeds")?.unwrap_or(SEEDS),
    );
    let has_corpus = !arguments
        .iter()
        .any(|argument| argument == "--without-corpus");
    for (seed, why) in corpus::seeds().filter(|_| has_corpus) {
        if let Err(broken) = try_story(&Story::of_seed(seed)) {
            println!("seed {seed} of the corpus ({why}) fails again");
            report(seed, &broken);
            return Ok(false);
        }
    }
    Ok(many(from, count))
}

/// One seed, in words.
fn one(seed: u64, whole: bool) -> bool {
    let story = Story::of_seed(seed);
    match try_story(&story) {
        Ok(()) => {
            tell(&story, Clocks::AsTold)
                .log
                .iter()
                .for_each(|line| println!("{line}"));
            println!("seed {seed}: every promise was kept");
            true
        }
        Err(broken) if whole => {
            tell(&story, Clocks::AsTold)
                .log
                .iter()
                .for_each(|line| println!("{line}"));
            println!("{broken}");
            false
        }
        Err(broken) => {
            report(seed, &broken);
            false
        }
    }
}

/// Many seeds, on all cores.
fn many(from: u64, count: u64) -> bool {
    let begin = Instant::now();
    let (next, done) = (AtomicU64::new(from), AtomicU64::new(0));
    let failed: Mutex<Vec<(u64, Broken)>> = Mutex::default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + count {
                return;
            }
            if let Err(broken) = try_story(&Story::of_seed(seed)) {
                // Nobody panics while holding it.
                let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                failed.push((seed, broken));
                if failed.len() >= FAILURES_MAX {
                    next.store(from + count, Ordering::Relaxed);
                }
            }
            done.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let mut told = Instant::now();
        while workers.iter().any(|worker| !worker.is_finished()) {
            std::thread::sleep(Duration::from_millis(100));
            if told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                progress(done.load(Ordering::Relaxed), count, begin);
            }
        }
    });
    progress(done.load(Ordering::Relaxed), count, begin);
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_by_key(|(seed, _)| *seed);
    for (seed, broken) in &failed {
        println!("seed {seed}: {broken}");
    }
    match failed.first() {
        None => println!("every promise was kept"),
        Some((seed, broken)) => report(*seed, broken),
    }
    failed.is_empty()
}

fn progress(done: u64, count: u64, begin: Instant) {
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{done} of {count} seeds in {seconds:.0} s, {:.1} a second",
        done as f64 / seconds
    );
}

/// Tells what is left of a story when all that is not needed is taken away.
fn report(seed: u64, broken: &Broken) {
    println!("seed {seed}, made short:");
    let story = Story::of_seed(seed);
    let (shrunk, broken) = shrink(&story, broken);
    println!(
        "its {} events shrink to {}; workers {}, phones {:?}, disk {:?}:",
        story.events.len(),
        shrunk.events.len(),
        shrunk.setup.workers,
        shrunk.setup.phones,
        shrunk.setup.disk
    );
    for line in tell(&shrunk, Clocks::AsTold).log {
        println!("  {line}");
    }
    println!("→ {broken}");
    println!("again: cargo xtask sim --seed {seed}");
}
