//! libFuzzer around one target, named by the environment; `cargo xtask fuzz`
//! builds it with what libFuzzer counts coverage by, and starts it.

// libFuzzer has the `main`.
#![no_main]

use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use fuzz::chance::Chance;
use fuzz::{Target, corpus, memory};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

/// The target's name.
const TARGET: &str = "STAIRWELL_FUZZ_TARGET";
/// A folder to write the seeds into, before it is read as a corpus.
const SEEDS: &str = "STAIRWELL_FUZZ_SEEDS";

static CHOSEN: OnceLock<&'static Target> = OnceLock::new();

fn chosen() -> &'static Target {
    CHOSEN.get_or_init(|| {
        let name = std::env::var(TARGET).unwrap_or_default();
        fuzz::target(&name).unwrap_or_else(|| refuse(&format!("{TARGET}={name}: no such target")))
    })
}

fn refuse(words: &str) -> ! {
    let _ = writeln!(std::io::stderr(), "{words}");
    std::process::exit(2);
}

fn begin() {
    // A panic inside the guard is an answer; any other is a finding.
    std::panic::set_hook(Box::new(|panic| {
        if !sync::is_guarded() {
            let _ = writeln!(std::io::stderr(), "{panic}");
            std::process::abort();
        }
    }));
    if let Some(folder) = std::env::var_os(SEEDS)
        && let Err(error) = corpus::write_seeds(&(chosen().seeds)(), Path::new(&folder))
    {
        refuse(&format!("{}: {error}", Path::new(&folder).display()));
    }
}

fuzz_target!(init: begin(), |input: &[u8]| {
    let target = chosen();
    memory::bounded(target.memory_bytes, || (target.run)(input));
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut chance = Chance::new(u64::from(seed));
    // What libFuzzer knows of comparisons, and what the target knows of its form.
    if chance.once_in(3) {
        return fuzzer_mutate(data, size, max_size);
    }
    let mut input = data[..size].to_vec();
    (chosen().mutate)(&mut input, &mut chance);
    let length = input.len().min(max_size);
    data[..length].copy_from_slice(&input[..length]);
    length
});
