//! `cargo xtask run`: from a fresh clone to a community one can play with.

use std::path::PathBuf;

use crate::command::{cargo, command, output_of, succeed};
use crate::repository::root;
use crate::web;

/// The data folder of the practice community.
const DATA: &str = "data/practice";

/// Builds what is stale and serves the practice community. `arguments` go to
/// `stairwell serve` and win over what is set here.
pub fn run(arguments: &[String]) -> Result<(), String> {
    web::require_node()?;
    let folder = web::folder();
    web::install(&folder)?;
    web::build_if_stale(&folder)?;
    println!("   构建服务器 building the server (第一次要几分钟 the first time takes minutes) …");
    let program = build_server()?;
    let mut serve = command(&root(), &program.to_string_lossy(), &["serve"]);
    if !is_given(arguments, "--data") {
        serve.args(["--data", DATA]);
    }
    if !is_given(arguments, "--practice") {
        serve.arg("--practice");
    }
    serve.args(arguments);
    succeed(serve)
}

/// Builds the program and says where it is.
pub fn build_server() -> Result<PathBuf, String> {
    succeed(cargo(
        &root(),
        &[
            "build",
            "--package",
            "stairwell-server",
            "--bin",
            "stairwell",
        ],
    ))?;
    Ok(target_folder()
        .join("debug")
        .join(format!("stairwell{}", std::env::consts::EXE_SUFFIX)))
}

/// Cargo's target folder, which settings can move.
pub fn target_folder() -> PathBuf {
    let metadata = output_of(cargo(
        &root(),
        &["metadata", "--no-deps", "--format-version", "1"],
    ));
    let metadata = metadata.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let folder =
        metadata.and_then(|metadata| Some(metadata["target_directory"].as_str()?.to_owned()));
    folder.map_or_else(|| root().join("target"), PathBuf::from)
}

fn is_given(arguments: &[String], option: &str) -> bool {
    let with_value = format!("{option}=");
    arguments
        .iter()
        .any(|argument| argument == option || argument.starts_with(&with_value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_given_by_hand_is_seen_in_both_spellings() {
        let given = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments
                .iter()
                .map(|argument| (*argument).to_owned())
                .collect();
            is_given(&arguments, "--listen")
        };
        assert!(given(&["--listen", "0.0.0.0:80"]));
        assert!(given(&["--listen=0.0.0.0:80"]));
        assert!(!given(&["--listening", "--data", "x"]));
    }
}
