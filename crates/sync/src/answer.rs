//! Composing a response in the order of the protocol: receipts, wanted
//! documents, people, each feed's documents and its frame, end. What the frames
//! say is decided elsewhere; sending the bytes is the shell's.
//!
//! The order is in the types: what may not follow any more cannot be called.

use std::marker::PhantomData;

use ed25519_dalek::SigningKey;
use model::{DeviceId, Reason};

use crate::frame::{
    Compared, DocumentFrame, End, FeedFrame, Frame, People, Receipt, ReceiptRun, ReceiptStatus,
    Row, Start,
};
use crate::lean::Common;
use crate::pack::FrameWriter;
use crate::receipts::Receipts;

/// The part of a response that says what became of the request.
#[derive(Debug)]
pub struct AboutRequest;
/// The part with documents that were asked for, and the people list.
#[derive(Debug)]
pub struct AboutWants;
/// The part that walks along the feeds.
#[derive(Debug)]
pub struct AboutFeeds;

/// A response while it is composed.
#[derive(Debug)]
pub struct Answer<Part> {
    pack: FrameWriter,
    receipts: Receipts,
    part: PhantomData<Part>,
}

impl<Part> Answer<Part> {
    /// What both sides know; `None` in version 1.
    pub fn common(&self) -> Option<&Common> {
        self.pack.common()
    }

    /// How many bytes were composed and not taken yet.
    pub fn pending(&self) -> usize {
        self.pack.len()
    }

    /// Takes the bytes that were composed so far, to send them while the rest
    /// is being made.
    pub fn take(&mut self) -> Vec<u8> {
        self.pack.take()
    }

    fn turn<Next>(self) -> Answer<Next> {
        Answer {
            pack: self.pack,
            receipts: self.receipts,
            part: PhantomData,
        }
    }
}

impl Answer<AboutRequest> {
    /// An empty response in terms of what both sides know; `None` for version 1.
    /// `devices` are those that may have made the documents it will tell of.
    pub fn new(common: Option<Common>, devices: Vec<DeviceId>) -> Self {
        let version = if common.is_some() { 2 } else { 1 };
        Self {
            pack: FrameWriter::in_terms_of(common, devices),
            receipts: Receipts::of_version(version),
            part: PhantomData,
        }
    }

    /// The server's word on every change of the request, in their order. What it
    /// says must be durable. `notice` is why something in the request could not
    /// be read: places in the request say nothing then, and each change is named.
    pub fn receipts(mut self, receipts: &[Receipt], notice: Option<Reason>) -> Answer<AboutWants> {
        match (self.pack.common(), notice) {
            (None, _) => receipts
                .iter()
                .for_each(|receipt| self.one_of_version_1(receipt)),
            (Some(_), None) => self.runs(receipts),
            (Some(_), Some(_)) => receipts.iter().for_each(|receipt| self.one(receipt)),
        }
        if let Some(reason) = notice {
            self.pack.push(&Frame::Notice(reason.as_str().to_owned()));
        }
        self.turn()
    }

    fn one_of_version_1(&mut self, receipt: &Receipt) {
        let body = Frame::Receipt(receipt.clone()).encode();
        self.receipts.add_body(&body);
        self.pack.push_body(&body);
    }

    fn one(&mut self, receipt: &Receipt) {
        self.receipts.add(receipt);
        self.pack.push(&Frame::Receipt(receipt.clone()));
    }

    fn runs(&mut self, receipts: &[Receipt]) {
        let is_next = |before: &Receipt, next: &Receipt| {
            let both = [before, next].map(|one| one.status == ReceiptStatus::Accepted);
            both == [true, true] && before.seq.checked_add(1) == Some(next.seq)
        };
        let mut first = 0;
        for run in receipts.chunk_by(is_next) {
            match run {
                [one] if one.status != ReceiptStatus::Accepted => self.one(one),
                [one, ..] => {
                    run.iter().for_each(|receipt| self.receipts.add(receipt));
                    self.pack.push(&Frame::Receipts(ReceiptRun {
                        first,
                        count: run.len() as u64,
                        seq: one.seq,
                        check: run.iter().fold(0, |check, one| check ^ one.check()),
                    }));
                }
                [] => {}
            }
            first += run.len() as u64;
        }
    }
}

impl Answer<AboutWants> {
    /// A document that was asked for; see [`crate::walk::wanted`].
    pub fn wanted(&mut self, document: DocumentFrame) {
        self.pack.push(&Frame::Document(document));
    }

    /// The people list, for a reader whose version differs.
    pub fn people(&mut self, people: People) {
        self.pack.push(&Frame::People(people));
    }

    /// Everything that was asked for is written.
    pub fn feeds(self) -> Answer<AboutFeeds> {
        self.turn()
    }
}

impl Answer<AboutFeeds> {
    /// The next document of the feed that is being walked.
    pub fn document(&mut self, document: DocumentFrame) {
        self.pack.push(&Frame::Document(document));
    }

    /// The history of a feed follows.
    pub fn start(&mut self, start: Start) {
        self.pack.push(&Frame::Start(start));
    }

    /// Documents of one kind and feed, in a list.
    pub fn rows(&mut self, rows: Vec<Row>) {
        self.pack.push(&Frame::Rows(rows));
    }

    /// What [`crate::walk`] made of the next document.
    pub(crate) fn told(&mut self, frame: Frame) {
        self.pack.push(&frame);
    }

    /// Ends the comparison of one feed.
    pub fn compared(&mut self, compared: Compared) {
        self.pack.push(&Frame::Compared(compared));
    }

    /// Ends the walk along one feed.
    pub fn feed(&mut self, feed: FeedFrame) {
        self.pack.push(&Frame::Feed(feed));
    }

    /// Ends the response, with the office's signature under its receipts, and
    /// gives the bytes that were not taken yet.
    pub fn end(mut self, key: &SigningKey, device: DeviceId, server_time_ms: i64) -> Vec<u8> {
        let is_needed = self.pack.common().is_none() || !self.receipts.is_empty();
        self.pack.push(&Frame::End(End {
            server_time_ms,
            signature: is_needed.then(|| self.receipts.sign(key, device, server_time_ms)),
        }));
        self.pack.into_bytes()
    }
}
