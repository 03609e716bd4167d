//! How far a long piece of work is, for a terminal or for the far end of the admin socket.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};

/// One step of a long piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is being done, in Chinese and English.
    pub what: String,
    /// Pieces done.
    pub done: u64,
    /// Pieces in all; 0 while unknown.
    pub total: u64,
}

impl Step {
    /// A step.
    pub fn new(what: &str, done: u64, total: u64) -> Self {
        Self {
            what: what.to_owned(),
            done,
            total,
        }
    }
}

/// Whoever wants to know.
pub type Report<'a> = &'a mut dyn FnMut(Step);

/// Draws steps as a bar on standard error; silent where that is no terminal.
pub struct Bar {
    bar: ProgressBar,
}

impl Default for Bar {
    fn default() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        Self { bar }
    }
}

impl Bar {
    /// Shows one step.
    pub fn show(&self, step: &Step) {
        if self.bar.message() != step.what {
            self.bar.set_message(step.what.clone());
        }
        self.bar.set_length(step.total);
        self.bar.set_position(step.done);
    }

    /// Prints something without the bar in its way.
    pub fn suspend(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
