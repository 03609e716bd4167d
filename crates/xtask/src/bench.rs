//! `cargo xtask bench`: builds the program and the measurements as they are
//! shipped, then measures. What is measured is in `crates/bench`.

use crate::browser::require_browser;
use crate::command::{cargo, command, succeed};
use crate::repository::root;
use crate::run::target_folder;
use crate::web;

/// The measurements, in the order in which all of them are made.
const NAMES: [&str; 5] = ["desk", "phone", "phone-download", "rush", "sync"];

/// `bench sync` and `bench rush` with this measure no other engines.
const ALONE: &str = "--without-peers";

/// Makes the measurement named first, or all; options go to it.
pub fn bench(arguments: &[String]) -> Result<(), String> {
    let is_name = |argument: &&String| !argument.starts_with("--");
    let (names, options) = match arguments.first().filter(is_name) {
        Some(name) => (vec![name.as_str()], &arguments[1..]),
        None => (NAMES.to_vec(), arguments),
    };
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(name)) {
        return Err(format!(
            "{unknown}: cargo xtask bench [{}]",
            NAMES.join("|")
        ));
    }
    web::require_node()?;
    web::install(&web::folder())?;
    web::build_if_stale(&web::folder())?;
    // Apart, so that what other engines ask of our common dependencies does not
    // come into the program.
    succeed(cargo(&root(), &BUILD_PROGRAM))?;
    let links_peers = names.contains(&"rush") && !is_alone(options);
    let features: &[&str] = if links_peers {
        &["--features", "peers"]
    } else {
        &[]
    };
    succeed(cargo(&root(), &[&BUILD_BENCH, features].concat()))?;
    for name in names {
        measure(name, options)?;
    }
    Ok(())
}

const BUILD_PROGRAM: [&str; 4] = ["build", "--release", "--package", "stairwell-server"];
const BUILD_BENCH: [&str; 4] = ["build", "--release", "--package", "stairwell-bench"];

fn is_alone(options: &[String]) -> bool {
    options.iter().any(|option| option == ALONE)
}

fn measure(name: &str, options: &[String]) -> Result<(), String> {
    let target = target_folder();
    let built = |name: &str| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        target.join("release").join(name)
    };
    let mut bench = command(
        &root(),
        &built("stairwell-bench").to_string_lossy(),
        &[name],
    );
    bench.arg("--program").arg(built("stairwell"));
    bench.arg("--web").arg(web::folder().join("dist"));
    bench.arg("--output").arg(target.join("bench"));
    if name == "phone" {
        web::install(&root().join("tests"))?;
        bench.env("CHROME_PATH", require_browser()?);
    }
    if name == "sync" && !is_alone(options) {
        let peers = root().join("tests/bench");
        web::install(&peers)?;
        succeed(web::npm(&peers, &["run", "--silent", "check"]))?;
        bench.arg("--peers").arg(peers);
    }
    bench.args(options.iter().filter(|option| *option != ALONE));
    succeed(bench)
}
