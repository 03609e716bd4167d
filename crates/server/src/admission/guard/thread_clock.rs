//! How long a guarded thread has really run, however busy the machine is.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Reads how long one thread has run, where the system tells it (Linux).
#[derive(Default)]
pub(super) struct ThreadClock {
    statistics: Option<PathBuf>,
}

impl ThreadClock {
    pub(super) fn of_this_thread() -> Self {
        let statistics = fs::read_link("/proc/thread-self")
            .ok()
            .map(|link| Path::new("/proc").join(link).join("schedstat"));
        Self { statistics }
    }

    pub(super) fn run_time(&self) -> Option<Duration> {
        let text = fs::read_to_string(self.statistics.as_ref()?).ok()?;
        text.split_ascii_whitespace()
            .next()?
            .parse()
            .ok()
            .map(Duration::from_nanos)
    }
}
