//! Where the phone stands in its feeds after a response: at the end of a walk, of a comparison, at
//! an office that was restored from a copy.

use model::{DocumentId, FeedId, Seq};

use super::Replica;
use super::books::{DocumentBook, Repair, Standing};
use super::hearing::Hearing;
use crate::frame::{Compared, FeedFrame, part_of};
use crate::walk::low_half;

impl Hearing<'_> {
    pub(super) fn take_compared(&mut self, compared: Compared) {
        if self.is_late || !self.exchange.repairs.contains(&compared.feed) {
            return;
        }
        let book = self.phone.feeds.get_mut(&compared.feed);
        // An answer that is heard a second time lists nothing that counts any more.
        let Some(repair) = book.and_then(|book| book.repair.take()) else {
            return;
        };
        let is_listed = |id| repair.listed.contains(&id) || !compared.differs(part_of(id));
        self.phone.end_repair(compared.feed, is_listed);
    }

    pub(super) fn take_feed(&mut self, frame: FeedFrame) {
        if self.exchange.repairs.contains(&frame.feed) {
            // In version 2 this is a request that was cut before it compared: the end of a walk says
            // nothing of what the feed does not have. The next request compares again.
            if self.exchange.common.is_none() {
                self.take_feed_again(frame);
            }
            return;
        }
        let digest = self.phone.digest(frame.feed);
        let is_settled = !self.is_late && self.nothing_in_doubt(frame.feed);
        let is_end = !self.is_late && !frame.more;
        let mut cursor = frame.cursor;
        // Judged by what the request told: meanwhile another answer may have moved the cursor.
        let told = self.exchange.cursors.get(&frame.feed);
        if is_end && told.is_some_and(|told| frame.head < *told) {
            self.phone.go_back(frame.feed, frame.head);
            cursor = frame.head;
        }
        let Some(book) = self.phone.feeds.get_mut(&frame.feed) else {
            return;
        };
        if book.history == 0 {
            // A feed that was empty at first has its history behind seq 1.
            book.history = frame.head.max(1);
        }
        if cursor < book.cursor {
            return;
        }
        book.cursor = cursor;
        book.more = frame.more;
        if cursor >= book.history || !frame.more {
            book.past = None;
        }
        if frame.more {
            return;
        }
        book.complete = book.cursor;
        if !is_settled {
            return;
        }
        let there = low_half(frame.digest);
        if there == digest {
            book.repaired = None;
        } else if book.try_repair(there, digest) {
            book.is_to_compare = self.exchange.common.is_some();
        }
    }

    fn take_feed_again(&mut self, frame: FeedFrame) {
        let Some(repair) = self.repair_of(frame.feed) else {
            return;
        };
        repair.cursor = repair.cursor.max(frame.cursor);
        if frame.more {
            return;
        }
        let listed = std::mem::take(&mut repair.listed);
        let is_listed = |id| listed.contains(&id);
        self.phone.end_repair(frame.feed, is_listed);
    }

    /// Whether no change of this phone may be in the feed without the phone's
    /// knowing: the digests can be compared then.
    fn nothing_in_doubt(&self, feed: FeedId) -> bool {
        let books = self.phone.documents.values();
        let mut own = books
            .filter(|book| book.feed == feed)
            .flat_map(|book| &book.own);
        !own.any(|own| own.was_sent && own.standing == Standing::Waiting)
    }

    pub(super) fn repair_of(&mut self, feed: FeedId) -> Option<&mut Repair> {
        if self.is_late {
            return None;
        }
        self.phone.feeds.get_mut(&feed)?.repair.as_mut()
    }
}

impl Replica {
    /// A feed was compared, and differs: forgets the documents that it does not list. What this
    /// phone wrote stays and is offered again where the office may have lost it.
    fn end_repair(&mut self, feed: FeedId, is_listed: impl Fn(DocumentId) -> bool) {
        let device = self.device;
        let mut has_offered = false;
        self.documents.retain(|id, book| {
            if book.feed != feed {
                return true;
            }
            let before = book.own.len();
            let is_kept = is_listed(*id) || book.keep_unlisted(device);
            has_offered |= book.own.len() > before;
            is_kept
        });
        if has_offered {
            self.offer_held(feed);
        }
        if let Some(book) = self.feeds.get_mut(&feed) {
            book.end_repair(has_offered);
        }
    }

    /// All is said, or the line broke. Before the next exchange the office may be restored once more,
    /// and what it has taken must be offered then, too.
    pub(super) fn end_offers(&mut self) {
        for book in self.documents.values_mut() {
            book.was_offered = false;
        }
    }

    /// The office is one of before, restored from a copy: its feed goes on from where it stands now.
    fn go_back(&mut self, feed: FeedId, head: Seq) {
        if let Some(book) = self.feeds.get_mut(&feed) {
            book.go_back(head, self.next_exchange);
        }
        let of_feed = self.documents.values_mut().filter(|book| book.feed == feed);
        of_feed.for_each(|book| book.seq = book.seq.min(head));
        self.offer_held(feed);
    }

    /// The office turned out to lack something: its tray may be an older one, too.
    fn offer_held(&mut self, feed: FeedId) {
        let of_feed = self.documents.values_mut().filter(|book| book.feed == feed);
        of_feed.for_each(DocumentBook::offer_held);
    }

    /// Forgets a feed that is not followed any more, and its documents.
    pub(super) fn leave(&mut self, feed: FeedId) {
        self.feeds.remove(&feed);
        self.documents
            .retain(|_, book| book.feed != feed || book.keep_outside());
    }
}
