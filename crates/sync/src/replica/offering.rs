//! What this phone wrote and the office has no more, because it was restored from an older copy: it
//! goes back into the outbox, and is sent as if it were new. The phone may hold the last copy.
//!
//! Only what this device wrote can be offered; its colleagues' words come from their own phones.

use automerge::{Automerge, Change};
use model::{ChangeHash, DeviceId, Seq};

use super::books::{DocumentBook, OwnChange, Standing};
use crate::document;

impl DocumentBook {
    /// The feed does not list the document. What this device wrote in it is offered again, once: the
    /// office answers for what it has, and then the document is elsewhere. Forgets what was heard of
    /// the document's place. `true` while something of this phone is left in it.
    pub fn keep_unlisted(&mut self, device: DeviceId) -> bool {
        self.forget_place();
        if !std::mem::replace(&mut self.was_offered, true) {
            self.offer(self.written_by(device));
        }
        !self.own.is_empty()
    }

    /// The feed is not followed any more. `true` while something of this phone is unsent in it.
    pub fn keep_outside(&mut self) -> bool {
        self.forget_place();
        !self.own.is_empty()
    }

    /// What lies in the tray is sent again: an office that was restored from a copy may have a tray
    /// in which it does not lie. One that has it answers at once.
    pub fn offer_held(&mut self) {
        for own in &mut self.own {
            if matches!(own.standing, Standing::Held(_)) {
                own.standing = Standing::Waiting;
            }
        }
    }

    fn forget_place(&mut self) {
        self.heads.clear();
        self.digest = None;
        self.seq = Seq::MIN;
    }

    /// Takes the office's bytes for the whole document, whose heads there are `heads`, in place of
    /// those here. Words of this device that are not among them are kept, with all that they may
    /// build on; those that the office does not have are offered again.
    pub fn replace_chunks(&mut self, chunks: Vec<u8>, heads: &[ChangeHash], device: DeviceId) {
        let mut written = self.written_by(device);
        if let Ok(came) = document::open(&self.kind, &chunks) {
            written.retain(|own| !own.is_part_of(&came));
        }
        if written.is_empty() {
            self.chunks = Some(chunks);
            return;
        }
        let here = self.chunks.take().unwrap_or_default();
        self.chunks = Some([chunks, here].concat());
        if let Some(there) = self.document_at(heads) {
            written.retain(|own| !own.is_part_of(&there));
        }
        self.offer(written);
    }

    /// The document as it was at these heads; `None` where the bytes here do not reach them.
    pub fn document_at(&self, heads: &[ChangeHash]) -> Option<Automerge> {
        let heads: Vec<_> = heads.iter().map(|head| head.to_automerge()).collect();
        let opened = document::open(&self.kind, self.chunks.as_deref()?).ok()?;
        opened.fork_at(&heads).ok()
    }

    /// The changes of this device in the bytes here, each behind what it builds on.
    fn written_by(&self, device: DeviceId) -> Vec<OwnChange> {
        let chunks = self.chunks.as_deref().filter(|chunks| !chunks.is_empty());
        let opened = chunks.and_then(|chunks| document::open(&self.kind, chunks).ok());
        let changes = opened.map(|document| document.get_changes(&[]));
        let is_own = |change: &Change| DeviceId::of_actor(change.actor_id()) == Some(device);
        let own = changes.into_iter().flatten().filter(is_own);
        own.map(|change| OwnChange::new(&change)).collect()
    }

    /// Puts changes whose bytes are here back into the outbox, before what was written after them.
    fn offer(&mut self, mut changes: Vec<OwnChange>) {
        changes.retain(|change| !self.is_own(&change.hash));
        if changes.is_empty() {
            return;
        }
        let is_offered = |hash| changes.iter().any(|change| change.hash == hash);
        self.confirmed
            .retain(|confirmed| !is_offered(confirmed.change.hash));
        for change in &mut changes {
            change.is_in_chunks = true;
        }
        self.row_is_behind = true;
        self.own.splice(..0, changes);
    }
}

impl OwnChange {
    /// A change that no receipt has named.
    pub(super) fn new(change: &Change) -> Self {
        let dependencies = change.deps().iter().copied();
        Self {
            hash: change.hash().into(),
            bytes: change.raw_bytes().to_vec(),
            standing: Standing::Waiting,
            was_sent: false,
            is_in_chunks: false,
            dependencies: dependencies.map(ChangeHash::from).collect(),
        }
    }

    pub(super) fn is_part_of(&self, document: &Automerge) -> bool {
        let hash = self.hash.to_automerge();
        document.get_change_meta_by_hash(&hash).is_some()
    }
}
