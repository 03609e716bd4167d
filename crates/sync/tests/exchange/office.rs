//! A server made of this crate's pieces over plain maps: no store, no threads,
//! no network. What it does with a body is what the program does.

use std::collections::BTreeMap;

use automerge::ReadDoc;
use ed25519_dalek::{SigningKey, VerifyingKey};
use model::{
    ChangeHash, DeviceId, DocumentId, FeedId, Kind, Member, Permit, PersonId, Reason, Role, Seq,
};
use sync::admission::{Candidate, Known, examine, inspect, name_of};
use sync::answer::Answer;
use sync::body::{self, Encoding};
use sync::frame::{Compare, Frame, Hello, Json, PROTOCOL_VERSION, Receipt};
use sync::lean::Common;
use sync::pack::FrameReader;
use sync::walk::{self, Change, Reader, Snapshot, tell_feed};

use crate::shelf::{content, entry};

/// The device under which the office itself stores what it admits.
const OFFICE: DeviceId = DeviceId::from_bytes([0xee; 16]);

/// The community of everybody here.
const COMMUNITY: DocumentId = DocumentId::from_bytes([0xc0; 16]);

pub fn feed(number: u8) -> FeedId {
    FeedId::from_bytes([0xf0 + number; 16])
}

pub fn member(number: u8, role: Role) -> Member {
    Member {
        person: PersonId::from_bytes([number; 16]),
        role,
        feeds: vec![feed(1)],
        device: DeviceId::from_bytes([number; 16]),
    }
}

#[derive(Clone)]
pub struct Stored {
    pub kind: Kind,
    pub feed: FeedId,
    pub seq: Seq,
    pub snapshot: Option<Snapshot>,
    pub changes: Vec<Change>,
    /// Every change, also those in the snapshot.
    pub names: BTreeMap<ChangeHash, Seq>,
    pub heads: Vec<ChangeHash>,
    pub summary: String,
    /// How the summary came to be: seq by seq.
    pub summaries: BTreeMap<Seq, Json>,
}

/// A change that was not adopted.
#[derive(Clone)]
pub struct Trayed {
    candidate: Candidate,
    device: DeviceId,
    sender: Member,
    pub reason: Reason,
}

#[derive(Clone)]
pub struct Office {
    key: SigningKey,
    heads: BTreeMap<FeedId, Seq>,
    pub documents: BTreeMap<DocumentId, Stored>,
    pub tray: BTreeMap<ChangeHash, Trayed>,
    pub page_bytes: usize,
    /// The newest version that this office knows.
    pub version: u64,
    /// Bytes of changes that went out, to see that nothing goes twice.
    pub change_bytes_sent: usize,
}

impl Office {
    pub fn new() -> Self {
        Self {
            key: SigningKey::from_bytes(&[42; 32]),
            heads: BTreeMap::new(),
            documents: BTreeMap::new(),
            tray: BTreeMap::new(),
            page_bytes: 4_000,
            version: PROTOCOL_VERSION,
            change_bytes_sent: 0,
        }
    }

