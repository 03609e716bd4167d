//! `GET /api/desk/phones`: which devices there are and when each was last heard.

use axum::Json;
use axum::extract::State;
use model::{DeviceId, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Supervisor;
use super::{App, apart};
use crate::clock::now_ms;
use crate::office::Office;
use crate::refusal::Refusal;

/// All devices, in the order of enrolment.
#[derive(Serialize, ToSchema)]
pub struct PhonesAnswer {
    as_of: i64,
    rows: Vec<PhoneLine>,
}

/// One device.
#[derive(Serialize, ToSchema)]
pub struct PhoneLine {
    #[schema(value_type = String)]
    device: DeviceId,
    person: PhonePerson,
    enrolled_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_exchange_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_version: Option<String>,
    /// Phone minus server.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_error_ms: Option<i64>,
}

/// Whose it is.
#[derive(Serialize, ToSchema)]
pub struct PhonePerson {
    #[schema(value_type = String)]
    id: PersonId,
    name: String,
    role: &'static str,
}

/// Devices.
#[utoipa::path(get, path = "/api/desk/phones", responses((status = 200, body = PhonesAnswer)), security(("token" = [])))]
pub async fn phones(
    State(app): State<App>,
    Supervisor(member): Supervisor,
) -> Result<Json<PhonesAnswer>, Refusal> {
    apart(move || {
        Json(PhonesAnswer {
            as_of: now_ms(),
            rows: lines(&app.office, member.person),
        })
    })
    .await
}

fn lines(office: &Office, supervisor: PersonId) -> Vec<PhoneLine> {
    let devices = office.people.devices_beside(supervisor).into_iter();
    let lines = devices.filter_map(|device| {
        let person = office.people.person(device.person)?;
        let heard = device.heard;
        Some(PhoneLine {
            device: device.id,
            person: PhonePerson {
                id: person.id,
                name: person.name,
                role: person.role.as_str(),
            },
            enrolled_at: device.enrolled_at,
            last_exchange_at: heard.as_ref().map(|heard| heard.at),
            clock_error_ms: heard.as_ref().map(|heard| heard.clock_error_ms),
            app_version: heard.map(|heard| heard.app_version),
        })
    });
    lines.collect()
}
