//! A phone in memory that speaks the exchange as the app does: for tests,
//! measurements and simulations. It keeps its promises with bytes, not with
//! files; a clock, ids and the network are the caller's.
//!
//! `books` holds what is known of feeds and documents, `asking` makes a request,
//! `hearing` takes a response, `arrivals` what it says of documents, `places`
//! of feeds, `offering` is what an office that was restored from a copy must hear
//! again.

mod arrivals;
mod asking;
mod books;
mod hearing;
mod offering;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, Change};
use ed25519_dalek::VerifyingKey;
use model::edit::{self, ReviewDraft, VisitDraft};
use model::{
    ChangeHash, DeviceId, DocumentId, EditError, FeedId, Kind, Member, PersonId, Seq, Summary,
};

pub use asking::Exchange;
pub use books::{OwnChange, Standing};
pub use hearing::Heard;

use crate::document::{self, OpenError};
use crate::frame::{PROTOCOL_VERSION, People, Seen};
use books::{DocumentBook, FeedBook};

/// A phone.
#[derive(Clone, Debug)]
pub struct Replica {
    device: DeviceId,
    person: PersonId,
    slot: u8,
    version: u64,
    office: Option<VerifyingKey>,
    feeds: BTreeMap<FeedId, FeedBook>,
    documents: BTreeMap<DocumentId, DocumentBook>,
    wants: BTreeSet<DocumentId>,
    people: Option<People>,
    /// The number of the next exchange, and of the newest whose answer was heard.
    next_exchange: u64,
    newest_heard: u64,
    /// The newest exchange whose answer was heard to its end.
    newest_complete: u64,
    opened: u64,
}

