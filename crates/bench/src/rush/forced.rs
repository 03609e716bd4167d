//! The limit of the disk: as many bytes as the program wrote, in as many writes
//! and with the same group commit, into a file, and nothing else.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::BenchError;
use crate::figures::Figures;
use crate::spread::Spread;

use super::evening::Journal;
use super::{CONNECTIONS, VISITS};

const CASE: &str = "as_fast_as_they_can";
const ENGINE: &str = "disk_limit";

/// Appends and forces, one write for each request of the evening.
pub fn run(folder: &Path, journal: &Journal, figures: &mut Figures) -> Result<(), BenchError> {
    let write = vec![0x5a_u8; journal.bytes as usize / journal.requests.max(1)];
    let mut file = File::create_new(folder.join("limit"))?;
    let (writes, waiting) = channel::<Sender<()>>();
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let (groups, waits) = thread::scope(|scope| {
        let (next, length) = (&next, &write);
        let writers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let writes = writes.clone();
                scope.spawn(move || write_share(next, journal.requests, &writes))
            })
            .collect();
        drop(writes);
        let groups = commit(&mut file, length, &waiting);
        let waits: Vec<Duration> = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap_or_default())
            .collect();
        (groups, waits)
    });
    let took = begun.elapsed().as_secs_f64();
    let groups = groups?;
    let visits = journal.requests * VISITS;
    let mut spread = Spread::default();
    waits.into_iter().for_each(|wait| spread.add(wait));
    figures.add_of(
        ENGINE,
        CASE,
        "acked_visits_per_s",
        visits as f64 / took,
        "1/s",
    );
    figures.add_of(ENGINE, CASE, "p50_ms", spread.at(0.5), "ms");
    figures.add_of(ENGINE, CASE, "p99_ms", spread.at(0.99), "ms");
    figures.add_of(ENGINE, CASE, "syncs", groups as f64, "");
    Ok(())
}

fn write_share(next: &AtomicUsize, requests: usize, writes: &Sender<Sender<()>>) -> Vec<Duration> {
    let mut waits = Vec::new();
    while next.fetch_add(1, Ordering::Relaxed) < requests {
        let (reply, answer) = channel();
        let sent = Instant::now();
        if writes.send(reply).is_err() || answer.recv().is_err() {
            break;
        }
        waits.push(sent.elapsed());
    }
    waits
}

/// Everything that waits becomes one group and one force to disk.
fn commit(file: &mut File, write: &[u8], waiting: &Receiver<Sender<()>>) -> std::io::Result<usize> {
    let mut groups = 0;
    while let Ok(first) = waiting.recv() {
        let group: Vec<Sender<()>> = std::iter::once(first).chain(waiting.try_iter()).collect();
        file.write_all(&write.repeat(group.len()))?;
        file.sync_data()?;
        groups += 1;
        for reply in group {
            // A writer that is gone needs no answer.
            let _ = reply.send(());
        }
    }
    Ok(groups)
}
