//! `cargo xtask crash`: builds the program and the crash bench, and crashes it.
//! What is done to it is in `crates/crash`.

use std::path::PathBuf;

use crate::command::{cargo, command, is_there, succeed};
use crate::packages::{install, may_install};
use crate::repository::root;
use crate::run::target_folder;
use crate::web;

/// The benches, in the order in which all of them are run.
const NAMES: [&str; 3] = ["kill", "power", "errors"];

/// A small run of each, with the program as tests use it.
const QUICK: &str = "--quick";

/// Runs the bench named first, or all; options go to it.
pub fn crash(arguments: &[String]) -> Result<(), String> {
    let is_name = |argument: &&String| !argument.starts_with("--");
    let (names, options) = match arguments.first().filter(is_name) {
        Some(name) => (vec![name.as_str()], &arguments[1..]),
        None => (NAMES.to_vec(), arguments),
    };
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(name)) {
        return Err(format!(
            "{unknown}: cargo xtask crash [{}]",
            NAMES.join("|")
        ));
    }
    require_strace()?;
    web::require_node()?;
    web::install(&web::folder())?;
    web::build_if_stale(&web::folder())?;
    run_all(&names, options)
}

/// A few of each, for `cargo xtask test`.
pub fn quick() -> Result<(), String> {
    run_all(&NAMES, &[QUICK.to_owned()])
}

fn run_all(names: &[&str], options: &[String]) -> Result<(), String> {
    let is_quick = options.iter().any(|option| option == QUICK);
    let folder = build(is_quick)?;
    let mut failed = Vec::new();
    for name in names {
        // Whatever one finds, the others are run.
        if let Err(words) = run(&folder, name, options) {
            failed.push(words);
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(failed.join("\n")),
    }
}

/// Builds what is needed and says where it is. Times count only for the program
/// as it is shipped, so only the quick runs do without.
fn build(is_quick: bool) -> Result<PathBuf, String> {
    let (profile, folder): (&[&str], _) = match is_quick {
        true => (&[], "debug"),
        false => (&["--release"], "release"),
    };
    for package in ["stairwell-server", "stairwell-crash"] {
        succeed(cargo(
            &root(),
            &[&["build", "--package", package], profile].concat(),
        ))?;
    }
    Ok(target_folder().join(folder))
}

fn run(folder: &std::path::Path, name: &str, options: &[String]) -> Result<(), String> {
    let built = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let bench = built("stairwell-crash");
    let mut bench = command(&root(), &bench.to_string_lossy(), &[name]);
    bench.arg("--program").arg(built("stairwell"));
    bench.arg("--web").arg(web::folder().join("dist"));
    bench.arg("--output").arg(target_folder().join("bench"));
    bench.args(options);
    succeed(bench)
}

/// strace, which records and breaks what the program asks of the system.
/// Installed where that is allowed.
pub fn require_strace() -> Result<(), String> {
    if is_there("strace", "-V") {
        return Ok(());
    }
    if may_install() {
        println!("   安装 strace installing strace …");
        install(&["strace"])?;
    }
    match is_there("strace", "-V") {
        true => Ok(()),
        false => Err(
            "断电和故障测试需要 strace / the crash benches need strace:\n\
             \x20  Debian, Ubuntu   sudo apt-get install strace\n\
             \x20  Fedora           sudo dnf install strace"
                .to_owned(),
        ),
    }
}
