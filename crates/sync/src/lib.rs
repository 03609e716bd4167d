//! What happens between a phone and the server: packs and their frames, how a
//! change is admitted, how a feed is walked, what a receipt promises, and a
//! phone in memory that speaks all of it.
//!
//! Everything here is pure. No clock, chance, file, socket, thread or store
//! belongs here: this crate says what to load and what to write, and the shell
//! around it does so. What documents *are* is in `model`.

pub mod admission;
pub mod answer;
pub mod body;
mod cbor;
pub mod document;
pub mod frame;
#[cfg(any(test, feature = "hostile"))]
pub mod hostile;
pub mod lean;
mod leb128;
pub mod merge_patch;
pub mod pack;
pub mod receipts;
pub mod replica;
pub mod rescue;
pub mod walk;

pub use admission::{
    Adopted, Candidate, Examined, Inspected, Known, Outcome, examine, guarded, inspect, is_guarded,
    name_of,
};
pub use answer::Answer;
pub use frame::{
    ChangeFrame, DocumentFrame, End, FeedFrame, FeedName, FeedState, Frame, FrameError,
    HISTORY_ALL, Hello, PROTOCOL_VERSION, People, PersonEntry, Receipt, ReceiptStatus,
};
pub use pack::{FrameReader, FrameWriter, PackError};
pub use receipts::Receipts;
pub use replica::{Exchange, Heard, Replica, ReplicaError};
pub use walk::Walk;
