//! Every frame has a golden fixture and a line in the protocol.

use serde_json::Value;

use super::file_at;
use crate::repository::SourceFile;

const FRAMES: &str = "crates/sync/src/frame.rs";
const FIXTURES: &str = "tests/fixtures/frames.json";
const LEAN_FIXTURES: &str = "tests/fixtures/lean.json";
const PROTOCOL: &str = "docs/PROTOCOL.md";

/// Frames without a fixture or without a line in the protocol.
pub fn loose_frames(files: &[SourceFile]) -> Vec<String> {
    let text_of = |path| {
        file_at(files, path)
            .map(|file| file.text.as_str())
            .unwrap_or_default()
    };
    let frames = numbers_in(text_of(FRAMES));
    if frames.is_empty() {
        return vec![format!("{FRAMES}: no frame numbers found")];
    }
    let mut fixtures = fixture_names(text_of(FIXTURES));
    fixtures.extend(lean_fixture_names(text_of(LEAN_FIXTURES)));
    let protocol = text_of(PROTOCOL);
    let mut problems = Vec::new();
    for (name, number) in frames {
        let is_of_frame = |fixture: &String| {
            let first = fixture.split([' ', '_', '-', ',']).next();
            *fixture == name || first == Some(&name)
        };
        if !fixtures.iter().any(is_of_frame) {
            problems.push(format!("frame {name}: no fixture in {FIXTURES}"));
        }
        if !protocol.contains(&format!("| {number} | {name} |")) {
            problems.push(format!(
                "frame {name}: not in {PROTOCOL} as number {number}"
            ));
        }
    }
    problems
}

/// `pub const HELLO: u64 = 0;` is frame `hello` with number 0.
fn numbers_in(text: &str) -> Vec<(String, u64)> {
    let constant = |line: &str| {
        let (name, number) = line
            .trim()
            .strip_prefix("pub const ")?
            .split_once(": u64 = ")?;
        let name = name.to_lowercase().replace('_', " ");
        Some((name, number.strip_suffix(';')?.parse().ok()?))
    };
    text.lines().filter_map(constant).collect()
}

fn fixture_names(text: &str) -> Vec<String> {
    let entries = serde_json::from_str::<Value>(text).ok();
    let entries = entries
        .as_ref()
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| Some(entry["name"].as_str()?.to_owned()))
        .collect()
}

/// The frames of version 2: what each entry says that it is.
fn lean_fixture_names(text: &str) -> Vec<String> {
    let file = serde_json::from_str::<Value>(text).unwrap_or_default();
    let entries = |key: &str| file[key].as_array().cloned().unwrap_or_default();
    let frames = entries("frames")
        .into_iter()
        .map(|entry| entry["json"].clone());
    frames
        .chain(entries("changes"))
        .filter_map(|entry| Some(entry["frame"].as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn a_frame_without_fixture_or_line_is_named() {
        let files = [
            file(
                FRAMES,
                "mod number {\n    pub const HELLO: u64 = 0;\n    pub const END: u64 = 20;\n}\n",
            ),
            file(
                FIXTURES,
                r#"[{"name":"hello of a new phone","hex":"","json":{}}]"#,
            ),
            file(PROTOCOL, "| 0 | hello | …\n| 21 | end | …"),
        ];
        assert_eq!(
            loose_frames(&files),
            [
                "frame end: no fixture in tests/fixtures/frames.json",
                "frame end: not in docs/PROTOCOL.md as number 20",
            ]
        );
    }
}
