//! The exchange: one request, taken in while it arrives, and one response, sent while it is made.

mod answer;
mod people;
mod request;

pub use answer::{Compression, answer};
pub use request::{Encoding, Taken, take};
