//! Telling one reader of one feed, from first row to feed frame. What to load is
//! decided here; loading it is the [`Shelf`]'s.

use model::{DeviceId, DocumentId, FeedId, Seq};

use super::compare::Parts;
use super::history::{History, Listed};
use super::{Content, Entry, Reader, Walk, low_half};
use crate::answer::{AboutFeeds, Answer};
use crate::frame::{Compare, Compared, FeedFrame, Row, Start, part_of};
use crate::lean::Common;

/// Feed entries that are loaded at one time.
const ENTRIES_AT_ONCE: usize = 64;
/// About what a row comes to.
const ROW_BYTES: usize = 300;

/// Where documents are read from.
pub trait Shelf {
    /// Why something could not be read.
    type Error;

    /// The newest seq up to which every row of the feed is there to be told.
    fn head(&self, feed: FeedId) -> Seq;

    /// The feed's newest seq and its digest at this moment, together; `None`
    /// while a row is on its way.
    fn standing(&self, feed: FeedId) -> Option<(Seq, u64)>;

    /// At most `limit` documents of the feed whose newest seq is above `after`,
    /// each once, oldest first.
    fn list(&self, feed: FeedId, after: Seq, limit: usize) -> Result<Vec<Listed>, Self::Error>;

    /// The row of a document, with the patch since `complete` if it is remembered.
    fn entry(&self, listed: &Listed, complete: Seq) -> Entry;

    /// Whether every change of a document, as the feed lists it here, is known to have been brought
    /// by this device. `false` where that would have to be looked up: it costs a read, and a wrong
    /// `true` costs the reader a change.
    fn is_all_from(&self, device: DeviceId, feed: FeedId, listed: &Listed) -> bool;

    /// The low half of a document's digest.
    fn document_digest(&self, document: DocumentId) -> u32;

    /// The bytes of a document.
    fn content(&self, document: DocumentId) -> Result<Content, Self::Error>;
}

/// Tells a reader what is new in one feed, or, if it sent what it has, where it
/// differs. `page_bytes` is about how much goes into one response.
pub fn tell_feed<S: Shelf>(
    shelf: &S,
    reader: Reader,
    compare: Option<&Compare>,
    page_bytes: usize,
    answer: &mut Answer<AboutFeeds>,
) -> Result<(), S::Error> {
    let Some(common) = answer.common().cloned() else {
        return Telling::new(shelf, reader, None, page_bytes, answer).walk();
    };
    let telling = Telling::new(shelf, reader, Some(&common), page_bytes, answer);
    match compare {
        Some(compare) => telling.compare(compare),
        None => telling.walk(),
    }
}

struct Telling<'a, S> {
    shelf: &'a S,
    reader: Reader,
    common: Option<&'a Common>,
    page_bytes: usize,
    head: Seq,
    answer: &'a mut Answer<AboutFeeds>,
}

impl<'a, S: Shelf> Telling<'a, S> {
    fn new(
        shelf: &'a S,
        reader: Reader,
        common: Option<&'a Common>,
        page_bytes: usize,
        answer: &'a mut Answer<AboutFeeds>,
    ) -> Self {
        Self {
            shelf,
            reader,
            common,
            page_bytes,
            head: shelf.head(reader.state.feed),
            answer,
        }
    }

    fn walk(mut self) -> Result<(), S::Error> {
        let mut history_bytes = 0;
        if self.common.is_some() && self.reader.state.past.is_some() {
            let before = self.answer.pending();
            if !self.tell_history()? {
                return Ok(());
            }
            history_bytes = self.answer.pending() - before;
            // A feed that was empty at first has its history behind seq 1.
            let listed_to = self.reader.state.history.min(self.head);
            self.reader.state.cursor = self.reader.state.cursor.max(listed_to);
        }
        let feed = self.reader.state.feed;
        let mut walk = Walk::new(self.reader, self.head).with_page_bytes(self.page_bytes);
        walk.add_bytes(history_bytes);
        let mut at_end = false;
        let mut grew = false;
        while !at_end && !grew && !walk.is_full() {
            let entries = self.shelf.list(feed, walk.reached(), ENTRIES_AT_ONCE)?;
            at_end = entries.len() < ENTRIES_AT_ONCE;
            for listed in entries {
                if listed.seq > self.head {
                    // It came in after this walk began, and its row may not be there yet. The
                    // document may have stood at an earlier place, with changes that the reader
                    // lacks: the walk has not had them, so the phone is told to come again.
                    grew = true;
                    break;
                }
                if walk.is_full() {
                    at_end = false;
                    break;
                }
                self.offer(&listed, &mut walk)?;
            }
        }
        let standing = self.shelf.standing(feed);
        let (head_now, digest) = standing.unwrap_or((self.head, 0));
        let mut frame = walk.finish(at_end && !grew, self.digest(digest), head_now);
        frame.more |= grew || standing.is_none();
        self.answer.feed(frame);
        Ok(())
    }

    fn offer(&mut self, listed: &Listed, walk: &mut Walk) -> Result<(), S::Error> {
        // Version 1 tells the rows of what is history whoever wrote it.
        let may_pass = self.common.is_some() || !walk.wants_row_only(listed.seq);
        let Reader { device, state } = self.reader;
        if may_pass && self.shelf.is_all_from(device, state.feed, listed) {
            walk.pass(listed.seq);
            return Ok(());
        }
        // The row before the bytes: heads may then lag behind the bytes until the next walk, but
        // never promise what the phone was not sent.
        let entry = self.shelf.entry(listed, self.reader.state.complete);
        match self.common {
            Some(common) => {
                let content = self.shelf.content(listed.document)?;
                if let Some(frame) = walk.tell(entry, &content, common) {
                    self.answer.told(frame);
                }
            }
            None => {
                let content = match walk.wants_row_only(listed.seq) {
                    true => Content::default(),
                    false => self.shelf.content(listed.document)?,
                };
                if let Some(frame) = walk.offer(entry, &content) {
                    self.answer.document(frame);
                }
            }
        }
        Ok(())
    }

