//! `GET /api/desk/visits`: every visit, filtered, newest first by arrival.

use axum::Json;
use axum::extract::State;
use model::{DocumentId, FeedId, Summary};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Supervisor;
use super::query::{self, Asked};
use super::{App, apart};
use crate::clock::now_ms;
use crate::desk::{DoorRow, FoundVisit, Index, Page, ReviewState, VisitFilter};
use crate::refusal::Refusal;

/// What is asked for; every given filter must hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VisitsQuery {
    /// A grid's feed.
    grid: Option<String>,
    /// A building label.
    building: Option<String>,
    /// A door document.
    door: Option<String>,
    /// A person.
    worker: Option<String>,
    /// A purpose code.
    purpose: Option<String>,
    /// An outcome code.
    outcome: Option<String>,
    /// A care tag of the door.
    tag: Option<String>,
    /// `waiting`, `accepted`, `asked_back`.
    review: Option<String>,
    /// From this time on, ms.
    from: Option<String>,
    /// Before this time, ms.
    to: Option<String>,
    /// Words in the note.
    text: Option<String>,
    /// Rows to pass over.
    offset: Option<String>,
    /// Rows to give, at most 200.
    limit: Option<String>,
}

/// A page of visits.
#[derive(Serialize, ToSchema)]
pub struct VisitsAnswer {
    as_of: i64,
    total: usize,
    rows: Vec<VisitAnswer>,
}

/// One visit.
#[derive(Serialize, ToSchema)]
pub struct VisitAnswer {
    #[schema(value_type = String)]
    id: DocumentId,
    #[schema(value_type = Option<String>)]
    feed: Option<FeedId>,
    #[schema(value_type = Object)]
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<DoorAnswer>,
    received_at: i64,
}

/// The address of a door, and its care tags.
#[derive(Serialize, ToSchema)]
pub struct DoorAnswer {
    #[schema(value_type = String)]
    id: DocumentId,
    building: String,
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<i64>,
    label: String,
    tags: Vec<String>,
}

/// Visits.
#[utoipa::path(get, path = "/api/desk/visits", params(VisitsQuery), responses((status = 200, body = VisitsAnswer)), security(("token" = [])))]
pub async fn visits(
    State(app): State<App>,
    Supervisor(member): Supervisor,
    Asked(asked): Asked<VisitsQuery>,
) -> Result<Json<VisitsAnswer>, Refusal> {
    let page = query::page(asked.offset.as_ref(), asked.limit.as_ref())?;
    let filter = filter(asked)?;
    apart(move || Json(find(&app.office.desk.read(), &member.feeds, &filter, page))).await
}

fn filter(asked: VisitsQuery) -> Result<VisitFilter, Refusal> {
    let review = query::text(asked.review).map(|state| match state.as_str() {
        "waiting" => ReviewState::Waiting,
        _ => ReviewState::Is(state),
    });
    Ok(VisitFilter {
        grid: query::parsed(asked.grid.as_ref())?,
        building: query::text(asked.building),
        door: query::parsed(asked.door.as_ref())?,
        worker: query::parsed(asked.worker.as_ref())?,
        purpose: query::text(asked.purpose),
        outcome: query::text(asked.outcome),
        tag: query::text(asked.tag),
        review,
        from: query::parsed(asked.from.as_ref())?,
        to: query::parsed(asked.to.as_ref())?,
        text: query::text(asked.text),
    })
}

fn find(index: &Index, feeds: &[FeedId], filter: &VisitFilter, page: Page) -> VisitsAnswer {
    let (total, rows) = index.find_visits(feeds, filter, page);
    let rows = rows.iter().filter_map(visit).collect();
    VisitsAnswer {
        as_of: now_ms(),
        total,
        rows,
    }
}

fn visit(found: &FoundVisit<'_>) -> Option<VisitAnswer> {
    Some(VisitAnswer {
        id: found.id()?,
        feed: found.feed(),
        summary: found.summary(),
        door: found.door().map(DoorAnswer::from),
        received_at: found.received_at(),
    })
}

impl From<&DoorRow> for DoorAnswer {
    fn from(row: &DoorRow) -> Self {
        let summary = &row.summary;
        Self {
            id: row.document,
            building: summary.building.clone(),
            unit: summary.unit.clone(),
            floor: summary.floor,
            label: summary.label.clone(),
            tags: summary.tags.clone(),
        }
    }
}
