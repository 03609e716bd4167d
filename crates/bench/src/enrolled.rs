//! A device that was enrolled as people enrol one: with a code, for a token.

use ed25519_dalek::VerifyingKey;
use model::{DeviceId, FeedId, Member, Role};
use serde_json::{Value, json};

use crate::BenchError;
use crate::http::{Answer, Connection, Request};

/// A person at a device, and what lets the device in.
pub struct Enrolled {
    /// Who, where.
    pub member: Member,
    /// Goes into `Authorization`.
    pub token: String,
    /// The grid among the feeds; for a supervisor the first one.
    pub grid: FeedId,
    /// The key under which receipts are signed.
    pub office: VerifyingKey,
    /// Enrolment itself, for its bytes.
    pub answer: Answer,
}

impl Enrolled {
    /// Trades a code for a device.
    pub fn with_code(connection: &mut Connection, code: &str) -> Result<Self, BenchError> {
        let answer = connection.ask_well(Request {
            method: "POST",
            path: "/api/enrol",
            token: None,
            headers: &[("content-type", "application/json")],
            body: json!({ "code": code }).to_string().as_bytes(),
        })?;
        let told: Value = serde_json::from_slice(&answer.body)?;
        let feeds = told["feeds"].as_array().into_iter().flatten();
        let grid = feeds.clone().find(|feed| feed["kind"] == "grid");
        let feeds = feeds.map(|feed| id(&feed["feed"]));
        Ok(Self {
            member: Member {
                person: id(&told["person"]["id"])?,
                role: role(&told["person"]["role"])?,
                feeds: feeds.collect::<Result<_, _>>()?,
                device: id::<DeviceId>(&told["device"])?,
            },
            token: text(&told["token"])?.to_owned(),
            grid: id(grid.map_or(&Value::Null, |grid| &grid["feed"]))?,
            office: key(&told["server_key"])?,
            answer,
        })
    }
}

/// A text in an answer.
pub fn text(value: &Value) -> Result<&str, BenchError> {
    let text = value.as_str();
    text.ok_or_else(|| BenchError::Json(format!("{value} is no text")))
}

/// An id in an answer.
pub fn id<T: std::str::FromStr>(value: &Value) -> Result<T, BenchError> {
    let parsed = text(value)?.parse();
    parsed.map_err(|_| BenchError::Json(format!("{value} is no id")))
}

fn role(value: &Value) -> Result<Role, BenchError> {
    serde_json::from_value(value.clone()).map_err(BenchError::from)
}

fn key(value: &Value) -> Result<VerifyingKey, BenchError> {
    let bytes = hex::decode(text(value)?).ok();
    let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
    let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    key.ok_or_else(|| BenchError::Json("the server's key does not read".to_owned()))
}
