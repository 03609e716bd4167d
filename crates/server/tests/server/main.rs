//! The service over real HTTP with a real store: every route, the exchange, and the program itself.

mod exchange;
mod program;
mod routes;
mod support;
