//! One file for each decoder. Each has a `TARGET`, and says what must hold.

pub mod admission;
pub mod body;
pub mod enrolment;
pub mod frame;
pub mod journal;
pub mod lean_change;
pub mod ledger_text;
pub mod ledger_workbook;
pub mod merge_patch;
pub mod names;
pub mod pack_request;
pub mod pack_response;
pub mod rescue;
pub mod sealed;
pub mod summary;

mod columns;
mod fixtures;
mod scene;
