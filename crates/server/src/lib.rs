//! The program `stairwell`: one service over one data folder, and the commands about it.
//!
//! Pure rules live in `model` and `sync`, bytes in `store`; this is the shell that joins them to
//! HTTP, threads, the clock and the terminal.

pub mod admin;
pub mod admission;
pub mod api;
pub mod audit;
pub mod chance;
pub mod clock;
pub mod commands;
pub mod compaction;
pub mod desk;
pub mod exchange;
pub mod failure;
pub mod found_at_start;
pub mod hub;
pub mod import;
pub mod listen;
pub mod metrics;
pub mod office;
pub mod people;
pub mod practice_data;
pub mod program;
pub mod progress;
pub mod refusal;
pub mod rescue;
pub mod sealed;
pub mod serve;
pub mod settings;
pub mod starting;
pub mod stopping;
pub mod tls;
pub mod tray;
pub mod web;
