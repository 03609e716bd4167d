//! The checks that need no document, cheapest first.

use automerge::legacy::Op;
use automerge::{Change, ExpandedChange};
use model::{ChangeHash, DeviceId, FeedId, Kind, Reason, limits};

use super::{Candidate, chunk, guarded, shape};

/// A change that is well made by itself. Whether it fits its document is for
/// [`examine`](super::examine) to say.
#[derive(Clone, Debug)]
pub struct Inspected {
    pub(super) kind: Kind,
    pub(super) feed: FeedId,
    pub(super) change: Change,
    /// The operations, unfolded; they are looked at several times.
    pub(super) operations: Vec<Op>,
    pub(super) hash: ChangeHash,
}

impl Inspected {
    /// The name of the change.
    pub fn hash(&self) -> ChangeHash {
        self.hash
    }

    /// The changes that it builds on.
    pub fn dependencies(&self) -> impl Iterator<Item = ChangeHash> + '_ {
        self.change.deps().iter().copied().map(ChangeHash::from)
    }

    /// The bytes as they arrived.
    pub fn bytes(&self) -> &[u8] {
        self.change.raw_bytes()
    }
}

/// Checks size, chunk type, exact length, checksum, layout, number of
/// operations and actor, and that the bytes are exactly those that Automerge
/// itself would write for this change. `sender` is the device that sent it (or,
/// for a change from the tray, the device that once did).
pub fn inspect(candidate: Candidate, sender: DeviceId) -> Result<Inspected, Reason> {
    let chunk = chunk::plain_change(&candidate.bytes)?;
    shape::check(chunk.body)?;
    let hash = chunk.hash;
    let (change, operations) = guarded(|| parse(candidate.bytes))??;
    if DeviceId::of_actor(change.actor_id()) != Some(sender) {
        return Err(Reason::ForeignActor);
    }
    Ok(Inspected {
        kind: candidate.kind,
        feed: candidate.feed,
        change,
        operations,
        hash,
    })
}

/// Lets Automerge parse the change, and write it again. A document is saved as
/// its operations, not as the bytes that came in: bytes that Automerge would
/// write otherwise give a saved document whose hashes are wrong, which then
/// loads nowhere.
fn parse(bytes: Vec<u8>) -> Result<(Change, Vec<Op>), Reason> {
    let change = Change::from_bytes(bytes).map_err(|_| Reason::Malformed)?;
    if change.len() > limits::CHANGE_OPERATIONS {
        return Err(Reason::TooManyOperations);
    }
    let expanded: ExpandedChange = change.decode();
    let operations = expanded.operations.clone();
    if Change::from(expanded).raw_bytes() != change.raw_bytes() {
        return Err(Reason::Malformed);
    }
    Ok((change, operations))
}
