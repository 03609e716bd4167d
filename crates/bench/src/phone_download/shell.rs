//! The app itself, as a browser that opens it for the first time fetches it:
//! the page, what the page names, and all that its service worker keeps.

use std::collections::BTreeMap;

use sync::body::{Encoding, inflate};

use crate::BenchError;
use crate::figures::Figures;
use crate::http::{Connection, Request};

const SERVICE_WORKER: &str = "/service-worker.js";
/// No file of the app is as large.
const FILE_BYTES_MAX: usize = 64 << 20;

/// What files of one kind come to.
#[derive(Clone, Copy, Debug, Default)]
struct Sizes {
    files: usize,
    plain: usize,
    body: usize,
    wire: usize,
}

/// Fetches everything once, in one connection.
pub fn run(connection: &mut Connection, figures: &mut Figures) -> Result<(), BenchError> {
    let mut kinds: BTreeMap<&str, Sizes> = BTreeMap::new();
    let mut all = Sizes::default();
    // The page is fetched as `/` by the browser and once more by the service worker, for keeps.
    fetch(
        connection,
        "/",
        &mut [kinds.entry("html").or_default(), &mut all],
    )?;
    let worker = fetch(
        connection,
        SERVICE_WORKER,
        &mut [kinds.entry("js").or_default(), &mut all],
    )?;
    let kept = kept_by(&worker);
    if kept.is_empty() {
        return Err(BenchError::answer(SERVICE_WORKER, "names no files to keep"));
    }
    for name in &kept {
        let sizes = kinds.entry(kind_of(name)).or_default();
        fetch(connection, &format!("/{name}"), &mut [sizes, &mut all])?;
    }
    for (kind, sizes) in kinds.into_iter().chain([("all", all)]) {
        let case = format!("app-{kind}");
        figures.add_whole(&case, "files", sizes.files, "");
        figures.add_whole(&case, "plain", sizes.plain, "B");
        figures.add_whole(&case, "body", sizes.body, "B");
        figures.add_whole(&case, "wire", sizes.wire, "B");
    }
    Ok(())
}

/// Fetches a file, adds its sizes to each of `sums` and gives its text.
fn fetch(
    connection: &mut Connection,
    path: &str,
    sums: &mut [&mut Sizes],
) -> Result<String, BenchError> {
    let answer = connection.ask_well(Request::get(path, None))?;
    let encoding = Encoding::named(answer.header("content-encoding"));
    let encoding = encoding.ok_or_else(|| BenchError::answer(path, "an unknown encoding"))?;
    let plain = inflate(encoding, &answer.body, FILE_BYTES_MAX);
    for sum in sums {
        sum.files += 1;
        sum.plain += plain.len();
        sum.body += answer.body.len();
        sum.wire += answer.sent_bytes + answer.received_bytes;
    }
    Ok(String::from_utf8_lossy(&plain).into_owned())
}

/// The files that the service worker's list names.
fn kept_by(worker: &str) -> Vec<String> {
    let after = worker.split("\"url\":\"").skip(1);
    let names = after.filter_map(|rest| rest.split('"').next());
    names.map(str::to_owned).collect()
}

fn kind_of(name: &str) -> &str {
    match name.rsplit('.').next().unwrap_or_default() {
        kind @ ("html" | "js" | "css" | "wasm") => kind,
        _ => "icons-and-manifest",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_workers_list_is_read() {
        let worker =
            r#"p([{"revision":null,"url":"assets/a-1.js"},{"revision":"x","url":"index.html"}]);"#;
        assert_eq!(kept_by(worker), ["assets/a-1.js", "index.html"]);
    }
}
