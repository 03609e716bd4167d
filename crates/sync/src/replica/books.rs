//! What a phone knows of its feeds and documents.

use std::collections::BTreeSet;

use automerge::Change;
use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, Seq};

use crate::frame::{DocumentFrame, Past, Seen};
use crate::walk::low_half;

/// Repairs that begin with the same digests. Documents may move while one is under way.
const REPAIRS_MAX: u32 = 2;

/// A feed, as far as the phone has it.
#[derive(Clone, Debug, Default)]
pub(super) struct FeedBook {
    /// The number of the first exchange that speaks of the feed from here on. It was followed
    /// anew, or went back to where a restored office stands.
    pub since: u64,
    pub cursor: Seq,
    /// Up to here only rows are kept; 0 until the first answer.
    pub history: Seq,
    /// How far the history was listed; `None` when all of it was.
    pub past: Option<Past>,
    /// The cursor when the feed was last had to its end.
    pub complete: Seq,
    /// The server said that there is more.
    pub more: bool,
    /// A walk over all rows, because the digests differed.
    pub repair: Option<Repair>,
    /// The feed is to be compared part by part, because the digests differed.
    pub is_to_compare: bool,
    /// The digests there and here with which the last repair began, and how many did.
    pub repaired: Option<((u32, u32), u32)>,
}

impl FeedBook {
    /// A feed of which nothing has come yet.
    pub fn new() -> Self {
        Self {
            past: Some(Past::default()),
            ..Self::default()
        }
    }

    /// Goes on from `head`, which lies before what was had; `since` is the next exchange.
    pub fn go_back(&mut self, head: Seq, since: u64) {
        self.cursor = head;
        self.complete = self.complete.min(head);
        // What the feed gets from here on is no history.
        self.history = self.history.min(head.max(1));
        self.since = since;
    }

    /// Begins a repair, unless two have begun with the same digests on both sides and were of no
    /// use: the third will not be either.
    pub fn try_repair(&mut self, there: u32, here: u32) -> bool {
        let digests = (there, here);
        let before = self.repaired.filter(|(begun, _)| *begun == digests);
        let times = before.map_or(1, |(_, times)| times + 1);
        if times > REPAIRS_MAX {
            return false;
        }
        self.repaired = Some((digests, times));
        self.repair = Some(Repair::default());
        true
    }

    /// Ends a repair. After one that had something offered, the digests may be what they were: the
    /// office knew it, and the next repair forgets it.
    pub fn end_repair(&mut self, has_offered: bool) {
        if has_offered {
            self.repaired = None;
        }
        self.repair = None;
        self.is_to_compare = false;
        // The digests are to be compared again.
        self.more = true;
    }
}

/// How far a walk over all rows has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Repair {
    pub cursor: Seq,
    pub listed: BTreeSet<DocumentId>,
}

/// How a change that this phone made stands with the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No receipt has named it.
    Waiting,
    /// The office did not take it and does not keep it; it stays in the outbox.
    Refused(String),
    /// The office keeps it in its tray. It stays on top of the document here.
    Held(String),
}

/// A change that this phone made and that is not in the feed yet.
#[derive(Clone, Debug)]
pub struct OwnChange {
    /// Its name.
    pub hash: ChangeHash,
    /// Its chunk.
    pub bytes: Vec<u8>,
    /// How it stands.
    pub standing: Standing,
    /// It has been part of a request; the server may have it.
    pub(super) was_sent: bool,
    /// It is offered again, and the document's bytes here have it already.
    pub(super) is_in_chunks: bool,
    pub(super) dependencies: Vec<ChangeHash>,
}

impl OwnChange {
    /// Whether it is still this phone's to deliver.
    pub fn is_in_outbox(&self) -> bool {
        !matches!(self.standing, Standing::Held(_))
    }
}

/// An own change that a receipt put into the feed, after the last frame that was
/// heard of the document.
#[derive(Clone, Debug)]
pub(super) struct Confirmed {
    pub seq: Seq,
    pub change: OwnChange,
}

/// A document, as far as the phone has it.
#[derive(Clone, Debug)]
pub(super) struct DocumentBook {
    pub id: DocumentId,
    pub kind: Kind,
    pub feed: FeedId,
    /// The seq of the newest frame.
    pub seq: Seq,
    /// The server's heads, as far as heard of. A row alone does not tell them.
    pub heads: Vec<ChangeHash>,
    /// The low half of the document's digest on the server, as far as heard of;
    /// `None` while the server has nothing of it.
    pub digest: Option<u32>,
    /// Of a door: its newest visit.
    pub seen: Option<Seen>,
    pub summary: Option<String>,
    /// Something of this phone is not in `summary`: the row must be made from
    /// the document as it is here.
    pub row_is_behind: bool,
    /// What is in the feed of this document; `None` if only the row is here.
    pub chunks: Option<Vec<u8>>,
    /// On top of it, what this phone made and the feed does not have.
    pub own: Vec<OwnChange>,
    pub confirmed: Vec<Confirmed>,
    /// What this phone wrote was offered again, because the feed did not list the document; since
    /// then it has not been listed, and one exchange followed the other.
    pub was_offered: bool,
}

