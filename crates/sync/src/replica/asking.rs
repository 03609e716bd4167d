//! What a phone sends.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    ChangeHash, DocumentId, FeedId, Kind, PersonId, Seq, Summary, door_name, resident_name,
    resident_named,
};

use super::Replica;
use super::books::{DocumentBook, Standing};
use crate::body;
use crate::frame::{ChangeFrame, Compare, FeedState, Frame, HISTORY_ALL, Hello};
use crate::lean::{Common, Names};
use crate::pack::FrameWriter;
use crate::walk::compare::Parts;

/// Bytes of changes in one request. What does not fit goes with the next.
const CHANGES_BYTES: usize = 4 << 20;
/// Documents asked for in one request.
const WANTS: usize = 200;

/// A request, and what is needed to understand its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The request body: a pack under gzip.
    pub body: Vec<u8>,
    pub(super) number: u64,
    /// The cursors that the request told.
    pub(super) cursors: BTreeMap<FeedId, Seq>,
    pub(super) wants: Vec<DocumentId>,
    /// The feeds that are walked over again, rows only, or compared.
    pub(super) repairs: BTreeSet<FeedId>,
    /// What both sides know; `None` in version 1.
    pub(super) common: Option<Common>,
    /// The changes in the request, in their order.
    pub(super) sent: Vec<(DocumentId, ChangeHash)>,
}

impl Exchange {
    /// The changes in the request, in their order.
    pub fn sent(&self) -> impl Iterator<Item = ChangeHash> + '_ {
        self.sent.iter().map(|(_, hash)| *hash)
    }

    /// What both sides know; `None` in version 1.
    pub fn common(&self) -> Option<&Common> {
        self.common.as_ref()
    }
}

impl Replica {
    /// Makes the next request. `clock_ms` is the phone's clock, milliseconds
    /// since 1970.
    pub fn request(&mut self, clock_ms: i64) -> Exchange {
        if self.newest_complete + 1 < self.next_exchange {
            self.end_offers();
        }
        let hello = Hello {
            version: self.version,
            clock_ms,
            feeds: self.states(),
            people_version: self.people.as_ref().map_or(0, |people| people.version),
            app: concat!("replica ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        let told = hello.feeds.iter();
        let cursors = told.map(|state| (state.feed, state.cursor)).collect();
        let common = Common::of_hello(&hello, self.device, self.community());
        let mut pack = FrameWriter::in_terms_of(common.clone(), Vec::new());
        pack.push(&Frame::Hello(hello));
        let sent = self.push_changes(&mut pack);
        self.push_compares(&mut pack);
        let wants: Vec<DocumentId> = self.wants.iter().copied().take(WANTS).collect();
        for document in &wants {
            pack.push(&Frame::Want(*document));
        }
        let walked_again = self
            .feeds
            .iter()
            .filter(|(_, book)| book.repair.is_some() || book.is_to_compare);
        let number = self.next_exchange;
        self.next_exchange += 1;
        Exchange {
            body: body::gzip(&pack.into_bytes()),
            number,
            cursors,
            wants,
            repairs: walked_again.map(|(feed, _)| *feed).collect(),
            common,
            sent,
        }
    }

    /// The community of this phone's person. Until the people list has come no id
    /// can be made from it, so that any will do.
    fn community(&self) -> DocumentId {
        let people = self.people.iter().flat_map(|people| &people.feeds);
        let mut communities = people.filter(|feed| feed.kind == "community");
        communities
            .next()
            .map_or(DocumentId::from_bytes([0; 16]), |community| {
                community.feed.as_document()
            })
    }

    fn push_compares(&self, pack: &mut FrameWriter) {
        for (feed, _) in self.feeds.iter().filter(|(_, book)| book.is_to_compare) {
            pack.push(&Frame::Compare(Compare {
                feed: *feed,
                digests: Parts::of(self.digests(*feed)).0,
            }));
        }
    }

    fn states(&self) -> Vec<FeedState> {
        let state = |(feed, book): (&FeedId, &super::FeedBook)| {
            let (cursor, history) = match &book.repair {
                Some(repair) if !book.is_to_compare => (repair.cursor, HISTORY_ALL),
                _ => (book.cursor, book.history),
            };
            FeedState {
                feed: *feed,
                cursor,
                digest: self.digest(*feed).into(),
                history,
                complete: book.complete,
                past: book.past.filter(|_| self.version > 1),
            }
        };
        self.feeds.iter().map(state).collect()
    }

    /// Smallest documents first, what was refused before last, and within a
    /// document in the order of writing.
    fn push_changes(&mut self, pack: &mut FrameWriter) -> Vec<(DocumentId, ChangeHash)> {
        let mut documents: Vec<(&DocumentId, &DocumentBook)> = self
            .documents
            .iter()
            .filter(|(_, book)| book.own.iter().any(|own| own.is_in_outbox()))
            .collect();
        documents.sort_by_cached_key(|(_, book)| weight(book));
        let names = Rows(&self.documents);
        let end = pack.len() + CHANGES_BYTES;
        let mut sent = Vec::new();
        'full: for (id, book) in documents {
            for own in book.own.iter().filter(|own| own.is_in_outbox()) {
                if pack.len() >= end {
                    break 'full;
                }
                let change = ChangeFrame {
                    document: *id,
                    kind: book.kind.clone(),
                    feed: book.feed,
                    bytes: own.bytes.clone(),
                };
                pack.push_change(change, &names);
                sent.push((*id, own.hash));
            }
        }
        for (id, hash) in &sent {
            let own = self.documents.get_mut(id).map(|book| book.own.iter_mut());
            if let Some(own) = own.and_then(|mut own| own.find(|own| own.hash == *hash)) {
                own.was_sent = true;
            }
        }
        sent
    }
}

/// Knows the names in the rows of doors.
struct Rows<'a>(&'a BTreeMap<DocumentId, DocumentBook>);

/// How many residents of one name at one door are tried.
const NAMESAKES: u32 = 9;

impl Rows<'_> {
    fn summary(&self, door: DocumentId) -> Option<model::summary::DoorSummary> {
        let book = self.0.get(&door).filter(|book| book.kind == Kind::Door)?;
        match Summary::from_json(book.summary.as_deref()?).ok()? {
            Summary::Door(summary) => Some(summary),
            _ => None,
        }
    }
}

impl Names for Rows<'_> {
    fn door(&self, door: DocumentId) -> Option<String> {
        let summary = self.summary(door)?;
        Some(door_name(&summary.building, &summary.unit, &summary.label))
    }

    fn resident(&self, door: DocumentId, resident: PersonId) -> Option<String> {
        let persons = self.summary(door)?.persons;
        let person = persons.into_iter().find(|person| person.id == resident)?;
        (1..=NAMESAKES)
            .map(|nth| resident_name(&person.name, nth))
            .find(|name| resident_named(door, name) == resident)
    }
}

fn weight(book: &DocumentBook) -> (bool, usize) {
    let outbox = || book.own.iter().filter(|own| own.is_in_outbox());
    let was_refused = outbox().any(|own| matches!(own.standing, Standing::Refused(_)));
    (was_refused, outbox().map(|own| own.bytes.len()).sum())
}