    pub fn public_key(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// Takes a request body, whole or cut off, and answers with a pack. `None`
    /// when not even the hello arrived, or it is of a version not known here.
    pub fn exchange(&mut self, member: &Member, body: &[u8]) -> Option<Vec<u8>> {
        let mut reader = FrameReader::for_request(member.device, COMMUNITY);
        reader.push(&body::inflate(Encoding::Gzip, body, usize::MAX));
        let mut hello: Option<Hello> = None;
        let mut wants = Vec::new();
        let mut compares = Vec::new();
        let mut receipts = Vec::new();
        let mut notice = None;
        loop {
            match reader.next_frame() {
                Ok(Some(Frame::Hello(first))) => hello = Some(first),
                Ok(Some(Frame::Change(change))) => {
                    let candidate = Candidate {
                        document: change.document,
                        kind: change.kind,
                        feed: change.feed,
                        bytes: change.bytes,
                    };
                    if hello
                        .as_ref()
                        .is_some_and(|hello| hello.version <= self.version)
                    {
                        receipts.push(self.take(member, candidate));
                    }
                }
                Ok(Some(Frame::Compare(compare))) => compares.push(compare),
                Ok(Some(Frame::Want(document))) => wants.push(document),
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => {
                    notice.get_or_insert(error.reason());
                }
            }
        }
        let hello = hello.filter(|hello| hello.version <= self.version)?;
        let devices = (1..9).map(|number| DeviceId::from_bytes([number; 16]));
        let common = reader.common().cloned();
        let answer = Answer::new(common.clone(), devices.collect());
        let answer = answer.receipts(&receipts, notice);
        let pack = self.answer(member, &hello, &wants, &compares, answer);
        self.change_bytes_sent += change_bytes(common, &pack);
        Some(pack)
    }

    fn answer(
        &mut self,
        member: &Member,
        hello: &Hello,
        wants: &[DocumentId],
        compares: &[Compare],
        mut answer: Answer<sync::answer::AboutWants>,
    ) -> Vec<u8> {
        for want in wants {
            if let Some(stored) = self.documents.get(want)
                && member.feeds.contains(&stored.feed)
            {
                answer.wanted(walk::wanted(
                    stored.feed,
                    entry(*want, stored, 0),
                    &content(stored),
                ));
            }
        }
        let mut answer = answer.feeds();
        for state in &hello.feeds {
            if !member.feeds.contains(&state.feed) {
                continue;
            }
            let reader = Reader {
                device: member.device,
                state: *state,
            };
            let compare = compares.iter().find(|compare| compare.feed == state.feed);
            let told = tell_feed(self, reader, compare, self.page_bytes, &mut answer);
            told.unwrap_or_else(|never| match never {});
        }
        answer.end(&self.key, member.device, 1_763_800_000_000)
    }

    /// Judges one change and keeps it, in the feed or in the tray.
    fn take(&mut self, member: &Member, candidate: Candidate) -> Receipt {
        let name = name_of(&candidate.bytes);
        let document = candidate.document;
        if let Some(seq) = self.seq_of(document, &name) {
            return Receipt::accepted(&name, seq);
        }
        if let Some(trayed) = self.tray.get(&name) {
            return Receipt::held(&name, trayed.reason);
        }
        let feed = self
            .documents
            .get(&document)
            .map_or(candidate.feed, |stored| stored.feed);
        let permit = model::permit(member, &candidate.kind, feed);
        let adopted =
            permit.and_then(|permit| self.adopt(&candidate, member.device, member.device, &permit));
        match adopted {
            Ok(seq) => {
                self.admit_what_waited(document);
                Receipt::accepted(&name, seq)
            }
            Err(reason) => {
                let trayed = Trayed {
                    candidate,
                    device: member.device,
                    sender: member.clone(),
                    reason,
                };
                self.tray.insert(name, trayed);
                Receipt::held(&name, reason)
            }
        }
    }

    fn adopt(
        &mut self,
        candidate: &Candidate,
        author: DeviceId,
        stored_as: DeviceId,
        permit: &Permit,
    ) -> Result<Seq, Reason> {
        let known = self.documents.get(&candidate.document).map(known);
        let inspected = inspect(candidate.clone(), author)?;
        let mut examined = examine(known.as_ref(), vec![inspected], permit);
        let adopted = examined.verdicts.remove(0)?;
        let outcome = examined.outcome.expect("something was adopted");
        let seq = self.heads.entry(permit.feed()).or_default();
        *seq += 1;
        let stored = self
            .documents
            .entry(candidate.document)
            .or_insert_with(|| Stored {
                kind: candidate.kind.clone(),
                feed: permit.feed(),
                seq: 0,
                snapshot: None,
                changes: Vec::new(),
                names: BTreeMap::new(),
                heads: Vec::new(),
                summary: String::new(),
                summaries: BTreeMap::new(),
            });
        stored.seq = *seq;
        stored.heads = outcome.heads;
        stored.summary = outcome.summary.to_json();
        let json = serde_json::from_str(&stored.summary).expect("a summary is JSON");
        stored.summaries.insert(*seq, json);
        stored.names.insert(adopted.hash, *seq);
        stored.changes.push(Change {
            seq: *seq,
            device: stored_as,
            bytes: adopted.bytes,
        });
        Ok(*seq)
    }

    /// A supervisor takes a change over from the tray, with what waits for it.
    pub fn admit(&mut self, supervisor: &Member, name: &ChangeHash) -> Result<Seq, Reason> {
        let trayed = self.tray.get(name).cloned().ok_or(Reason::Waits)?;
        let Trayed {
            candidate, device, ..
        } = trayed;
        let permit = model::admitting_permit(supervisor, &candidate.kind, candidate.feed)?;
        // Stored as the office's own, so that its author hears of it, too.
        let seq = self.adopt(&candidate, device, OFFICE, &permit)?;
        self.tray.remove(name);
        self.admit_what_waited(candidate.document);
        Ok(seq)
    }

    fn admit_what_waited(&mut self, document: DocumentId) {
        loop {
            let waiting: Vec<(ChangeHash, Trayed)> = self
                .tray
                .iter()
                .filter(|(_, trayed)| {
                    trayed.candidate.document == document
                        && matches!(trayed.reason, Reason::Waits | Reason::SequenceGap)
                })
                .map(|(name, trayed)| (*name, trayed.clone()))
                .collect();
            let admitted = waiting.into_iter().find(|(_, trayed)| {
                let candidate = &trayed.candidate;
                model::permit(&trayed.sender, &candidate.kind, candidate.feed)
                    .and_then(|permit| self.adopt(candidate, trayed.device, OFFICE, &permit))
                    .is_ok()
            });
            match admitted {
                Some((name, _)) => self.tray.remove(&name),
                None => return,
            };
        }
    }

    /// Packs a document's changes into a snapshot.
    pub fn compact(&mut self, document: DocumentId) {
        if let Some(stored) = self.documents.get_mut(&document) {
            let whole = sync::document::open(&stored.kind, &known(stored).chunks)
                .expect("what was adopted opens");
            stored.snapshot = Some(Snapshot {
                seq: stored.seq,
                bytes: whole.save(),
            });
            stored.changes.clear();
        }
    }

    /// Moves a document to another feed, as when a door changes its grid.
    pub fn move_to(&mut self, document: DocumentId, to: FeedId) {
        if let Some(stored) = self.documents.get_mut(&document) {
            let seq = self.heads.entry(to).or_default();
            *seq += 1;
            stored.feed = to;
            stored.seq = *seq;
            // In this feed nobody has a summary of it yet.
            stored.summaries.clear();
            for change in &mut stored.changes {
                change.seq = *seq;
                change.device = OFFICE;
            }
        }
    }

    pub fn head(&self, feed: FeedId) -> Seq {
        self.heads.get(&feed).copied().unwrap_or(0)
    }

    pub fn digest(&self, feed: FeedId) -> u64 {
        let listed = self
            .documents
            .iter()
            .filter(|(_, stored)| stored.feed == feed);
        model::feed_digest(listed.map(|(id, stored)| model::document_digest(*id, &stored.heads)))
    }

    pub fn documents(&self) -> impl Iterator<Item = DocumentId> + '_ {
        self.documents.keys().copied()
    }

