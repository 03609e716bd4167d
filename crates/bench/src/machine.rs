//! Where the figures were taken: a figure without its machine says little.

use std::fs;
use std::time::Duration;

use crate::BenchError;

/// One line about this machine: processor, cores, memory, system, load.
pub fn described() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or_else(|| "?".to_owned(), |kib| format!("{:.0} GB", kib / 1e6));
    let system = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "?".to_owned());
    format!(
        "{processor}, {cores} cores, {memory}, {} {}, load {}",
        std::env::consts::OS,
        system.trim(),
        load.split(' ').next().unwrap_or("?"),
    )
}

/// Ticks of a second in which Linux counts processor time for everybody.
const TICKS_PER_SECOND: f64 = 100.0;

/// Processor time that a process has used.
#[derive(Clone, Copy, Debug)]
pub struct ProcessorTime {
    /// In its own code.
    pub user: Duration,
    /// In the system's, on its behalf.
    pub system: Duration,
}

impl ProcessorTime {
    /// Of a process, since its start.
    pub fn of(process: u32) -> Result<Self, BenchError> {
        Self::read(&format!("/proc/{process}/stat"))
    }

    /// Of this process, since its start.
    pub fn of_this_process() -> Result<Self, BenchError> {
        Self::read("/proc/self/stat")
    }

    /// Of this thread alone, in nanoseconds.
    pub fn of_this_thread() -> Result<u64, BenchError> {
        let path = "/proc/thread-self/schedstat";
        let text = read(path);
        let first = text.split(' ').next().and_then(|text| text.parse().ok());
        first.ok_or_else(|| BenchError::Program(format!("{path} says nothing")))
    }

    /// What was used after `before`.
    pub fn since(self, before: Self) -> Self {
        Self {
            user: self.user.saturating_sub(before.user),
            system: self.system.saturating_sub(before.system),
        }
    }

    /// Both together.
    pub fn all(self) -> Duration {
        self.user + self.system
    }

    fn read(path: &str) -> Result<Self, BenchError> {
        let text = read(path);
        // The name may hold anything; what follows its closing bracket does not.
        let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
        let mut fields = fields.split_ascii_whitespace().skip(11);
        let mut next = || {
            let ticks = fields.next().and_then(|text| text.parse::<f64>().ok());
            let ticks = ticks.ok_or_else(|| BenchError::Program(format!("{path} says nothing")));
            ticks.map(|ticks| Duration::from_secs_f64(ticks / TICKS_PER_SECOND))
        };
        Ok(Self {
            user: next()?,
            system: next()?,
        })
    }
}

/// The value behind `name:` in a file of such lines.
pub(crate) fn field(path: &str, name: &str) -> Option<String> {
    let text = read(path);
    let mut lines = text.lines();
    lines.find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == name).then(|| value.trim().to_owned())
    })
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
