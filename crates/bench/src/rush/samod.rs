//! samod, a server for automerge-repo in Rust, with the visits of some of the
//! phones: a document a visit, from the same genesis and change.
//!
//! The phones keep what they say ready, as ours do, and only the server's own
//! process is counted. samod gives no receipts: a visit counts as acknowledged
//! once the server names the visit's heads as its own. It says so in the step in
//! which it asks its storage for a write, and does not wait for that; nor does
//! its storage ever force anything to disk.

mod office;
mod phone;

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use automerge::ActorId;
use model::Kind;
use serde_json::json;

use crate::BenchError;
use crate::figures::Figures;
use crate::machine::ProcessorTime;
use crate::process::Process;
use crate::spread::Spread;

use super::VISITS;
use super::evening::Outcome;
pub use office::serve;
use phone::{Phone, Written};

/// The argument under which the measuring program becomes the server.
pub const OFFICE: &str = "samod-office";

const ENGINE: &str = "samod";
/// What is not acknowledged by then is not counted.
const RUN_MAX: Duration = Duration::from_secs(15);
/// How long files may come after the last acknowledgement.
const FILES_MAX: Duration = Duration::from_secs(15);
/// samod writes a file for the genesis and one for the visit.
const FILES_PER_VISIT: usize = 2;

/// What a visit costs samod grows with documents and with connections, so that
/// there is no one rate of it; the first is the one most in its favour.
const CASES: [Case; 4] = [
    Case::new("5_phones_in_turn", 5, 1),
    Case::new("20_phones_in_turn", 20, 1),
    Case::new("20_phones_at_once", 20, 20),
    Case::new("50_phones_in_turn", 50, 1),
];

struct Case {
    name: &'static str,
    phones: usize,
    at_once: usize,
}

impl Case {
    const fn new(name: &'static str, phones: usize, at_once: usize) -> Self {
        Self {
            name,
            phones,
            at_once,
        }
    }
}

/// Has phones bring `changes`, forty each, to a new server in each case, and sets
/// the program's `rush` beside them.
pub fn run(
    folder: &Path,
    changes: &[Vec<u8>],
    rush: &Outcome,
    figures: &mut Figures,
) -> Result<(), BenchError> {
    let mut ratios = Vec::new();
    for case in &CASES {
        let kept = folder.join(format!("samod-{}", case.name));
        let changes = &changes[..changes.len().min(case.phones * VISITS)];
        let (rate, cpu) = measure(case, &kept, changes, figures)?;
        ratios.push((case, rush.rate() / rate, cpu / rush.cpu_us_per_visit()));
    }
    for (case, rate, cpu) in ratios {
        let beside = format!("beside samod {}", case.name);
        figures.add(&beside, "acked_visits_per_s_ratio", rate, "x");
        figures.add(&beside, "cpu_per_visit_ratio", cpu, "x");
    }
    Ok(())
}

/// Acknowledged visits in a second, and µs of the server's processor for each.
fn measure(
    case: &Case,
    folder: &Path,
    changes: &[Vec<u8>],
    figures: &mut Figures,
) -> Result<(f64, f64), BenchError> {
    fs::create_dir(folder)?;
    let program = std::env::current_exe()?;
    let arguments = [OFFICE.as_ref(), folder.as_os_str()];
    let mut office = Process::start(program.as_os_str(), &arguments)?;
    let port = office.ask("listen", json!({}))?["port"].as_u64();
    let port = port.and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| wrong("has no port"))?;
    let mut phones = gather(port, changes)?;

    let before = office.processor_time()?;
    let generator = ProcessorTime::of_this_process()?;
    let begun = Instant::now();
    let brought = bring(&mut phones, case.at_once, port, begun + RUN_MAX)?;
    let took = begun.elapsed().as_secs_f64();
    let generator = ProcessorTime::of_this_process()?.since(generator);
    let acked: usize = brought.iter().map(|(acked, _)| acked).sum();
    if acked == 0 {
        return Err(wrong("acknowledged nothing"));
    }
    // Writing is part of the work, though nobody was made to wait for it.
    wait_for_files(folder, acked * FILES_PER_VISIT)?;
    let cpu = office.processor_time()?.since(before);

    let mut waits = Spread::default();
    brought.iter().for_each(|(_, wait)| waits.add(*wait));
    let per_visit = |time: ProcessorTime| time.all().as_secs_f64() * 1e6 / acked as f64;
    let (rate, cpu) = (acked as f64 / took, per_visit(cpu));
    let resident = office.resident_bytes()? as f64;
    let mut add = |name: &str, value, unit| figures.add_of(ENGINE, case.name, name, value, unit);
    add("acked_visits", acked as f64, "");
    add("acked_visits_per_s", rate, "1/s");
    add("p50_ms", waits.at(0.5), "ms");
    add("p99_ms", waits.at(0.99), "ms");
    add("cpu_us_per_visit", cpu, "us");
    add("generator_cpu_us_per_visit", per_visit(generator), "us");
    add("server_rss_bytes", resident, "B");
    Ok((rate, cpu))
}

