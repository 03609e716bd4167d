//! One document in memory.

use model::{ChangeHash, DocumentId, FeedId, Kind, Seq};

use crate::{Append, ChangesAfter, Compacted, Snapshot, StoredChange, StoredDocument, SummaryRow};

#[derive(Debug)]
pub(super) struct Document {
    pub kind: Kind,
    pub summary: Option<(Vec<ChangeHash>, String)>,
    home_feed: FeedId,
    compactions: u64,
    changes: Vec<StoredChange>,
    /// The bytes, and how many of the changes they hold.
    snapshot: Option<(Vec<u8>, usize)>,
}

impl Document {
    pub fn new(first: &Append) -> Document {
        Document {
            kind: first.kind.clone(),
            summary: None,
            home_feed: first.home_feed,
            compactions: 0,
            changes: Vec::new(),
            snapshot: None,
        }
    }

    /// The feed and the place that list it, unless it is new.
    pub fn listed(&self) -> Option<(FeedId, Seq)> {
        let newest = self.changes.last()?;
        Some((self.home_feed, newest.seq))
    }

    pub fn push(&mut self, append: &Append, seq: Seq) {
        if self.home_feed != append.home_feed {
            self.home_feed = append.home_feed;
            // What came before the move came into this feed together with it.
            for change in &mut self.changes {
                change.seq = seq;
            }
        }
        self.changes.push(StoredChange {
            seq,
            hash: append.hash,
            device: append.device,
            received_at: append.received_at,
            bytes: append.bytes.clone(),
        });
    }

    pub fn compact(&mut self, expected_revision: u64, bytes: &[u8]) -> Compacted {
        if self.revision() != expected_revision {
            return Compacted::Stale(self.revision());
        }
        self.snapshot = Some((bytes.to_vec(), self.changes.len()));
        self.compactions += 1;
        Compacted::Done(self.revision())
    }

    fn revision(&self) -> u64 {
        self.changes.len() as u64 + self.compactions
    }

    fn snapshot(&self) -> Option<Snapshot> {
        let (bytes, holds) = self.snapshot.as_ref()?;
        Some(Snapshot {
            bytes: bytes.clone(),
            seq: self.changes[holds - 1].seq,
        })
    }

    fn unheld(&self) -> &[StoredChange] {
        let holds = self.snapshot.as_ref().map_or(0, |(_, holds)| *holds);
        &self.changes[holds..]
    }

    pub fn stored(&self) -> StoredDocument {
        StoredDocument {
            kind: self.kind.clone(),
            home_feed: self.home_feed,
            revision: self.revision(),
            newest_seq: self.listed().map_or(0, |(_, seq)| seq),
            snapshot: self.snapshot(),
            changes: self.unheld().to_vec(),
        }
    }

    pub fn changes_after(&self, cursor: Seq) -> ChangesAfter {
        let snapshot = self.snapshot().filter(|snapshot| cursor < snapshot.seq);
        let wanted = |change: &&StoredChange| snapshot.is_some() || change.seq > cursor;
        ChangesAfter {
            changes: self.unheld().iter().filter(wanted).cloned().collect(),
            snapshot,
        }
    }

    pub fn row(&self, document: DocumentId) -> SummaryRow {
        // A document is made by its first change, so there are both.
        let received_at = |change: Option<&StoredChange>| change.map_or(0, |c| c.received_at);
        let newest = self.changes.last();
        let fresh = self
            .summary
            .as_ref()
            .filter(|(heads, _)| newest.is_some_and(|newest| heads.contains(&newest.hash)));
        SummaryRow {
            document,
            kind: self.kind.clone(),
            home_feed: self.home_feed,
            newest_seq: newest.map_or(0, |newest| newest.seq),
            first_received_at: received_at(self.changes.first()),
            received_at: received_at(newest),
            heads: fresh.map_or_else(Vec::new, |(heads, _)| heads.clone()),
            json: fresh.map(|(_, json)| json.clone()),
        }
    }
}
