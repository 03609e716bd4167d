//! `cargo xtask sim`: builds the simulation and lets it run. What it does is in `crates/sim`.

mod planted;

use crate::command::{cargo, succeed};
use crate::repository::root;

/// Runs seeds; options go to the simulation. With `--planted`, sees whether it finds planted bugs.
pub fn sim(arguments: &[String]) -> Result<(), String> {
    if arguments.first().is_some_and(|first| first == "--planted") {
        return planted::planted(&arguments[1..]);
    }
    let mut run = cargo(&root(), &RUN);
    run.args(arguments);
    succeed(run)
}

/// As the tests are built: what is depended on is optimised, and arithmetic is checked.
const RUN: [&str; 5] = ["run", "--quiet", "--package", "stairwell-sim", "--"];
