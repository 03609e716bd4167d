//! Taking a request in: its changes are kept while the rest still travels, so that a signal that
//! dies half-way has not been for nothing.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_compression::tokio::bufread::GzipDecoder;
use axum::body::{Body, Bytes};
use futures_util::{FutureExt, Stream, StreamExt};
use model::{DocumentId, Member, Reason, limits};
use sync::admission::Candidate;
use sync::frame::{Compare, Frame, Hello, PROTOCOL_VERSION, Receipt};
use sync::lean::Common;
use sync::pack::FrameReader;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use crate::admission::{AdmitError, admit};
use crate::clock::now_ms;
use crate::office::Office;
use crate::refusal::{self, Refusal};

/// A body that brings nothing for this long has broken off.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// Changes examined together at most, while more of the body is already here.
const BATCH_CHANGES: usize = 64;
/// Bytes of changes examined together at most.
const BATCH_BYTES: usize = 512 << 10;
/// Documents one request may ask for; a phone asks for the rest next time.
const WANTS_MAX: usize = 2_000;

/// Feeds one request may have compared; a comparison reads all of a feed.
const COMPARES_MAX: usize = 4;

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Plain,
    /// As gzip.
    Gzip,
}

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

/// Takes a request in. An error means that nothing after the last durable batch was kept; what was
/// kept is found again by its name when the phone retries.
pub async fn take(
    office: Arc<Office>,
    member: Member,
    community: DocumentId,
    encoding: Encoding,
    body: Body,
) -> Result<Taken, Refusal> {
    let mut sent = StreamReader::new(Box::pin(limited(body)));
    let intake = Intake::new(office, member, community);
    let taken = match encoding {
        Encoding::Plain => intake.run(&mut sent).await,
        Encoding::Gzip => intake.run(GzipDecoder::new(&mut sent)).await,
    };
    // An answer to somebody who is still sending is lost: what is left is let in and dropped.
    let mut nowhere = tokio::io::sink();
    let rest = tokio::io::copy_buf(&mut sent, &mut nowhere);
    let _ = tokio::time::timeout(SILENCE_MAX, rest).await;
    taken
}

/// The body's bytes, until there are more of them than a request may have.
fn limited(body: Body) -> impl Stream<Item = io::Result<Bytes>> {
    let mut left = limits::REQUEST_BYTES;
    body.into_data_stream().map(move |chunk| {
        let chunk = chunk.map_err(io::Error::other)?;
        left = left
            .checked_sub(chunk.len())
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(chunk)
    })
}

struct Intake {
    office: Arc<Office>,
    member: Member,
    frames: FrameReader,
    inflated: usize,
    taken: Option<Taken>,
    batch: Vec<Candidate>,
    batch_bytes: usize,
}

/// Why reading ended.
enum End {
    /// The body is complete.
    Complete,
    /// The signal died, or the body cannot be inflated.
    Broken(Reason),
}

impl Intake {
    fn new(office: Arc<Office>, member: Member, community: DocumentId) -> Self {
        Self {
            office,
            frames: FrameReader::for_request(member.device, community),
            member,
            inflated: 0,
            taken: None,
            batch: Vec::new(),
            batch_bytes: 0,
        }
    }

    async fn run(mut self, mut body: impl AsyncRead + Unpin) -> Result<Taken, Refusal> {
        let end = self.read(&mut body).await?;
        self.flush().await?;
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

    async fn read(&mut self, body: &mut (impl AsyncRead + Unpin)) -> Result<End, Refusal> {
        let mut buffer = vec![0; 16 << 10];
        loop {
            // While bytes are at hand, changes gather; when the line falls silent, what has gathered
            // is kept before anything else is waited for.
            let read = match body.read(&mut buffer).now_or_never() {
                Some(read) => read,
                None => {
                    self.flush().await?;
                    match tokio::time::timeout(SILENCE_MAX, body.read(&mut buffer)).await {
                        Ok(read) => read,
                        Err(_) => return Ok(End::Broken(Reason::Malformed)),
                    }
                }
            };
            match read {
                Ok(0) => return Ok(End::Complete),
                Ok(count) => {
                    self.inflated += count;
                    if self.inflated > limits::REQUEST_INFLATED_BYTES {
                        return Ok(End::Broken(Reason::TooLarge));
                    }
                    self.frames.push(&buffer[..count]);
                    if let Some(end) = self.take_frames().await? {
                        return Ok(end);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    return Ok(End::Broken(Reason::TooLarge));
                }
                Err(_) => return Ok(End::Broken(Reason::Malformed)),
            }
        }
    }

    async fn take_frames(&mut self) -> Result<Option<End>, Refusal> {
        loop {
            match self.frames.next_frame() {
                Ok(Some(frame)) => self.take_frame(frame)?,
                Ok(None) => return Ok(None),
                Err(error) if error.is_final() => return Ok(Some(End::Broken(error.reason()))),
                // The next frame can still be read, and one bad item blocks nothing.
                Err(error) => match &mut self.taken {
                    Some(taken) => taken.note(error.reason()),
                    None => return Err(refusal::HELLO_MISSING),
                },
            }
            if self.batch.len() >= BATCH_CHANGES || self.batch_bytes >= BATCH_BYTES {
                self.flush().await?;
            }
        }
    }

    fn take_frame(&mut self, frame: Frame) -> Result<(), Refusal> {
        let Some(taken) = &mut self.taken else {
            self.taken = Some(Taken::begin(frame)?);
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

    /// Has what has gathered examined and kept, and writes down the receipts.
    async fn flush(&mut self) -> Result<(), Refusal> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let candidates = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        if self.office.stopping.failure().is_some() {
            return Err(refusal::STORE_STOPPED);
        }
        let (office, member) = (Arc::clone(&self.office), self.member.clone());
        let admitted =
            tokio::task::spawn_blocking(move || admit(&office, &member, candidates, now_ms()))
                .await;
        match admitted {
            Ok(Ok(receipts)) => {
                if let Some(taken) = &mut self.taken {
                    taken.receipts.extend(receipts);
                }
                Ok(())
            }
            Ok(Err(AdmitError::Store(error))) => {
                self.office.store_failed(&error);
                Err(refusal::STORE_STOPPED)
            }
            Ok(Err(AdmitError::Exhausted)) => Err(refusal::BUSY),
            Err(error) => {
                tracing::error!(%error, "admission ended without an answer");
                Err(refusal::INTERNAL)
            }
        }
    }
}

impl Taken {
    fn begin(frame: Frame) -> Result<Self, Refusal> {
        let Frame::Hello(hello) = frame else {
            return Err(refusal::HELLO_MISSING);
        };
        if hello.version > PROTOCOL_VERSION || hello.version == 0 {
            return Err(refusal::VERSION_UNKNOWN);
        }
        let clock_error_ms = hello.clock_ms.saturating_sub(now_ms());
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
