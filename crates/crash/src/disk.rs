//! A disk in memory, made from what strace wrote down, and what of it a power
//! cut may leave.
//!
//! `trace` reads lines into calls, `record` turns calls into `steps` on files
//! and folders, `cut` makes the folders that could be found after a cut. Nothing
//! here knows what the files mean.

pub mod cut;
pub mod record;
pub mod steps;
pub mod trace;
pub mod tree;
