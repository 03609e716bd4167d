//! `GET /api/desk/tray` and the two decisions on an entry: admit it, or set it aside.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, Member, PersonId, Reason, Seq};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Supervisor;
use super::desk_visits::DoorAnswer;
use super::query::{self, Asked};
use super::{App, apart, people_refusal, store_refusal};
use crate::admission::{AdmitError, AdmitRefused, Admitted, admit_from_tray};
use crate::audit::{self, AuditLine};
use crate::clock::now_ms;
use crate::hub::News;
use crate::office::Office;
use crate::refusal::{self, Refusal};
use crate::tray::{SetAside, TrayEntry};

/// Which entries are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrayQuery {
    /// `waiting` (usual) or `set_aside`.
    state: Option<String>,
    /// Rows to pass over.
    offset: Option<String>,
    /// Rows to give, at most 200.
    limit: Option<String>,
}

/// A page of entries, newest first.
#[derive(Serialize, ToSchema)]
pub struct TrayAnswer {
    as_of: i64,
    total: usize,
    rows: Vec<TrayLine>,
}

/// One change that was not adopted.
#[derive(Serialize, ToSchema)]
pub struct TrayLine {
    #[schema(value_type = String)]
    id: ChangeHash,
    state: &'static str,
    reason: ReasonAnswer,
    #[schema(value_type = String)]
    document: DocumentId,
    #[schema(value_type = String)]
    kind: Kind,
    #[schema(value_type = String)]
    feed: FeedId,
    #[schema(value_type = String)]
    device: DeviceId,
    person: TrayPerson,
    received_at: i64,
    bytes: usize,
    /// When it was written, by the sender's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    written_at: Option<i64>,
    /// What the sender set, by the paths of the fields; nothing stands for what was deleted.
    fields: BTreeMap<String, String>,
    /// What the sender typed, as far as it can be read.
    words: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<DoorAnswer>,
}

/// Why, for programs and for people.
#[derive(Serialize, ToSchema)]
pub struct ReasonAnswer {
    code: String,
    zh: String,
    en: String,
}

/// Who sent it.
#[derive(Serialize, ToSchema)]
pub struct TrayPerson {
    #[schema(value_type = String)]
    id: PersonId,
    name: String,
}

/// What came in by an admission: the entry, and what had waited for it.
#[derive(Serialize, ToSchema)]
pub struct AdmitAnswer {
    admitted: Vec<AdmittedChange>,
}

#[derive(Serialize, ToSchema)]
pub struct AdmittedChange {
    #[schema(value_type = String)]
    id: ChangeHash,
    seq: Seq,
}

/// An entry after it was set aside.
#[derive(Serialize, ToSchema)]
pub struct SetAsideAnswer {
    #[schema(value_type = String)]
    id: ChangeHash,
    state: &'static str,
}

/// The tray.
#[utoipa::path(get, path = "/api/desk/tray", params(TrayQuery), responses((status = 200, body = TrayAnswer)), security(("token" = [])))]
pub async fn tray(
    State(app): State<App>,
    Supervisor(member): Supervisor,
    Asked(asked): Asked<TrayQuery>,
) -> Result<Json<TrayAnswer>, Refusal> {
    let page = query::page(asked.offset.as_ref(), asked.limit.as_ref())?;
    let set_aside = match asked.state.as_deref() {
        None | Some("" | "waiting") => false,
        Some("set_aside") => true,
        Some(_) => return Err(refusal::BAD_REQUEST),
    };
    apart(move || {
        let wanted = |entry: &TrayEntry| {
            entry.set_aside.is_some() == set_aside && concerns(&app.office, &member, entry)
        };
        let total = app.office.tray.count(wanted);
        let entries = app.office.tray.page(wanted, page.offset, page.limit);
        let rows = entries
            .into_iter()
            .map(|entry| line(&app.office, &member, entry))
            .collect();
        Json(TrayAnswer {
            as_of: now_ms(),
            total,
            rows,
        })
    })
    .await
}

/// Admits a change.
#[utoipa::path(post, path = "/api/desk/tray/{id}/admit", params(("id" = String, Path, description = "hex")), responses(
    (status = 200, body = AdmitAnswer),
    (status = 404, description = "not_found"),
    (status = 409, description = "the reason's code: it still cannot be taken"),
), security(("token" = [])))]
pub async fn admit(
    State(app): State<App>,
    Supervisor(member): Supervisor,
    Path(id): Path<String>,
) -> Result<Json<AdmitAnswer>, Refusal> {
    let hash: ChangeHash = id.parse().map_err(|_| refusal::NOT_FOUND)?;
    let admitted = apart(move || decide_admit(&app.office, &member, hash)).await??;
    let admitted = admitted
        .into_iter()
        .map(|(id, seq)| AdmittedChange { id, seq })
        .collect();
    Ok(Json(AdmitAnswer { admitted }))
}

