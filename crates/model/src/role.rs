//! What a person may be here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The part a person has in a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 网格员: visits doors and writes what was seen.
    GridWorker,
    /// 社区管理员: reads, reviews and settles at the community's desk.
    CommunitySupervisor,
}

/// Text that is no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a role: grid_worker or community_supervisor was expected")]
pub struct NotARole;

impl Role {
    /// The role as frames, records and the command line spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::GridWorker => "grid_worker",
            Role::CommunitySupervisor => "community_supervisor",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        [Role::GridWorker, Role::CommunitySupervisor]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(NotARole)
    }
}
