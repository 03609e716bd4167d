//! `POST /api/device/last`: what the office last knew of a device, for a person whose phone has lost
//! its store, and for a supervisor who looks after one that broke.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use model::{ChangeHash, DeviceId, DocumentId, Member, PersonId, Role, Summary, visit_made_at_ms};
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;

use super::auth::AnyDevice;
use super::desk_visits::DoorAnswer;
use super::{App, apart, store_refusal};
use crate::clock::now_ms;
use crate::desk::{FoundVisit, Page, VisitFilter};
use crate::office::Office;
use crate::people::{DeviceRecord, PersonRecord};
use crate::refusal::{self, Refusal};

/// Changes one may ask about at once. An outbox is smaller by far.
const CHANGES_MAX: usize = 5_000;
/// Visits that are listed, newest first.
const NEWEST: usize = 20;

/// Which device, and which changes it is known to have held.
#[derive(Deserialize, ToSchema)]
pub struct LastRequest {
    /// Left out: the other device of the asking person that was heard last.
    #[schema(value_type = Option<String>)]
    device: Option<DeviceId>,
    /// Pairs of document and change.
    #[schema(value_type = Vec<Vec<String>>)]
    #[serde(default)]
    changes: Vec<(DocumentId, ChangeHash)>,
}

/// What the office knows of it.
#[derive(Serialize, ToSchema)]
pub struct LastAnswer {
    as_of: i64,
    #[schema(value_type = String)]
    device: DeviceId,
    person: LastPerson,
    enrolled_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_exchange_at: Option<i64>,
    /// Visits made at this device that are at the office.
    visits: usize,
    /// The newest of them by arrival.
    newest: Vec<LastVisit>,
    /// Of the changes asked about, those that are neither in a document nor in the tray.
    #[schema(value_type = Vec<String>)]
    lacking: Vec<ChangeHash>,
}

/// Whose it is.
#[derive(Serialize, ToSchema)]
pub struct LastPerson {
    #[schema(value_type = String)]
    id: PersonId,
    name: String,
}

/// One visit.
#[derive(Serialize, ToSchema)]
pub struct LastVisit {
    #[schema(value_type = String)]
    id: DocumentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
    received_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<DoorAnswer>,
}

/// What was last known.
#[utoipa::path(post, path = "/api/device/last", request_body = LastRequest, responses(
    (status = 200, body = LastAnswer),
    (status = 404, description = "not_found: no such device, or not this person's to ask about"),
), security(("token" = [])))]
pub async fn last(
    State(app): State<App>,
    AnyDevice(member): AnyDevice,
    request: Result<Json<LastRequest>, JsonRejection>,
) -> Result<Json<LastAnswer>, Refusal> {
    let Json(request) = request.map_err(|_| refusal::BAD_REQUEST)?;
    if request.changes.len() > CHANGES_MAX {
        return Err(refusal::BAD_REQUEST);
    }
    apart(move || answer(&app.office, &member, &request).map(Json)).await?
}

fn answer(office: &Office, member: &Member, request: &LastRequest) -> Result<LastAnswer, Refusal> {
    let device = device_for(office, member, request.device).ok_or(refusal::NOT_FOUND)?;
    let person = office
        .people
        .person(device.person)
        .ok_or(refusal::NOT_FOUND)?;
    let lacking =
        lacking(office, &request.changes).map_err(|error| store_refusal(office, &error))?;
    let (visits, newest) = visits_of(office, &device, &person);
    Ok(LastAnswer {
        as_of: now_ms(),
        device: device.id,
        person: LastPerson {
            id: person.id,
            name: person.name,
        },
        enrolled_at: device.enrolled_at,
        last_exchange_at: device.heard.map(|heard| heard.at),
        visits,
        newest,
        lacking,
    })
}

/// A device that the asking person may ask about: one of their own, and for a supervisor one of the
/// community.
fn device_for(office: &Office, member: &Member, asked: Option<DeviceId>) -> Option<DeviceRecord> {
    let beside = office.people.devices_beside(member.person).into_iter();
    let of_all = member.role == Role::CommunitySupervisor && asked.is_some();
    beside
        .filter(|device| of_all || device.person == member.person)
        .filter(|device| match asked {
            Some(asked) => device.id == asked,
            None => device.id != member.device,
        })
        .max_by_key(|device| device.heard.as_ref().map(|heard| heard.at))
}

fn lacking(
    office: &Office,
    changes: &[(DocumentId, ChangeHash)],
) -> Result<Vec<ChangeHash>, StoreError> {
    let mut lacking = Vec::new();
    for (document, hash) in changes {
        let is_held = office.tray.entry(hash).is_some();
        if !is_held && office.store.find_change(*document, *hash)?.is_none() {
            lacking.push(*hash);
        }
    }
    Ok(lacking)
}

/// How many visits this device made, wherever in the community, and the newest. A visit's id tells
/// which device made it.
fn visits_of(
    office: &Office,
    device: &DeviceRecord,
    person: &PersonRecord,
) -> (usize, Vec<LastVisit>) {
    // Their own visits are theirs to hear of, also in a grid that is no longer theirs.
    let everywhere = PersonRecord {
        role: Role::CommunitySupervisor,
        ..person.clone()
    };
    let feeds = office.feeds_of(&everywhere).into_iter();
    let feeds: Vec<_> = feeds.map(|named| named.feed).collect();
    let filter = VisitFilter {
        worker: Some(person.id),
        ..VisitFilter::default()
    };
    let all = Page {
        offset: 0,
        limit: usize::MAX,
    };
    let desk = office.desk.read();
    let (_, found) = desk.find_visits(&feeds, &filter, all);
    let is_of_device =
        |visit: &&FoundVisit<'_>| visit.id().is_some_and(|id| is_made_by(device.id, id));
    let own: Vec<_> = found.iter().filter(is_of_device).collect();
    let newest = own.iter().take(NEWEST).filter_map(|visit| line(visit));
    (own.len(), newest.collect())
}

fn is_made_by(device: DeviceId, visit: DocumentId) -> bool {
    visit_made_at_ms(device, visit).is_some()
}

fn line(visit: &FoundVisit<'_>) -> Option<LastVisit> {
    let at = match visit.summary() {
        Summary::Visit(summary) => summary.at,
        _ => None,
    };
    Some(LastVisit {
        id: visit.id()?,
        at,
        received_at: visit.received_at(),
        door: visit.door().map(DoorAnswer::from),
    })
}
