//! All that a folder's store holds, read back through the store itself, and what
//! must be true of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use model::{ChangeHash, DocumentId, FeedId, Seq};
use sha2::{Digest, Sha256};
use store::{EmbeddedStore, OpenReport, Options, Record, Store, StoreError, Table};

use crate::CrashError;
use crate::heard::Receipt;

/// A change's place.
pub type Place = (FeedId, Seq);

/// What one change is, by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Of which document.
    pub document: DocumentId,
    /// Its name.
    pub hash: ChangeHash,
    /// The SHA-256 of its bytes.
    pub bytes: [u8; 32],
}

/// What a store holds. Summaries are not looked at: they may be lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Every change by its place.
    pub changes: BTreeMap<Place, Change>,
    /// The newest place of each feed.
    pub heads: BTreeMap<FeedId, Seq>,
    /// The small tables.
    pub records: Vec<(Table, Vec<Record>)>,
    places: BTreeMap<(DocumentId, ChangeHash), Place>,
}

/// Opens the store in a folder.
pub fn open(data: &Path, rebuild_index: bool) -> Result<(EmbeddedStore, OpenReport), StoreError> {
    let options = Options {
        rebuild_index,
        ..Options::default()
    };
    EmbeddedStore::open_with(data, options, &mut |_| {})
}

/// The file of the newest segment of the journal.
pub fn newest_segment(data: &Path) -> Result<PathBuf, CrashError> {
    let entries = fs::read_dir(data.join("journal"))?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let newest = paths
        .collect::<io::Result<Vec<PathBuf>>>()?
        .into_iter()
        .max();
    newest.ok_or_else(|| CrashError::Machine("the journal has no segment".to_owned()))
}

/// The file of the segment that follows one.
pub fn segment_after(segment: &Path) -> PathBuf {
    let stem = segment.file_stem().and_then(|stem| stem.to_str());
    let number = stem.and_then(|stem| stem.parse::<u32>().ok()).unwrap_or(0);
    segment.with_file_name(format!("{:08}.journal", number + 1))
}

impl Content {
    /// Reads everything. What does not agree with itself is an error.
    pub fn of(store: &dyn Store) -> Result<Content, CrashError> {
        let mut content = Content::default();
        let mut documents = Vec::new();
        store.summaries(&mut |row| documents.push((row.document, row.home_feed)))?;
        for (id, feed) in documents {
            content.take_document(store, id, feed)?;
        }
        for (feed, head) in content.heads.clone() {
            content.check_feed(store, feed, head)?;
        }
        for table in Table::ALL {
            content.records.push((table, store.records(table)?));
        }
        Ok(content)
    }

    fn take_document(
        &mut self,
        store: &dyn Store,
        id: DocumentId,
        feed: FeedId,
    ) -> Result<(), CrashError> {
        let document = store.document(id)?;
        let document = document.ok_or_else(|| wrong(format!("{id} is listed and not there")))?;
        for change in document.changes {
            let place = (feed, change.seq);
            let known = Change {
                document: id,
                hash: change.hash,
                bytes: Sha256::digest(&change.bytes).into(),
            };
            if self.changes.insert(place, known).is_some() {
                return Err(wrong(format!("two changes at place {}", change.seq)));
            }
            if self.places.insert((id, change.hash), place).is_some() {
                return Err(wrong(format!("{id} has one change twice")));
            }
        }
        self.heads.insert(feed, store.feed_head(feed)?);
        Ok(())
    }

    /// Places are dense, and the feed lists each document once, at its newest.
    fn check_feed(&self, store: &dyn Store, feed: FeedId, head: Seq) -> Result<(), CrashError> {
        let changes = self.changes.range((feed, 0)..=(feed, Seq::MAX));
        let mut newest = BTreeMap::new();
        let mut expected = 1;
        for ((_, seq), change) in changes {
            if *seq != expected {
                return Err(wrong(format!("place {seq} where {expected} was next")));
            }
            expected += 1;
            newest.insert(change.document, *seq);
        }
        if expected != head + 1 {
            return Err(wrong(format!(
                "the feed ends at {}, not at {head}",
                expected - 1
            )));
        }
        let listed = store.since(feed, 0, usize::MAX)?;
        let listed: BTreeSet<_> = listed
            .iter()
            .map(|entry| (entry.document, entry.seq))
            .collect();
        match listed == newest.into_iter().collect() {
            true => Ok(()),
            false => Err(wrong("the feed lists its documents otherwise".to_owned())),
        }
    }

    /// Whether this is what `whole` was at an earlier time: each feed a beginning
    /// of what it was to become, change by change and byte by byte.
    pub fn check_beginning_of(&self, whole: &Content) -> Result<(), CrashError> {
        for (place, change) in &self.changes {
            if whole.changes.get(place) != Some(change) {
                return Err(wrong(format!(
                    "what stands at place {} was never written",
                    place.1
                )));
            }
        }
        Ok(())
    }

    /// Whether an acknowledged change is here as the phone wrote it.
    pub fn check_holds(&self, receipt: &Receipt) -> Result<(), CrashError> {
        let lost = || {
            wrong(format!(
                "an acknowledged change is lost: {} of document {}",
                receipt.hash, receipt.document
            ))
        };
        let place = self.places.get(&(receipt.document, receipt.hash));
        let change = place
            .and_then(|place| self.changes.get(place))
            .ok_or_else(lost)?;
        let bytes: [u8; 32] = Sha256::digest(&receipt.bytes).into();
        match change.bytes == bytes {
            true => Ok(()),
            false => Err(wrong(format!(
                "{} has other bytes than were sent",
                receipt.hash
            ))),
        }
    }

    /// Whether a record is there.
    pub fn has_record(&self, table: Table, key: &[u8]) -> bool {
        let mut records = self.records.iter().filter(|(found, _)| *found == table);
        records.any(|(_, records)| records.iter().any(|(found, _)| found == key))
    }
}

fn wrong(words: String) -> CrashError {
    CrashError::Broken(words)
}
