//! Every route of the server is in the protocol and in a test.

use std::collections::BTreeSet;

use super::file_at;
use crate::repository::SourceFile;

const SERVER: &str = "crates/server/";
const PROTOCOL: &str = "docs/PROTOCOL.md";

/// Routes that the protocol does not describe or no test calls.
pub fn loose_routes(files: &[SourceFile]) -> Vec<String> {
    let routes: BTreeSet<&str> = files
        .iter()
        .filter(|file| is_built(&file.path))
        .flat_map(routes_in)
        .collect();
    if routes.is_empty() {
        return vec![format!(
            "{SERVER}: no routes found; tidy/routes.rs looks for .route(\"/…\""
        )];
    }
    let protocol = file_at(files, PROTOCOL)
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    let mut problems = Vec::new();
    for route in routes {
        if !protocol.contains(&format!("{route}`")) && !protocol.contains(&format!("{route} ")) {
            problems.push(format!("{route}: not in {PROTOCOL}"));
        }
        if !files
            .iter()
            .any(|file| is_test(file) && calls(&file.text, route))
        {
            problems.push(format!("{route}: no test calls it"));
        }
    }
    problems
}

fn is_built(path: &str) -> bool {
    path.starts_with("crates/server/src/") && path.ends_with(".rs")
}

fn is_test(file: &SourceFile) -> bool {
    let is_rust_test = file.path.starts_with("crates/server/tests/")
        || (file.path.starts_with("crates/server/src/") && file.path.ends_with("tests.rs"));
    is_rust_test || (file.path.starts_with("tests/") && file.extension() == "ts")
}

/// The paths in `.route("…"`, also when the path stands on the next line.
fn routes_in(file: &SourceFile) -> Vec<&str> {
    let after = file.text.split(".route(").skip(1);
    after
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .filter(|path| path.starts_with('/'))
        .collect()
}

/// Whether some line holds the fixed parts of the route, one after another.
fn calls(text: &str, route: &str) -> bool {
    let mut parts = Vec::new();
    for (index, part) in route.split('{').enumerate() {
        let part = if index == 0 {
            part
        } else {
            part.split_once('}').map_or("", |(_, rest)| rest)
        };
        parts.push(part);
    }
    text.lines().any(|line| {
        let mut rest = line;
        parts.iter().all(|part| match rest.find(part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::file;

    #[test]
    fn a_route_that_no_test_calls_is_named() {
        let files = [
            file(
                "crates/server/src/router.rs",
                "Router::new().route(\"/api/sync\", post(sync)).route(\n    \"/api/tray/{id}/admit\", post(admit))",
            ),
            file("crates/server/tests/sync.rs", "client.post(\"/api/sync\")"),
            file(
                "docs/PROTOCOL.md",
                "| `POST /api/sync` |\n| `POST /api/tray/{id}/admit` |",
            ),
        ];
        assert_eq!(
            loose_routes(&files),
            ["/api/tray/{id}/admit: no test calls it"]
        );
    }

    #[test]
    fn a_call_fills_in_the_open_parts() {
        assert!(calls(
            "post(&format!(\"/api/tray/{entry}/admit\"))",
            "/api/tray/{id}/admit"
        ));
        assert!(calls(
            "get(`/api/tray/${id}/admit`)",
            "/api/tray/{id}/admit"
        ));
        assert!(!calls("get(\"/api/tray\")", "/api/tray/{id}/admit"));
    }

    #[test]
    fn a_route_outside_the_protocol_is_named() {
        let files = [
            file(
                "crates/server/src/router.rs",
                ".route(\"/api/secret\", get(secret))",
            ),
            file("crates/server/tests/secret.rs", "\"/api/secret\""),
            file("docs/PROTOCOL.md", ""),
        ];
        assert_eq!(
            loose_routes(&files),
            ["/api/secret: not in docs/PROTOCOL.md"]
        );
    }
}
