//! Sending a response: what became of the request first, so that even a signal of a second brings
//! the receipts; then what was asked for, people, and the news of each feed.
//!
//! A small response is made whole, compressed at once and sent with its length. A large one is sent
//! while it is made.

use std::io::{self, Write};
use std::sync::Arc;

use async_compression::Level;
use async_compression::brotli::EncoderParams;
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder};
use axum::body::Body;
use model::Member;
use store::StoreError;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio_util::io::ReaderStream;

use super::Taken;
use super::compose::{Composing, Step};
use crate::clock::now_ms;
use crate::office::Office;
use crate::refusal::{self, Refusal};

/// What waits between making a response and a slow phone.
const IN_FLIGHT_BYTES: usize = 64 << 10;
/// A response up to here is made whole before it is sent.
const SMALL_BYTES: usize = 32 << 10;
/// A response below this does not get smaller by compressing.
const TINY_BYTES: usize = 160;

/// How a response is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// As gzip.
    Gzip,
    /// As brotli.
    Brotli,
}

/// A response, ready to be sent.
pub struct Reply {
    /// How its body is compressed.
    pub compression: Compression,
    /// The body.
    pub body: Body,
}

/// Begins a response; `accepted` is how it may be compressed. Where its body is made while it is
/// sent, `done` is dropped when that ends.
pub async fn answer(
    office: Arc<Office>,
    member: Member,
    taken: Taken,
    accepted: Compression,
    done: impl Send + 'static,
) -> Result<Reply, Refusal> {
    let begun = apart(&office, {
        let office = Arc::clone(&office);
        move || Composing::new(office, member, taken).until(SMALL_BYTES, now_ms())
    });
    match begun.await {
        Ok(Step::End(pack)) => Ok(whole(pack, accepted)),
        Ok(Step::More(composing)) => {
            let body = stream(office, *composing, accepted, done);
            Ok(Reply {
                compression: accepted,
                body,
            })
        }
        Err(error) => {
            tracing::error!(%error, "a response could not be made");
            Err(refusal::STORE_STOPPED)
        }
    }
}

fn whole(pack: Vec<u8>, accepted: Compression) -> Reply {
    let compressed = match accepted {
        _ if pack.len() < TINY_BYTES => None,
        Compression::None => None,
        Compression::Gzip => gzip(&pack).ok(),
        Compression::Brotli => brotli_of(&pack).ok(),
    };
    match compressed.filter(|compressed| compressed.len() < pack.len()) {
        Some(compressed) => Reply {
            compression: accepted,
            body: Body::from(compressed),
        },
        None => Reply {
            compression: Compression::None,
            body: Body::from(pack),
        },
    }
}

fn gzip(pack: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(pack)?;
    encoder.finish()
}

/// A small pack as brotli, as tight as costs about a millisecond.
fn brotli_of(mut pack: &[u8]) -> io::Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 16,
        size_hint: pack.len(),
        ..brotli::enc::BrotliEncoderParams::default()
    };
    let mut compressed = Vec::with_capacity(pack.len() / 2);
    brotli::BrotliCompress(&mut pack, &mut compressed, &params)?;
    Ok(compressed)
}

fn stream(
    office: Arc<Office>,
    composing: Composing,
    compression: Compression,
    done: impl Send + 'static,
) -> Body {
    let (near, far) = tokio::io::duplex(IN_FLIGHT_BYTES);
    tokio::spawn(async move {
        let sent = match compression {
            Compression::None => send(office, composing, near).await,
            Compression::Gzip => send(office, composing, GzipEncoder::new(near)).await,
            Compression::Brotli => {
                // The window holds a grid's rows: what is alike in them is far apart.
                let params = EncoderParams::default()
                    .quality(Level::Precise(5))
                    .window_size(22);
                send(office, composing, BrotliEncoder::with_params(near, params)).await
            }
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "a response was cut off");
        }
        drop(done);
    });
    Body::from_stream(ReaderStream::new(far))
}

async fn send(
    office: Arc<Office>,
    mut composing: Composing,
    mut phone: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    loop {
        // What has been made leaves the compressor, so that what has arrived can be used.
        phone.write_all(&composing.take()).await?;
        phone.flush().await?;
        match apart(&office, move || composing.until(SMALL_BYTES, now_ms())).await? {
            Step::More(more) => composing = *more,
            Step::End(end) => {
                phone.write_all(&end).await?;
                return phone.shutdown().await;
            }
        }
    }
}

/// Reads from the store on a thread that may block. A store that fails ends the response, which the
/// phone sees by its missing end.
async fn apart<T: Send + 'static>(
    office: &Office,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> io::Result<T> {
    match tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
    {
        Ok(value) => Ok(value),
        Err(error) => {
            office.store_failed(&error);
            Err(io::Error::other(error))
        }
    }
}
