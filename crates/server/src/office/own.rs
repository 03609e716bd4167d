//! What the program writes itself: imports and practice data. The same store, rows and news as
//! admission, without its doubts: the bytes were made here.

use std::collections::HashMap;

use automerge::{Automerge, Change};
use model::edit::EditError;
use model::{ChangeHash, DocumentId, FeedId, Kind, Seq, Summary, summarise};
use store::{Append, StoreError};

use super::Office;
use super::documents::{self, DoesNotLoad};
use crate::desk::Row;
use crate::hub::News;

/// Why the program could not write.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document could not be written in.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The stored document does not load.
    #[error(transparent)]
    DoesNotLoad(#[from] DoesNotLoad),
    /// A kind without a genesis.
    #[error("不认识的文档类别 / unknown kind: {0}")]
    UnknownKind(Kind),
}

/// One document to be written. `edit` gets the document as it is, or fresh from its genesis, and
/// makes at most one change.
pub struct OwnWrite<'a> {
    /// Which document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// The feed that lists it.
    pub feed: FeedId,
    /// Makes the change.
    #[expect(
        clippy::type_complexity,
        reason = "a name for a function used once would hide it"
    )]
    pub edit: Box<dyn FnOnce(&mut Automerge) -> Result<Option<Change>, EditError> + 'a>,
}

/// What became of one write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The document is new.
    New,
    /// The document has changed.
    Changed,
    /// There was nothing to change.
    Unchanged,
}

struct Made {
    append: Append,
    heads: Vec<ChangeHash>,
    summary: Option<Summary>,
}

impl Office {
    /// Writes documents, all in one durable step. Call it with a few hundred at a time.
    pub fn write_own(
        &self,
        writes: Vec<OwnWrite<'_>>,
        now_ms: i64,
    ) -> Result<Vec<Written>, WriteError> {
        let locks = self.stripes.lock(writes.iter().map(|write| write.document));
        let mut outcomes = Vec::new();
        let mut made = Vec::new();
        for write in writes {
            let (outcome, change) = self.make(write, now_ms)?;
            outcomes.push(outcome);
            made.extend(change);
        }
        self.keep(made)?;
        drop(locks);
        Ok(outcomes)
    }

    fn make(
        &self,
        write: OwnWrite<'_>,
        now_ms: i64,
    ) -> Result<(Written, Option<Made>), WriteError> {
        let OwnWrite {
            document: id,
            kind,
            feed,
            edit,
        } = write;
        let stored = self.store.document(id)?;
        let actor = self.identity.device.actor(0);
        let mut document = documents::open_or_begin(stored.as_ref(), &kind, actor)?
            .ok_or_else(|| WriteError::UnknownKind(kind.clone()))?;
        let Some(change) = edit(&mut document)? else {
            return Ok((Written::Unchanged, None));
        };
        let append = Append {
            document: id,
            kind,
            home_feed: feed,
            device: self.identity.device,
            hash: change.hash().into(),
            bytes: change.raw_bytes().to_vec(),
            received_at: now_ms,
        };
        let made = Made {
            append,
            heads: documents::heads(&document),
            summary: summarise(&document).ok(),
        };
        Ok((
            if stored.is_some() {
                Written::Changed
            } else {
                Written::New
            },
            Some(made),
        ))
    }

    fn keep(&self, made: Vec<Made>) -> Result<(), StoreError> {
        if made.is_empty() {
            return Ok(());
        }
        let appends: Vec<Append> = made.iter().map(|made| made.append.clone()).collect();
        let appended = self.store.append(&appends)?;
        let mut heads: HashMap<FeedId, Seq> = HashMap::new();
        for (made, appended) in made.into_iter().zip(appended) {
            let head = heads.entry(made.append.home_feed).or_default();
            *head = (*head).max(appended.seq());
            self.show(made.append, made.heads, made.summary, [appended.seq()])?;
        }
        for (feed, seq) in heads {
            self.hub.tell(News::Feed { feed, seq });
        }
        Ok(())
    }

    fn show(
        &self,
        append: Append,
        heads: Vec<ChangeHash>,
        summary: Option<Summary>,
        seqs: impl IntoIterator<Item = Seq>,
    ) -> Result<(), StoreError> {
        let Some(summary) = summary else {
            return Ok(());
        };
        self.store
            .put_summary(append.document, &heads, &summary.to_json())?;
        let row = Row {
            document: append.document,
            feed: append.home_feed,
            first_received_at: append.received_at,
            heads,
            summary,
        };
        self.desk.write().put(row, seqs);
        Ok(())
    }
}