    /// Lists what the feed held when the reader first asked. `false`: not all of
    /// it went into this response.
    fn tell_history(&mut self) -> Result<bool, S::Error> {
        let state = &mut self.reader.state;
        let feed = state.feed;
        if state.history == 0 {
            state.history = self.head;
            self.answer.start(Start {
                feed,
                history: self.head,
            });
        }
        let past = state.past.unwrap_or_default();
        let history = state.history;
        let documents = self.everything_in(feed)?;
        let mut left = History::new(documents, history, past);
        let begin = self.answer.pending();
        while !left.is_at_end() {
            if self.answer.pending() - begin >= self.page_bytes {
                self.answer.feed(FeedFrame {
                    feed,
                    cursor: self.reader.state.cursor,
                    digest: 0,
                    more: true,
                    head: self.head,
                });
                return Ok(false);
            }
            let rows = left.next_rows();
            self.tell_rows(&rows);
        }
        Ok(true)
    }

    fn everything_in(&self, feed: FeedId) -> Result<Vec<Listed>, S::Error> {
        let mut documents = Vec::new();
        loop {
            let after = documents.last().map_or(0, |listed: &Listed| listed.seq);
            let more = self.shelf.list(feed, after, ENTRIES_AT_ONCE)?;
            let at_end = more.len() < ENTRIES_AT_ONCE;
            documents.extend(more);
            if at_end {
                return Ok(documents);
            }
        }
    }

    fn tell_rows(&mut self, listed: &[Listed]) {
        let feed = self.reader.state.feed;
        let rows = listed.iter().map(|listed| {
            let mut entry = self.shelf.entry(listed, 0);
            // The place in the list is that of the list's making.
            entry.seq = listed.seq;
            entry.into_row(feed)
        });
        let rows: Vec<Row> = rows.collect();
        if !rows.is_empty() {
            self.answer.rows(rows);
        }
    }

    /// Tells the parts that differ, one after the other, as far as the page goes.
    /// What is left out is not said to differ, and is found another time.
    fn compare(mut self, compare: &Compare) -> Result<(), S::Error> {
        let feed = self.reader.state.feed;
        let mut documents = self.everything_in(feed)?;
        documents.sort_by_key(|listed| part_of(listed.document));
        let digests = documents.iter().map(|listed| {
            let digest = self.shelf.document_digest(listed.document);
            (listed.document, digest)
        });
        let mut compared = Compared {
            feed,
            digest: 0,
            differing: Parts::of(digests).differing(compare),
        };
        let begin = self.answer.pending();
        let mut rows = Vec::new();
        for part in documents.chunk_by(|a, b| part_of(a.document) == part_of(b.document)) {
            let number = part_of(part[0].document);
            if !compared.differs(number) {
                continue;
            }
            let told = self.answer.pending() - begin + rows.len() * ROW_BYTES;
            if told >= self.page_bytes {
                compared.leave_out(number);
                continue;
            }
            let history = self.reader.state.history;
            let is_news = |listed: &&Listed| listed.seq > history;
            let (news, old): (Vec<&Listed>, Vec<&Listed>) = part.iter().partition(is_news);
            self.tell_whole(&news)?;
            rows.extend(old.into_iter().cloned());
        }
        for of_kind in by_kind(rows) {
            self.tell_rows(&of_kind);
        }
        let (_, digest) = self.shelf.standing(feed).unwrap_or_default();
        compared.digest = low_half(digest);
        self.answer.compared(compared);
        Ok(())
    }

    /// Documents that the reader may hold whole, whole.
    fn tell_whole(&mut self, listed: &[&Listed]) -> Result<(), S::Error> {
        let Some(common) = self.common else {
            return Ok(());
        };
        let mut reader = self.reader;
        (reader.state.cursor, reader.state.complete) = (0, 0);
        // Nothing is kept back as the reader's own: its copy may be what is wrong.
        reader.device = model::DeviceId::from_bytes([0; 16]);
        for listed in listed {
            let entry = self.shelf.entry(listed, 0);
            let content = self.shelf.content(listed.document)?;
            let mut walk = Walk::new(reader, self.head);
            if let Some(frame) = walk.tell(entry, &content, common) {
                self.answer.told(frame);
            }
        }
        Ok(())
    }

    /// Version 2 speaks of half of the digest.
    fn digest(&self, digest: u64) -> u64 {
        match self.common {
            Some(_) => low_half(digest).into(),
            None => digest,
        }
    }
}

/// Documents of one kind together, a few at a time.
fn by_kind(mut documents: Vec<Listed>) -> Vec<Vec<Listed>> {
    documents.sort_by(|a, b| a.kind.cmp(&b.kind).then(a.seq.cmp(&b.seq)));
    let same = |a: &Listed, b: &Listed| a.kind == b.kind;
    documents
        .chunk_by(same)
        .flat_map(|of_kind| of_kind.chunks(super::history::ROWS_AT_ONCE))
        .map(<[Listed]>::to_vec)
        .collect()
}

#[cfg(test)]
mod tests;
