//! Pure crates take time and randomness as arguments and open nothing.

use crate::repository::SourceFile;

const PURE_FOLDERS: [&str; 4] = [
    "crates/model/src/",
    "crates/sync/src/",
    "crates/practice/src/",
    "crates/ledger/src/",
];

/// What would reach for the clock, chance, the file system, the network, the
/// environment or a runtime.
const BANNED: [&str; 15] = [
    "SystemTime",
    "Instant::",
    "time::Instant",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "File::open",
    "tokio",
    "rand::",
    "getrandom",
    "now_v7",
    "new_v4",
    "println!",
    "eprintln!",
];

/// Banned calls in what is built, tests left out.
pub fn impure_calls(files: &[SourceFile]) -> Vec<String> {
    let built = files.iter().filter(|file| is_built(&file.path));
    built.flat_map(calls_in).collect()
}

fn is_built(path: &str) -> bool {
    let in_tests = path.ends_with("/tests.rs") || path.contains("/tests/");
    path.ends_with(".rs") && !in_tests && PURE_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

fn calls_in(file: &SourceFile) -> Vec<String> {
    let mut problems = Vec::new();
    for (line, text) in (1..).zip(built_part(&file.text).lines()) {
        let code = text.split("//").next().unwrap_or_default();
        let found = BANNED.iter().filter(|banned| code.contains(**banned));
        problems
            .extend(found.map(|banned| format!("{}:{line}: {banned} in a pure crate", file.path)));
    }
    problems
}

/// The text up to a test module written in the same file.
fn built_part(text: &str) -> &str {
    match text.find("#[cfg(test)]\nmod tests {") {
        Some(start) => &text[..start],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn the_clock_is_not_read_in_a_pure_crate() {
        let files = [
            file(
                "crates/model/src/a.rs",
                "fn f() {\n    SystemTime::now();\n}\n",
            ),
            file("crates/sync/src/b.rs", "// no std::fs here\nfn g() {}\n"),
            file("crates/server/src/c.rs", "use std::fs;\n"),
        ];
        assert_eq!(
            impure_calls(&files),
            ["crates/model/src/a.rs:2: SystemTime in a pure crate"]
        );
    }

    #[test]
    fn tests_may_read_their_fixtures() {
        let text = "fn f() {}\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n";
        let files = [
            file("crates/model/src/a.rs", text),
            file("crates/sync/src/a/tests.rs", "use std::fs;"),
        ];
        assert!(impure_calls(&files).is_empty());
    }
}
