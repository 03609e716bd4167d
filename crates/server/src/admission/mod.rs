//! How changes get in: each is tried on a copy of its document, adopted or put into the tray, and
//! only then answered for.
//!
//! What is checked is `sync::admission`'s; what is kept is the store's and the tray's. Belongs here:
//! the order of things, the locks, the threads. Everything here blocks.

mod batch;
mod guard;
mod keep;
mod retry;
mod stripes;
mod suspects;
#[cfg(test)]
mod tests;

use model::{DeviceId, FeedId, Kind, Member, Permit, Reason, Seq, permit};
use store::StoreError;
use sync::admission::Candidate;
use sync::frame::Receipt;

use crate::office::Office;

pub use guard::{Fault, Guard, Limits};
pub use retry::{AdmitRefused, Admitted, admit_from_tray};
pub use stripes::Stripes;
pub use suspects::Suspects;

/// Why a batch was not answered. Nothing in it may be acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// So many guarded threads hang that nothing more is examined.
    #[error("too many threads hang on changes they were given")]
    Exhausted,
}

/// What became of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is in its document, at this place of the feed.
    Accepted(Seq),
    /// It is in the tray.
    Held(Reason),
    /// It stays on the phone.
    Refused(Reason),
}

/// For whom changes are examined.
pub(crate) struct Sender<'a> {
    /// The person and device that sent them.
    pub member: &'a Member,
    /// What may be written where.
    pub permit: &'a dyn Fn(&Kind, FeedId) -> Result<Permit, Reason>,
    /// The device that brings them into the feed now; it is not sent them back.
    pub carrier: DeviceId,
    /// The server's time, ms.
    pub now_ms: i64,
}

/// Takes in changes a device sent, in their order, and answers each. What is answered is durable.
pub fn admit(
    office: &Office,
    member: &Member,
    candidates: Vec<Candidate>,
    now_ms: i64,
) -> Result<Vec<Receipt>, AdmitError> {
    let permit = |kind: &Kind, feed: FeedId| permit(member, kind, feed);
    answer(office, member, &permit, candidates, now_ms)
}

/// Keeps changes of somebody who may write nothing any more: each goes to the tray for this reason,
/// unless it is here already.
pub fn hold(
    office: &Office,
    member: &Member,
    reason: Reason,
    candidates: Vec<Candidate>,
    now_ms: i64,
) -> Result<Vec<Receipt>, AdmitError> {
    let permit = |_: &Kind, _: FeedId| Err(reason);
    answer(office, member, &permit, candidates, now_ms)
}

fn answer(
    office: &Office,
    member: &Member,
    permit: &dyn Fn(&Kind, FeedId) -> Result<Permit, Reason>,
    candidates: Vec<Candidate>,
    now_ms: i64,
) -> Result<Vec<Receipt>, AdmitError> {
    let sender = Sender {
        member,
        permit,
        carrier: member.device,
        now_ms,
    };
    let judged = batch::judge(office, &sender, candidates, batch::Held::GoToTray)?;
    retry::follow(office, &judged, member.device, now_ms)?;
    let receipts = judged
        .names
        .iter()
        .zip(judged.verdicts)
        .map(|(name, verdict)| match verdict {
            Verdict::Accepted(seq) => Receipt::accepted(name, seq),
            Verdict::Held(reason) => Receipt::held(name, reason),
            Verdict::Refused(reason) => Receipt::refused(name, reason),
        });
    Ok(receipts.collect())
}
