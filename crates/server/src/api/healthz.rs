//! `GET /healthz`: whether the service takes work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::App;

/// Answers 200 while changes are taken and 503 otherwise. Says nothing about anybody's data.
#[utoipa::path(get, path = "/healthz", responses(
    (status = 200, description = "changes are taken"),
    (status = 503, description = "the store failed, the service ends, or too many threads hang"),
))]
pub async fn healthz(State(app): State<App>) -> Response {
    let office = &app.office;
    let status = if office.stopping.is_stopping() {
        "stopping"
    } else if office.guard.is_exhausted() {
        "exhausted"
    } else {
        "ok"
    };
    let code = if status == "ok" {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        code,
        Json(json!({"status": status, "version": env!("CARGO_PKG_VERSION")})),
    )
        .into_response()
}