/// Sets a change aside: it will not be admitted, and stays readable.
#[utoipa::path(post, path = "/api/desk/tray/{id}/set-aside", params(("id" = String, Path, description = "hex")), responses(
    (status = 200, body = SetAsideAnswer),
    (status = 404, description = "not_found"),
), security(("token" = [])))]
pub async fn set_aside(
    State(app): State<App>,
    Supervisor(member): Supervisor,
    Path(id): Path<String>,
) -> Result<Json<SetAsideAnswer>, Refusal> {
    let hash: ChangeHash = id.parse().map_err(|_| refusal::NOT_FOUND)?;
    apart(move || decide_set_aside(&app.office, &member, hash)).await??;
    Ok(Json(SetAsideAnswer {
        id: hash,
        state: "set_aside",
    }))
}

fn decide_admit(
    office: &Office,
    supervisor: &Member,
    hash: ChangeHash,
) -> Result<Vec<Admitted>, Refusal> {
    let outcome =
        admit_from_tray(office, supervisor, hash, now_ms()).map_err(|error| match error {
            AdmitError::Store(error) => store_refusal(office, &error),
            AdmitError::Exhausted => refusal::BUSY,
        })?;
    match outcome {
        Ok(admitted) => {
            note(
                office,
                supervisor,
                "tray_admit",
                &admitted.iter().map(|(hash, _)| *hash).collect::<Vec<_>>(),
            )?;
            Ok(admitted)
        }
        Err(AdmitRefused::NotThere) => Err(refusal::NOT_FOUND),
        Err(AdmitRefused::Still(reason)) => Err(Refusal::about(
            StatusCode::CONFLICT,
            reason.as_str(),
            format!("现在还不能收下：{}。", reason.text_zh()),
            format!("This still cannot be taken: {}.", reason.text_en()),
        )),
    }
}

fn decide_set_aside(office: &Office, supervisor: &Member, hash: ChangeHash) -> Result<(), Refusal> {
    if !office
        .tray
        .entry(&hash)
        .is_some_and(|entry| concerns(office, supervisor, &entry))
    {
        return Err(refusal::NOT_FOUND);
    }
    let word = SetAside {
        by: supervisor.person,
        at: now_ms(),
    };
    let altered = office
        .tray
        .alter(&hash, |entry| entry.set_aside = Some(word));
    altered
        .map_err(|error| store_refusal(office, &error))?
        .ok_or(refusal::NOT_FOUND)?;
    office.hub.tell(News::Tray {
        waiting: office.tray.waiting(),
    });
    note(office, supervisor, "tray_set_aside", &[hash])
}

/// Whether an entry is this supervisor's to judge: it was sent for one of their feeds, or by someone
/// of their community.
pub(super) fn concerns(office: &Office, supervisor: &Member, entry: &TrayEntry) -> bool {
    let community = |person: PersonId| office.people.person(person).map(|person| person.community);
    supervisor.feeds.contains(&entry.feed)
        || community(entry.person) == community(supervisor.person)
}

fn note(office: &Office, by: &Member, what: &str, about: &[ChangeHash]) -> Result<(), Refusal> {
    let about = about.iter().map(ChangeHash::to_string).collect();
    let line = AuditLine {
        at: now_ms(),
        by: by.person,
        what: what.to_owned(),
        about,
    };
    audit::write(&*office.store, &line).map_err(|error| people_refusal(office, &error))
}

fn line(office: &Office, supervisor: &Member, entry: TrayEntry) -> TrayLine {
    let name = office
        .people
        .person(entry.person)
        .map(|person| person.name)
        .unwrap_or_default();
    TrayLine {
        id: entry.hash,
        state: if entry.set_aside.is_some() {
            "set_aside"
        } else {
            "waiting"
        },
        reason: reason(&entry.reason),
        door: door_of(office, supervisor, &entry),
        document: entry.document,
        kind: entry.kind,
        feed: entry.feed,
        device: entry.device,
        person: TrayPerson {
            id: entry.person,
            name,
        },
        received_at: entry.received_at,
        bytes: entry.size,
        written_at: entry.written_at,
        fields: entry.fields,
        words: entry.words,
    }
}

pub(super) fn reason(code: &str) -> ReasonAnswer {
    let words = code
        .parse::<Reason>()
        .map(|reason| (reason.text_zh(), reason.text_en()));
    let (zh, en) = words.unwrap_or((code, code));
    ReasonAnswer {
        code: code.to_owned(),
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// The door that a trayed change is about: the document itself, or the one its visit was made at,
/// which the change itself names where the office has nothing of the visit yet. Whatever a change
/// names, a supervisor is only shown doors of their own.
fn door_of(office: &Office, supervisor: &Member, entry: &TrayEntry) -> Option<DoorAnswer> {
    let desk = office.desk.read();
    let named = || entry.fields.get("door")?.parse().ok();
    let door = match desk.row(entry.document).map(|row| row.summary) {
        Some(model::Summary::Visit(visit)) => visit.door,
        Some(_) => Some(entry.document),
        None => named(),
    }?;
    let is_own = desk
        .feed_of(door)
        .is_some_and(|feed| supervisor.feeds.contains(&feed));
    desk.door(door).filter(|_| is_own).map(DoorAnswer::from)
}
