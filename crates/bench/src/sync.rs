//! `bench sync`: what a first sync, a look for nothing new and a day of work cost
//! over the wire, beside what else one could take, through the same proxy with
//! the same workload, and beside the least that any of them could send.

mod cost;
mod least;
mod moment;
mod office;
mod ours;
mod peers;
mod words;
mod workload;

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::figures::Figures;
use crate::phone::now_ms;
use crate::proxy::Network;
use crate::{BenchError, Settings};

use cost::Costs;
use office::Office;
use peers::Peer;
use words::Words;
use workload::Workload;

/// A network, and what cases are called that were measured over it.
struct Setting {
    network: Network,
    suffix: &'static str,
    /// Which of the workload's days happens here.
    day: usize,
}

const FAR: Duration = Duration::from_millis(150);
const NARROW: u64 = 50_000;

/// Loopback itself, a far office, and a far office behind a narrow line.
const SETTINGS: [Setting; 3] = [
    Setting {
        network: Network {
            one_way: Duration::ZERO,
            bits_per_second: None,
        },
        suffix: "",
        day: 0,
    },
    Setting {
        network: Network {
            one_way: FAR,
            bits_per_second: None,
        },
        suffix: "_300ms",
        day: 1,
    },
    Setting {
        network: Network {
            one_way: FAR,
            bits_per_second: Some(NARROW),
        },
        suffix: "_300ms_50kbit",
        day: 2,
    },
];

/// A workload, over how many of the networks, and whether beside other engines.
const RUNS: [(Words, &[Setting], bool); 3] = [
    (Words::Phrases, &SETTINGS, true),
    // Other words change bytes and nothing else.
    (Words::Random, LOOPBACK, true),
    (Words::PhrasesAndMet, LOOPBACK, false),
];
const LOOPBACK: &[Setting] = SETTINGS.split_at(1).0;

/// Measures.
pub fn run(settings: &Settings) -> Result<Vec<Figures>, BenchError> {
    let runs = RUNS.into_iter();
    runs.map(|(words, networks, has_peers)| {
        let peers = settings.peers.as_deref().filter(|_| has_peers);
        measure(settings, words, networks, peers)
    })
    .collect()
}

fn measure(
    settings: &Settings,
    words: Words,
    networks: &[Setting],
    peers: Option<&Path>,
) -> Result<Figures, BenchError> {
    let mut figures = Figures::new("sync", words.name().to_owned());
    let folder = tempfile::tempdir_in(&settings.output)?;
    let mut costs = Costs::default();

    let office = Office::found(settings, folder.path())?;
    let workload = Workload::generate(words, office.writers(), now_ms());
    let workload = workload.ok_or_else(|| BenchError::Practice("no workload".to_owned()))?;
    let mut office = office.fill(&workload)?;
    for setting in networks {
        let changes = ours::run(&mut office, &workload, setting, &mut costs)?;
        if setting.day == 0 {
            least::tell(&changes, &workload.days[0], &mut costs)?;
        }
    }
    office.program.stop()?;

    if let Some(programs) = peers {
        let path = folder.path().join("workload.json");
        fs::write(&path, workload.to_json().to_string())?;
        for name in peers::NAMES {
            let peer = Peer {
                name,
                programs,
                folder: folder.path().join(name),
                workload: (&path, &workload),
            };
            peer.run(networks, &mut costs)?;
        }
    }
    costs.tell(&mut figures);
    Ok(figures)
}
