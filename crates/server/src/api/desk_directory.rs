//! `GET /api/desk/directory`: what the desk's filter menus offer.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use model::summary::CommunitySummary;
use model::{DocumentId, FeedId, Member, PersonId};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Supervisor;
use super::{App, apart};
use crate::desk::natural_key;
use crate::office::Office;
use crate::refusal::Refusal;

/// Grids, buildings, people and code lists of the supervisor's community.
#[derive(Serialize, ToSchema)]
pub struct DirectoryAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    community: Option<DirectoryCommunity>,
    grids: Vec<DirectoryGrid>,
    buildings: Vec<DirectoryBuilding>,
    workers: Vec<DirectoryWorker>,
    lists: BTreeMap<String, Vec<DirectoryCode>>,
}

#[derive(Serialize, ToSchema)]
pub struct DirectoryCommunity {
    #[schema(value_type = String)]
    id: DocumentId,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub struct DirectoryGrid {
    #[schema(value_type = String)]
    feed: FeedId,
    name: String,
}

#[derive(Serialize, ToSchema)]
pub struct DirectoryBuilding {
    building: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    units: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    floors: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct DirectoryWorker {
    #[schema(value_type = String)]
    id: PersonId,
    name: String,
    role: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct DirectoryCode {
    code: String,
    zh: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    en: String,
    order: i64,
}

/// The lists every answer has, even when the community document has none.
const LISTS: [&str; 4] = ["purposes", "outcomes", "tags", "checks"];

/// The directory.
#[utoipa::path(get, path = "/api/desk/directory", responses((status = 200, body = DirectoryAnswer)), security(("token" = [])))]
pub async fn directory(
    State(app): State<App>,
    Supervisor(member): Supervisor,
) -> Result<Json<DirectoryAnswer>, Refusal> {
    apart(move || Json(describe(&app.office, &member))).await
}

fn describe(office: &Office, member: &Member) -> DirectoryAnswer {
    let own = office
        .people
        .person(member.person)
        .map(|person| person.community);
    let people = office
        .people
        .people()
        .into_iter()
        .filter(|person| Some(person.community) == own);
    let workers = people.map(|person| DirectoryWorker {
        id: person.id,
        name: person.name,
        role: person.role.as_str(),
    });
    let workers = workers.collect();
    let desk = office.desk.read();
    let community = own.and_then(|id| Some((id, desk.community(id)?)));
    DirectoryAnswer {
        community: community.map(|(id, summary)| DirectoryCommunity {
            id,
            name: summary.name.clone(),
        }),
        grids: community
            .map(|(_, summary)| grids(summary))
            .unwrap_or_default(),
        buildings: community
            .map(|(_, summary)| buildings(summary))
            .unwrap_or_default(),
        workers,
        lists: LISTS
            .into_iter()
            .map(|name| {
                (
                    name.to_owned(),
                    community
                        .map(|(_, summary)| codes(summary, name))
                        .unwrap_or_default(),
                )
            })
            .collect(),
    }
}

fn grids(summary: &CommunitySummary) -> Vec<DirectoryGrid> {
    let grids = summary.grids.iter();
    let mut grids: Vec<_> = grids
        .map(|(feed, grid)| DirectoryGrid {
            feed: *feed,
            name: grid.name.clone(),
        })
        .collect();
    grids.sort_by_cached_key(|grid| natural_key(&grid.name));
    grids
}

fn buildings(summary: &CommunitySummary) -> Vec<DirectoryBuilding> {
    let mut buildings: Vec<_> = summary
        .buildings
        .iter()
        .map(|(label, building)| DirectoryBuilding {
            building: label.clone(),
            units: building.units,
            floors: building.floors,
        })
        .collect();
    buildings.sort_by_cached_key(|building| natural_key(&building.building));
    buildings
}

fn codes(summary: &CommunitySummary, list: &str) -> Vec<DirectoryCode> {
    let codes = summary.lists.get(list).into_iter().flatten();
    let mut codes: Vec<_> = codes
        .map(|(code, words)| DirectoryCode {
            code: code.clone(),
            zh: words.zh.clone(),
            en: words.en.clone(),
            order: words.order.unwrap_or(i64::MAX),
        })
        .collect();
    codes.sort_by(|one, other| (one.order, &one.code).cmp(&(other.order, &other.code)));
    codes
}
