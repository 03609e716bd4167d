//! What a phone makes of the rows and news of version 2: what it holds of each
//! document afterwards, and whether it must ask for it.

use automerge::Change;
use model::{ChangeHash, Seq, genesis_hash};

use super::books::{DocumentBook, Standing, put_hash_on_top, put_on_top};
use super::hearing::Hearing;
use crate::admission::names_in;
use crate::frame::{Json, News, NewsSummary, Past, Row};
use crate::lean::{Common, Reading};
use crate::merge_patch;

impl Hearing<'_> {
    pub(super) fn take_row(&mut self, row: Row) {
        self.heard.documents += 1;
        let (document, kind, feed, seq) = (row.document, row.kind.clone(), row.feed, row.seq);
        let is_repair = self.exchange.repairs.contains(&feed);
        if is_repair {
            let Some(repair) = self.repair_of(feed) else {
                return;
            };
            repair.listed.insert(document);
        }
        let books = &mut self.phone.documents;
        let book = books
            .entry(document)
            .or_insert_with(|| DocumentBook::new(document, kind.clone(), feed));
        if is_repair {
            book.hear_anew(row.seq);
        }
        if !book.hear_listed(row) {
            self.miss(document);
        }
        let place = Past::behind(&kind, seq);
        let Some(book) = self.phone.feeds.get_mut(&feed).filter(|_| !is_repair) else {
            return;
        };
        if let Some(past) = &mut book.past
            && place.order() > past.order()
        {
            *past = place;
        }
    }

    pub(super) fn take_news(&mut self, news: News) {
        self.heard.documents += 1;
        let (document, feed, seq) = (news.document, news.feed, news.seq);
        let is_repair = self.exchange.repairs.contains(&feed);
        if is_repair {
            let Some(repair) = self.repair_of(feed) else {
                return;
            };
            repair.listed.insert(document);
        }
        let Some(common) = &self.exchange.common else {
            return;
        };
        let books = &mut self.phone.documents;
        let book = books
            .entry(document)
            .or_insert_with(|| DocumentBook::new(document, news.kind.clone(), feed));
        if is_repair {
            book.hear_anew(news.seq);
        }
        if !book.hear_news(news, common) {
            self.miss(document);
        }
        if let Some(book) = self.phone.feeds.get_mut(&feed).filter(|_| !is_repair) {
            book.cursor = book.cursor.max(seq);
        }
    }
}

impl DocumentBook {
    /// A comparison listed the document, so what follows is how it stands at the office now; also where
    /// that is less than before, because the office was restored from a copy.
    fn hear_anew(&mut self, seq: Seq) {
        self.seq = self.seq.min(seq);
    }

    /// Takes in a row of a list. `false`: the bytes here are of another state of
    /// the document.
    fn hear_listed(&mut self, row: Row) -> bool {
        if row.seen.is_some() {
            self.seen = row.seen;
        }
        if row.seq < self.seq && row.feed == self.feed {
            return true;
        }
        self.was_offered = false;
        if self.chunks.is_some() {
            return self.digest == Some(row.digest);
        }
        self.kind = row.kind;
        self.feed = row.feed;
        self.seq = row.seq;
        self.heads.clear();
        self.digest = Some(row.digest);
        self.summary = row.summary.as_ref().map(text_of);
        true
    }

    /// Takes in what is new. `false`: the document, or its row, must be asked for.
    fn hear_news(&mut self, news: News, common: &Common) -> bool {
        if news.seq < self.seq && news.feed == self.feed {
            // A late answer; a newer one has told all of this.
            return true;
        }
        self.was_offered = false;
        if !self.confirmed.is_empty() && !matches!(news.summary, NewsSummary::Whole(_)) {
            // The row here does not know what this phone wrote meanwhile, and cannot
            // be patched.
            self.summary = None;
        }
        self.confirmed.retain(|confirmed| confirmed.seq > news.seq);
        self.kind = news.kind.clone();
        self.feed = news.feed;
        self.seq = news.seq;
        self.digest = Some(news.digest);
        if news.whole && self.chunks.is_none() {
            self.chunks = Some(Vec::new());
            self.heads.clear();
        }
        // Without a row, it can be made from the document.
        let has_row = self.take_summary(&news.summary) || self.chunks.is_some();
        let reaches = match self.chunks.is_some() {
            true => self.add_changes(&news, common),
            // Only the row is here: the changes are of no use to it.
            false => {
                self.heads.clear();
                true
            }
        };
        self.row_is_behind =
            !self.own.is_empty() || !self.confirmed.is_empty() || self.summary.is_none();
        has_row && reaches
    }