/// Phones with their visits written.
fn gather(port: u16, changes: &[Vec<u8>]) -> Result<Vec<Phone>, BenchError> {
    let genesis = model::new_document(&Kind::Visit, ActorId::from(&[1_u8][..]));
    let genesis = genesis.ok_or_else(|| wrong("visits have no genesis"))?;
    let office = phone::name_of_office(port)?;
    let phone = |(number, changes): (usize, &[Vec<u8>])| {
        let visits = changes.iter().map(|change| Written::new(&genesis, change));
        let visits = visits.collect::<Result<_, _>>()?;
        Phone::new(format!("phone-{number}"), &office, visits)
    };
    changes.chunks(VISITS).enumerate().map(phone).collect()
}

/// So many phones at once, each on a connection that it closes when it is done.
/// Answers how many visits of each were acknowledged, and how long that took.
fn bring(
    phones: &mut [Phone],
    at_once: usize,
    port: u16,
    end: Instant,
) -> Result<Vec<(usize, Duration)>, BenchError> {
    let next = Mutex::new(phones.iter_mut());
    let some = || {
        let mut brought = Vec::new();
        loop {
            let phone = next.lock().map_err(wrong)?.next();
            let Some(phone) = phone else {
                return Ok(brought);
            };
            let begun = Instant::now();
            brought.push((phone.bring(port, end)?, begun.elapsed()));
        }
    };
    let brought: Vec<Result<Vec<_>, BenchError>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..at_once).map(|_| scope.spawn(some)).collect();
        let joined = threads.into_iter().map(super::district::joined);
        joined.collect()
    });
    let brought: Result<Vec<Vec<_>>, BenchError> = brought.into_iter().collect();
    Ok(brought?.concat())
}

fn wait_for_files(folder: &Path, expected: usize) -> Result<(), BenchError> {
    let end = Instant::now() + FILES_MAX;
    loop {
        let found = files(folder)?;
        if found >= expected {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(wrong(format!("wrote {found} files of {expected}")));
        }
        thread::sleep(Duration::from_millis(200));
    }
}

fn files(folder: &Path) -> std::io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        count += match entry.file_type()?.is_dir() {
            true => files(&entry.path())?,
            false => 1,
        };
    }
    Ok(count)
}

fn wrong(words: impl std::fmt::Display) -> BenchError {
    BenchError::Program(format!("samod: {words}"))
}

#[cfg(test)]
mod tests {
    use automerge::transaction::Transactable;
    use automerge::{AutomergeError, ROOT};

    use super::*;

    fn changes(count: u8) -> Vec<Vec<u8>> {
        let genesis = model::new_document(&Kind::Visit, ActorId::from(&[1_u8][..])).unwrap();
        let change = |number: u8| {
            let mut document = genesis.clone();
            document.set_actor(ActorId::from(&[2, number][..]));
            let put = |visit: &mut automerge::transaction::Transaction<'_>| {
                visit.put(ROOT, "at", i64::from(number))
            };
            document.transact::<_, _, AutomergeError>(put).unwrap();
            let change = document.get_changes(&genesis.get_heads()).remove(0);
            change.raw_bytes().to_vec()
        };
        (0..count).map(change).collect()
    }

    #[test]
    fn what_phones_bring_is_acknowledged_and_kept_in_files() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let port = runtime.block_on(office::open(folder.path())).unwrap();
        let changes = changes(2 * VISITS as u8);
        let mut phones = gather(port, &changes).unwrap();
        let end = Instant::now() + RUN_MAX;
        let brought = bring(&mut phones, 2, port, end).unwrap();
        let acked: Vec<usize> = brought.iter().map(|(acked, _)| *acked).collect();
        assert_eq!(acked, [VISITS; 2]);
        wait_for_files(folder.path(), changes.len() * FILES_PER_VISIT).unwrap();
        runtime.shutdown_background();
    }
}
