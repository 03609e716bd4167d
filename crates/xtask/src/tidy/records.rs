//! Every decision record has its line in the index, and the numbers have no gap.

use super::file_at;
use crate::repository::SourceFile;

const FOLDER: &str = "docs/adr/";
const INDEX: &str = "docs/adr/README.md";

/// Records that the index does not list, lines without a record, gaps.
pub fn loose_records(files: &[SourceFile]) -> Vec<String> {
    let index = file_at(files, INDEX)
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    let names: Vec<&str> = (files.iter())
        .filter_map(|file| file.path.strip_prefix(FOLDER))
        .filter(|name| name.ends_with(".md") && *name != "README.md")
        .collect();
    let mut problems = Vec::new();
    for (number, name) in (1..).zip(&names) {
        if !name.starts_with(&format!("{number:03}-")) {
            problems.push(format!("{FOLDER}{name}: number {number:03} was next"));
        }
        if !index.contains(&format!("]({name})")) {
            problems.push(format!("{FOLDER}{name}: no line in {INDEX}"));
        }
    }
    let listed = index
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let missing = listed.filter(|name| {
        name.starts_with(|first: char| first.is_ascii_digit()) && !names.contains(name)
    });
    problems.extend(missing.map(|name| format!("{INDEX}: {name} is not there")));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn records_and_index_must_agree() {
        let files = [
            file("docs/adr/001-one.md", ""),
            file("docs/adr/003-three.md", ""),
            file(
                "docs/adr/README.md",
                "- [001](001-one.md)\n- [002](002-two.md)\n",
            ),
        ];
        assert_eq!(
            loose_records(&files),
            [
                "docs/adr/003-three.md: number 002 was next",
                "docs/adr/003-three.md: no line in docs/adr/README.md",
                "docs/adr/README.md: 002-two.md is not there",
            ]
        );
    }
}