    pub fn summary(&self, document: DocumentId) -> &str {
        &self.documents[&document].summary
    }

    pub fn heads_of(&self, document: DocumentId) -> &[ChangeHash] {
        &self.documents[&document].heads
    }

    /// The note of a visit, as the desk reads it.
    pub fn note_of(&self, document: DocumentId) -> String {
        let stored = &self.documents[&document];
        let opened = sync::document::open(&stored.kind, &known(stored).chunks)
            .expect("what was adopted opens");
        let note = opened.get(automerge::ROOT, "note").expect("a map");
        let (_, note) = note.expect("the genesis made it");
        opened.text(&note).expect("a text")
    }

    pub fn documents_in(&self, feed: FeedId) -> Vec<DocumentId> {
        let listed = self
            .documents
            .iter()
            .filter(|(_, stored)| stored.feed == feed);
        listed.map(|(id, _)| *id).collect()
    }

    /// Whether the office has the change, in the feed or in the tray.
    pub fn has(&self, document: DocumentId, name: &ChangeHash) -> bool {
        self.seq_of(document, name).is_some() || self.tray.contains_key(name)
    }

    pub fn seq_of(&self, document: DocumentId, name: &ChangeHash) -> Option<Seq> {
        self.documents.get(&document)?.names.get(name).copied()
    }
}

/// Bytes of changes in a response.
fn change_bytes(common: Option<Common>, pack: &[u8]) -> usize {
    let mut reader = FrameReader::for_response(common);
    reader.push(pack);
    let frames = std::iter::from_fn(|| reader.next_frame().expect("the office writes packs"));
    let bytes = frames.map(|frame| match frame {
        Frame::Document(document) => document.chunks.len(),
        Frame::News(news) => news.changes.iter().map(|one| one.as_bytes().len()).sum(),
        _ => 0,
    });
    bytes.sum()
}

fn known(stored: &Stored) -> Known {
    let mut chunks = stored
        .snapshot
        .as_ref()
        .map_or(Vec::new(), |snapshot| snapshot.bytes.clone());
    for change in &stored.changes {
        chunks.extend_from_slice(&change.bytes);
    }
    Known {
        kind: stored.kind.clone(),
        home_feed: stored.feed,
        chunks,
    }
}
