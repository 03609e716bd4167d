//! `cargo xtask sim`: builds the simulation and lets it run. What it does is in `crates/sim`.

use crate::command::{cargo, succeed};
use crate::repository::root;

/// Runs seeds; options go to the simulation.
pub fn sim(arguments: &[String]) -> Result<(), String> {
    let mut run = cargo(&root(), &RUN);
    run.args(arguments);
    succeed(run)
}

/// As the tests are built: what is depended on is optimised, and arithmetic is checked.
const RUN: [&str; 5] = ["run", "--quiet", "--package", "stairwell-sim", "--"];