/// Why the phone did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// Only the document's row is here, or not even that. It is asked for now.
    #[error("document {0} is not on this phone; it will be asked for")]
    NotHere(DocumentId),
    /// The document is here already and cannot be created.
    #[error("document {0} is on this phone already")]
    Exists(DocumentId),
    /// The bytes on the phone do not make a document.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The document could not be written.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl Replica {
    /// A phone that has just been enrolled. `office` is the key from the answer
    /// to enrolment, under which receipts are signed.
    pub fn new(member: &Member, office: Option<VerifyingKey>) -> Self {
        let feeds = member.feeds.iter();
        Self {
            device: member.device,
            person: member.person,
            slot: 0,
            version: PROTOCOL_VERSION,
            office,
            feeds: feeds.map(|feed| (*feed, FeedBook::new())).collect(),
            documents: BTreeMap::new(),
            wants: BTreeSet::new(),
            people: None,
            next_exchange: 1,
            newest_heard: 0,
            newest_complete: 0,
            opened: 0,
        }
    }

    /// Has the phone speak this version of the protocol, as an older app does, or
    /// as a phone must when the server says that it does not know the newest.
    pub fn speak(&mut self, version: u64) {
        self.version = version;
    }

    /// Writes from now on in another tab: tabs share the phone, and each has its
    /// slot, so that no two write as one.
    pub fn write_in_slot(&mut self, slot: u8) {
        self.slot = slot;
    }

    /// Makes this the phone into which a backup was restored: it has all that
    /// the other had, and is enrolled as a device of its own.
    pub fn restore_as(&mut self, device: DeviceId) {
        self.device = device;
        self.start_again();
    }

    /// What is left when the phone was killed and is started again: everything but
    /// what it was about to ask for, which is kept nowhere.
    pub fn start_again(&mut self) {
        self.wants.clear();
    }

    /// The device.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Whose phone it is.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Creates a document with its first change, which `write` makes. `None`
    /// when there was nothing to write.
    pub fn create(
        &mut self,
        id: DocumentId,
        kind: Kind,
        feed: FeedId,
        write: impl FnOnce(&mut Automerge) -> Result<Option<Change>, EditError>,
    ) -> Result<Option<ChangeHash>, ReplicaError> {
        if self.documents.contains_key(&id) {
            return Err(ReplicaError::Exists(id));
        }
        let mut document = document::open(&kind, &[])?;
        document.set_actor(self.device.actor(self.slot));
        let Some(change) = write(&mut document)? else {
            return Ok(None);
        };
        let mut book = DocumentBook::new(id, kind, feed);
        book.hold_nothing_but_own();
        book.write(&change);
        self.documents.insert(id, book);
        Ok(Some(change.hash().into()))
    }

    /// Edits a document that is on the phone. `None` when there was nothing to
    /// write.
    pub fn edit(
        &mut self,
        id: DocumentId,
        write: impl FnOnce(&mut Automerge) -> Result<Option<Change>, EditError>,
    ) -> Result<Option<ChangeHash>, ReplicaError> {
        let mut document = self.open(id)?;
        let Some(change) = write(&mut document)? else {
            return Ok(None);
        };
        if let Some(book) = self.documents.get_mut(&id) {
            book.write(&change);
        }
        Ok(Some(change.hash().into()))
    }

    /// Creates a visit.
    pub fn create_visit(
        &mut self,
        id: DocumentId,
        feed: FeedId,
        draft: &VisitDraft,
        time_ms: i64,
    ) -> Result<Option<ChangeHash>, ReplicaError> {
        self.create(id, Kind::Visit, feed, |document| {
            edit::new_visit(document, draft, time_ms)
        })
    }

    /// Brings a visit's note to `note`.
    pub fn edit_note(
        &mut self,
        id: DocumentId,
        note: &str,
        time_ms: i64,
    ) -> Result<Option<ChangeHash>, ReplicaError> {
        self.edit(id, |document| edit::edit_note(document, note, time_ms))
    }

    /// Writes a review.
    pub fn review(
        &mut self,
        id: DocumentId,
        draft: &ReviewDraft,
        time_ms: i64,
    ) -> Result<Option<ChangeHash>, ReplicaError> {
        self.edit(id, |document| edit::review(document, draft, time_ms))
    }

    /// Opens a document as the phone has it, its own unsent words on top. One
    /// that is not all here is asked for in the next exchange.
    pub fn open(&mut self, id: DocumentId) -> Result<Automerge, ReplicaError> {
        let Some(book) = self.documents.get_mut(&id) else {
            self.wants.insert(id);
            return Err(ReplicaError::NotHere(id));
        };
        let Some(chunks) = book.all_chunks() else {
            self.wants.insert(id);
            return Err(ReplicaError::NotHere(id));
        };
        self.opened += 1;
        let mut document = document::open(&book.kind, &chunks)?;
        document.set_actor(self.device.actor(self.slot));
        let has = |head: &ChangeHash| {
            let head = head.to_automerge();
            document.get_change_meta_by_hash(&head).is_some()
        };
        if !book.heads.iter().all(has) {
            self.wants.insert(id);
        }
        Ok(document)
    }

    /// Asks for a document whole in the next exchange.
    pub fn want(&mut self, id: DocumentId) {
        self.wants.insert(id);
    }

    /// What is shown of a document in lists: the server's row, or, where this
    /// phone has written something that the server has not confirmed, the
    /// phone's own.
    pub fn summary(&mut self, id: DocumentId) -> Option<Summary> {
        let book = self.documents.get(&id)?;
        if !book.row_is_behind {
            return Summary::from_json(book.summary.as_deref()?).ok();
        }
        let document = self.open(id).ok()?;
        model::summarise(&document).ok()
    }

    /// The documents of which the phone knows, with the feed of each.
    pub fn documents(&self) -> impl Iterator<Item = (DocumentId, FeedId)> + '_ {
        self.documents.iter().map(|(id, book)| (*id, book.feed))
    }

    /// Whether the document can be opened without a network.
    pub fn holds(&self, id: DocumentId) -> bool {
        let book = self.documents.get(&id);
        book.is_some_and(|book| book.chunks.is_some())
    }

    /// The newest visit at a door, as the server told it with the door's row.
    pub fn seen(&self, door: DocumentId) -> Option<&Seen> {
        self.documents.get(&door)?.seen.as_ref()
    }

    /// The heads of a document on the server, as far as this phone has heard; none
    /// where only the row is here.
    pub fn server_heads(&self, id: DocumentId) -> &[ChangeHash] {
        let book = self.documents.get(&id);
        book.map_or(&[], |book| &book.heads)
    }

    /// What this phone has written and no receipt has taken over: the outbox,
    /// oldest first within each document.
    pub fn outbox(&self) -> impl Iterator<Item = (DocumentId, &OwnChange)> + '_ {
        self.own().filter(|(_, own)| own.is_in_outbox())
    }

    /// What this phone has written and is not in the feed: the outbox and what
    /// the office holds in its tray.
    pub fn own(&self) -> impl Iterator<Item = (DocumentId, &OwnChange)> + '_ {
        self.documents
            .iter()
            .flat_map(|(id, book)| book.own.iter().map(|own| (*id, own)))
    }

    /// Which feeds the phone follows.
    pub fn feeds(&self) -> impl Iterator<Item = FeedId> + '_ {
        self.feeds.keys().copied()
    }

    /// The last seq of a feed that the phone has; 0 for none.
    pub fn cursor(&self, feed: FeedId) -> Seq {
        self.feeds.get(&feed).map_or(0, |book| book.cursor)
    }

    /// The low half of the phone's digest over the documents of a feed.
    pub fn digest(&self, feed: FeedId) -> u32 {
        self.digests(feed)
            .fold(0, |sum, (_, digest)| sum.wrapping_add(digest))
    }

    /// Whether the digest of a feed was found to differ from the office's, and that
    /// is being repaired.
    pub fn is_repairing(&self) -> bool {
        self.feeds.values().any(|book| book.repair.is_some())
    }

    /// The documents that it will ask for by name.
    pub fn wanted(&self) -> impl Iterator<Item = DocumentId> + '_ {
        self.wants.iter().copied()
    }

    /// The low half of the phone's digest of one document; `None` where the office
    /// has nothing of it, as far as the phone has heard.
    pub fn document_digest(&self, id: DocumentId) -> Option<u32> {
        self.documents.get(&id)?.digest
    }

    fn digests(&self, feed: FeedId) -> impl Iterator<Item = (DocumentId, u32)> + '_ {
        let books = self.documents.iter();
        books
            .filter(move |(_, book)| book.feed == feed)
            .filter_map(|(id, book)| Some((*id, book.digest?)))
    }

    /// Who works here, as far as the phone has heard.
    pub fn people(&self) -> Option<&People> {
        self.people.as_ref()
    }

    /// How often a document was opened. Exchanges open none.
    pub fn documents_opened(&self) -> u64 {
        self.opened
    }
}
