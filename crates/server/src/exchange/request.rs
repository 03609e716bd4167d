//! Taking a request in from the network: its changes are kept while the rest still travels, so that
//! a signal that dies half-way has not been for nothing. What is made of the bytes is `intake`'s.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_compression::tokio::bufread::GzipDecoder;
use axum::body::{Body, Bytes};
use futures_util::{FutureExt, Stream, StreamExt};
use model::{DocumentId, Member, Reason, limits};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use super::intake::{End, Intake, Reading, Taken, keep};
use crate::clock::now_ms;
use crate::office::Office;
use crate::refusal::{self, Refusal};

/// A body that brings nothing for this long has broken off.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// How a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Plain,
    /// As gzip.
    Gzip,
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
    let request = Request {
        intake: Intake::new(member.device, community),
        office,
        member,
    };
    let taken = match encoding {
        Encoding::Plain => request.run(&mut sent).await,
        Encoding::Gzip => request.run(GzipDecoder::new(&mut sent)).await,
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

struct Request {
    office: Arc<Office>,
    member: Member,
    intake: Intake,
}

impl Request {
    async fn run(mut self, mut body: impl AsyncRead + Unpin) -> Result<Taken, Refusal> {
        let end = self.read(&mut body).await?;
        self.flush().await?;
        self.intake.finish(end)
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
                    if let Some(end) = self.take_bytes(&buffer[..count]).await? {
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

    async fn take_bytes(&mut self, bytes: &[u8]) -> Result<Option<End>, Refusal> {
        if let Err(reason) = self.intake.push(bytes) {
            return Ok(Some(End::Broken(reason)));
        }
        loop {
            match self.intake.read(now_ms())? {
                Reading::IsFull => self.flush().await?,
                Reading::NeedsBytes => return Ok(None),
                Reading::Broken(reason) => return Ok(Some(End::Broken(reason))),
            }
        }
    }

    /// Has what has gathered examined and kept, and writes down the receipts.
    async fn flush(&mut self) -> Result<(), Refusal> {
        let batch = self.intake.batch();
        if batch.is_empty() {
            return Ok(());
        }
        let (office, member) = (Arc::clone(&self.office), self.member.clone());
        let kept =
            tokio::task::spawn_blocking(move || keep(&office, &member, batch, now_ms())).await;
        let receipts = kept.map_err(|error| {
            tracing::error!(%error, "admission ended without an answer");
            refusal::INTERNAL
        })??;
        self.intake.answered(receipts);
        Ok(())
    }
}
