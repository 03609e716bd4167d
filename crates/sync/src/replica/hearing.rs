//! What a phone makes of a response, frame by frame. A response that was cut off
//! anywhere, came late or came twice leaves nothing wrong behind.

use std::collections::BTreeSet;

use model::{DocumentId, FeedId, Seq};

use super::Replica;
use super::asking::Exchange;
use super::books::{DocumentBook, FeedBook, Repair, Standing};
use crate::frame::{DocumentFrame, End, FeedFrame, Frame, People, Receipt, ReceiptStatus};
use crate::pack::FrameReader;
use crate::receipts::Receipts;

/// What a response brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Receipts that named something of the outbox.
    pub receipts: usize,
    /// Document frames.
    pub documents: usize,
    /// The response was whole.
    pub complete: bool,
    /// Whether the office's signature holds, if the response was whole and the
    /// phone has the key.
    pub is_signed: Option<bool>,
    /// The server's clock, if the response was whole.
    pub server_time_ms: Option<i64>,
    /// The code of the notice, if something in the request could not be read.
    pub notice: Option<String>,
}

impl Replica {
    /// Takes in the response to an exchange: a pack, not compressed any more
    /// (see [`crate::body::inflate`]), whole or cut off anywhere.
    pub fn receive(&mut self, exchange: &Exchange, response: &[u8]) -> Heard {
        let is_late = exchange.number < self.newest_heard;
        self.newest_heard = self.newest_heard.max(exchange.number);
        let mut hearing = Hearing {
            phone: self,
            exchange,
            is_late,
            receipts: Receipts::new(),
            answered: BTreeSet::new(),
            heard: Heard::default(),
        };
        let mut reader = FrameReader::for_response();
        reader.push(response);
        // A frame that does not read is the end: the cursor must not be moved
        // past a document that was not taken in.
        while let Ok(Some(frame)) = reader.next_frame() {
            hearing.take(frame, reader.last_body());
        }
        hearing.heard
    }

    /// Whether another exchange has something to do: to send, to ask for, or to
    /// read on.
    pub fn has_more_to_say(&self) -> bool {
        let mut unsent = self
            .outbox()
            .filter(|(_, own)| own.standing == Standing::Waiting);
        let mut feeds = self.feeds.values();
        unsent.next().is_some()
            || !self.wants.is_empty()
            || feeds.any(|book| book.more || book.repair.is_some())
    }
}

struct Hearing<'a> {
    phone: &'a mut Replica,
    exchange: &'a Exchange,
    /// The response to a later request was heard before this one.
    is_late: bool,
    receipts: Receipts,
    /// Documents that were asked for and have come.
    answered: BTreeSet<DocumentId>,
    heard: Heard,
}

