//! Sending a response: what became of the request first, so that even a signal of a second brings
//! the receipts; then what was asked for, people, and the news of each feed.

use std::io;
use std::sync::Arc;

use async_compression::Level;
use async_compression::brotli::EncoderParams;
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder};
use axum::body::Body;
use model::{DeviceId, DocumentId, Member};
use store::{FeedEntry, StoreError, StoredDocument};
use sync::answer::{AboutFeeds, AboutWants, Answer};
use sync::frame::FeedState;
use sync::walk::{self, Content, Entry, Reader, Walk};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio_util::io::ReaderStream;

use super::Taken;
use super::people::people_for;
use crate::clock::now_ms;
use crate::office::Office;

/// What waits between making a response and a slow phone.
const IN_FLIGHT_BYTES: usize = 64 << 10;
/// Wanted documents that are loaded at one time.
const WANTS_AT_ONCE: usize = 32;
/// Feed entries that are read at one time.
const ENTRIES_AT_ONCE: usize = 64;
/// Feeds one request may walk along.
const FEEDS_MAX: usize = 256;

/// How a response is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// As gzip.
    Gzip,
    /// As brotli, fast and with a small window: the pages are small, and every open window is memory.
    Brotli,
}

/// Begins a response. Its body is made while it is sent; `done` is dropped when that ends.
pub fn answer(
    office: Arc<Office>,
    member: Member,
    taken: Taken,
    compression: Compression,
    done: impl Send + 'static,
) -> Body {
    let (near, far) = tokio::io::duplex(IN_FLIGHT_BYTES);
    tokio::spawn(async move {
        let sent = match compression {
            Compression::None => send(office, member, taken, near).await,
            Compression::Gzip => send(office, member, taken, GzipEncoder::new(near)).await,
            Compression::Brotli => {
                let params = EncoderParams::default()
                    .quality(Level::Precise(5))
                    .window_size(18);
                send(
                    office,
                    member,
                    taken,
                    BrotliEncoder::with_params(near, params),
                )
                .await
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
    member: Member,
    taken: Taken,
    mut phone: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut answer = Answer::new();
    taken
        .receipts
        .into_iter()
        .for_each(|receipt| answer.receipt(receipt));
    if let Some(reason) = taken.notice {
        answer.notice(reason);
    }
    give(&mut phone, answer.take()).await?;

    let mut answer = answer.wants();
    for wants in taken.wants.chunks(WANTS_AT_ONCE) {
        let (office, member, wants) = (Arc::clone(&office), member.clone(), wants.to_vec());
        answer = apart(&Arc::clone(&office), move || {
            wants_of(&office, &member, &wants, &mut answer).map(|()| answer)
        })
        .await?;
        give(&mut phone, answer.take()).await?;
    }
    if let Some(people) = people_for(&office, &member)
        && people.version != taken.hello.people_version
    {
        answer.people(people);
    }

    let mut answer = answer.feeds();
    for state in feeds_to_walk(&member, &taken.hello.feeds) {
        let (shared, device) = (Arc::clone(&office), member.device);
        answer = apart(&office, move || {
            walk_feed(&shared, device, state, &mut answer).map(|()| answer)
        })
        .await?;
        give(&mut phone, answer.take()).await?;
    }
    let end = answer.end(&office.identity.signing, member.device, now_ms());
    phone.write_all(&end).await?;
    phone.shutdown().await
}

/// Sends bytes on and has them leave the compressor: what has arrived can be used.
async fn give(phone: &mut (impl AsyncWrite + Unpin), bytes: Vec<u8>) -> io::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    phone.write_all(&bytes).await?;
    phone.flush().await
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

/// The feeds of the hello that the person has now, each once.
fn feeds_to_walk(member: &Member, asked: &[FeedState]) -> Vec<FeedState> {
    let mut walked: Vec<FeedState> = Vec::new();
    for state in asked.iter().take(FEEDS_MAX) {
        let is_new = walked.iter().all(|other| other.feed != state.feed);
        if is_new && member.feeds.contains(&state.feed) {
            walked.push(*state);
        }
    }
    walked
}

fn wants_of(
    office: &Office,
    member: &Member,
    wants: &[DocumentId],
    answer: &mut Answer<AboutWants>,
) -> Result<(), StoreError> {
    for document in wants {
        let Some(stored) = office.store.document(*document)? else {
            continue;
        };
        if member.feeds.contains(&stored.home_feed) {
            let entry = entry_of(office, *document, &stored.kind, 0);
            answer.wanted(walk::wanted(stored.home_feed, entry, &content_of(stored)));
        }
    }
    Ok(())
}

fn walk_feed(
    office: &Office,
    device: DeviceId,
    state: FeedState,
    answer: &mut Answer<AboutFeeds>,
) -> Result<(), StoreError> {
    let head = office.desk.read().head(state.feed);
    let mut walk = Walk::new(Reader { device, state }, head);
    let mut at_end = false;
    let mut grew = false;
    while !at_end && !grew && !walk.is_full() {
        let entries = office
            .store
            .since(state.feed, walk.reached(), ENTRIES_AT_ONCE)?;
        at_end = entries.len() < ENTRIES_AT_ONCE;
        for entry in entries {
            if entry.seq > head {
                // It came in after this walk began, and its row may not be in the index yet. The
                // document may have stood at an earlier place, with changes that the reader lacks:
                // the walk has not had them, so the phone is told to come again.
                grew = true;
                break;
            }
            if walk.is_full() {
                at_end = false;
                break;
            }
            offer(office, entry, &mut walk, answer)?;
        }
    }
    let standing = office.desk.read().digest(state.feed);
    let (head_now, digest) = standing.unwrap_or((head, 0));
    let mut frame = walk.finish(at_end && !grew, digest, head_now);
    frame.more |= grew || standing.is_none();
    answer.feed(frame);
    Ok(())
}

fn offer(
    office: &Office,
    entry: FeedEntry,
    walk: &mut Walk,
    answer: &mut Answer<AboutFeeds>,
) -> Result<(), StoreError> {
    // The row before the bytes: heads may then lag behind the bytes until the next walk, but never
    // promise what the phone was not sent.
    let row = entry_of(office, entry.document, &entry.kind, entry.seq);
    let content = if walk.wants_row_only(entry.seq) {
        Content::default()
    } else {
        office
            .store
            .document(entry.document)?
            .map(content_of)
            .unwrap_or_default()
    };
    if let Some(frame) = walk.offer(row, &content) {
        answer.document(frame);
    }
    Ok(())
}

fn entry_of(office: &Office, document: DocumentId, kind: &model::Kind, seq: model::Seq) -> Entry {
    let row = office.desk.read().row(document);
    let (heads, summary) = match row {
        Some(row) => (row.heads, Some(row.summary.to_json())),
        None => (Vec::new(), None),
    };
    Entry {
        document,
        kind: kind.clone(),
        seq,
        heads,
        summary,
    }
}

fn content_of(stored: StoredDocument) -> Content {
    let change = |change: store::StoredChange| walk::Change {
        seq: change.seq,
        device: change.device,
        bytes: change.bytes,
    };
    Content {
        snapshot: stored.snapshot.map(|snapshot| walk::Snapshot {
            seq: snapshot.seq,
            bytes: snapshot.bytes,
        }),
        changes: stored.changes.into_iter().map(change).collect(),
        has_beginning: true,
    }
}
