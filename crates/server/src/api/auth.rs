//! Who asks: a route that takes one of these in its arguments cannot be reached by anyone else.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use model::{Member, Role};

use super::App;
use crate::refusal::{self, Refusal};

/// Any enrolled device.
pub struct AnyDevice(pub Member);

/// A supervisor at an enrolled device.
pub struct Supervisor(pub Member);

impl FromRequestParts<App> for AnyDevice {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .ok_or(refusal::TOKEN_MISSING)?;
        let token = header
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix("Bearer "));
        let token = token.ok_or(refusal::TOKEN_MISSING)?;
        let device = app
            .office
            .people
            .device_of_token(token.trim())
            .ok_or(refusal::TOKEN_UNKNOWN)?;
        let member = app
            .office
            .member_of_device(device)
            .ok_or(refusal::TOKEN_UNKNOWN)?;
        Ok(Self(member))
    }
}

impl FromRequestParts<App> for Supervisor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let AnyDevice(member) = AnyDevice::from_request_parts(parts, app).await?;
        match member.role {
            Role::CommunitySupervisor => Ok(Self(member)),
            Role::GridWorker => Err(refusal::ROLE_NOT_ALLOWED),
        }
    }
}
