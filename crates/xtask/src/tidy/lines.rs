//! A file that grows past the ceiling has more than one job.

use crate::repository::SourceFile;

/// Most lines of a file.
const LINES_MAX: usize = 400;
const MEASURED: [&str; 6] = ["rs", "ts", "tsx", "css", "mjs", "js"];

/// Files over the ceiling.
pub fn too_long(files: &[SourceFile]) -> Vec<String> {
    let measured = files
        .iter()
        .filter(|file| MEASURED.contains(&file.extension()));
    let counted = measured.map(|file| (file, file.text.lines().count()));
    counted
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines, at most {LINES_MAX}", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn a_file_one_line_over_the_ceiling_is_named() {
        let files = [
            file("a.rs", &"x\n".repeat(400)),
            file("b.ts", &"x\n".repeat(401)),
            file("c.md", &"x\n".repeat(900)),
        ];
        assert_eq!(too_long(&files), ["b.ts: 401 lines, at most 400"]);
    }
}
