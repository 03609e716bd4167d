//! Composing a response in the order of the protocol: receipts, wanted
//! documents, people, each feed's documents and its frame, end. What the frames
//! say is decided elsewhere; sending the bytes is the shell's.
//!
//! The order is in the types: what may not follow any more cannot be called.

use std::marker::PhantomData;

use ed25519_dalek::SigningKey;
use model::{DeviceId, Reason};

use crate::frame::{DocumentFrame, End, FeedFrame, Frame, People, Receipt};
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

impl Default for Answer<AboutRequest> {
    fn default() -> Self {
        Self::new()
    }
}

impl Answer<AboutRequest> {
    /// An empty response.
    pub fn new() -> Self {
        Self {
            pack: FrameWriter::new(),
            receipts: Receipts::new(),
            part: PhantomData,
        }
    }

    /// The server's word on the next change. What it says must be durable.
    pub fn receipt(&mut self, receipt: Receipt) {
        let body = Frame::Receipt(receipt).encode();
        self.receipts.add(&body);
        self.pack.push_body(&body);
    }

    /// Something in the request could not be read.
    pub fn notice(&mut self, reason: Reason) {
        self.pack.push(&Frame::Notice(reason.as_str().to_owned()));
    }

    /// All receipts are written.
    pub fn wants(self) -> Answer<AboutWants> {
        self.turn()
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

    /// Ends the walk along one feed.
    pub fn feed(&mut self, feed: FeedFrame) {
        self.pack.push(&Frame::Feed(feed));
    }

    /// Ends the response, with the office's signature under its receipts, and
    /// gives the bytes that were not taken yet.
    pub fn end(mut self, key: &SigningKey, device: DeviceId, server_time_ms: i64) -> Vec<u8> {
        let signature = self.receipts.sign(key, device, server_time_ms);
        self.pack.push(&Frame::End(End {
            server_time_ms,
            signature,
        }));
        self.pack.into_bytes()
    }
}
