//! A real process, really killed: what it said was kept is kept.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use common::open;
use store::conformance::sample::{change, document, hash};
use store::{Options, Store};

/// Tells this program to be the one that is killed, on this folder.
const VICTIM: &str = "STORE_TEST_VICTIM_FOLDER";
const WRITERS: u32 = 4;

/// Appends without end and prints the number of each change that was
/// acknowledged.
fn be_the_victim(folder: &str) {
    let options = Options {
        segment_bytes: 20_000,
        ..Options::default()
    };
    let (store, _) =
        store::EmbeddedStore::open_with(folder.as_ref(), options, &mut |_| {}).unwrap();
    // No writer of an earlier life came as far as this number.
    let first = store.statistics().unwrap().changes as u32 * WRITERS;
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = &store;
            scope.spawn(move || {
                for n in (first + writer..).step_by(WRITERS as usize) {
                    store.append(&[change(n, writer as u8, 1)]).unwrap();
                    println!("kept {n}");
                }
            });
        }
    });
}

#[test]
fn what_a_killed_program_acknowledged_is_there_after_each_of_many_kills() {
    if let Ok(folder) = std::env::var(VICTIM) {
        return be_the_victim(&folder);
    }
    let home = tempfile::tempdir().unwrap();
    let mut kept: Vec<u32> = Vec::new();
    for round in 0..12 {
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .env(VICTIM, home.path())
            .args(["--exact", "--nocapture"])
            .arg("what_a_killed_program_acknowledged_is_there_after_each_of_many_kills")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
        let numbers =
            |line: std::io::Result<String>| line.ok()?.strip_prefix("kept ")?.parse::<u32>().ok();
        kept.extend(lines.by_ref().filter_map(numbers).take(round * 37 + 1));
        victim.kill().unwrap();
        kept.extend(lines.filter_map(numbers));
        victim.wait().unwrap();
        let (store, _) = open(home.path());
        for n in &kept {
            let by = document((n % WRITERS) as u8);
            let found = store.find_change(by, hash(*n)).unwrap();
            assert!(found.is_some(), "round {round}: {n} was acknowledged");
        }
        assert!(store.statistics().unwrap().changes >= kept.len() as u64);
    }
}
