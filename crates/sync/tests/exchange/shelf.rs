//! Where the walks of the office in memory read.

use std::convert::Infallible;

use model::{DeviceId, DocumentId, FeedId, Seq};
use sync::frame::Json;
use sync::walk::history::Listed;
use sync::walk::{Content, Entry, Shelf, SummaryPatch};

use crate::office::{Office, Stored};

impl Shelf for Office {
    type Error = Infallible;

    fn head(&self, feed: FeedId) -> Seq {
        Office::head(self, feed)
    }

    fn standing(&self, feed: FeedId) -> Option<(Seq, u64)> {
        Some((Office::head(self, feed), self.digest(feed)))
    }

    fn list(&self, feed: FeedId, after: Seq, limit: usize) -> Result<Vec<Listed>, Infallible> {
        let listed = self.documents.iter().map(|(id, stored)| Listed {
            document: *id,
            kind: stored.kind.clone(),
            seq: stored.seq,
        });
        let is_in_feed = |listed: &Listed| self.documents[&listed.document].feed == feed;
        let mut listed: Vec<Listed> = listed
            .filter(|listed| is_in_feed(listed) && listed.seq > after)
            .collect();
        listed.sort_by_key(|listed| listed.seq);
        listed.truncate(limit);
        Ok(listed)
    }

    fn entry(&self, listed: &Listed, complete: Seq) -> Entry {
        entry(listed.document, &self.documents[&listed.document], complete)
    }

    fn document_digest(&self, document: DocumentId) -> u32 {
        let heads = &self.documents[&document].heads;
        sync::walk::low_half(model::document_digest(document, heads))
    }

    fn is_all_from(&self, device: DeviceId, feed: FeedId, listed: &Listed) -> bool {
        let stored = &self.documents[&listed.document];
        let is_as_listed = (stored.feed, stored.seq) == (feed, listed.seq);
        let mut changes = stored.changes.iter();
        is_as_listed && stored.snapshot.is_none() && changes.all(|change| change.device == device)
    }

    fn content(&self, document: DocumentId) -> Result<Content, Infallible> {
        Ok(content(&self.documents[&document]))
    }
}

pub fn entry(document: DocumentId, stored: &Stored, complete: Seq) -> Entry {
    let summary: Json = serde_json::from_str(&stored.summary).expect("a summary is JSON");
    let mut before = stored.summaries.range(..=complete);
    let before = before.next_back().map(|(_, json)| json);
    Entry {
        document,
        kind: stored.kind.clone(),
        seq: stored.seq,
        heads: stored.heads.clone(),
        patch: before.map(|before| SummaryPatch {
            json: sync::merge_patch::difference(before, &summary),
            covers: stored
                .summaries
                .range(complete + 1..)
                .map(|(seq, _)| *seq)
                .collect(),
        }),
        summary: Some(summary),
        seen: None,
    }
}

pub fn content(stored: &Stored) -> Content {
    Content {
        snapshot: stored.snapshot.clone(),
        changes: stored.changes.clone(),
        has_beginning: true,
    }
}
