//! `GET /metrics`: what the service counts about itself.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::address::{is_this_machine, was_passed_on};
use super::{App, apart};
use crate::metrics;
use crate::refusal::{self, Refusal};

/// OpenMetrics text, for programs on this machine. What comes from elsewhere, or through a proxy
/// that says so, is refused: the numbers are about nobody, but they are nobody else's either.
#[utoipa::path(get, path = "/metrics", responses(
    (status = 200, content_type = "application/openmetrics-text", description = "what is measured"),
    (status = 403, description = "only_from_this_machine"),
))]
pub async fn metrics(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if !is_this_machine(peer) || was_passed_on(&headers) {
        return Err(refusal::ONLY_FROM_THIS_MACHINE);
    }
    let text = apart(move || metrics::text(&app.office)).await?;
    let text = text.map_err(|error| {
        tracing::error!(%error, "the measures");
        refusal::INTERNAL
    })?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], text).into_response())
}
