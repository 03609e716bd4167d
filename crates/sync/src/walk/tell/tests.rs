use std::cell::Cell;
use std::convert::Infallible;

use ed25519_dalek::SigningKey;
use model::{DocumentId, Kind};

use super::*;
use crate::frame::{FeedState, Frame};
use crate::pack::FrameReader;
use crate::walk::Change;

const FEED: FeedId = FeedId::from_bytes([1; 16]);
const READER: DeviceId = DeviceId::from_bytes([1; 16]);
const OTHER: DeviceId = DeviceId::from_bytes([2; 16]);

/// Documents, each with who brought its changes and at which places; it counts what is read.
struct Counted {
    documents: Vec<Vec<(Seq, DeviceId)>>,
    rows: Cell<usize>,
    contents: Cell<usize>,
}

impl Counted {
    fn new(documents: Vec<Vec<(Seq, DeviceId)>>) -> Self {
        Self {
            documents,
            rows: Cell::new(0),
            contents: Cell::new(0),
        }
    }

    fn changes(&self, document: DocumentId) -> &[(Seq, DeviceId)] {
        &self.documents[usize::from(document.as_bytes()[0])]
    }

    /// What a reader who has had everything up to place 1 is told of, and where it stands then.
    fn told(&self, version: u64) -> (Vec<Seq>, Seq) {
        let state = FeedState {
            feed: FEED,
            cursor: 1,
            digest: 0,
            history: 1,
            complete: 1,
            past: None,
        };
        let common = (version > 1).then(|| Common {
            device: READER,
            community: DocumentId::from_bytes([9; 16]),
            clock_ms: 0,
            feeds: vec![FEED],
        });
        let reader = Reader {
            device: READER,
            state,
        };
        let answer = Answer::new(common.clone(), Vec::new()).receipts(&[], None);
        let mut answer = answer.feeds();
        tell_feed(self, reader, None, 1 << 20, &mut answer).unwrap();
        let pack = answer.end(&SigningKey::from_bytes(&[7; 32]), READER, 0);
        let mut frames = FrameReader::for_response(common);
        frames.push(&pack);
        let mut seqs = Vec::new();
        let mut reached = 0;
        while let Some(frame) = frames.next_frame().unwrap() {
            match frame {
                Frame::Document(document) => seqs.push(document.seq),
                Frame::News(news) => seqs.push(news.seq),
                Frame::Feed(feed) => reached = feed.cursor,
                _ => {}
            }
        }
        (seqs, reached)
    }
}

impl Shelf for Counted {
    type Error = Infallible;

    fn head(&self, _: FeedId) -> Seq {
        let changes = self.documents.iter().flatten();
        changes.map(|(seq, _)| *seq).max().unwrap_or(0)
    }

    fn standing(&self, feed: FeedId) -> Option<(Seq, u64)> {
        Some((self.head(feed), 0))
    }

    fn list(&self, _: FeedId, after: Seq, limit: usize) -> Result<Vec<Listed>, Infallible> {
        let newest = |changes: &Vec<(Seq, DeviceId)>| changes.last().map_or(0, |(seq, _)| *seq);
        let listed = (0..).zip(&self.documents).map(|(number, changes)| Listed {
            document: DocumentId::from_bytes([number; 16]),
            kind: Kind::Visit,
            seq: newest(changes),
        });
        let mut listed: Vec<_> = listed.filter(|listed| listed.seq > after).collect();
        listed.sort_by_key(|listed| listed.seq);
        listed.truncate(limit);
        Ok(listed)
    }

    fn entry(&self, listed: &Listed, _: Seq) -> Entry {
        self.rows.set(self.rows.get() + 1);
        Entry {
            document: listed.document,
            kind: listed.kind.clone(),
            seq: listed.seq,
            heads: Vec::new(),
            summary: None,
            patch: None,
            seen: None,
        }
    }

    fn document_digest(&self, _: DocumentId) -> u32 {
        0
    }

    fn is_all_from(&self, device: DeviceId, feed: FeedId, listed: &Listed) -> bool {
        let mut changes = self.changes(listed.document).iter();
        feed == FEED && changes.all(|(_, sender)| *sender == device)
    }

    fn content(&self, document: DocumentId) -> Result<Content, Infallible> {
        self.contents.set(self.contents.get() + 1);
        let changes = self.changes(document).iter();
        let change = |(seq, device): &(Seq, DeviceId)| Change {
            seq: *seq,
            device: *device,
            bytes: vec![0],
        };
        Ok(Content {
            snapshot: None,
            changes: changes.map(change).collect(),
            has_beginning: true,
        })
    }
}

/// A day's forty visits, the tenth of which a colleague has added to, and one of a colleague's.
fn evening() -> Vec<Vec<(Seq, DeviceId)>> {
    let own = (2..42).map(|seq| vec![(seq, READER)]);
    let mut documents: Vec<_> = own.collect();
    documents[9].push((42, OTHER));
    documents.push(vec![(43, OTHER)]);
    documents
}

#[test]
fn nothing_is_read_of_what_the_reader_brought_itself_and_nothing_of_others_is_passed_over() {
    for version in [1, 2] {
        let shelf = Counted::new(evening());
        assert_eq!(shelf.told(version), (vec![42, 43], 43), "version {version}");
        assert_eq!((shelf.rows.get(), shelf.contents.get()), (2, 2));
    }
}

#[test]
fn a_walk_along_nothing_but_the_readers_own_comes_to_the_end() {
    let own = (2..42).map(|seq| vec![(seq, READER)]).collect();
    let shelf = Counted::new(own);
    assert_eq!(shelf.told(2), (vec![], 41));
    assert_eq!((shelf.rows.get(), shelf.contents.get()), (0, 0));
}
