//! `cargo xtask fixtures`: makes again what is generated and committed. What
//! then differs in git is a change of format, and wants a reason.

use crate::command::{cargo, command, succeed};
use crate::repository::root;

/// The example programs that generate, by package.
const GENERATORS: [(&str, &str); 3] = [
    ("stairwell-model", "fixtures"),
    ("stairwell-sync", "frame_fixtures"),
    ("stairwell-ledger", "sample"),
];

/// Runs every generator and shows what changed.
pub fn fixtures() -> Result<(), String> {
    for (package, example) in GENERATORS {
        println!("── {package}: {example}");
        succeed(cargo(
            &root(),
            &["run", "--quiet", "--package", package, "--example", example],
        ))?;
    }
    succeed(command(
        &root(),
        "git",
        &["status", "--short", "tests/fixtures", "docs/examples"],
    ))
}
