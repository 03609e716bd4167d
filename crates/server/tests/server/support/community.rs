//! The community that every test office has.

use std::collections::{BTreeMap, BTreeSet};

use model::edit::{CommunityRecord, DoorRecord, write_community, write_door};
use model::records::Grid;
use model::{DocumentId, FeedId, Kind, community_id, door_id, grid_id, resident_id};
use server::clock::now_ms;
use server::office::{Office, OwnWrite};

pub const COMMUNITY: &str = "测试小区";
pub const GRIDS: [&str; 2] = ["第一网格", "第二网格"];

/// The feed of one of the two grids.
pub fn grid(number: usize) -> FeedId {
    grid_id(community_id(COMMUNITY), GRIDS[number])
}

/// One of twenty doors: even ones are in the first grid.
pub fn door(number: u32) -> DocumentId {
    door_id(
        community_id(COMMUNITY),
        "3",
        "2",
        &format!("{}01", number + 1),
    )
}

/// Writes a community of two grids and twenty doors.
pub fn settle(office: &Office) {
    let community = community_id(COMMUNITY);
    let grids = GRIDS.iter().enumerate().map(|(number, name)| {
        (
            grid(number),
            Grid {
                name: (*name).to_owned(),
            },
        )
    });
    let record = CommunityRecord {
        name: COMMUNITY.to_owned(),
        grids: grids.collect(),
        buildings: BTreeMap::from([("3".to_owned(), Default::default())]),
        lists: model::lists::shipped_lists(),
        ..CommunityRecord::default()
    };
    let write = OwnWrite {
        document: community,
        kind: Kind::Community,
        feed: community.as_feed(),
        edit: Box::new(move |document| write_community(document, &record, 0)),
    };
    let doors = (0..20).map(|number| {
        let record = door_record(number);
        OwnWrite {
            document: door(number),
            kind: Kind::Door,
            feed: record.grid,
            edit: Box::new(move |document| write_door(document, &record, 0)),
        }
    });
    office
        .write_own([write].into_iter().chain(doors).collect(), now_ms())
        .unwrap();
}

fn door_record(number: u32) -> DoorRecord {
    let label = format!("{}01", number + 1);
    let resident = resident_id(door(number), "王春兰", 1);
    let person = model::edit::PersonRecord {
        name: "王春兰".to_owned(),
        ..Default::default()
    };
    DoorRecord {
        community: community_id(COMMUNITY).as_feed(),
        grid: grid(number as usize % 2),
        building: "3".to_owned(),
        unit: "2".to_owned(),
        label,
        floor: Some(i64::from(number) + 1),
        persons: BTreeMap::from([(resident, person)]),
        tags: if number == 0 {
            BTreeSet::from(["aged".to_owned()])
        } else {
            BTreeSet::new()
        },
        plan: Default::default(),
        remarks: String::new(),
        sealed: BTreeMap::new(),
    }
}
