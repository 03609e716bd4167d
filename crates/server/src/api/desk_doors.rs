//! `GET /api/desk/doors`: every door, filtered, by address, with what its visits say.

use axum::Json;
use axum::extract::State;
use model::{DocumentId, FeedId, PersonId, Summary};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Supervisor;
use super::query::{self, Asked};
use super::{App, apart};
use crate::clock::now_ms;
use crate::desk::{DoorFilter, FoundDoor, Index, Page, Seen};
use crate::refusal::{self, Refusal};

/// What is asked for; every given filter must hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DoorsQuery {
    /// A grid's feed.
    grid: Option<String>,
    /// A building label.
    building: Option<String>,
    /// A care tag.
    tag: Option<String>,
    /// `visited`, `no_answer`, `never`.
    seen: Option<String>,
    /// Words in address, names or remarks.
    text: Option<String>,
    /// Rows to pass over.
    offset: Option<String>,
    /// Rows to give, at most 200.
    limit: Option<String>,
}

/// A page of doors.
#[derive(Serialize, ToSchema)]
pub struct DoorsAnswer {
    as_of: i64,
    total: usize,
    rows: Vec<DoorLine>,
}

/// One door.
#[derive(Serialize, ToSchema)]
pub struct DoorLine {
    #[schema(value_type = String)]
    id: DocumentId,
    #[schema(value_type = Option<String>)]
    feed: Option<FeedId>,
    #[schema(value_type = Object)]
    summary: Summary,
    seen: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_visit: Option<LastVisitAnswer>,
}

/// The last visit at a door.
#[derive(Serialize, ToSchema)]
pub struct LastVisitAnswer {
    #[schema(value_type = String)]
    id: DocumentId,
    at: i64,
    outcome: String,
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<PersonId>,
}

/// Doors.
#[utoipa::path(get, path = "/api/desk/doors", params(DoorsQuery), responses((status = 200, body = DoorsAnswer)), security(("token" = [])))]
pub async fn doors(
    State(app): State<App>,
    Supervisor(member): Supervisor,
    Asked(asked): Asked<DoorsQuery>,
) -> Result<Json<DoorsAnswer>, Refusal> {
    let page = query::page(asked.offset.as_ref(), asked.limit.as_ref())?;
    let seen = match query::text(asked.seen) {
        Some(word) => Some(Seen::of(&word).ok_or(refusal::BAD_REQUEST)?),
        None => None,
    };
    let filter = DoorFilter {
        grid: query::parsed(asked.grid.as_ref())?,
        building: query::text(asked.building),
        tag: query::text(asked.tag),
        seen,
        text: query::text(asked.text),
    };
    apart(move || Json(find(&app.office.desk.read(), &member.feeds, &filter, page))).await
}

fn find(index: &Index, feeds: &[FeedId], filter: &DoorFilter, page: Page) -> DoorsAnswer {
    let (total, rows) = index.find_doors(feeds, filter, page);
    let rows = rows.into_iter().map(|row| line(index, row)).collect();
    DoorsAnswer {
        as_of: now_ms(),
        total,
        rows,
    }
}

fn line(index: &Index, found: FoundDoor<'_>) -> DoorLine {
    let FoundDoor { door, seen, last } = found;
    DoorLine {
        id: door.document,
        feed: index.feed_of_door(door),
        summary: Summary::Door(door.summary.clone()),
        seen: seen.as_str(),
        last_visit: last.map(|visit| LastVisitAnswer {
            id: visit.id,
            at: visit.at,
            outcome: visit.outcome,
            by: visit.by,
        }),
    }
}
