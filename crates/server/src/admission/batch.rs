//! One batch of changes: lock their documents, load, examine, append, answer.

mod commit;
mod spread;

use std::collections::HashMap;
use std::sync::Arc;

use model::{ChangeHash, DocumentId, FeedId, Kind, Permit, Reason, Seq};
use store::{Append, StoreError, StoredDocument};
use sync::admission::{Adopted, Candidate, Examined, Known, Outcome, examine, inspect, name_of};

use self::spread::spread;
use super::guard::Fault;
use super::{AdmitError, Sender, Verdict};
use crate::office::{Office, documents};

/// A document beyond this takes no more changes: loading it would take longer than a change may.
const DOCUMENT_BYTES_MAX: usize = 4 << 20;

/// What is done with changes that are not adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// They are kept in the tray; what is there already is answered from there.
    GoToTray,
    /// They are in the tray already.
    AreInTray,
}

/// The answers to a batch.
pub(super) struct Judged {
    /// One for each candidate, in their order.
    pub verdicts: Vec<Verdict>,
    /// Documents that have grown.
    pub grown: Vec<DocumentId>,
}

/// Examines candidates and keeps what passes, durably on return.
pub(super) fn judge(
    office: &Office,
    sender: &Sender<'_>,
    candidates: Vec<Candidate>,
    held: Held,
) -> Result<Judged, AdmitError> {
    let locks = office
        .stripes
        .lock(candidates.iter().map(|candidate| candidate.document));
    let mut batch = Batch::new(office, sender, candidates, held);
    for group in batch.groups() {
        batch.take(group)?;
    }
    let judged = batch.commit()?;
    drop(locks);
    Ok(judged)
}

/// Places, in the batch, of changes for one document that claim the same kind and feed.
type Group = Vec<usize>;

struct Batch<'a> {
    office: &'a Office,
    sender: &'a Sender<'a>,
    held: Held,
    candidates: Vec<Candidate>,
    names: Vec<ChangeHash>,
    verdicts: Vec<Option<Verdict>>,
    loaded: HashMap<DocumentId, Loaded>,
    /// Adopted changes in the order in which they must be stored, by their places in the batch.
    adopted: Vec<(usize, Append)>,
}

/// A document as this batch finds and leaves it.
struct Loaded {
    known: Option<Arc<Known>>,
    seqs: HashMap<ChangeHash, Seq>,
    outcome: Option<Outcome>,
}

impl<'a> Batch<'a> {
    fn new(
        office: &'a Office,
        sender: &'a Sender<'a>,
        candidates: Vec<Candidate>,
        held: Held,
    ) -> Self {
        let names: Vec<_> = candidates
            .iter()
            .map(|candidate| name_of(&candidate.bytes))
            .collect();
        let verdicts = vec![None; candidates.len()];
        Self {
            office,
            sender,
            held,
            candidates,
            names,
            verdicts,
            loaded: HashMap::new(),
            adopted: Vec::new(),
        }
    }

    /// Groups in the order in which each first appears.
    fn groups(&self) -> Vec<Group> {
        let mut places: HashMap<(DocumentId, &Kind, FeedId), usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for (place, candidate) in self.candidates.iter().enumerate() {
            let key = (candidate.document, &candidate.kind, candidate.feed);
            let group = *places.entry(key).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            groups[group].push(place);
        }
        groups
    }

    fn take(&mut self, group: Group) -> Result<(), AdmitError> {
        let document = self.candidates[group[0]].document;
        self.load(document)?;
        let mut open = Vec::new();
        for place in group {
            self.verdicts[place] = self.answered_before(place)?;
            if self.verdicts[place].is_none() {
                open.push(place);
            }
        }
        if !open.is_empty() {
            self.examine(open)?;
        }
        Ok(())
    }

    fn load(&mut self, document: DocumentId) -> Result<(), StoreError> {
        if !self.loaded.contains_key(&document) {
            let stored = self.office.store.document(document)?;
            self.loaded.insert(document, Loaded::from(stored));
        }
        Ok(())
    }

    /// The answer to a change that is here already, or in the tray: a retry costs nothing and
    /// applies nothing.
    fn answered_before(&self, place: usize) -> Result<Option<Verdict>, StoreError> {
        let (name, document) = (self.names[place], self.candidates[place].document);
        let loaded = &self.loaded[&document];
        if let Some(seq) = loaded.seqs.get(&name) {
            return Ok(Some(Verdict::Accepted(*seq)));
        }
        if loaded.known.is_some()
            && let Some((holder, seq)) = self.office.store.find_change(name)?
            && holder == document
        {
            return Ok(Some(Verdict::Accepted(seq)));
        }
        if self.held == Held::AreInTray {
            return Ok(None);
        }
        let entry = self
            .office
            .tray
            .entry(&name)
            .filter(|entry| entry.document == document);
        Ok(entry
            .and_then(|entry| entry.reason.parse().ok())
            .map(Verdict::Held))
    }