    fn take_summary(&mut self, summary: &NewsSummary) -> bool {
        match summary {
            NewsSummary::Unchanged => return self.summary.is_some(),
            NewsSummary::Whole(json) => self.summary = Some(text_of(json)),
            NewsSummary::Patch(patch) => {
                let known = self.summary.as_deref();
                let Some(mut json) = known.and_then(|text| serde_json::from_str(text).ok()) else {
                    return false;
                };
                merge_patch::apply(&mut json, patch);
                self.summary = Some(text_of(&json));
            }
        }
        true
    }

    /// Adds the changes to the bytes here. `false`: they do not lead to the
    /// document that the server has.
    fn add_changes(&mut self, news: &News, common: &Common) -> bool {
        let (chunks, heads) = (self.chunks.clone(), self.heads.clone());
        let reaches = self.try_changes(news, common);
        if !reaches && !news.whole {
            // A dependency may have been taken for another: nothing is kept of it.
            (self.chunks, self.heads) = (chunks, heads);
        }
        self.drop_admitted();
        reaches
    }

    fn try_changes(&mut self, news: &News, common: &Common) -> bool {
        let mut known = self.known_names();
        let mut before = None;
        for lean in &news.changes {
            let reading = Reading {
                common,
                kind: &news.kind,
                before,
                heads: &known,
            };
            let change = lean.read(&reading).map(Change::from_bytes);
            let Some(Ok(change)) = change else {
                return false;
            };
            let hash = ChangeHash::from(change.hash());
            if !known.contains(&hash) || self.is_own(&hash) {
                let dependencies: Vec<ChangeHash> =
                    change.deps().iter().copied().map(Into::into).collect();
                put_hash_on_top(&mut self.heads, hash, &dependencies);
                if let Some(chunks) = &mut self.chunks {
                    chunks.extend_from_slice(change.raw_bytes());
                }
                known.push(hash);
            }
            before = Some(hash);
        }
        self.reaches(news.digest)
    }

    /// Whether the heads here are those of this digest, with what was sent and has
    /// no receipt yet, as far as the server may have it.
    fn reaches(&mut self, digest: u32) -> bool {
        let mut heads = self.heads.clone();
        let sent = self
            .own
            .iter()
            .filter(|own| own.was_sent && own.standing == Standing::Waiting);
        let mut states = vec![heads.clone()];
        for own in sent {
            put_on_top(&mut heads, own);
            states.push(heads.clone());
        }
        let reached = states
            .into_iter()
            .find(|heads| self.digest_at(heads) == digest);
        match reached {
            Some(heads) => {
                self.heads = heads;
                true
            }
            None => false,
        }
    }

    pub(super) fn is_own(&self, hash: &ChangeHash) -> bool {
        self.own.iter().any(|own| own.hash == *hash)
    }

    /// The names of everything here that a change may build on.
    fn known_names(&self) -> Vec<ChangeHash> {
        let mut known = names_in(self.chunks.as_deref().unwrap_or_default());
        known.extend(&self.heads);
        known.extend(self.own.iter().map(|own| own.hash));
        known.extend(genesis_hash(&self.kind));
        known
    }
}

fn text_of(json: &Json) -> String {
    // Serialising cannot fail: every key is a string and no number is NaN.
    serde_json::to_string(json).unwrap_or_default()
}