impl Hearing<'_> {
    fn take(&mut self, frame: Frame, body: &[u8]) {
        match frame {
            Frame::Receipt(receipt) => {
                self.receipts.add(body);
                self.take_receipt(receipt);
            }
            Frame::Document(document) => {
                self.heard.documents += 1;
                self.take_document(&document);
            }
            Frame::Feed(place) => self.take_feed(place),
            Frame::People(people) if !self.is_late => self.take_people(people),
            Frame::End(end) => self.take_end(end),
            Frame::Notice(code) => self.heard.notice = Some(code),
            // The phone's own frames mean nothing from the other side.
            Frame::People(_) | Frame::Hello(_) | Frame::Change(_) | Frame::Want(_) => {}
        }
    }

    /// A change leaves the outbox here, and nowhere else.
    fn take_receipt(&mut self, receipt: Receipt) {
        let named = |book: &DocumentBook| {
            let mut own = book.own.iter();
            own.position(|own| own.is_in_outbox() && own.hash.prefix() == receipt.change)
        };
        let mut books = self.phone.documents.values_mut();
        let Some((book, place)) = books.find_map(|book| named(book).map(|place| (book, place)))
        else {
            return;
        };
        self.heard.receipts += 1;
        let reason = receipt.reason.unwrap_or_default();
        match receipt.status {
            ReceiptStatus::Accepted => book.confirm(place, receipt.seq),
            ReceiptStatus::Held => book.own[place].standing = Standing::Held(reason),
            ReceiptStatus::Refused => book.own[place].standing = Standing::Refused(reason),
        }
    }

    fn take_document(&mut self, frame: &DocumentFrame) {
        if frame.seq == 0 {
            // Asked for by name. An answer that was overtaken may be older than
            // what is here.
            if !self.is_late {
                self.book_of(frame).hear_wanted(frame);
                self.phone.wants.remove(&frame.document);
                self.answered.insert(frame.document);
            }
            return;
        }
        if self.exchange.repairs.contains(&frame.feed) {
            return self.take_row_again(frame);
        }
        if !self.book_of(frame).hear(frame) {
            self.phone.wants.insert(frame.document);
        }
        if let Some(book) = self.phone.feeds.get_mut(&frame.feed) {
            book.cursor = book.cursor.max(frame.seq);
        }
    }

    /// A row of a walk over all rows, which repairs and moves no cursor.
    fn take_row_again(&mut self, frame: &DocumentFrame) {
        let cursor = self.phone.cursor(frame.feed);
        let Some(repair) = self.repair_of(frame.feed) else {
            return;
        };
        repair.listed.insert(frame.document);
        repair.cursor = repair.cursor.max(frame.seq);
        let is_here = self.phone.documents.contains_key(&frame.document);
        if !is_here && frame.seq > cursor {
            return;
        }
        if !self.book_of(frame).hear_row(frame, cursor) {
            self.phone.wants.insert(frame.document);
        }
    }

    fn take_feed(&mut self, frame: FeedFrame) {
        if self.exchange.repairs.contains(&frame.feed) {
            return self.take_feed_again(frame);
        }
        let digest = self.phone.digest(frame.feed);
        let is_settled = !self.is_late && self.nothing_in_doubt(frame.feed);
        let Some(book) = self.phone.feeds.get_mut(&frame.feed) else {
            return;
        };
        if book.history == 0 {
            // A feed that was empty at first has its history behind seq 1.
            book.history = frame.head.max(1);
        }
        if frame.cursor < book.cursor {
            return;
        }
        book.cursor = frame.cursor;
        book.more = frame.more;
        if frame.more {
            return;
        }
        book.complete = frame.cursor;
        if !is_settled {
            return;
        }
        if frame.digest == digest {
            book.repaired_to = None;
        } else if book.is_worth_repairing(frame.digest) {
            book.repair = Some(Repair::default());
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
        self.phone
            .forget_unlisted(frame.feed, |id| listed.contains(&id));
        if let Some(book) = self.phone.feeds.get_mut(&frame.feed) {
            book.end_repair(frame.digest);
        }
    }

    fn take_people(&mut self, people: People) {
        let feeds: Vec<FeedId> = people.feeds.iter().map(|entry| entry.feed).collect();
        let left: Vec<FeedId> = self
            .phone
            .feeds()
            .filter(|feed| !feeds.contains(feed))
            .collect();
        for feed in left {
            self.phone.feeds.remove(&feed);
            self.phone.forget_unlisted(feed, |_| false);
        }
        for feed in feeds {
            self.phone.feeds.entry(feed).or_insert(FeedBook {
                more: true,
                ..FeedBook::default()
            });
        }
        self.phone.people = Some(people);
    }

    fn take_end(&mut self, end: End) {
        self.heard.complete = true;
        self.heard.server_time_ms = Some(end.server_time_ms);
        let device = self.phone.device;
        self.heard.is_signed = self.phone.office.as_ref().map(|key| {
            self.receipts
                .verify(key, device, end.server_time_ms, &end.signature)
        });
        if !self.is_late {
            // What the server did not send, it does not have for this phone.
            let wants = self.exchange.wants.iter();
            for missing in wants.filter(|want| !self.answered.contains(*want)) {
                self.phone.wants.remove(missing);
            }
        }
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

    fn book_of(&mut self, frame: &DocumentFrame) -> &mut DocumentBook {
        let books = &mut self.phone.documents;
        books
            .entry(frame.document)
            .or_insert_with(|| DocumentBook::new(frame.kind.clone(), frame.feed))
    }

    fn repair_of(&mut self, feed: FeedId) -> Option<&mut Repair> {
        if self.is_late {
            return None;
        }
        self.phone.feeds.get_mut(&feed)?.repair.as_mut()
    }
}

impl Replica {
    /// Forgets the rows of a feed that it does not list. What this phone wrote
    /// and no one else has stays.
    fn forget_unlisted(&mut self, feed: FeedId, is_listed: impl Fn(DocumentId) -> bool) {
        self.documents.retain(|id, book| {
            if book.feed != feed || is_listed(*id) {
                return true;
            }
            book.heads.clear();
            book.seq = Seq::MIN;
            !book.own.is_empty()
        });
    }
}
