//! What a phone makes of a response, frame by frame. A response that was cut off
//! anywhere, came late or came twice leaves nothing wrong behind.

use std::collections::BTreeSet;

use ed25519_dalek::VerifyingKey;
use model::{DocumentId, FeedId};

use super::Replica;
use super::asking::Exchange;
use super::books::{DocumentBook, FeedBook, OwnChange, Standing};
use crate::frame::{DocumentFrame, End, Frame, People, Receipt, ReceiptRun, ReceiptStatus, Start};
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
            receipts: Receipts::of_version(if exchange.common.is_some() { 2 } else { 1 }),
            answered: BTreeSet::new(),
            missed: BTreeSet::new(),
            heard: Heard::default(),
        };
        let mut reader = FrameReader::for_response(exchange.common.clone());
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
            || feeds.any(|book| book.more || book.repair.is_some() || book.is_to_compare)
    }
}

pub(super) struct Hearing<'a> {
    pub phone: &'a mut Replica,
    pub exchange: &'a Exchange,
    /// The response to a later request was heard before this one.
    pub is_late: bool,
    receipts: Receipts,
    /// Documents that were asked for and have come.
    answered: BTreeSet<DocumentId>,
    /// Documents of which this response showed that something is missing here.
    missed: BTreeSet<DocumentId>,
    pub heard: Heard,
}

