//! What happens to files and folders, step by step, and until when a power cut
//! can take it away again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::trace::Moment;

/// A file or folder, whatever its names.
pub type NodeId = usize;

/// The folder that is recorded.
pub const ROOT: NodeId = 0;

/// What was there before the recording began; all of it is durable.
#[derive(Clone, Debug)]
pub enum Before {
    /// A file's bytes; none for a file that was made later.
    File(Arc<Vec<u8>>),
    /// A folder's names.
    Folder(BTreeMap<String, NodeId>),
}

/// What a step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Bytes were written into a file.
    Bytes { at: u64, bytes: Vec<u8> },
    /// A file was cut or made longer.
    Length(u64),
    /// A folder got a name.
    Link { name: String, node: NodeId },
    /// A folder lost a name.
    Unlink { name: String },
    /// A name of a folder was replaced by another, in one step.
    Rename { from: String, to: String },
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Before this moment nothing of it is there.
    pub began: Moment,
    /// From this moment on the program sees all of it.
    pub ended: Moment,
    /// After this moment no power cut takes it away.
    pub durable: Moment,
    /// What it did.
    pub change: Change,
}

/// Bytes that left the program: what a phone can have heard.
#[derive(Clone, Debug)]
pub struct Sent {
    /// From this moment on they may be heard.
    pub began: Moment,
    /// The bytes.
    pub bytes: Vec<u8>,
}
