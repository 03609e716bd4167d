//! `POST /api/rescue`: takes in a rescue file that any device of the community brings.

use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use model::{DeviceId, DocumentId, Kind, Member, PersonId, Seq, limits};
use serde::Serialize;
use sync::frame::ReceiptStatus;
use sync::rescue::RescueError;
use utoipa::ToSchema;

use super::auth::AnyDevice;
use super::desk_tray::{ReasonAnswer, reason};
use super::{App, apart, people_refusal, store_refusal};
use crate::admission::AdmitError;
use crate::audit::{self, AuditLine};
use crate::clock::now_ms;
use crate::office::Office;
use crate::refusal::{self, Refusal};
use crate::rescue::{self, RescueRefused, Rescued, RescuedItem};

/// A file that has not come by then is asked for again.
const BODY_MAX: Duration = Duration::from_secs(300);

/// What became of a file.
#[derive(Serialize, ToSchema)]
pub struct RescueAnswer {
    #[schema(value_type = String)]
    device: DeviceId,
    person: RescuePerson,
    /// When the file was written, by its phone's clock.
    made_at: i64,
    items: Vec<RescueLine>,
    /// Drafts in the file. They stay in the file.
    drafts: usize,
    /// Parts of the file that could not be read.
    unreadable: usize,
}

/// Whose file it is.
#[derive(Serialize, ToSchema)]
pub struct RescuePerson {
    #[schema(value_type = String)]
    id: PersonId,
    name: String,
}

/// One change of the file.
#[derive(Serialize, ToSchema)]
pub struct RescueLine {
    #[schema(value_type = String)]
    document: DocumentId,
    #[schema(value_type = String)]
    kind: Kind,
    at: i64,
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<DocumentId>,
    place: String,
    /// `accepted`, `held` or `refused`.
    status: &'static str,
    /// It was at the office before this file came.
    was_here: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonAnswer>,
}

/// Takes a rescue file in.
#[utoipa::path(post, path = "/api/rescue",
    request_body(content_type = "application/x-stairwell-rescue", description = "a rescue file, see docs/PROTOCOL.md part 7"),
    responses(
        (status = 200, body = RescueAnswer),
        (status = 404, description = "rescue_device_unknown"),
        (status = 413, description = "too_large"),
        (status = 422, description = "not_a_rescue_file, rescue_damaged, rescue_wrong_seal"),
        (status = 426, description = "rescue_version_unknown"),
        (status = 503, description = "busy, store_stopped"),
    ), security(("token" = [])))]
pub async fn rescue(
    State(app): State<App>,
    AnyDevice(carrier): AnyDevice,
    request: Request,
) -> Result<Json<RescueAnswer>, Refusal> {
    let own_place = app.places.of_device(carrier.device)?;
    let place = app.places.for_intake().await?;
    let body = axum::body::to_bytes(request.into_body(), limits::REQUEST_BYTES);
    let bytes = match tokio::time::timeout(BODY_MAX, body).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(refusal::TOO_LARGE),
        Err(_) => return Err(refusal::RESCUE_DAMAGED),
    };
    let finished = app.in_flight.clone();
    let rescued = apart(move || {
        // Whoever brought it may be gone by now; what was begun is finished all the same.
        let _until_done = (own_place, place, finished);
        let now = now_ms();
        let rescued = rescue::take_in(&app.office, carrier.person, &bytes, now)
            .map_err(|refused| refusal_of(&app.office, &refused))?;
        note(&app.office, &carrier, &rescued, now)?;
        Ok::<_, Refusal>(rescued)
    })
    .await??;
    Ok(Json(answer(rescued)))
}

fn refusal_of(office: &Office, refused: &RescueRefused) -> Refusal {
    match refused {
        RescueRefused::File(RescueError::NotARescueFile) => refusal::NOT_A_RESCUE_FILE,
        RescueRefused::File(RescueError::VersionUnknown) => refusal::RESCUE_VERSION_UNKNOWN,
        RescueRefused::File(RescueError::Damaged) => refusal::RESCUE_DAMAGED,
        RescueRefused::File(RescueError::WrongSeal) => refusal::RESCUE_WRONG_SEAL,
        RescueRefused::DeviceUnknown => refusal::RESCUE_DEVICE_UNKNOWN,
        RescueRefused::Admit(AdmitError::Store(error)) => store_refusal(office, error),
        RescueRefused::Admit(AdmitError::Exhausted) => refusal::BUSY,
    }
}

/// Who brought whose file is on record: the changes themselves tell only who wrote them.
fn note(office: &Office, carrier: &Member, rescued: &Rescued, now_ms: i64) -> Result<(), Refusal> {
    if rescued.items.iter().all(|item| item.was_here) {
        return Ok(());
    }
    let line = AuditLine {
        at: now_ms,
        by: carrier.person,
        what: "rescue".to_owned(),
        about: vec![rescued.head.device.to_string(), carrier.device.to_string()],
    };
    audit::write(&*office.store, &line).map_err(|error| people_refusal(office, &error))
}

fn answer(rescued: Rescued) -> RescueAnswer {
    let head = rescued.head;
    RescueAnswer {
        device: head.device,
        person: RescuePerson {
            id: head.person,
            name: head.name,
        },
        made_at: head.made_at_ms,
        items: rescued.items.into_iter().map(line).collect(),
        drafts: rescued.drafts,
        unreadable: rescued.unreadable,
    }
}

fn line(rescued: RescuedItem) -> RescueLine {
    let RescuedItem {
        item,
        receipt,
        was_here,
    } = rescued;
    let is_accepted = receipt.status == ReceiptStatus::Accepted;
    RescueLine {
        document: item.change.document,
        kind: item.change.kind,
        at: item.at_ms,
        door: item.door,
        place: item.place,
        status: match receipt.status {
            ReceiptStatus::Accepted => "accepted",
            ReceiptStatus::Held => "held",
            ReceiptStatus::Refused => "refused",
        },
        was_here,
        seq: is_accepted.then_some(receipt.seq),
        reason: receipt.reason.map(|code| reason(code.as_ref())),
    }
}
