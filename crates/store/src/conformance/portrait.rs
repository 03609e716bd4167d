//! Everything that can be read from a store of sample ids, for comparing one
//! store with another.

use model::Seq;

use super::sample::{document, feed, hash};
use crate::{ChangesAfter, FeedEntry, Record, Store, StoredDocument, SummaryRow, Table};

/// Ids of the samples that a portrait looks at.
const DOCUMENTS: u8 = 8;
const FEEDS: u8 = 4;
const HASHES: u32 = 64;

/// What a store shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Portrait {
    feeds: Vec<(Seq, Vec<FeedEntry>)>,
    documents: Vec<Option<StoredDocument>>,
    /// For every document, what a reader lacks at every cursor.
    lacks: Vec<Vec<ChangesAfter>>,
    found: Vec<bool>,
    records: Vec<Vec<Record>>,
    rows: Vec<SummaryRow>,
}

impl Portrait {
    /// Takes the summaries out, which a store may lose at any time.
    pub fn take_summaries(&mut self) -> Vec<Option<String>> {
        let take = |row: &mut SummaryRow| {
            row.heads.clear();
            row.json.take()
        };
        self.rows.iter_mut().map(take).collect()
    }
}

/// Reads everything. Only sample ids below the constants of this module are
/// seen.
pub fn portrait(store: &dyn Store) -> Portrait {
    let head = |n| store.feed_head(feed(n)).unwrap();
    let newest = (0..FEEDS).map(head).max().unwrap_or(0);
    let lacks = |n| {
        let after = |cursor| store.changes_after(document(n), cursor).unwrap();
        (0..=newest).map(after).collect()
    };
    let mut rows = Vec::new();
    store.summaries(&mut |row| rows.push(row)).unwrap();
    Portrait {
        feeds: (0..FEEDS)
            .map(|n| (head(n), store.since(feed(n), 0, usize::MAX).unwrap()))
            .collect(),
        documents: (0..DOCUMENTS)
            .map(|n| store.document(document(n)).unwrap())
            .collect(),
        lacks: (0..DOCUMENTS).map(lacks).collect(),
        found: (0..HASHES)
            .map(|n| {
                let mut documents = (0..DOCUMENTS).map(document);
                documents.any(|held| store.find_change(held, hash(n)).unwrap().is_some())
            })
            .collect(),
        records: Table::ALL
            .map(|table| store.records(table).unwrap())
            .to_vec(),
        rows,
    }
}
