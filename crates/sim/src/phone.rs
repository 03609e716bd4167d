//! A phone or the desk's browser: the replica of `sync`, what it keeps when it is killed, and what
//! its owner believes of it.

use std::collections::BTreeSet;

use ed25519_dalek::VerifyingKey;
use model::{ChangeHash, DeviceId, FeedId, Member, Role};
use sync::Replica;

use crate::office::community;

/// A phone. What its disk holds is what the replica holds after each save and each whole frame, so
/// that a phone killed over an answer is one that has heard a part of it.
pub struct Phone {
    /// Whose it is.
    pub person: usize,
    /// What it is enrolled as.
    pub device: DeviceId,
    /// The app.
    pub replica: Replica,
    /// Rises each time the app is killed: answers to an earlier life find nobody.
    pub life: u32,
    /// How far its clock is wrong.
    pub shift_ms: i64,
    /// The last millisecond in which it made a visit.
    pub last_visit_ms: i64,
    /// What its owner would swear to.
    pub diary: Diary,
    /// It came out of another's backup.
    pub is_restored: bool,
    /// The newest answer that it heard.
    pub newest_answer: u64,
    /// Answers came in another order than they were made, so that what it asked for by name may be
    /// older than what it has.
    pub heard_out_of_order: bool,
    /// It was killed when it was about to ask for something, and finds out by its digests.
    pub has_forgotten: bool,
    /// The newest backup.
    pub backup: Option<(Replica, Diary)>,
}

/// What the owner of a phone would swear to.
#[derive(Clone, Default)]
pub struct Diary {
    /// What was saved here.
    pub saved: BTreeSet<ChangeHash>,
    /// Of what a receipt came that says accepted or held.
    pub receipted: BTreeSet<ChangeHash>,
}

impl Phone {
    /// A phone that has just been enrolled.
    pub fn new(person: usize, member: &Member, key: VerifyingKey, version: u8) -> Self {
        let mut replica = Replica::new(member, Some(key));
        replica.speak(version.into());
        Self {
            person,
            device: member.device,
            replica,
            life: 0,
            shift_ms: 0,
            last_visit_ms: 0,
            diary: Diary::default(),
            is_restored: false,
            newest_answer: 0,
            heard_out_of_order: false,
            has_forgotten: false,
            backup: None,
        }
    }

    /// The phone into which this one's backup is restored.
    pub fn restored(&self, device: DeviceId) -> Option<Self> {
        let (mut replica, diary) = self.backup.clone()?;
        replica.restore_as(device);
        Some(Self {
            person: self.person,
            device,
            replica,
            life: 0,
            shift_ms: self.shift_ms,
            last_visit_ms: 0,
            diary,
            is_restored: true,
            newest_answer: 0,
            heard_out_of_order: self.heard_out_of_order,
            has_forgotten: true,
            backup: None,
        })
    }

    /// The program is killed and started again.
    pub fn die(&mut self) {
        self.life += 1;
        self.has_forgotten |= self.replica.wanted().next().is_some();
        self.replica.start_again();
    }

    /// The grids that the phone believes to be its person's.
    pub fn grids(&self) -> Vec<FeedId> {
        let feeds = self.replica.feeds();
        feeds
            .filter(|feed| *feed != community().as_feed())
            .collect()
    }

    /// What is in the outbox.
    pub fn outbox(&self) -> BTreeSet<ChangeHash> {
        self.replica.outbox().map(|(_, own)| own.hash).collect()
    }
}

/// What person 0 is and what the others are.
pub fn role_of(person: usize) -> Role {
    match person {
        0 => Role::CommunitySupervisor,
        _ => Role::GridWorker,
    }
}
