//! Merge patches between any two objects: the difference leads from one to the
//! other, and two that combine do what they do one after the other.

use serde_json::{Map, Value};
use sync::merge_patch::{apply, combine, difference};

use super::fixtures;
use crate::{Target, mutate, parts};

/// Three parts: JSON objects, one after the other in time.
pub const TARGET: Target = Target {
    name: "merge_patch",
    run,
    seeds,
    mutate: |input, chance| parts::mutate(input, chance, mutate::bytes),
    memory_bytes: 64 << 20,
    mutations: 4_000,
};

fn run(input: &[u8]) {
    let states: Vec<_> = parts::split(input)
        .iter()
        .filter_map(|part| json(part))
        .collect();
    if let Some([patch, target, ..]) = states.first_chunk::<2>().map(|pair| pair.as_slice()) {
        // As a patch it may hold anything, nulls too.
        let mut any = target.clone();
        apply(&mut any, patch);
        let once = any.clone();
        apply(&mut any, patch);
        assert_eq!(any, once, "applying twice is applying once");
    }
    let states: Vec<_> = states.into_iter().map(without_nulls).collect();
    let mut all = Map::new();
    for pair in states.windows(2) {
        let step = difference(&pair[0], &pair[1]);
        let mut target = pair[0].clone();
        apply(&mut target, &step);
        assert_eq!(target, pair[1], "a difference leads to the other");
        if !combine(&mut all, &step) {
            return;
        }
    }
    for state in &states {
        let mut target = state.clone();
        apply(&mut target, &all);
        assert_eq!(Some(&target), states.last(), "so do several at once");
    }
}

fn json(part: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(part).ok()
}

/// Summaries hold no null.
fn without_nulls(object: Map<String, Value>) -> Map<String, Value> {
    let entries = object.into_iter().filter(|(_, value)| !value.is_null());
    entries
        .map(|(key, value)| match value {
            Value::Object(inner) => (key, Value::Object(without_nulls(inner))),
            value => (key, value),
        })
        .collect()
}

fn seeds() -> Vec<Vec<u8>> {
    let summaries = fixtures::summaries();
    let mut seeds: Vec<Vec<u8>> = summaries.windows(3).map(parts::join).collect();
    seeds.retain(|seed| seed.len() < 4_000);
    seeds.push(parts::join(&[
        r#"{"a":{"b":1}}"#,
        r#"{"a":null}"#,
        r#"{"a":{"c":2}}"#,
    ]));
    seeds
}