impl DocumentBook {
    pub fn new(id: DocumentId, kind: Kind, feed: FeedId) -> Self {
        Self {
            id,
            kind,
            feed,
            seq: 0,
            heads: Vec::new(),
            digest: None,
            seen: None,
            summary: None,
            row_is_behind: false,
            chunks: None,
            own: Vec::new(),
            confirmed: Vec::new(),
            was_offered: false,
        }
    }

    /// Says that the document was made here: nothing of it is elsewhere.
    pub fn hold_nothing_but_own(&mut self) {
        self.chunks = Some(Vec::new());
    }

    /// Notes a change that was just made here.
    pub fn write(&mut self, change: &Change) {
        self.row_is_behind = true;
        self.own.push(OwnChange::new(change));
    }

    /// Everything that the phone has of the document, or `None` if that is not a
    /// whole document.
    pub fn all_chunks(&self) -> Option<Vec<u8>> {
        let mut chunks = self.chunks.clone()?;
        for own in self.own.iter().filter(|own| !own.is_in_chunks) {
            chunks.extend_from_slice(&own.bytes);
        }
        Some(chunks)
    }

    /// A receipt has put the own change at `place` into the feed.
    pub fn confirm(&mut self, place: usize, seq: Seq) {
        let change = self.own.remove(place);
        if let Some(chunks) = self.chunks.as_mut().filter(|_| !change.is_in_chunks) {
            chunks.extend_from_slice(&change.bytes);
        }
        // No frame speaks of it when it is all that is new, so the heads are
        // worked out here, from what the change builds on; unless a frame has
        // come that knew of it.
        if seq > self.seq {
            put_on_top(&mut self.heads, &change);
            self.digest = Some(self.digest_at(&self.heads));
            self.confirmed.push(Confirmed { seq, change });
        }
    }

    /// The low half of the document's digest at these heads.
    pub fn digest_at(&self, heads: &[ChangeHash]) -> u32 {
        low_half(model::document_digest(self.id, heads))
    }

    /// Takes in a frame from a walk along the feed. `false`: the bytes here do
    /// not reach the heads any more, and must be asked for.
    pub fn hear(&mut self, frame: &DocumentFrame, device: DeviceId) -> bool {
        if frame.seq < self.seq && frame.feed == self.feed {
            // A late answer; a newer one has told all of this.
            return true;
        }
        let mut heads = frame.heads.clone();
        // A late answer may be older than a receipt.
        self.confirmed.retain(|confirmed| confirmed.seq > frame.seq);
        for confirmed in &self.confirmed {
            put_on_top(&mut heads, &confirmed.change);
        }
        let is_news = heads != self.heads;
        let mut reaches = true;
        if frame.whole {
            let later = self
                .confirmed
                .iter()
                .flat_map(|confirmed| &confirmed.change.bytes);
            let whole = frame.chunks.iter().chain(later).copied().collect();
            self.replace_chunks(whole, &heads, device);
        } else if let Some(chunks) = &mut self.chunks
            && is_news
        {
            chunks.extend_from_slice(&frame.chunks);
            reaches = !frame.chunks.is_empty();
        }
        self.seq = frame.seq;
        self.take_row(frame, heads);
        reaches
    }

    /// Takes in a document that was asked for by name.
    pub fn hear_wanted(&mut self, frame: &DocumentFrame, device: DeviceId) {
        self.replace_chunks(frame.chunks.clone(), &frame.heads, device);
        self.take_row(frame, frame.heads.clone());
    }

    /// Takes in a row of a walk over all rows. `false`: the bytes here do not
    /// reach its heads.
    pub fn hear_row(&mut self, frame: &DocumentFrame, cursor: Seq) -> bool {
        let differs = frame.heads != self.heads;
        // What is past the cursor comes with its bytes in the next walk.
        if frame.seq <= cursor && self.chunks.is_none() {
            self.take_row(frame, frame.heads.clone());
        }
        !(differs && self.chunks.is_some())
    }

    fn take_row(&mut self, frame: &DocumentFrame, heads: Vec<ChangeHash>) {
        self.was_offered = false;
        self.kind = frame.kind.clone();
        self.feed = frame.feed;
        self.digest = Some(self.digest_at(&heads));
        self.heads = heads;
        if frame.summary.is_some() {
            self.summary.clone_from(&frame.summary);
        }
        self.drop_admitted();
        self.row_is_behind = !self.own.is_empty() || !self.confirmed.is_empty();
    }

    /// What was in the tray may have been admitted meanwhile: then the office's document has it, and
    /// its bytes came. What is in the outbox stays there until a receipt names it.
    pub fn drop_admitted(&mut self) {
        if self.own.iter().all(OwnChange::is_in_outbox) {
            return;
        }
        if let Some(there) = self.document_at(&self.heads) {
            self.own
                .retain(|own| own.is_in_outbox() || !own.is_part_of(&there));
        }
    }
}

/// The heads once they have `change`: it takes the place of what it builds on.
pub(super) fn put_on_top(heads: &mut Vec<ChangeHash>, change: &OwnChange) {
    put_hash_on_top(heads, change.hash, &change.dependencies);
}

/// The heads once they have the change of this name.
pub(super) fn put_hash_on_top(
    heads: &mut Vec<ChangeHash>,
    hash: ChangeHash,
    dependencies: &[ChangeHash],
) {
    if !heads.contains(&hash) {
        heads.retain(|head| !dependencies.contains(head));
        heads.push(hash);
        heads.sort_unstable();
    }
}
