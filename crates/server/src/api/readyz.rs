//! `GET /readyz`: whether changes are taken at this moment.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::App;

/// Answers 200 while changes are taken, and 503 with the reason otherwise: `starting`, `stopping`,
/// `store_stopped` or `exhausted`. Says nothing about anybody's data.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, description = "changes are taken"),
    (status = 503, description = "the service begins or ends, the store failed, or too many threads hang"),
))]
pub async fn readyz(State(app): State<App>) -> Response {
    let office = &app.office;
    let status = if office.stopping.failure().is_some() {
        "store_stopped"
    } else if office.stopping.is_stopping() {
        "stopping"
    } else if office.guard.is_exhausted() {
        "exhausted"
    } else {
        "ready"
    };
    let code = match status {
        "ready" => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    (code, Json(json!({ "status": status }))).into_response()
}
