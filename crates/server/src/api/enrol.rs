//! `POST /api/enrol`: trades a one-time code for a device and its token.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use model::{DeviceId, DocumentId, FeedId, PersonId, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::client_address;
use super::{App, apart, people_refusal};
use crate::clock::now_ms;
use crate::people::{CodeRefused, Enrolled};
use crate::refusal::{self, Refusal};

/// What a new device sends.
#[derive(Deserialize, ToSchema)]
pub struct EnrolRequest {
    /// The code of the link's fragment.
    code: String,
}

/// What a new device is told.
#[derive(Serialize, ToSchema)]
pub struct EnrolAnswer {
    #[schema(value_type = String)]
    device: DeviceId,
    /// Goes into `Authorization: Bearer …`. It is told once.
    token: String,
    person: EnrolledPerson,
    community: EnrolledCommunity,
    feeds: Vec<EnrolledFeed>,
    /// Ed25519, under which receipts are signed; hex.
    server_key: String,
    /// Milliseconds since 1970.
    server_time: i64,
}

#[derive(Serialize, ToSchema)]
pub struct EnrolledPerson {
    #[schema(value_type = String)]
    id: PersonId,
    name: String,
    #[schema(value_type = String)]
    role: Role,
}

#[derive(Serialize, ToSchema)]
pub struct EnrolledCommunity {
    #[schema(value_type = String)]
    id: DocumentId,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub struct EnrolledFeed {
    #[schema(value_type = String)]
    feed: FeedId,
    name: String,
    kind: &'static str,
}

/// Enrols a device.
#[utoipa::path(post, path = "/api/enrol", request_body = EnrolRequest, responses(
    (status = 200, body = EnrolAnswer),
    (status = 404, description = "code_unknown"),
    (status = 409, description = "code_used"),
    (status = 410, description = "code_expired"),
    (status = 429, description = "too_many_attempts"),
))]
pub async fn enrol(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    request: Result<Json<EnrolRequest>, JsonRejection>,
) -> Result<Json<EnrolAnswer>, Refusal> {
    let Json(request) = request.map_err(|_| refusal::BAD_REQUEST)?;
    let now = now_ms();
    let address = client_address(peer, &headers, app.is_behind_proxy);
    if !app.office.attempts.may_try(address, now) {
        return Err(refusal::TOO_MANY_ATTEMPTS);
    }
    let office = app.office.clone();
    let enrolled = apart(move || office.people.enrol(request.code.trim(), now)).await?;
    match enrolled.map_err(|error| people_refusal(&app.office, &error))? {
        Ok(enrolled) => Ok(Json(answer(&app, enrolled, now))),
        Err(refused) => {
            app.office.attempts.failed(address, now);
            Err(match refused {
                CodeRefused::Unknown => refusal::CODE_UNKNOWN,
                CodeRefused::Used => refusal::CODE_USED,
                CodeRefused::Expired => refusal::CODE_EXPIRED,
            })
        }
    }
}

fn answer(app: &App, enrolled: Enrolled, now_ms: i64) -> EnrolAnswer {
    let Enrolled {
        device,
        token,
        person,
    } = enrolled;
    let feeds = app.office.feeds_of(&person).into_iter();
    let feeds = feeds.map(|named| EnrolledFeed {
        feed: named.feed,
        name: named.name,
        kind: named.kind,
    });
    EnrolAnswer {
        device,
        token,
        community: EnrolledCommunity {
            id: person.community,
            name: app.office.community_name(person.community),
        },
        feeds: feeds.collect(),
        person: EnrolledPerson {
            id: person.id,
            name: person.name,
            role: person.role,
        },
        server_key: app.office.identity.public_key_hex(),
        server_time: now_ms,
    }
}