    /// Tries changes of one document together; if that panics or hangs, each alone, so that one bad
    /// change spoils no other.
    fn examine(&mut self, places: Vec<usize>) -> Result<(), AdmitError> {
        match self.examined(&places)? {
            Ok(examined) => self.note(&places, examined),
            Err(_) if places.len() > 1 => {
                for place in places {
                    self.examine(vec![place])?;
                }
            }
            Err(reason) => self.verdicts[places[0]] = Some(Verdict::Held(reason)),
        }
        Ok(())
    }

    /// The outer error ends the batch, the inner one is a verdict on all of the changes.
    fn examined(&self, places: &[usize]) -> Result<Result<Examined, Reason>, AdmitError> {
        let candidates: Vec<Candidate> = places
            .iter()
            .map(|place| self.candidates[*place].clone())
            .collect();
        let device = self.sender.member.device;
        if self.office.suspects.is_suspect(device) {
            return Ok(Ok(all(candidates.len(), Reason::Harmful)));
        }
        let known = self.loaded[&candidates[0].document].known.clone();
        let permit = self.permit(&candidates[0], known.as_deref());
        let is_alone = candidates.len() == 1;
        let work = move || {
            let inspected = candidates
                .into_iter()
                .map(|candidate| inspect(candidate, device))
                .collect();
            spread(inspected, |inspected| match permit {
                Ok(permit) => examine(known.as_deref(), inspected, &permit),
                Err(reason) => all(inspected.len(), reason),
            })
        };
        match self.office.guard.run(work) {
            Ok(examined) => Ok(Ok(examined)),
            Err(Fault::Exhausted) => Err(AdmitError::Exhausted),
            Err(fault) => {
                if is_alone && fault == Fault::Hung {
                    self.office.suspects.hung(device);
                }
                Ok(Err(Reason::Harmful))
            }
        }
    }

    /// What may be written in a document, or why nothing more can be.
    fn permit(&self, candidate: &Candidate, known: Option<&Known>) -> Result<Permit, Reason> {
        if known.is_some_and(|known| known.chunks.len() > DOCUMENT_BYTES_MAX) {
            return Err(Reason::TooLarge);
        }
        // Where a document is counts, not where the sender believes it to be.
        let feed = known.map_or(candidate.feed, |known| known.home_feed);
        (self.sender.permit)(&candidate.kind, feed)
    }

    fn note(&mut self, places: &[usize], examined: Examined) {
        let Examined {
            mut verdicts,
            order,
            outcome,
        } = examined;
        for place in order {
            if let Ok(adopted) = std::mem::replace(&mut verdicts[place], Err(Reason::Waits)) {
                self.adopt(places[place], adopted);
            }
        }
        for (place, verdict) in places.iter().zip(verdicts) {
            let adopted = self.adopted.iter().any(|(adopted, _)| adopted == place);
            if let (Err(reason), false) = (verdict, adopted) {
                self.verdicts[*place] = Some(Verdict::Held(reason));
            }
        }
        if let (Some(outcome), Some(first)) = (outcome, places.first()) {
            let document = self.candidates[*first].document;
            if let Some(loaded) = self.loaded.get_mut(&document) {
                loaded.outcome = Some(outcome);
            }
        }
    }

    fn adopt(&mut self, place: usize, adopted: Adopted) {
        let candidate = &self.candidates[place];
        let Some(loaded) = self.loaded.get_mut(&candidate.document) else {
            return;
        };
        let known = loaded.known.get_or_insert_with(|| {
            Arc::new(Known {
                kind: candidate.kind.clone(),
                home_feed: candidate.feed,
                chunks: Vec::new(),
            })
        });
        Arc::make_mut(known)
            .chunks
            .extend_from_slice(&adopted.bytes);
        let append = Append {
            document: candidate.document,
            kind: known.kind.clone(),
            home_feed: known.home_feed,
            device: self.sender.carrier,
            hash: adopted.hash,
            bytes: adopted.bytes,
            received_at: self.sender.now_ms,
        };
        self.adopted.push((place, append));
    }
}

impl From<Option<StoredDocument>> for Loaded {
    fn from(stored: Option<StoredDocument>) -> Self {
        let Some(stored) = stored else {
            return Self {
                known: None,
                seqs: HashMap::new(),
                outcome: None,
            };
        };
        Self {
            known: Some(Arc::new(documents::known(&stored))),
            seqs: stored
                .changes
                .iter()
                .map(|change| (change.hash, change.seq))
                .collect(),
            outcome: None,
        }
    }
}

fn all(changes: usize, reason: Reason) -> Examined {
    Examined {
        verdicts: vec![Err(reason); changes],
        order: Vec::new(),
        outcome: None,
    }
}
