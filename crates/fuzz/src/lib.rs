//! Every decoder of this repository as a function from any bytes to nothing, so
//! that bytes can be thrown at it: a panic is a finding, and so is a hang, more
//! memory than the bound, or an answer that contradicts itself.
//!
//! A target is a file in `targets`, a row in [`TARGETS`] and a folder in
//! `corpus`. `cargo test` runs the corpus and a bounded number of mutations;
//! `cargo xtask fuzz` runs for as long as it is told to, led by coverage. Why
//! this engine: docs/adr/018. Development only: nothing imports this crate.

pub mod chance;
pub mod corpus;
pub mod memory;
pub mod mutate;
pub mod parts;
pub mod targets;

use chance::Chance;

/// A decoder to throw bytes at.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its file and of its corpus.
    pub name: &'static str,
    /// Takes any bytes. Panics if they do harm.
    pub run: fn(&[u8]),
    /// Valid inputs to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Changes an input into another that still passes the checks on its outside.
    pub mutate: fn(&mut Vec<u8>, &mut Chance),
    /// The most bytes that one input may make the program hold.
    pub memory_bytes: usize,
    /// Mutated inputs in `cargo test`, fewer where each costs more.
    pub mutations: u32,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    targets::admission::TARGET,
    targets::body::TARGET,
    targets::enrolment::TARGET,
    targets::frame::TARGET,
    targets::journal::TARGET,
    targets::lean_change::TARGET,
    targets::ledger_text::TARGET,
    targets::ledger_workbook::TARGET,
    targets::merge_patch::TARGET,
    targets::names::TARGET,
    targets::pack_request::TARGET,
    targets::pack_response::TARGET,
    targets::rescue::TARGET,
    targets::sealed::TARGET,
    targets::summary::TARGET,
];

/// The target with this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
