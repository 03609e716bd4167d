//! What a journal holds, as one number that does not ask for order: computed
//! from the frames on disk, and again from what an index answers. Two that are
//! equal hold the same.

use std::collections::BTreeMap;

use model::{DocumentId, FeedId, Seq};
use sha2::{Digest, Sha256};

use crate::embedded::index::Index;
use crate::embedded::read::value_of;
use crate::journal::reader::Reader;
use crate::journal::record::{ChangeRecord, JournalRecord, Records};
use crate::journal::scan::ScannedFrame;
use crate::{StoreError, Table};

/// What a journal holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contents {
    /// Changes.
    pub changes: u64,
    /// The sum, in no order, of every change with its place, sender, time and
    /// bytes; of every feed's head; of the newest snapshots; of the records as
    /// they are now.
    pub digest: [u8; 32],
}

/// A sum in which the order of what is added does not count.
#[derive(Debug, Clone, Copy, Default)]
struct Sum([u64; 4]);

impl Sum {
    fn add(&mut self, item: [u8; 32]) {
        let (lanes, _) = item.as_chunks();
        for (sum, lane) in self.0.iter_mut().zip(lanes) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*lane));
        }
    }

    fn bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let (lanes, _) = bytes.as_chunks_mut();
        for (lane, sum) in lanes.iter_mut().zip(self.0) {
            *lane = sum.to_le_bytes();
        }
        bytes
    }
}

/// One item's hash. Each part goes in with its length, so that no two items
/// read alike.
fn item(what: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(what);
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn change_item(change: &ChangeRecord<'_>) -> [u8; 32] {
    let parts = [
        &change.document.as_bytes()[..],
        change.kind.as_bytes(),
        change.device.as_bytes(),
        change.hash.as_bytes(),
        &change.received_at.to_le_bytes(),
        &change.seq.to_le_bytes(),
        change.bytes,
    ];
    item("change", &parts)
}

fn snapshot_item(document: DocumentId, through: u64, seq: Seq, bytes: &[u8]) -> [u8; 32] {
    let (through, seq) = (through.to_le_bytes(), seq.to_le_bytes());
    item("snapshot", &[document.as_bytes(), &through, &seq, bytes])
}

fn record_item(table: u8, key: &[u8], value: &[u8]) -> [u8; 32] {
    item("record", &[&[table], key, value])
}

fn feed_item(feed: FeedId, head: Seq) -> [u8; 32] {
    item("feed", &[feed.as_bytes(), &head.to_le_bytes()])
}

/// Adds up a journal while it is scanned. Of what can be replaced, the last
/// counts, so that is kept until the end.
#[derive(Default)]
pub(crate) struct Digesting {
    sum: Sum,
    changes: u64,
    feeds: BTreeMap<FeedId, Seq>,
    snapshots: BTreeMap<DocumentId, [u8; 32]>,
    records: BTreeMap<(u8, Vec<u8>), [u8; 32]>,
}

impl Digesting {
    /// Takes the next frame.
    pub fn frame(&mut self, frame: &ScannedFrame<'_>) -> Result<(), StoreError> {
        for record in Records::new(frame.payload) {
            let record = record.map_err(|error| {
                StoreError::damaged(frame.path, frame.payload_at, error.to_string())
            })?;
            self.record(&record);
        }
        Ok(())
    }

    fn record(&mut self, record: &JournalRecord<'_>) {
        match *record {
            JournalRecord::Change { change, .. } => {
                self.sum.add(change_item(&change));
                self.changes += 1;
                self.feeds.insert(change.home_feed, change.seq);
            }
            JournalRecord::Write {
                table, key, value, ..
            } => {
                let name = (table.number(), key.to_vec());
                match value {
                    Some(value) => {
                        let item = record_item(name.0, key, value);
                        self.records.insert(name, item);
                    }
                    None => {
                        self.records.remove(&name);
                    }
                }
            }
            JournalRecord::Snapshot {
                document,
                through,
                seq,
                bytes,
                ..
            } => {
                let item = snapshot_item(document, through, seq, bytes);
                self.snapshots.insert(document, item);
            }
        }
    }

    /// What the journal holds.
    pub fn finish(mut self) -> Contents {
        let feeds = self
            .feeds
            .iter()
            .map(|(feed, head)| feed_item(*feed, *head));
        let rest = self.snapshots.values().chain(self.records.values());
        for item in feeds.chain(rest.copied()) {
            self.sum.add(item);
        }
        Contents {
            changes: self.changes,
            digest: self.sum.bytes(),
        }
    }
}

/// What an index answers, every value read from the journal once more.
pub(crate) fn contents_of(
    index: &Index,
    reader: &Reader,
    progress: &mut dyn FnMut(u64),
) -> Result<Contents, StoreError> {
    let (mut sum, mut changes) = (Sum::default(), 0);
    for (done, found) in (0..).zip(index.headers()) {
        progress(done);
        let (document, header) = found?;
        for line in index.lines(document, &header, 0)? {
            sum.add(change_item(&ChangeRecord {
                document,
                kind: header.kind.as_str(),
                home_feed: header.home_feed,
                device: line.device,
                hash: line.hash,
                received_at: line.received_at,
                seq: line.seq,
                bytes: &reader.read(line.bytes)?,
            }));
            changes += 1;
        }
        if let Some(line) = header.snapshot {
            let bytes = reader.read(line.bytes)?;
            sum.add(snapshot_item(document, line.through, line.seq, &bytes));
        }
    }
    for found in index.heads() {
        let (feed, head) = found?;
        sum.add(feed_item(feed, head));
    }
    for table in Table::ALL {
        for found in index.records(table) {
            let (key, value) = found?;
            sum.add(record_item(
                table.number(),
                &key,
                &value_of(reader, &value)?,
            ));
        }
    }
    Ok(Contents {
        changes,
        digest: sum.bytes(),
    })
}
