//! The exchange: one request, taken in while it arrives, and one response, sent while it is made.

mod answer;
mod compose;
mod intake;
mod newcomers;
mod patches;
mod people;
mod request;
mod shelf;

pub use answer::{Compression, Reply, answer};
pub use compose::{Composing, Step};
pub use intake::{End, Intake, Reading, Taken, keep};
pub use newcomers::{Newcomer, Newcomers};
pub use patches::Patches;
pub use request::{Encoding, take};
