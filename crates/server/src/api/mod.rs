//! HTTP: the table of all routes, and the state they share.

mod address;
mod auth;
mod desk_directory;
mod desk_doors;
mod desk_numbers;
mod desk_phones;
mod desk_tray;
mod desk_visits;
mod device_last;
mod enrol;
mod headers;
mod healthz;
mod live;
mod metrics;
mod openapi;
mod persons;
mod places;
mod query;
mod readyz;
mod rescue;
mod sync;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::mpsc;

pub use self::enrol::EnrolRequest;
use self::places::Places;
use crate::office::Office;
use crate::refusal::{self, Refusal};
use crate::web::WebFiles;

/// What every route can reach.
#[derive(Clone)]
pub struct App {
    /// The office.
    pub office: Arc<Office>,
    /// The web app's files.
    pub web: Arc<WebFiles>,
    /// Whether a proxy on this machine passes requests on and says for whom.
    pub is_behind_proxy: bool,
    pub(crate) places: Places,
    /// A copy lives in everything that must be finished before the program ends.
    pub(crate) in_flight: mpsc::Sender<()>,
}

impl App {
    /// The state, and a receiver that ends when nothing is in flight any more.
    pub fn new(office: Arc<Office>, web: WebFiles) -> (Self, mpsc::Receiver<()>) {
        let (in_flight, finished) = mpsc::channel(1);
        let app = Self {
            office,
            web: Arc::new(web),
            is_behind_proxy: false,
            places: Places::default(),
            in_flight,
        };
        (app, finished)
    }
}

/// Every route of the program.
pub fn router(app: App) -> Router {
    Router::new()
        // Anyone.
        .route("/healthz", get(healthz::healthz))
        .route("/readyz", get(readyz::readyz))
        .route("/metrics", get(metrics::metrics))
        .route("/api/openapi.json", get(openapi::openapi))
        .route("/api/enrol", post(enrol::enrol))
        // Enrolled devices.
        .route("/api/sync", post(sync::sync))
        .route("/api/live", get(live::live))
        .route("/api/rescue", post(rescue::rescue))
        .route("/api/device/last", post(device_last::last))
        .route("/api/persons/{door}/{resident}/phone", get(persons::phone))
        // Supervisors.
        .route("/api/desk/numbers", get(desk_numbers::numbers))
        .route("/api/desk/visits", get(desk_visits::visits))
        .route("/api/desk/doors", get(desk_doors::doors))
        .route("/api/desk/phones", get(desk_phones::phones))
        .route("/api/desk/directory", get(desk_directory::directory))
        .route("/api/desk/tray", get(desk_tray::tray))
        .route("/api/desk/tray/{id}/admit", post(desk_tray::admit))
        .route("/api/desk/tray/{id}/set-aside", post(desk_tray::set_aside))
        // Everything else is the web app.
        .fallback(files)
        .layer(middleware::from_fn(headers::secure))
        .with_state(app)
}

async fn files(State(app): State<App>, request: Request) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    if parts.uri.path().starts_with("/api/") {
        return Err(refusal::NOT_FOUND);
    }
    apart(move || {
        app.web
            .answer(&parts.method, parts.uri.path(), &parts.headers)
    })
    .await
}

/// Runs something that blocks where blocking is allowed.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "a request ended without an answer");
        refusal::INTERNAL
    })
}

/// Turns a store error into an answer, and ends the service if it must end.
fn store_refusal(office: &Office, error: &store::StoreError) -> Refusal {
    office.store_failed(error);
    refusal::STORE_STOPPED
}

/// Turns an error of the records into an answer.
fn people_refusal(office: &Office, error: &crate::people::PeopleError) -> Refusal {
    match error {
        crate::people::PeopleError::Store(error) => store_refusal(office, error),
        other => {
            tracing::error!(error = %other, "records");
            refusal::INTERNAL
        }
    }
}
