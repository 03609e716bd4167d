//! `cargo xtask tidy`: the rules of this repository that a machine can hold.
//!
//! Each rule is a function from what it looks at to a list of problems, in a
//! file of its own with its tests.

mod arrows;
mod frames;
mod lines;
mod pure;
mod records;
mod routes;
mod words;

use crate::command::{cargo, output_of};
use crate::repository::{SourceFile, root, source_files};

/// Checks every rule and prints what breaks one.
pub fn tidy() -> Result<(), String> {
    let files = source_files(&root());
    let metadata = output_of(cargo(
        &root(),
        &["metadata", "--no-deps", "--format-version", "1"],
    ))
    .ok_or("cargo metadata failed; is every Cargo.toml readable?")?;
    let problems = [
        arrows::wrong_arrows(&metadata),
        lines::too_long(&files),
        pure::impure_calls(&files),
        routes::loose_routes(&files),
        frames::loose_frames(&files),
        records::loose_records(&files),
        words::unwanted_words(&files),
    ]
    .concat();
    for problem in &problems {
        println!("   {problem}");
    }
    match problems.len() {
        0 => Ok(()),
        count => Err(format!(
            "{count} 处不合规矩 / {count} breaches of the rules"
        )),
    }
}

/// The file at `path`, if it is there.
fn file_at<'a>(files: &'a [SourceFile], path: &str) -> Option<&'a SourceFile> {
    files.iter().find(|file| file.path == path)
}

#[cfg(test)]
fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
