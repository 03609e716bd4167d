//! One word per thing, nothing left unfinished, nothing of one machine.

use crate::repository::SourceFile;

const CODE: [&str; 7] = ["rs", "ts", "tsx", "css", "mjs", "js", "html"];
/// This folder names what it looks for.
const EXEMPT: &str = "crates/xtask/src/tidy";

/// Words that must not stand in code, with what to say instead.
const UNWANTED: [(&str, &str); 3] = [
    ("session", "say token or exchange"),
    ("check-in", "say visit; there is none here"),
    ("check_in", "say visit; there is none here"),
];
/// Names of somebody else's that hold such a word.
const FOREIGN: [&str; 2] = ["sessionstorage", "cdpsession"];

/// Marks of work left undone, or of a test switched off.
const UNFINISHED: [&str; 9] = [
    "TODO",
    "FIXME",
    "XXX",
    "todo!(",
    "unimplemented!(",
    "#[ignore",
    "test.skip(",
    "it.skip(",
    ".only(",
];

/// Beginnings of paths that exist on one machine only.
const MACHINE_PATHS: [&str; 3] = ["/home/", "/root/", "/Users/"];

/// Lines that hold any of these.
pub fn unwanted_words(files: &[SourceFile]) -> Vec<String> {
    let looked_at = files.iter().filter(|file| !file.path.starts_with(EXEMPT));
    looked_at.flat_map(words_in).collect()
}

fn words_in(file: &SourceFile) -> Vec<String> {
    let is_code = CODE.contains(&file.extension());
    let mut problems = Vec::new();
    for (line, text) in (1..).zip(file.text.lines()) {
        let mut report = |words: String| problems.push(format!("{}:{line}: {words}", file.path));
        for path in MACHINE_PATHS.iter().filter(|path| starts_in(text, path)) {
            report(format!("{path} is a path of one machine"));
        }
        if !is_code {
            continue;
        }
        for mark in UNFINISHED.iter().filter(|mark| text.contains(**mark)) {
            report(format!("{mark} is unfinished work"));
        }
        let mut plain = text.to_lowercase();
        for foreign in FOREIGN {
            plain = plain.replace(foreign, "");
        }
        // Saying that there is none is what the word is for.
        let is_denied = plain.contains("no ") || plain.contains("not ");
        let found = UNWANTED.iter().filter(|(word, _)| plain.contains(word));
        for (word, instead) in found.filter(|_| !is_denied) {
            report(format!("“{word}”: {instead}"));
        }
    }
    problems
}

/// Whether the path starts somewhere in the line: `../home/x` is another path.
fn starts_in(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|before| {
            !before.is_alphanumeric() && !matches!(before, '.' | '}' | '-' | '_')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn unwanted_words_are_named_with_their_lines() {
        let files = [
            file(
                "a.ts",
                "const userSession = 1;\nsessionStorage.clear();\n// There is no check-in here.\n",
            ),
            file("b.rs", "fn f() {\n    todo!()\n}\n"),
            file(
                "c.md",
                "A session of the council. See /home/somebody/notes.\n",
            ),
        ];
        assert_eq!(
            unwanted_words(&files),
            [
                "a.ts:1: “session”: say token or exchange",
                "b.rs:2: todo!( is unfinished work",
                "c.md:1: /home/ is a path of one machine",
            ]
        );
    }
}
