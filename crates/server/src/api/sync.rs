//! `POST /api/sync`: the exchange.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use model::Member;

use super::auth::AnyDevice;
use super::{App, apart};
use crate::clock::now_ms;
use crate::exchange::{self, Compression, Encoding, Taken};
use crate::metrics::{Counters, ExchangeEnd};
use crate::people::Heard;
use crate::refusal::{self, Refusal};
use crate::web::accepts;

/// Characters of an app version that are kept.
const VERSION_CHARS_MAX: usize = 64;

/// Takes a pack in and answers with one.
#[utoipa::path(post, path = "/api/sync",
    request_body(content_type = "application/x-stairwell-pack", description = "a pack of frames, see docs/PROTOCOL.md part 4; gzip or plain"),
    responses(
        (status = 200, content_type = "application/x-stairwell-pack", description = "a pack of frames"),
        (status = 401, description = "token_missing, token_unknown"),
        (status = 415, description = "encoding_unknown"),
        (status = 426, description = "version_unknown: the app is newer than the office"),
        (status = 503, description = "busy, store_stopped"),
    ), security(("token" = [])))]
pub async fn sync(
    State(app): State<App>,
    AnyDevice(member): AnyDevice,
    request: Request,
) -> Result<Response, Refusal> {
    let encoding = encoding(request.headers())?;
    let compression = compression(request.headers());
    let community = app
        .office
        .people
        .person(member.person)
        .ok_or(refusal::TOKEN_UNKNOWN)?
        .community;
    let own_place = Arc::new(app.places.of_device(member.device)?);
    let place = app.places.for_intake().await?;
    // A task of its own: when the phone's signal dies, this handler is dropped, and what has arrived
    // must be kept all the same.
    let task = {
        let (app, member) = (app.clone(), member.clone());
        let places = (place, Arc::clone(&own_place));
        tokio::spawn(async move {
            let _places = places;
            let began = Instant::now();
            let taken = exchange::take(
                app.office.clone(),
                member.clone(),
                community,
                encoding,
                request.into_body(),
            )
            .await;
            count(&app.office.counters, &taken, began);
            let taken = taken?;
            note_heard(&app, &member, &taken).await;
            Ok::<_, Refusal>(taken)
        })
    };
    let taken = task.await.map_err(|error| {
        tracing::error!(%error, "an intake ended without an answer");
        refusal::INTERNAL
    })??;
    let done = (
        app.places.for_answer().await?,
        own_place,
        app.in_flight.clone(),
    );
    let reply = exchange::answer(app.office.clone(), member, taken, compression, done).await?;
    let mut response = reply.body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-stairwell-pack"),
    );
    if let Some(name) = reply.compression.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    Ok(response)
}

fn count(counters: &Counters, taken: &Result<Taken, Refusal>, began: Instant) {
    let end = match taken {
        Ok(taken) if taken.notice.is_none() => ExchangeEnd::Whole,
        Ok(_) => ExchangeEnd::Broken,
        Err(_) => ExchangeEnd::Refused,
    };
    counters.exchanged(end, began.elapsed());
    if let Ok(taken) = taken {
        counters.judged(taken.receipts.iter().map(|receipt| receipt.status));
    }
}

async fn note_heard(app: &App, member: &Member, taken: &Taken) {
    let heard = Heard {
        at: now_ms(),
        clock_error_ms: taken.clock_error_ms,
        app_version: taken.hello.app.chars().take(VERSION_CHARS_MAX).collect(),
    };
    let (office, device) = (app.office.clone(), member.device);
    if let Ok(Err(error)) = apart(move || office.people.heard(device, heard)).await {
        app.office.store_failed(&error);
    }
}

fn encoding(headers: &HeaderMap) -> Result<Encoding, Refusal> {
    match headers
        .get(header::CONTENT_ENCODING)
        .map(HeaderValue::as_bytes)
    {
        None | Some(b"identity") => Ok(Encoding::Plain),
        Some(b"gzip") => Ok(Encoding::Gzip),
        Some(_) => Err(refusal::ENCODING_UNKNOWN),
    }
}

fn compression(headers: &HeaderMap) -> Compression {
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    if accepts(accepted, "br") {
        Compression::Brotli
    } else if accepts(accepted, "gzip") {
        Compression::Gzip
    } else {
        Compression::None
    }
}

impl Compression {
    fn name(self) -> Option<&'static str> {
        match self {
            Compression::None => None,
            Compression::Gzip => Some("gzip"),
            Compression::Brotli => Some("br"),
        }
    }
}
