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
    /// The name of each candidate.
    pub names: Vec<ChangeHash>,
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
    for round in batch.rounds() {
        batch.take(round)?;
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
    /// It was not there before.
    is_new: bool,
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

    /// Groups that may be examined together: of different documents. What comes second to a
    /// document comes in a later round, after the first has been taken in.
    fn rounds(&self) -> Vec<Vec<Group>> {
        let mut seen: HashMap<DocumentId, usize> = HashMap::new();
        let mut rounds: Vec<Vec<Group>> = Vec::new();
        for group in self.groups() {
            let times = seen.entry(self.document_of(&group)).or_default();
            if *times == rounds.len() {
                rounds.push(Vec::new());
            }
            rounds[*times].push(group);
            *times += 1;
        }
        rounds
    }

    fn document_of(&self, group: &Group) -> DocumentId {
        self.candidates[group[0]].document
    }

    fn take(&mut self, round: Vec<Group>) -> Result<(), AdmitError> {
        let mut open: Vec<Group> = Vec::new();
        for group in round {
            self.load(self.document_of(&group))?;
            let mut left = Vec::new();
            for place in group {
                self.verdicts[place] = self.answered_before(place)?;
                if self.verdicts[place].is_none() {
                    left.push(place);
                }
            }
            if !left.is_empty() {
                open.push(left);
            }
        }
        self.examine(open)
    }

    fn load(&mut self, document: DocumentId) -> Result<(), StoreError> {
        if !self.loaded.contains_key(&document) {
            let stored = self.office.store.document(document)?;
            if let Some(stored) = &stored {
                self.office.grown.note(document, stored);
            }
            self.loaded.insert(document, Loaded::from(stored));
        }
        Ok(())
    }

    /// The answer to a change that is here already, or in the tray: a retry costs nothing and
    /// applies nothing. What another device brought is examined again: that one may not have been
    /// its author, and this one may be.
    fn answered_before(&self, place: usize) -> Result<Option<Verdict>, StoreError> {
        let (name, document) = (self.names[place], self.candidates[place].document);
        let loaded = &self.loaded[&document];
        if let Some(seq) = loaded.seqs.get(&name) {
            return Ok(Some(Verdict::Accepted(*seq)));
        }
        if loaded.known.is_some()
            && let Some(seq) = self.office.store.find_change(document, name)?
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
            .filter(|entry| entry.document == document)
            .filter(|entry| entry.device == self.sender.member.device);
        Ok(entry
            .and_then(|entry| entry.reason.parse().ok())
            .map(Verdict::Held))
    }

    /// Tries all groups on one guarded thread, one after the other. Where the changes of one document
    /// panic or hang together, each is tried alone, so that one bad change spoils no other.
    fn examine(&mut self, mut open: Vec<Group>) -> Result<(), AdmitError> {
        let device = self.sender.member.device;
        while !open.is_empty() {
            if self.office.suspects.is_suspect(device) {
                for group in open {
                    self.note(&group, all(group.len(), Reason::Harmful));
                }
                return Ok(());
            }
            let jobs = open.iter().map(|group| self.job(group)).collect();
            let (answers, rest) = self.office.guard.run_all(jobs);
            if let Some(Err(Fault::Exhausted)) = answers.last() {
                return Err(AdmitError::Exhausted);
            }
            let later = open.split_off(open.len() - rest.len());
            for (group, answer) in std::mem::replace(&mut open, later).into_iter().zip(answers) {
                match answer {
                    Ok(examined) => self.note(&group, examined),
                    Err(_) if group.len() > 1 => {
                        for place in group {
                            self.examine(vec![vec![place]])?;
                        }
                    }
                    Err(fault) => {
                        if fault == Fault::Hung {
                            self.office.suspects.hung(device);
                        }
                        self.verdicts[group[0]] = Some(Verdict::Held(Reason::Harmful));
                    }
                }
            }
        }
        Ok(())
    }

    /// What is to be done apart with one document's changes.
    fn job(&self, places: &[usize]) -> impl FnOnce() -> Examined + Send + 'static {
        let candidates: Vec<Candidate> = places
            .iter()
            .map(|place| self.candidates[*place].clone())
            .collect();
        let device = self.sender.member.device;
        let known = self.loaded[&candidates[0].document].known.clone();
        let permit = self.permit(&candidates[0], known.as_deref());
        move || {
            let inspected = candidates
                .into_iter()
                .map(|candidate| inspect(candidate, device))
                .collect();
            spread(inspected, |inspected| match permit {
                Ok(permit) => examine(known.as_deref(), inspected, &permit),
                Err(reason) => all(inspected.len(), reason),
            })
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
                is_new: true,
                known: None,
                seqs: HashMap::new(),
                outcome: None,
            };
        };
        Self {
            is_new: false,
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
