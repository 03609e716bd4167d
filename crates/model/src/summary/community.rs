//! The row of a community.

use std::collections::BTreeMap;

use automerge::{Automerge, ObjId, ROOT};
use serde::{Deserialize, Serialize};

use super::conflicts;
use crate::records::{Building, Code, Grid, Lists, Phrase};
use crate::{FeedId, read};

/// A community: everything it holds, since phones need all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommunitySummary {
    /// Its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Grids by feed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub grids: BTreeMap<FeedId, Grid>,
    /// Buildings by label.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub buildings: BTreeMap<String, Building>,
    /// Code lists by name, without those that hold no code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: Lists,
    /// Ready-made phrases by id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub phrases: BTreeMap<String, Phrase>,
    /// Paths of fields that hold more than one value, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
}

pub(super) fn summarise(document: &Automerge) -> CommunitySummary {
    let grids = read::maps(document, &ROOT, "grids").into_iter();
    let buildings = read::maps(document, &ROOT, "buildings").into_iter();
    let phrases = read::maps(document, &ROOT, "phrases").into_iter();
    CommunitySummary {
        name: read::string(document, &ROOT, "name"),
        grids: grids
            .filter_map(|(key, map)| Some((key.parse().ok()?, grid(document, &map))))
            .collect(),
        buildings: buildings
            .map(|(label, map)| (label, building(document, &map)))
            .collect(),
        lists: lists(document),
        phrases: phrases
            .map(|(id, map)| (id, phrase(document, &map)))
            .collect(),
        conflicts: conflicts(document),
    }
}

fn lists(document: &Automerge) -> Lists {
    let Some(lists) = read::map(document, &ROOT, "lists") else {
        return Lists::new();
    };
    let mut all = Lists::new();
    for (name, _) in read::maps(document, &ROOT, "lists") {
        let codes: BTreeMap<String, Code> = read::maps(document, &lists, &name)
            .into_iter()
            .map(|(code, map)| (code, words(document, &map)))
            .collect();
        if !codes.is_empty() {
            all.insert(name, codes);
        }
    }
    all
}

fn grid(document: &Automerge, map: &ObjId) -> Grid {
    Grid {
        name: read::string(document, map, "name"),
    }
}

fn building(document: &Automerge, map: &ObjId) -> Building {
    Building {
        units: read::integer(document, map, "units"),
        floors: read::integer(document, map, "floors"),
        note: read::string(document, map, "note"),
    }
}

fn words(document: &Automerge, map: &ObjId) -> Code {
    Code {
        zh: read::string(document, map, "zh"),
        en: read::string(document, map, "en"),
        order: read::integer(document, map, "order"),
    }
}

fn phrase(document: &Automerge, map: &ObjId) -> Phrase {
    Phrase {
        zh: read::string(document, map, "zh"),
        order: read::integer(document, map, "order"),
    }
}
