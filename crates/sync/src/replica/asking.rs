//! What a phone sends.

use std::collections::BTreeSet;

use model::{DocumentId, FeedId};

use super::Replica;
use super::books::{DocumentBook, Standing};
use crate::body;
use crate::frame::{ChangeFrame, FeedState, Frame, HISTORY_ALL, Hello, PROTOCOL_VERSION};
use crate::pack::FrameWriter;

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
    pub(super) wants: Vec<DocumentId>,
    /// The feeds that are walked over again, rows only.
    pub(super) repairs: BTreeSet<FeedId>,
}

impl Replica {
    /// Makes the next request. `clock_ms` is the phone's clock, milliseconds
    /// since 1970.
    pub fn request(&mut self, clock_ms: i64) -> Exchange {
        let mut pack = FrameWriter::new();
        pack.push(&Frame::Hello(Hello {
            version: PROTOCOL_VERSION,
            clock_ms,
            feeds: self.states(),
            people_version: self.people.as_ref().map_or(0, |people| people.version),
            app: concat!("replica ", env!("CARGO_PKG_VERSION")).to_owned(),
        }));
        self.push_changes(&mut pack);
        let wants: Vec<DocumentId> = self.wants.iter().copied().take(WANTS).collect();
        for document in &wants {
            pack.push(&Frame::Want(*document));
        }
        let walked_again = self.feeds.iter().filter(|(_, book)| book.repair.is_some());
        let number = self.next_exchange;
        self.next_exchange += 1;
        Exchange {
            body: body::gzip(&pack.into_bytes()),
            number,
            wants,
            repairs: walked_again.map(|(feed, _)| *feed).collect(),
        }
    }

    fn states(&self) -> Vec<FeedState> {
        let state = |(feed, book): (&FeedId, &super::FeedBook)| {
            let (cursor, history) = match &book.repair {
                Some(repair) => (repair.cursor, HISTORY_ALL),
                None => (book.cursor, book.history),
            };
            FeedState {
                feed: *feed,
                cursor,
                digest: self.digest(*feed),
                history,
                complete: book.complete,
            }
        };
        self.feeds.iter().map(state).collect()
    }

    /// Smallest documents first, what was refused before last, and within a
    /// document in the order of writing.
    fn push_changes(&mut self, pack: &mut FrameWriter) {
        let mut documents: Vec<(&DocumentId, &mut DocumentBook)> = self
            .documents
            .iter_mut()
            .filter(|(_, book)| book.own.iter().any(|own| own.is_in_outbox()))
            .collect();
        documents.sort_by_key(|(_, book)| weight(book));
        let end = pack.len() + CHANGES_BYTES;
        for (id, book) in documents {
            for own in book.own.iter_mut().filter(|own| own.is_in_outbox()) {
                if pack.len() >= end {
                    return;
                }
                own.was_sent = true;
                pack.push(&Frame::Change(ChangeFrame {
                    document: *id,
                    kind: book.kind.clone(),
                    feed: book.feed,
                    bytes: own.bytes.clone(),
                }));
            }
        }
    }
}

fn weight(book: &DocumentBook) -> (bool, usize) {
    let outbox = || book.own.iter().filter(|own| own.is_in_outbox());
    let was_refused = outbox().any(|own| matches!(own.standing, Standing::Refused(_)));
    (was_refused, outbox().map(|own| own.bytes.len()).sum())
}
