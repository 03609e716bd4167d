//! Filling the desk's index from the store.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use model::{ChangeHash, Summary, summarise};
use store::{Store, StoreError, SummaryRow};

use super::{Office, documents};
use crate::desk::{Index, Row};
use crate::progress::{Report, Step};

const READING: &str = "读取摘要 reading summaries";
const MAKING: &str = "重算摘要 making summaries";

/// Rows that go from reading to taking in at a time, and how many such heaps may wait.
const HEAP: usize = 512;
const HEAPS_WAITING: usize = 8;

/// Takes all rows in. Those the store has no good summary for are made anew and put back.
pub fn take_in(store: &dyn Store, report: Report<'_>) -> Result<Index, StoreError> {
    let (mut index, missing) = read_all(store, report)?;
    let total = missing.len() as u64;
    for (done, row) in (0..).zip(missing) {
        report(Step::new(MAKING, done, total));
        if let Some(row) = made(store, &row)? {
            index.put(row, []);
        }
    }
    index.sort_visits();
    settle_heads(store, &mut index)?;
    Ok(index)
}

/// Reads all rows, and takes in those with a good summary on a second thread meanwhile: a million
/// summaries are as much to parse as to read. The others are given back.
fn read_all(store: &dyn Store, report: Report<'_>) -> Result<(Index, Vec<SummaryRow>), StoreError> {
    let total = store.statistics()?.documents;
    thread::scope(|scope| {
        let (sender, heaps) = sync_channel(HEAPS_WAITING);
        let taking = scope.spawn(move || take_heaps(heaps));
        let mut heap = Vec::with_capacity(HEAP);
        let mut done = 0;
        let read = store.summaries(&mut |row| {
            heap.push(row);
            if heap.len() == HEAP {
                done += HEAP as u64;
                report(Step::new(READING, done, total));
                // It waits as long as reading goes on; were it gone, its panic is passed on below.
                let _ = sender.send(std::mem::take(&mut heap));
            }
        });
        let _ = sender.send(heap);
        drop(sender);
        let taken = taking.join();
        read?;
        Ok(taken.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

fn take_heaps(heaps: Receiver<Vec<SummaryRow>>) -> (Index, Vec<SummaryRow>) {
    let mut index = Index::default();
    let mut missing = Vec::new();
    for mut row in heaps.into_iter().flatten() {
        match row.json.as_deref().map(Summary::from_json) {
            Some(Ok(summary)) => {
                let heads = std::mem::take(&mut row.heads);
                index.put(row_of(&row, heads, summary), []);
            }
            _ => missing.push(row),
        }
    }
    (index, missing)
}

/// Makes every summary anew, whatever the store has, while the office works on. Answers how many.
pub fn remake_all(office: &Office, report: Report<'_>) -> Result<u64, StoreError> {
    let mut all = Vec::new();
    office
        .store
        .summaries(&mut |row| all.push(SummaryRow { json: None, ..row }))?;
    let total = all.len() as u64;
    for (done, row) in (0..).zip(all) {
        report(Step::new(MAKING, done, total));
        let lock = office.stripes.lock([row.document]);
        if let Some(row) = made(&*office.store, &row)? {
            office.desk.write().put(row, []);
        }
        drop(lock);
    }
    Ok(total)
}

/// Makes one summary and puts it into the store.
fn made(store: &dyn Store, row: &SummaryRow) -> Result<Option<Row>, StoreError> {
    let Some(stored) = store.document(row.document)? else {
        return Ok(None);
    };
    let summary = documents::open(&stored).ok().and_then(|document| {
        let summary = sync::admission::guarded(|| summarise(&document))
            .ok()?
            .ok()?;
        Some((documents::heads(&document), summary))
    });
    let Some((heads, summary)) = summary else {
        tracing::error!(document = %row.document, "a stored document has no summary");
        return Ok(None);
    };
    store.put_summary(row.document, &heads, &summary.to_json())?;
    Ok(Some(row_of(row, heads, summary)))
}

fn row_of(row: &SummaryRow, heads: Vec<ChangeHash>, summary: Summary) -> Row {
    Row {
        document: row.document,
        feed: row.home_feed,
        first_received_at: row.first_received_at,
        heads,
        summary,
    }
}

fn settle_heads(store: &dyn Store, index: &mut Index) -> Result<(), StoreError> {
    for feed in index.feeds() {
        let head = store.feed_head(feed)?;
        index.set_head(feed, head);
    }
    Ok(())
}
