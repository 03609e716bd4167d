//! Bounded runs: every kept input, every seed, and so many mutations of them from
//! a fixed seed. The long runs are `cargo xtask fuzz`.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use fuzz::chance::Chance;
use fuzz::{TARGETS, Target, corpus, memory};

/// Longer than any input takes on a machine that does much else beside.
const HUNG_AFTER: Duration = Duration::from_secs(60);

/// As the server's guarded threads.
const STACK_BYTES: usize = 16 << 20;

/// Memory is counted for the process, so one target runs at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Runs inputs one after the other. An input that ends the process or never ends
/// is the file that is named first; it is there for looking at.
fn run_all(target: &'static Target, inputs: impl Iterator<Item = Vec<u8>> + Send + 'static) {
    let turn = ONE_AT_A_TIME.lock();
    // What is caught inside the guard is an answer, and not worth a line.
    std::panic::set_hook(Box::new(|panic| {
        if !sync::is_guarded() {
            eprintln!("{panic}");
        }
    }));
    let last = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.input", target.name));
    println!("{}: the input at work is {}", target.name, last.display());
    let (ended, ends) = mpsc::channel();
    let file = last.clone();
    let work = move || {
        for input in inputs {
            corpus::overwrite(&file, &input).expect("the target folder takes files");
            let run = AssertUnwindSafe(|| (target.run)(&input));
            let outcome = memory::bounded(target.memory_bytes, || catch_unwind(run));
            let is_sound = outcome.is_ok();
            if ended.send(is_sound).is_err() || !is_sound {
                return;
            }
        }
    };
    let builder = thread::Builder::new().stack_size(STACK_BYTES);
    let thread = builder.spawn(work).expect("a thread starts");
    loop {
        match ends.recv_timeout(HUNG_AFTER) {
            Ok(is_sound) => assert!(is_sound, "{}: harmed by {}", target.name, last.display()),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                panic!("{}: hangs on {}", target.name, last.display())
            }
        }
    }
    thread.join().expect("making the inputs does not panic");
    drop(turn);
}

fn kept_and_seeds(target: &Target) -> Vec<Vec<u8>> {
    let kept = corpus::kept(target.name).expect("every target has a corpus");
    let kept = kept.into_iter().map(|(_, input)| input);
    (target.seeds)().into_iter().chain(kept).collect()
}

#[test]
fn no_kept_input_does_harm() {
    for target in TARGETS {
        run_all(target, kept_and_seeds(target).into_iter());
    }
}

#[test]
fn no_mutation_of_one_does_harm() {
    for target in TARGETS {
        let inputs = kept_and_seeds(target);
        let mut chance = Chance::new(1);
        let mutations = (0..target.mutations).map(move |_| {
            let mut input = inputs[chance.below(inputs.len())].clone();
            for _ in 0..=chance.below(3) {
                (target.mutate)(&mut input, &mut chance);
            }
            input
        });
        run_all(target, mutations);
    }
}

#[test]
fn the_corpus_is_small_and_has_no_folder_without_a_target() {
    let mut bytes = 0;
    let root = corpus::folder("");
    for entry in fs::read_dir(root).expect("the corpus is there") {
        let name = entry.expect("it lists").file_name();
        let name = name.to_string_lossy();
        assert!(fuzz::target(&name).is_some(), "{name} is no target");
        let kept = corpus::kept(&name).expect("it reads");
        bytes += kept.iter().map(|(_, input)| input.len()).sum::<usize>();
    }
    assert!(bytes < 1 << 20, "{bytes} bytes");
}
