//! `GET /api/persons/{door}/{resident}/phone`: one sealed fact, opened for one person, on record.

use automerge::{ROOT, ReadDoc};
use axum::Json;
use axum::extract::{Path, State};
use model::{DocumentId, Member, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::AnyDevice;
use super::{App, apart, people_refusal, store_refusal};
use crate::audit::{self, AuditLine};
use crate::clock::now_ms;
use crate::office::{Office, documents};
use crate::refusal::{self, Refusal};
use crate::sealed;

/// A resident's phone number.
#[derive(Serialize, ToSchema)]
pub struct PhoneAnswer {
    phone: String,
}

/// Opens a resident's phone number. Each call that shows one is an audit record.
#[utoipa::path(get, path = "/api/persons/{door}/{resident}/phone",
    params(("door" = String, Path, description = "door document id"), ("resident" = String, Path, description = "resident id")),
    responses(
        (status = 200, body = PhoneAnswer),
        (status = 404, description = "not_found: no such number, or not in a feed of the asker"),
    ), security(("token" = [])))]
pub async fn phone(
    State(app): State<App>,
    AnyDevice(member): AnyDevice,
    Path((door, resident)): Path<(String, String)>,
) -> Result<Json<PhoneAnswer>, Refusal> {
    let door: DocumentId = door.parse().map_err(|_| refusal::NOT_FOUND)?;
    let resident: PersonId = resident.parse().map_err(|_| refusal::NOT_FOUND)?;
    let phone = apart(move || reveal(&app.office, &member, door, resident)).await??;
    Ok(Json(PhoneAnswer { phone }))
}

fn reveal(
    office: &Office,
    member: &Member,
    door: DocumentId,
    resident: PersonId,
) -> Result<String, Refusal> {
    // Whether the asker may look comes before whether there is anything, so that the answer tells
    // a stranger nothing.
    let feed = office.desk.read().feed_of(door).ok_or(refusal::NOT_FOUND)?;
    if !member.feeds.contains(&feed) {
        return Err(refusal::NOT_FOUND);
    }
    let store = &*office.store;
    let stored = store
        .document(door)
        .map_err(|error| store_refusal(office, &error))?
        .ok_or(refusal::NOT_FOUND)?;
    let key = store
        .key(resident)
        .map_err(|error| store_refusal(office, &error))?
        .ok_or(refusal::NOT_FOUND)?;
    let place = format!("{resident}/phone");
    let document = documents::open(&stored).map_err(|_| refusal::INTERNAL)?;
    let bytes = sealed_bytes(&document, &place).ok_or(refusal::NOT_FOUND)?;
    let phone = sealed::unseal(&key, &place, &bytes).map_err(|error| {
        tracing::error!(%door, %resident, %error, "a sealed fact");
        refusal::NOT_FOUND
    })?;
    let line = AuditLine {
        at: now_ms(),
        by: member.person,
        what: "reveal_phone".to_owned(),
        about: vec![door.to_string(), resident.to_string()],
    };
    audit::write(store, &line).map_err(|error| people_refusal(office, &error))?;
    Ok(phone)
}

fn sealed_bytes(document: &automerge::Automerge, place: &str) -> Option<Vec<u8>> {
    let (_, map) = document.get(ROOT, "sealed").ok()??;
    let (value, _) = document.get(&map, place).ok()??;
    value.as_bytes().map(<[u8]>::to_vec)
}
