//! Workers and supervisors as the server and the exchange know them.
//! Residents are part of door documents and are not described here.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, FeedId, PersonId, Role};

/// A worker or supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name that is shown.
    pub name: String,
    /// What this person may be.
    pub role: Role,
    /// The feeds this person works in.
    pub feeds: Vec<FeedId>,
}

/// A person at one of their devices: who sends a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// What this person may be.
    pub role: Role,
    /// The feeds this person works in now.
    pub feeds: Vec<FeedId>,
    /// The device that sends.
    pub device: DeviceId,
}
