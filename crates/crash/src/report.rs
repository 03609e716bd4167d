//! The figures of a run: shown as lines, kept as JSON.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::CrashError;

/// What one bench found out.
#[derive(Clone, Debug)]
pub struct Report {
    name: &'static str,
    lines: Vec<(String, Value)>,
    /// What went against a promise; empty when all is well.
    pub broken: Vec<String>,
}

impl Report {
    /// Nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            lines: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// Adds a figure or a word.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.lines.push((name.into(), value.into()));
    }

    /// Adds the median and the longest of some times, in milliseconds.
    pub fn add_times(&mut self, name: &str, times: &[Duration]) {
        let mut times: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        let (Some(median), Some(longest)) = (times.get(times.len() / 2), times.last()) else {
            return;
        };
        self.add(format!("{name}_median_ms"), median.round());
        self.add(format!("{name}_longest_ms"), longest.round());
    }

    /// The lines for the terminal.
    pub fn text(&self) -> String {
        let width = self
            .lines
            .iter()
            .map(|(name, _)| name.len())
            .max()
            .unwrap_or(0);
        let lines = self.lines.iter().map(|(name, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("   {name:<width$}  {value}\n")
        });
        let broken = self
            .broken
            .iter()
            .map(|words| format!("   BROKEN {words}\n"));
        lines.chain(broken).collect()
    }

    fn json(&self) -> Value {
        let lines: Map<String, Value> = self.lines.iter().cloned().collect();
        json!({ "figures": lines, "broken": self.broken })
    }

    /// Puts the figures into `crash.json`, beside those of the other benches.
    pub fn keep(&self, output: &Path) -> Result<(), CrashError> {
        fs::create_dir_all(output)?;
        let path = output.join("crash.json");
        let before = fs::read(&path).ok();
        let before = before.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut all: Map<String, Value> = before.unwrap_or_default();
        all.insert(self.name.to_owned(), self.json());
        all.insert("machine".to_owned(), bench::machine::described().into());
        fs::write(path, serde_json::to_string_pretty(&all)? + "\n")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benches_keep_their_figures_beside_each_other() {
        let folder = tempfile::tempdir().unwrap();
        for (name, rounds) in [("kill", 1), ("power", 2), ("kill", 3)] {
            let mut report = Report::new(name);
            report.add("rounds", rounds);
            report.keep(folder.path()).unwrap();
        }
        let text = fs::read_to_string(folder.path().join("crash.json")).unwrap();
        let kept: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(kept["kill"]["figures"]["rounds"], 3);
        assert_eq!(kept["power"]["figures"]["rounds"], 2);
    }
}
