//! Where the walks along feeds read: rows from the desk's index, bytes from the store.

use model::{DeviceId, DocumentId, FeedId, Kind, Seq};
use store::{FeedEntry, StoreError, StoredDocument};
use sync::frame;
use sync::walk::history::Listed;
use sync::walk::{self, Content, Entry, Shelf};

use super::newcomers::Newcomer;
use super::patches::json_of;
use crate::office::Office;

impl Shelf for Office {
    type Error = StoreError;

    fn head(&self, feed: FeedId) -> Seq {
        self.desk.read().head(feed)
    }

    fn standing(&self, feed: FeedId) -> Option<(Seq, u64)> {
        self.desk.read().digest(feed)
    }

    fn list(&self, feed: FeedId, after: Seq, limit: usize) -> Result<Vec<Listed>, StoreError> {
        let listed = |entry: FeedEntry| Listed {
            document: entry.document,
            kind: entry.kind,
            seq: entry.seq,
        };
        let entries = self.store.since(feed, after, limit)?;
        Ok(entries.into_iter().map(listed).collect())
    }

    fn entry(&self, listed: &Listed, complete: Seq) -> Entry {
        let desk = self.desk.read();
        let row = desk.row(listed.document);
        let feed = row.as_ref().map(|row| row.feed);
        // A visit of another feed is not its readers' to know of.
        let seen = match listed.kind {
            Kind::Door => desk
                .last_visit(listed.document)
                .filter(|last| desk.feed_of(last.id) == feed),
            _ => None,
        };
        drop(desk);
        let patch = match (feed, complete) {
            (None, _) | (_, 0) => None,
            (Some(feed), _) => self.patches.since((listed.document, feed), complete),
        };
        let (heads, summary) = match row {
            Some(row) => (row.heads, Some(json_of(&row.summary))),
            None => (Vec::new(), None),
        };
        Entry {
            document: listed.document,
            kind: listed.kind.clone(),
            seq: listed.seq,
            heads,
            summary,
            patch,
            seen: seen.map(|last| frame::Seen {
                at: last.at,
                outcome: last.outcome,
            }),
        }
    }

    fn document_digest(&self, document: DocumentId) -> u32 {
        let digest = self.desk.read().document_digest(document);
        walk::low_half(digest.unwrap_or_default())
    }

    fn is_all_from(&self, device: DeviceId, feed: FeedId, listed: &Listed) -> bool {
        let seq = listed.seq;
        let newcomer = Newcomer { feed, seq, device };
        self.newcomers.has(listed.document, newcomer)
    }

    fn content(&self, document: DocumentId) -> Result<Content, StoreError> {
        let stored = self.store.document(document)?;
        Ok(stored.map(content_of).unwrap_or_default())
    }
}

/// The bytes of a document as the walk takes them.
pub fn content_of(stored: StoredDocument) -> Content {
    let change = |change: store::StoredChange| walk::Change {
        seq: change.seq,
        device: change.device,
        bytes: change.bytes,
    };
    Content {
        snapshot: stored.snapshot.map(|snapshot| walk::Snapshot {
            seq: snapshot.seq,
            bytes: snapshot.bytes,
        }),
        changes: stored.changes.into_iter().map(change).collect(),
        has_beginning: true,
    }
}
