//! The service over real HTTP with a real store: every route, the exchange, and the program itself.

mod backup;
mod compaction;
mod connections;
mod disk;
mod exchange;
mod fsck;
mod hostile;
mod program;
mod routes;
mod starting;
mod support;
