//! What is made of a request's bytes as they come: frames, and batches of changes to be kept.
//!
//! Belongs here: everything about a request that needs no network, thread or clock. Does not belong
//! here: waiting for bytes and inflating them (`request`).

use std::sync::Arc;

use model::{DeviceId, DocumentId, Member, Reason, limits};
use sync::admission::Candidate;
use sync::frame::{Compare, Frame, Hello, PROTOCOL_VERSION, Receipt};
use sync::lean::Common;
use sync::pack::FrameReader;

use crate::admission::{AdmitError, admit};
use crate::office::Office;
use crate::refusal::{self, Refusal};

/// Changes examined together at most, while more of the body is already here.
const BATCH_CHANGES: usize = 64;
/// Bytes of changes examined together at most.
const BATCH_BYTES: usize = 512 << 10;
/// Documents one request may ask for; a phone asks for the rest next time.
const WANTS_MAX: usize = 2_000;

/// Feeds one request may have compared; a comparison reads all of a feed.
const COMPARES_MAX: usize = 4;

/// A request that was taken in, all of it or up to where it could be read.
#[derive(Debug)]
pub struct Taken {
    /// How it began.
    pub hello: Hello,
    /// Phone clock minus server clock when it began, ms.
    pub clock_error_ms: i64,
    /// The word on each change, in their order. What they accept is durable.
    pub receipts: Vec<Receipt>,
    /// Documents asked for.
    pub wants: Vec<DocumentId>,
    /// Feeds of which the phone says what it holds.
    pub compares: Vec<Compare>,
    /// What both sides know; `None` in version 1.
    pub common: Option<Common>,
    /// Why the rest, or some of it, could not be read.
    pub notice: Option<Reason>,
}

/// A request while it is read.
pub struct Intake {
    frames: FrameReader,
    inflated: usize,
    taken: Option<Taken>,
    batch: Vec<Candidate>,
    batch_bytes: usize,
}

/// How far reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// All that is here was read.
    NeedsBytes,
    /// So much has gathered that it is to be kept before more is read.
    IsFull,
    /// Nothing after this can be read.
    Broken(Reason),
}

/// How the bytes ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The body is complete.
    Complete,
    /// The signal died, or the body cannot be inflated.
    Broken(Reason),
}

impl Intake {
    /// Nothing yet, of a device whose person belongs to this community.
    pub fn new(device: DeviceId, community: DocumentId) -> Self {
        Self {
            frames: FrameReader::for_request(device, community),
            inflated: 0,
            taken: None,
            batch: Vec::new(),
            batch_bytes: 0,
        }
    }

    /// Takes bytes of the pack in. An error means that there are more than a request may have.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        self.inflated += bytes.len();
        if self.inflated > limits::REQUEST_INFLATED_BYTES {
            return Err(Reason::TooLarge);
        }
        self.frames.push(bytes);
        Ok(())
    }

    /// Reads frames, until what has gathered is to be kept or there are no more.
    pub fn read(&mut self, now_ms: i64) -> Result<Reading, Refusal> {
        loop {
            match self.frames.next_frame() {
                Ok(Some(frame)) => self.take_frame(frame, now_ms)?,
                Ok(None) => return Ok(Reading::NeedsBytes),
                Err(error) if error.is_final() => return Ok(Reading::Broken(error.reason())),
                // The next frame can still be read, and one bad item blocks nothing.
                Err(error) => match &mut self.taken {
                    Some(taken) => taken.note(error.reason()),
                    None => return Err(refusal::HELLO_MISSING),
                },
            }
            if self.batch.len() >= BATCH_CHANGES || self.batch_bytes >= BATCH_BYTES {
                return Ok(Reading::IsFull);
            }
        }
    }

    /// The changes that have gathered, to be given to [`keep`]; none when there are none.
    pub fn batch(&mut self) -> Vec<Candidate> {
        self.batch_bytes = 0;
        std::mem::take(&mut self.batch)
    }

    /// Notes what became of the batch.
    pub fn answered(&mut self, receipts: Vec<Receipt>) {
        if let Some(taken) = &mut self.taken {
            taken.receipts.extend(receipts);
        }
    }

    /// Ends the request. Its last batch must have been kept.
    pub fn finish(self, end: End) -> Result<Taken, Refusal> {
        let mut taken = self.taken.ok_or(refusal::HELLO_MISSING)?;
        taken.common = self.frames.common().cloned();
        match end {
            // A frame cut in two is a body that broke off, whatever its envelope says.
            End::Complete if self.frames.pending() > 0 => taken.note(Reason::Malformed),
            End::Complete => {}
            End::Broken(reason) => taken.note(reason),
        }
        Ok(taken)
    }

    fn take_frame(&mut self, frame: Frame, now_ms: i64) -> Result<(), Refusal> {
        let Some(taken) = &mut self.taken else {
            self.taken = Some(Taken::begin(frame, now_ms)?);
            return Ok(());
        };
        match frame {
            Frame::Change(change) => {
                self.batch_bytes += change.bytes.len();
                self.batch.push(Candidate {
                    document: change.document,
                    kind: change.kind,
                    feed: change.feed,
                    bytes: change.bytes,
                });
            }
            Frame::Want(document) if taken.wants.len() < WANTS_MAX => taken.wants.push(document),
            Frame::Compare(compare) if taken.compares.len() < COMPARES_MAX => {
                taken.compares.push(compare);
            }
            // A second hello, or what only a server says, means nothing here.
            _ => {}
        }
        Ok(())
    }
}

/// Has a batch examined and kept; the receipts are the word on each change. Blocks.
pub fn keep(
    office: &Arc<Office>,
    member: &Member,
    batch: Vec<Candidate>,
    now_ms: i64,
) -> Result<Vec<Receipt>, Refusal> {
    if office.stopping.failure().is_some() {
        return Err(refusal::STORE_STOPPED);
    }
    match admit(office, member, batch, now_ms) {
        Ok(receipts) => Ok(receipts),
        Err(AdmitError::Store(error)) => {
            office.store_failed(&error);
            Err(refusal::STORE_STOPPED)
        }
        Err(AdmitError::Exhausted) => Err(refusal::BUSY),
    }
}

impl Taken {
    fn begin(frame: Frame, now_ms: i64) -> Result<Self, Refusal> {
        let Frame::Hello(hello) = frame else {
            return Err(refusal::HELLO_MISSING);
        };
        if hello.version > PROTOCOL_VERSION || hello.version == 0 {
            return Err(refusal::VERSION_UNKNOWN);
        }
        let clock_error_ms = hello.clock_ms.saturating_sub(now_ms);
        Ok(Self {
            hello,
            clock_error_ms,
            receipts: Vec::new(),
            wants: Vec::new(),
            compares: Vec::new(),
            common: None,
            notice: None,
        })
    }

    fn note(&mut self, reason: Reason) {
        self.notice.get_or_insert(reason);
    }
}
