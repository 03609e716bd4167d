//! A summary from a phone: what reads is the same after it was written again.

use model::Summary;

use super::fixtures;
use crate::{Target, mutate};

/// The JSON text.
pub const TARGET: Target = Target {
    name: "summary",
    run,
    seeds: fixtures::summaries,
    mutate: mutate::bytes,
    memory_bytes: 16 << 20,
    mutations: 4_000,
};

fn run(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else {
        return;
    };
    if let Ok(summary) = Summary::from_json(text) {
        let again = Summary::from_json(&summary.to_json()).expect("what was written reads");
        assert_eq!(again, summary, "it reads as it was");
    }
}
