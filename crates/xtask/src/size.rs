//! `cargo xtask size`: what a phone downloads, by part, against budgets.
//!
//! Sizes are those of the files as they are served: the build lays compressed
//! twins beside them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::web;

/// What a file is to a phone that opens the app for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Scripts that `index.html` names, and what these import at once.
    FirstScreen,
    /// Other scripts: the worker, the service worker, pages loaded later.
    LaterScripts,
    Styles,
    Wasm,
    /// The page itself, icons, the manifest.
    Rest,
}

/// Bytes of a file or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sizes {
    plain: u64,
    gzip: u64,
    brotli: u64,
}

/// Most gzipped bytes of a part, where one is promised.
const BUDGETS: [(Part, u64); 3] = [
    (Part::FirstScreen, 60_000),
    (Part::Styles, 10_000),
    (Part::Wasm, 1_100_000),
];

/// Prints the table. An error when a budget is passed or nothing is built.
pub fn size() -> Result<(), String> {
    let folder = web::folder().join("dist");
    let page = fs::read_to_string(folder.join("index.html"))
        .map_err(|_| "web/dist 还没有构建 / web/dist is not built: cargo xtask run".to_owned())?;
    let mut files = Vec::new();
    list(&folder, &folder, &mut files);
    let first = first_scripts(&page, &|name| fs::read_to_string(folder.join(name)).ok());
    let mut parts: BTreeMap<Part, Sizes> = BTreeMap::new();
    for (name, sizes) in &files {
        let part = parts.entry(part_of(name, &first)).or_default();
        part.plain += sizes.plain;
        part.gzip += sizes.gzip;
        part.brotli += sizes.brotli;
    }
    print_table(&parts);
    let over = passed_budgets(&parts);
    if over.is_empty() {
        Ok(())
    } else {
        Err(over.join("\n"))
    }
}

/// The files as a phone asks for them, without their twins.
fn list(folder: &Path, top: &Path, files: &mut Vec<(String, Sizes)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            list(&path, top, files);
            continue;
        }
        let name = path
            .strip_prefix(top)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/");
        if name.ends_with(".br") || name.ends_with(".gz") || name.ends_with(".map") {
            continue;
        }
        let length = |path: &str| fs::metadata(top.join(path)).map(|file| file.len()).ok();
        let plain = length(&name).unwrap_or_default();
        // A file without a twin did not gain from compression and is sent as it is.
        let twin = |ending: &str| length(&format!("{name}.{ending}")).unwrap_or(plain);
        let (gzip, brotli) = (twin("gz"), twin("br"));
        files.push((
            name,
            Sizes {
                plain,
                gzip,
                brotli,
            },
        ));
    }
}

/// The scripts that the first screen waits for: those named in the page, and
/// what they import statically, all the way.
fn first_scripts(page: &str, read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open: Vec<String> = quoted(page).filter_map(script_name).collect();
    while let Some(name) = open.pop() {
        if found.contains(&name) {
            continue;
        }
        let text = read(&name).unwrap_or_default();
        open.extend(static_imports(&text));
        found.push(name);
    }
    found
}

/// The names that a built module imports with `from"./x.js"` or `import"./x.js"`.
/// A call, `import("./x.js")`, is loaded later and does not count.
fn static_imports(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for keyword in ["from", "import"] {
        for (at, _) in text.match_indices(keyword) {
            let rest = text[at + keyword.len()..].trim_start();
            let Some(quote) = rest
                .chars()
                .next()
                .filter(|first| matches!(first, '"' | '\''))
            else {
                continue;
            };
            let name = rest[1..].split(quote).next().unwrap_or_default();
            names.extend(script_name(name));
        }
    }
    names
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// The file in `dist` that a reference in the page or in a script means.
fn script_name(reference: &str) -> Option<String> {
    let name = reference.strip_suffix(".js")?;
    let name = name.strip_prefix("./").map_or_else(
        || name.trim_start_matches('/').to_owned(),
        // Scripts that import each other all lie in `assets`.
        |sibling| format!("assets/{sibling}"),
    );
    Some(format!("{name}.js"))
}

fn part_of(name: &str, first: &[String]) -> Part {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" if first.iter().any(|script| script == name) => Part::FirstScreen,
        "js" => Part::LaterScripts,
        "css" => Part::Styles,
        "wasm" => Part::Wasm,
        _ => Part::Rest,
    }
}

fn passed_budgets(parts: &BTreeMap<Part, Sizes>) -> Vec<String> {
    let over = BUDGETS.iter().filter_map(|(part, budget)| {
        let gzip = parts.get(part).map(|sizes| sizes.gzip).unwrap_or_default();
        (gzip > *budget).then(|| format!("{part:?}: {gzip} B gzip > {budget} B"))
    });
    over.collect()
}

fn print_table(parts: &BTreeMap<Part, Sizes>) {
    println!(
        "{:<14}{:>12}{:>12}{:>12}{:>12}",
        "", "plain", "gzip", "brotli", "budget gzip"
    );
    let mut sum = Sizes::default();
    for (part, sizes) in parts {
        let budget = BUDGETS
            .iter()
            .find(|(of, _)| of == part)
            .map(|(_, budget)| budget.to_string());
        print_row(&format!("{part:?}"), *sizes, &budget.unwrap_or_default());
        sum.plain += sizes.plain;
        sum.gzip += sizes.gzip;
        sum.brotli += sizes.brotli;
    }
    print_row("all", sum, "");
}

fn print_row(name: &str, sizes: Sizes, budget: &str) {
    println!(
        "{name:<14}{:>12}{:>12}{:>12}{budget:>12}",
        sizes.plain, sizes.gzip, sizes.brotli
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_screen_counts_static_imports_and_not_later_ones() {
        let page =
            r#"<script type="module" src="/assets/app.js"></script><link href="/assets/app.css">"#;
        let read = |name: &str| {
            Some(match name {
                "assets/app.js" => {
                    r#"import{a}from"./shared.js";import("./desk.js");import"./signals.js""#
                        .to_owned()
                }
                "assets/shared.js" => r#"import{b} from "./signals.js""#.to_owned(),
                _ => String::new(),
            })
        };
        let mut scripts = first_scripts(page, &read);
        scripts.sort();
        assert_eq!(
            scripts,
            ["assets/app.js", "assets/shared.js", "assets/signals.js"]
        );
    }

    #[test]
    fn a_passed_budget_is_named() {
        let sizes = Sizes {
            plain: 0,
            gzip: 60_001,
            brotli: 0,
        };
        let over = passed_budgets(&BTreeMap::from([(Part::FirstScreen, sizes)]));
        assert_eq!(over, ["FirstScreen: 60001 B gzip > 60000 B"]);
        assert!(passed_budgets(&BTreeMap::from([(Part::LaterScripts, sizes)])).is_empty());
    }
}
