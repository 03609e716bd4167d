//! Composing a response step by step, in the order of the protocol. What a walk says is `sync`'s;
//! how the bytes are sent is `answer`'s.

use std::collections::VecDeque;
use std::sync::Arc;

use model::{DeviceId, DocumentId, Member};
use store::StoreError;
use sync::answer::{AboutFeeds, AboutWants, Answer};
use sync::frame::{Compare, FeedState, People};
use sync::walk::{self, Reader, Shelf, tell_feed};

use super::Taken;
use super::people::people_for;
use super::shelf::content_of;
use crate::office::Office;

/// Wanted documents that are loaded in one step.
const WANTS_AT_ONCE: usize = 32;
/// Feeds one request may walk along.
const FEEDS_MAX: usize = 256;
/// How much of one feed goes into one response of version 2. What has arrived of it counts, so that
/// a page is only as large as a response should last.
const PAGE_BYTES: usize = 4 << 20;

/// A response while it is composed.
pub struct Composing {
    office: Arc<Office>,
    member: Member,
    part: Part,
    wants: VecDeque<DocumentId>,
    people: Option<People>,
    feeds: VecDeque<FeedState>,
    compares: Vec<Compare>,
    /// There are receipts, and much to read before the rest: they go ahead of it.
    is_urgent: bool,
}

enum Part {
    Wants(Answer<AboutWants>),
    Feeds(Answer<AboutFeeds>),
}

/// Where composing stands.
pub enum Step {
    /// There is more to do.
    More(Box<Composing>),
    /// These are the last bytes.
    End(Vec<u8>),
}

impl Composing {
    /// Begins with what became of the request.
    pub fn new(office: Arc<Office>, member: Member, taken: Taken) -> Self {
        let people = people_for(&office, &member);
        let devices = match taken.common {
            Some(_) => people.as_ref().map(devices_of).unwrap_or_default(),
            None => Vec::new(),
        };
        let people = people.filter(|people| people.version != taken.hello.people_version);
        let answer = Answer::new(taken.common, devices);
        let feeds = feeds_to_walk(&member, &taken.hello.feeds);
        let is_long = |state: &FeedState| state.past.is_some() || state.history == 0;
        Self {
            is_urgent: !taken.receipts.is_empty() && feeds.iter().any(is_long),
            part: Part::Wants(answer.receipts(&taken.receipts, taken.notice)),
            wants: taken.wants.into(),
            people,
            feeds,
            compares: taken.compares,
            office,
            member,
        }
    }

    /// Composes until there are about so many bytes to send, or all are there. `now_ms` is the
    /// server's time, for the end.
    pub fn until(mut self, bytes: usize, now_ms: i64) -> Result<Step, StoreError> {
        while self.pending() < bytes && !std::mem::take(&mut self.is_urgent) {
            match self.step(now_ms)? {
                Step::More(more) => self = *more,
                end => return Ok(end),
            }
        }
        Ok(Step::More(Box::new(self)))
    }

    /// Takes the bytes that were composed so far.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.part {
            Part::Wants(answer) => answer.take(),
            Part::Feeds(answer) => answer.take(),
        }
    }

    fn pending(&self) -> usize {
        match &self.part {
            Part::Wants(answer) => answer.pending(),
            Part::Feeds(answer) => answer.pending(),
        }
    }

    fn step(mut self, now_ms: i64) -> Result<Step, StoreError> {
        self.part = match self.part {
            Part::Wants(mut answer) if !self.wants.is_empty() => {
                let count = self.wants.len().min(WANTS_AT_ONCE);
                for document in self.wants.drain(..count) {
                    tell_wanted(&self.office, &self.member, document, &mut answer)?;
                }
                Part::Wants(answer)
            }
            Part::Wants(mut answer) => {
                if let Some(people) = self.people.take() {
                    answer.people(people);
                }
                Part::Feeds(answer.feeds())
            }
            Part::Feeds(mut answer) => match self.feeds.pop_front() {
                Some(state) => {
                    let reader = Reader {
                        device: self.member.device,
                        state,
                    };
                    let compare = self.compares.iter().find(|one| one.feed == state.feed);
                    let page_bytes = match answer.common() {
                        Some(_) => PAGE_BYTES,
                        None => walk::PAGE_BYTES,
                    };
                    tell_feed(&*self.office, reader, compare, page_bytes, &mut answer)?;
                    Part::Feeds(answer)
                }
                None => {
                    let key = &self.office.identity.signing;
                    return Ok(Step::End(answer.end(key, self.member.device, now_ms)));
                }
            },
        };
        Ok(Step::More(Box::new(self)))
    }
}

/// The devices that may have made what a reader is told of: those of its community.
fn devices_of(people: &People) -> Vec<DeviceId> {
    let people = people.people.iter();
    people
        .flat_map(|person| person.devices.iter().copied())
        .collect()
}

/// The feeds of the hello that the person has now, each once.
fn feeds_to_walk(member: &Member, asked: &[FeedState]) -> VecDeque<FeedState> {
    let mut walked: VecDeque<FeedState> = VecDeque::new();
    for state in asked.iter().take(FEEDS_MAX) {
        let is_new = walked.iter().all(|other| other.feed != state.feed);
        if is_new && member.feeds.contains(&state.feed) {
            walked.push_back(*state);
        }
    }
    walked
}

fn tell_wanted(
    office: &Office,
    member: &Member,
    document: DocumentId,
    answer: &mut Answer<AboutWants>,
) -> Result<(), StoreError> {
    let Some(stored) = office.store.document(document)? else {
        return Ok(());
    };
    if member.feeds.contains(&stored.home_feed) {
        let listed = walk::history::Listed {
            document,
            kind: stored.kind.clone(),
            seq: 0,
        };
        let entry = office.entry(&listed, 0);
        answer.wanted(walk::wanted(stored.home_feed, entry, &content_of(stored)));
    }
    Ok(())
}
