//! `cargo xtask bench`: builds the program and the measurements as they are
//! shipped, then measures. What is measured is in `crates/bench`.

use crate::browser::require_browser;
use crate::command::{cargo, command, succeed};
use crate::repository::root;
use crate::run::target_folder;
use crate::web;

/// The measurements, in the order in which all of them are made.
const NAMES: [&str; 5] = ["desk", "phone", "phone-download", "rush", "sync"];

/// `bench sync` with this measures no other engines.
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
    succeed(cargo(&root(), &BUILD))?;
    for name in names {
        measure(name, options)?;
    }
    Ok(())
}

const BUILD: [&str; 6] = [
    "build",
    "--release",
    "--package",
    "stairwell-server",
    "--package",
    "stairwell-bench",
];

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
    if name == "sync" && !options.iter().any(|option| option == ALONE) {
        let peers = root().join("tests/bench");
        web::install(&peers)?;
        succeed(web::npm(&peers, &["run", "--silent", "check"]))?;
        bench.arg("--peers").arg(peers);
    }
    bench.args(options.iter().filter(|option| *option != ALONE));
    succeed(bench)
}
