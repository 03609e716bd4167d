//! Where the figures were taken: a figure without its machine says little.

use std::fs;

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
