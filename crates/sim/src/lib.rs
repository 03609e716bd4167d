//! Phones, the office, the network between them and the disk below, all in one process and all from
//! one seed: the promises of the design, tried in more ways than anybody can think of.
//!
//! A seed gives a [`story`]; a [`world`] lets it happen and comes to an [`ending`]; what must hold is
//! in [`promises`]. A story that breaks one is made short by [`shrink`].
//!
//! Real here: the native phone, the pack, admission, the exchange, the office's memory, the stores.
//! Not here: HTTP, the browser's engine, the command line.

pub mod chance;
pub mod corpus;
pub mod disk;
pub mod ending;
pub mod network;
pub mod office;
pub mod phone;
pub mod promises;
pub mod run;
pub mod shrink;
pub mod story;
pub mod witness;
pub mod world;