impl Hearing<'_> {
    fn take(&mut self, frame: Frame, body: &[u8]) {
        if frame
            .walked_feed()
            .is_some_and(|feed| !self.was_followed_alike(feed))
        {
            return;
        }
        match frame {
            Frame::Receipt(receipt) => {
                match &self.exchange.common {
                    Some(_) => self.receipts.add(&receipt),
                    None => self.receipts.add_body(body),
                }
                self.take_receipt(receipt);
            }
            Frame::Receipts(run) => self.take_receipts(run),
            Frame::Start(start) => self.take_start(start),
            Frame::Rows(rows) => rows.into_iter().for_each(|row| self.take_row(row)),
            Frame::News(news) => self.take_news(news),
            Frame::Compared(compared) => self.take_compared(compared),
            Frame::Document(document) => {
                self.heard.documents += 1;
                self.take_document(&document);
            }
            Frame::Feed(place) => self.take_feed(place),
            Frame::People(people) if !self.is_late => self.take_people(people),
            Frame::End(end) => self.take_end(end),
            Frame::Notice(code) => self.heard.notice = Some(code),
            // The phone's own frames mean nothing from the other side.
            Frame::People(_)
            | Frame::Hello(_)
            | Frame::Change(_)
            | Frame::LeanChange(_)
            | Frame::Compare(_)
            | Frame::Want(_) => {}
        }
    }

    /// Receipts by the places of changes in the request. What does not check names
    /// nothing.
    fn take_receipts(&mut self, run: ReceiptRun) {
        let sent = &self.exchange.sent;
        let named = usize::try_from(run.first).ok().and_then(|first| {
            let end = first.checked_add(usize::try_from(run.count).ok()?)?;
            sent.get(first..end)
        });
        let seqs = (0..run.count).map(|place| run.seq.wrapping_add(place));
        let receipts: Vec<(DocumentId, Receipt)> = named
            .unwrap_or_default()
            .iter()
            .zip(seqs)
            .map(|((document, hash), seq)| (*document, Receipt::accepted(hash, seq)))
            .collect();
        let check = receipts
            .iter()
            .fold(0, |check, (_, one)| check ^ one.check());
        if receipts.is_empty() || check != run.check {
            return;
        }
        for (document, receipt) in receipts {
            self.receipts.add(&receipt);
            let Some(book) = self.phone.documents.get_mut(&document) else {
                continue;
            };
            if settle(book, &receipt) {
                self.heard.receipts += 1;
            }
        }
    }

    fn take_start(&mut self, start: Start) {
        if let Some(book) = self.phone.feeds.get_mut(&start.feed) {
            // A feed that was empty at first has its history behind seq 1.
            book.history = start.history.max(1);
        }
    }

    /// A change leaves the outbox here, and nowhere else.
    fn take_receipt(&mut self, receipt: Receipt) {
        let mut books = self.phone.documents.values_mut();
        if books.any(|book| settle(book, &receipt)) {
            self.heard.receipts += 1;
        }
    }

    fn take_document(&mut self, frame: &DocumentFrame) {
        if frame.seq == 0 {
            // Asked for by name. An answer that was overtaken may be older than
            // what is here.
            if !self.is_late {
                let device = self.phone.device;
                self.book_of(frame).hear_wanted(frame, device);
                self.phone.wants.remove(&frame.document);
                self.answered.insert(frame.document);
            }
            return;
        }
        if self.exchange.repairs.contains(&frame.feed) {
            return self.take_row_again(frame);
        }
        let device = self.phone.device;
        if !self.book_of(frame).hear(frame, device) {
            self.miss(frame.document);
        }
        if let Some(book) = self.phone.feeds.get_mut(&frame.feed) {
            book.cursor = book.cursor.max(frame.seq);
        }
    }

    /// A row of a walk over all rows in version 1, which repairs and moves no
    /// cursor.
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
            self.miss(frame.document);
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
            self.phone.leave(feed);
        }
        let since = self.phone.next_exchange;
        for feed in feeds {
            self.phone.feeds.entry(feed).or_insert(FeedBook {
                more: true,
                since,
                ..FeedBook::new()
            });
        }
        self.phone.people = Some(people);
    }

    fn take_end(&mut self, end: End) {
        self.heard.complete = true;
        self.heard.server_time_ms = Some(end.server_time_ms);
        let device = self.phone.device;
        let time_ms = end.server_time_ms;
        let holds = |key: &VerifyingKey| match &end.signature {
            Some(signature) => self.receipts.verify(key, device, time_ms, signature),
            // Where nothing was receipted there is nothing to sign.
            None => self.receipts.is_empty(),
        };
        self.heard.is_signed = self.phone.office.as_ref().map(holds);
        let number = self.exchange.number;
        self.phone.newest_complete = self.phone.newest_complete.max(number);
        if !self.phone.has_more_to_say() {
            self.phone.end_offers();
        }
        if !self.is_late && self.heard.notice.is_none() {
            // What the server did not send, it does not have for this phone; unless it could
            // not read that it was asked.
            let wants = self.exchange.wants.iter();
            let is_open =
                |want: &&DocumentId| !self.answered.contains(want) && !self.missed.contains(want);
            for missing in wants.filter(is_open) {
                self.phone.wants.remove(missing);
            }
        }
    }

    /// Has the document asked for by name with the next request.
    pub(super) fn miss(&mut self, document: DocumentId) {
        self.phone.wants.insert(document);
        self.missed.insert(document);
    }

    /// Whether the feed is followed, and from the place that the request spoke of. What was
    /// told behind another place leaves out what this phone may lack now.
    fn was_followed_alike(&self, feed: FeedId) -> bool {
        let book = self.phone.feeds.get(&feed);
        book.is_some_and(|book| self.exchange.number >= book.since)
    }

    fn book_of(&mut self, frame: &DocumentFrame) -> &mut DocumentBook {
        let books = &mut self.phone.documents;
        books
            .entry(frame.document)
            .or_insert_with(|| DocumentBook::new(frame.document, frame.kind.clone(), frame.feed))
    }
}

/// Has a receipt settle the change that it names; `false` if that is not here.
fn settle(book: &mut DocumentBook, receipt: &Receipt) -> bool {
    let mut own = book.own.iter();
    let named = |own: &OwnChange| own.is_in_outbox() && own.hash.prefix() == receipt.change;
    let Some(place) = own.position(named) else {
        return false;
    };
    let reason = receipt.reason.clone().unwrap_or_default();
    match receipt.status {
        ReceiptStatus::Accepted => book.confirm(place, receipt.seq),
        ReceiptStatus::Held => book.own[place].standing = Standing::Held(reason),
        ReceiptStatus::Refused => book.own[place].standing = Standing::Refused(reason),
    }
    true
}
