//! Programs of the system that a check needs: installed where that is allowed.

use std::path::Path;

use crate::command::{command, is_there, output_of, succeed};

/// How often an installation is tried; downloads break off.
const TRIES: u32 = 3;

/// Root on a system with apt.
pub fn may_install() -> bool {
    let user = output_of(command(Path::new("."), "id", &["-u"]));
    user.is_some_and(|user| user.trim() == "0") && is_there("apt-get", "--version")
}

/// Installs packages of a system with apt.
pub fn install(packages: &[&str]) -> Result<(), String> {
    let mut last = String::new();
    for attempt in 1..=TRIES {
        match install_once(packages) {
            Ok(()) => return Ok(()),
            Err(words) => last = format!("{words} ({attempt}/{TRIES})"),
        }
        // Mends what an installation that broke off left behind.
        let _ = succeed(apt_get(&["-f", "install", "-y"]));
    }
    Err(last)
}

fn install_once(packages: &[&str]) -> Result<(), String> {
    succeed(apt_get(&["update", "-q"]))?;
    let usual = ["install", "-q", "-y", "--no-install-recommends"];
    succeed(apt_get(&[&usual, packages].concat()))
}

fn apt_get(arguments: &[&str]) -> std::process::Command {
    let mut apt_get = command(Path::new("/"), "apt-get", arguments);
    apt_get.env("DEBIAN_FRONTEND", "noninteractive");
    apt_get
}
