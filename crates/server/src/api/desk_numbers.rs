//! `GET /api/desk/numbers`: what stands first on the desk.

use axum::Json;
use axum::extract::State;
use model::{DeviceId, Member, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Supervisor;
use super::desk_tray::concerns;
use super::{App, apart};
use crate::clock::now_ms;
use crate::office::Office;
use crate::people::DeviceRecord;
use crate::refusal::Refusal;

/// A phone that has not exchanged for this long is called silent.
const SILENT_MS: i64 = 3 * 24 * 3_600_000;
/// China's only time zone; a day begins at its midnight.
const UTC_OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// Counts, and how far they can be trusted: as of when, and which phones are still out.
#[derive(Serialize, ToSchema)]
pub struct NumbersAnswer {
    as_of: i64,
    doors: usize,
    visited_doors: usize,
    no_answer_doors: usize,
    never_visited_doors: usize,
    visits: usize,
    waiting_review: usize,
    tray: usize,
    phones: usize,
    phones_silent: Vec<SilentPhone>,
    phones_unheard: usize,
}

/// A phone without an exchange for three days.
#[derive(Serialize, ToSchema)]
pub struct SilentPhone {
    #[schema(value_type = String)]
    device: DeviceId,
    #[schema(value_type = String)]
    person: PersonId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_exchange_at: Option<i64>,
}

/// The numbers.
#[utoipa::path(get, path = "/api/desk/numbers", responses((status = 200, body = NumbersAnswer)), security(("token" = [])))]
pub async fn numbers(
    State(app): State<App>,
    Supervisor(member): Supervisor,
) -> Result<Json<NumbersAnswer>, Refusal> {
    apart(move || Json(count(&app.office, &member, now_ms()))).await
}

fn count(office: &Office, member: &Member, now_ms: i64) -> NumbersAnswer {
    let numbers = office.desk.read().numbers(&member.feeds);
    let devices = office.people.devices_beside(member.person);
    let midnight = (now_ms + UTC_OFFSET_MS).div_euclid(DAY_MS) * DAY_MS - UTC_OFFSET_MS;
    let heard_since = |device: &DeviceRecord, time: i64| {
        device.heard.as_ref().is_some_and(|heard| heard.at >= time)
    };
    let silent = devices
        .iter()
        .filter(|device| {
            !heard_since(device, now_ms - SILENT_MS) && device.enrolled_at < now_ms - SILENT_MS
        })
        .map(|device| SilentPhone {
            device: device.id,
            person: device.person,
            name: office
                .people
                .person(device.person)
                .map(|person| person.name)
                .unwrap_or_default(),
            last_exchange_at: device.heard.as_ref().map(|heard| heard.at),
        });
    NumbersAnswer {
        as_of: now_ms,
        doors: numbers.doors,
        visited_doors: numbers.visited_doors,
        no_answer_doors: numbers.no_answer_doors,
        never_visited_doors: numbers.never_visited_doors,
        visits: numbers.visits,
        waiting_review: numbers.waiting_review,
        tray: office
            .tray
            .count(|entry| entry.set_aside.is_none() && concerns(office, member, entry)),
        phones: devices.len(),
        phones_silent: silent.collect(),
        phones_unheard: devices
            .iter()
            .filter(|device| !heard_since(device, midnight))
            .count(),
    }
}
