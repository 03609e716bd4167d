//! Steps of a long check, each named and timed, with a count at the end.

use std::time::{Duration, Instant};

/// Runs steps one after another and remembers how they went.
#[derive(Default)]
pub struct Steps {
    passed: usize,
    failed: Vec<String>,
}

impl Steps {
    /// Runs one step. A failure does not stop the steps after it.
    pub fn run(&mut self, name: &str, step: impl FnOnce() -> Result<(), String>) -> bool {
        println!("── {name}");
        let start = Instant::now();
        let outcome = step();
        let time = shown(start.elapsed());
        match &outcome {
            Ok(()) => {
                self.passed += 1;
                println!("   ok    {name} ({time})");
            }
            Err(words) => {
                self.failed.push(name.to_owned());
                println!("   FAIL  {name} ({time}): {words}");
            }
        }
        outcome.is_ok()
    }

    /// Says something that is no step, such as what to install for one more.
    pub fn say(&self, words: &str) {
        println!("   note  {words}");
    }

    /// The closing lines. An error when anything failed.
    pub fn finish(self) -> Result<(), String> {
        for name in &self.failed {
            println!("   FAIL  {name}");
        }
        println!("{} passed, {} failed", self.passed, self.failed.len());
        if self.failed.is_empty() {
            Ok(())
        } else {
            Err("有检查没有通过 / not all checks passed".to_owned())
        }
    }
}

fn shown(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_does_not_stop_the_next_but_fails_the_whole() {
        let mut steps = Steps::default();
        assert!(!steps.run("one", || Err("no".to_owned())));
        assert!(steps.run("two", || Ok(())));
        assert!(steps.finish().is_err());
        assert!(Steps::default().finish().is_ok());
    }
}
