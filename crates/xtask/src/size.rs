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
    /// Scripts that the first page of a phone waits for.
    FirstScreen,
    /// The styles of those scripts.
    FirstStyles,
    /// Automerge.
    Wasm,
    /// Scripts of the worker and of the service worker; no page waits for them.
    Workers,
    /// Scripts and styles of pages opened later, the desk's for most.
    Later,
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

/// The source that a phone's pages are built from.
const PHONE_PAGES: &str = "phone";
/// The sources of the worker, of what it loads, and of the service worker.
const WORKERS: [&str; 3] = ["main", "slim", "service"];

/// Most gzipped bytes of a part, where one is promised.
const BUDGETS: [(Part, u64); 3] = [
    (Part::FirstScreen, 60_000),
    (Part::FirstStyles, 10_000),
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

/// The scripts that the first page of a phone waits for: those named in the
/// page, the phone's pages, and what these import statically, all the way.
fn first_scripts(page: &str, read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open: Vec<String> = quoted(page).filter_map(script_name).collect();
    while let Some(name) = open.pop() {
        if found.contains(&name) {
            continue;
        }
        let text = read(&name).unwrap_or_default();
        open.extend(static_imports(&text));
        open.extend(
            later_imports(&text)
                .into_iter()
                .filter(|name| stem(name) == PHONE_PAGES),
        );
        found.push(name);
    }
    found
}

/// The names that a built module imports with `from"./x.js"` or `import"./x.js"`.
fn static_imports(text: &str) -> Vec<String> {
    ["from", "import"]
        .iter()
        .flat_map(|opening| names_after(text, opening))
        .collect()
}

/// The names that it imports with a call, `import("./x.js")`, when they are needed.
fn later_imports(text: &str) -> Vec<String> {
    names_after(text, "import(")
}

/// The scripts whose quoted names follow `opening`.
fn names_after(text: &str, opening: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(opening) {
        let rest = text[at + opening.len()..].trim_start();
        let quote = rest
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\'' | '`'));
        let Some(quote) = quote else { continue };
        let name = rest[1..].split(quote).next().unwrap_or_default();
        names.extend(script_name(name));
    }
    names
}

/// `assets/phone-x1Y2.js` was built from `phone`.
fn stem(name: &str) -> &str {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.']).next().unwrap_or_default()
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
        "js" if WORKERS.contains(&stem(name)) => Part::Workers,
        "css" if first.iter().any(|script| stem(script) == stem(name)) => Part::FirstStyles,
        "js" | "css" => Part::Later,
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
    fn the_first_screen_is_the_page_the_phones_pages_and_what_they_import() {
        let page = r#"<script src="/assets/index-1.js"></script><link href="/assets/index-1.css">"#;
        let read = |name: &str| {
            Some(match name {
                "assets/index-1.js" => "import(`./phone-2.js`);import(`./desk-3.js`)".to_owned(),
                "assets/phone-2.js" => {
                    r#"import{a}from"./form-4.js";import"./index-1.js""#.to_owned()
                }
                _ => String::new(),
            })
        };
        let mut scripts = first_scripts(page, &read);
        scripts.sort();
        assert_eq!(
            scripts,
            ["assets/form-4.js", "assets/index-1.js", "assets/phone-2.js"]
        );
        assert_eq!(part_of("assets/desk-3.js", &scripts), Part::Later);
        assert_eq!(part_of("assets/form-4.css", &scripts), Part::FirstStyles);
        assert_eq!(part_of("assets/desk-3.css", &scripts), Part::Later);
        assert_eq!(part_of("service-worker.js", &scripts), Part::Workers);
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
        assert!(passed_budgets(&BTreeMap::from([(Part::Later, sizes)])).is_empty());
    }
}
