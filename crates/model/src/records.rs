//! Plain data that is the same in summaries and in what writers take: the
//! entries of a community's maps, and a door's visiting plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Code lists by name (`purposes`, `outcomes`, `tags`, `checks`), then by code.
pub type Lists = BTreeMap<String, BTreeMap<String, Code>>;

/// One grid of a community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// The name that is shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// One building of a community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Building {
    /// How many units (stairways).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<i64>,
    /// How many floors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floors: Option<i64>,
    /// What one should know before going there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One code of a list and its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
    /// Place in menus, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<i64>,
}

/// A ready-made phrase for notes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// The words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zh: String,
    /// Place in the menu, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<i64>,
}

/// How often a door should be seen, and for what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Days between visits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_days: Option<i64>,
    /// Purpose code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
}
