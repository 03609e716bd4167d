//! Writing a community.

use std::collections::BTreeMap;

use automerge::transaction::Transaction;
use automerge::{Automerge, Change, ObjId, ObjType, ROOT};

use super::{EditError, commit, filled, map_or_new, object, put_some};
use crate::FeedId;
use crate::records::{Building, Code, Grid, Lists, Phrase};

/// What is known of a community.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommunityRecord {
    /// Its name.
    pub name: String,
    /// Grids by feed.
    pub grids: BTreeMap<FeedId, Grid>,
    /// Buildings by label.
    pub buildings: BTreeMap<String, Building>,
    /// Code lists by name; `lists::shipped_lists` to start with.
    pub lists: Lists,
    /// Ready-made phrases by id.
    pub phrases: BTreeMap<String, Phrase>,
}

/// Writes what the record says and the document does not; takes nothing away.
pub fn write_community(
    document: &mut Automerge,
    record: &CommunityRecord,
    time_ms: i64,
) -> Result<Option<Change>, EditError> {
    commit(document, time_ms, |transaction| {
        put_some(transaction, &ROOT, "name", filled(&record.name))?;
        let grids = object(transaction, &ROOT, "grids", ObjType::Map)?;
        for (feed, grid) in &record.grids {
            let map = map_or_new(transaction, &grids, &feed.to_string())?;
            put_some(transaction, &map, "name", filled(&grid.name))?;
        }
        let buildings = object(transaction, &ROOT, "buildings", ObjType::Map)?;
        for (label, building) in &record.buildings {
            write_building(transaction, &buildings, label, building)?;
        }
        let lists = object(transaction, &ROOT, "lists", ObjType::Map)?;
        for (name, codes) in &record.lists {
            let list = map_or_new(transaction, &lists, name)?;
            for (code, words) in codes {
                write_code(transaction, &list, code, words)?;
            }
        }
        let phrases = object(transaction, &ROOT, "phrases", ObjType::Map)?;
        for (id, phrase) in &record.phrases {
            let map = map_or_new(transaction, &phrases, id)?;
            put_some(transaction, &map, "zh", filled(&phrase.zh))?;
            put_some(transaction, &map, "order", phrase.order)?;
        }
        Ok(())
    })
}

fn write_building(
    transaction: &mut Transaction<'_>,
    buildings: &ObjId,
    label: &str,
    building: &Building,
) -> Result<(), EditError> {
    let map = map_or_new(transaction, buildings, label)?;
    put_some(transaction, &map, "units", building.units)?;
    put_some(transaction, &map, "floors", building.floors)?;
    put_some(transaction, &map, "note", filled(&building.note))
}

fn write_code(
    transaction: &mut Transaction<'_>,
    list: &ObjId,
    code: &str,
    words: &Code,
) -> Result<(), EditError> {
    let map = map_or_new(transaction, list, code)?;
    put_some(transaction, &map, "zh", filled(&words.zh))?;
    put_some(transaction, &map, "en", filled(&words.en))?;
    put_some(transaction, &map, "order", words.order)
}
