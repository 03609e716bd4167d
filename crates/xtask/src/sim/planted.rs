//! `cargo xtask sim --planted`: plants known bugs into a copy of the code, one at a time, and sees
//! that the simulation finds each.
//!
//! The bugs are patches in `crates/sim/planted`, so that no switch for them is in the product.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::RUN;
use crate::command::{cargo, command, output_of, succeed};
use crate::repository::root;
use crate::run::target_folder;

/// Seeds within which each bug is to be found.
const SEEDS: &str = "2000";
/// How the line ends that a story follows.
const STORY: &str = "made short:";
const BUILD: [&str; 4] = ["build", "--quiet", "--package", "stairwell-sim"];

/// Plants the bugs that are named, or all, and fails if one is not found.
pub fn planted(names: &[String]) -> Result<(), String> {
    let copy = target_folder().join("planted");
    copy_sources(&copy)?;
    let mut missed = Vec::new();
    for patch in patches()? {
        let name = patch.file_stem().unwrap_or_default().to_string_lossy();
        if !names.is_empty() && !names.iter().any(|wanted| *wanted == name) {
            continue;
        }
        println!("── {name}");
        succeed(git_apply(&copy, &[], &patch))?;
        let found = simulate(&copy);
        succeed(git_apply(&copy, &["--reverse"], &patch))?;
        if !found? {
            missed.push(name.into_owned());
        }
    }
    match missed.as_slice() {
        [] => Ok(()),
        missed => Err(format!(
            "没有查出 not found within {SEEDS} seeds: {}",
            missed.join(", ")
        )),
    }
}

fn patches() -> Result<Vec<PathBuf>, String> {
    let folder = root().join("crates/sim/planted");
    let entries = folder.read_dir().map_err(|error| error.to_string())?;
    let mut patches: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    patches.sort();
    Ok(patches)
}

/// Runs the simulation of the copy and shows the first story that it found. True if it found one.
fn simulate(copy: &Path) -> Result<bool, String> {
    succeed(built_quickly(copy, &BUILD))?;
    let mut run = built_quickly(copy, &RUN);
    run.args(["--without-corpus", "--seeds", SEEDS]);
    let output = run.output().map_err(|error| error.to_string())?;
    let words = String::from_utf8_lossy(&output.stdout);
    let mut story = words
        .lines()
        .skip_while(|line| !line.ends_with(STORY))
        .peekable();
    let is_found = story.peek().is_some();
    story.for_each(|line| println!("   {line}"));
    Ok(is_found)
}

/// What was depended on is taken from where it was built already; the code itself changes with each
/// bug, and optimising it would take longer than running it.
fn built_quickly(copy: &Path, arguments: &[&str]) -> Command {
    let mut built = cargo(copy, arguments);
    built
        .env("CARGO_TARGET_DIR", target_folder())
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    built
}

/// Patches the copy, which lies in no repository of its own.
fn git_apply(copy: &Path, options: &[&str], patch: &Path) -> Command {
    let mut git = command(copy, "git", &[&["apply"], options].concat());
    git.arg(patch);
    if let Some(parent) = copy.parent() {
        git.env("GIT_CEILING_DIRECTORIES", parent);
    }
    git
}

/// Copies what the program is built from. A file that is the same already keeps its time, so that
/// it is not built again.
fn copy_sources(copy: &Path) -> Result<(), String> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let listed = output_of(command(&root(), "git", &arguments));
    let listed = listed.ok_or("git ls-files: 没有成功 failed")?;
    let is_needed = |path: &&str| path.starts_with("crates/") || path.starts_with("Cargo.");
    for path in listed.lines().filter(is_needed) {
        let (from, to) = (root().join(path), copy.join(path));
        let Ok(bytes) = fs::read(&from) else {
            // It was deleted and is listed still.
            continue;
        };
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        let written = to.parent().map_or(Ok(()), fs::create_dir_all);
        let written = written.and_then(|()| fs::write(&to, bytes));
        written.map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}
