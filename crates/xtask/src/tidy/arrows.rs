//! Which crate may use which, and which may touch the outside world.

use serde_json::Value;

/// Each crate with the crates of this workspace that it may use. A new crate
/// gets its row here, and with it a decision.
const ALLOWED: [(&str, &[&str]); 11] = [
    ("stairwell-model", &[]),
    ("stairwell-sync", &["stairwell-model"]),
    ("stairwell-store", &["stairwell-model"]),
    ("stairwell-practice", &["stairwell-model"]),
    ("stairwell-ledger", &["stairwell-model"]),
    (
        "stairwell-server",
        &[
            "stairwell-model",
            "stairwell-sync",
            "stairwell-store",
            "stairwell-practice",
            "stairwell-ledger",
        ],
    ),
    (
        "stairwell-bench",
        &["stairwell-model", "stairwell-sync", "stairwell-practice"],
    ),
    (
        // Nothing imports it: no row but this one names it.
        "stairwell-fuzz",
        &[
            "stairwell-model",
            "stairwell-sync",
            "stairwell-store",
            "stairwell-ledger",
            "stairwell-server",
        ],
    ),
    (
        "stairwell-crash",
        &["stairwell-bench", "stairwell-model", "stairwell-store"],
    ),
    (
        // Nothing imports it either.
        "stairwell-sim",
        &[
            "stairwell-model",
            "stairwell-sync",
            "stairwell-store",
            "stairwell-server",
        ],
    ),
    ("xtask", &[]),
];

/// Crates without clock, chance, file or socket.
const PURE: [&str; 4] = [
    "stairwell-model",
    "stairwell-sync",
    "stairwell-practice",
    "stairwell-ledger",
];

/// Dependencies that bring one of these along.
const WORLDLY: [&str; 13] = [
    "async-compression",
    "axum",
    "chrono",
    "fs4",
    "getrandom",
    "hyper",
    "rand",
    "reqwest",
    "sled",
    "time",
    "tokio",
    "tokio-util",
    "ureq",
];

/// Arrows that point where they must not, from `cargo metadata --no-deps`.
pub fn wrong_arrows(metadata: &str) -> Vec<String> {
    let Ok(metadata) = serde_json::from_str::<Value>(metadata) else {
        return vec!["cargo metadata is not JSON".to_owned()];
    };
    let packages = metadata["packages"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let names: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    packages
        .iter()
        .flat_map(|package| wrong_arrows_of(package, &names))
        .collect()
}

fn wrong_arrows_of(package: &Value, workspace: &[&str]) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, allowed)) = ALLOWED.iter().find(|(of, _)| *of == name) else {
        return vec![format!("{name}: a crate without a row in tidy/arrows.rs")];
    };
    let mut problems = Vec::new();
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        // What only tests use points no arrow.
        if dependency["kind"].as_str() == Some("dev") {
            continue;
        }
        let used = dependency["name"].as_str().unwrap_or_default();
        if workspace.contains(&used) && !allowed.contains(&used) {
            problems.push(format!("{name} must not use {used}"));
        }
        if PURE.contains(&name) && WORLDLY.contains(&used) {
            problems.push(format!(
                "{name} touches no clock, chance, file or socket, yet uses {used}"
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(packages: &[(&str, &[(&str, &str)])]) -> String {
        let packages: Vec<Value> = packages
            .iter()
            .map(|(name, used)| {
                let used: Vec<Value> = used
                    .iter()
                    .map(|(name, kind)| serde_json::json!({"name": name, "kind": (!kind.is_empty()).then_some(kind)}))
                    .collect();
                serde_json::json!({"name": name, "dependencies": used})
            })
            .collect();
        serde_json::json!({ "packages": packages }).to_string()
    }

    #[test]
    fn an_arrow_against_the_layers_is_named() {
        let text = metadata(&[
            ("stairwell-model", &[]),
            ("stairwell-store", &[("stairwell-model", ""), ("sled", "")]),
            ("stairwell-sync", &[("stairwell-store", "")]),
        ]);
        assert_eq!(
            wrong_arrows(&text),
            ["stairwell-sync must not use stairwell-store"]
        );
    }

    #[test]
    fn a_pure_crate_takes_nothing_worldly_except_in_tests() {
        let text = metadata(&[("stairwell-model", &[("tokio", ""), ("rand", "dev")])]);
        assert_eq!(
            wrong_arrows(&text),
            ["stairwell-model touches no clock, chance, file or socket, yet uses tokio"]
        );
    }

    #[test]
    fn a_crate_without_a_row_asks_for_one() {
        assert_eq!(
            wrong_arrows(&metadata(&[("stairwell-other", &[])])),
            ["stairwell-other: a crate without a row in tidy/arrows.rs"]
        );
    }
}
