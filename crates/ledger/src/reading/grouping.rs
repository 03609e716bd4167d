//! Rows of one door brought together, and what only shows across rows: units
//! left out, doors in two grids, persons written twice.

use std::collections::{BTreeMap, BTreeSet};

use super::row::Row;
use crate::address::{floor_of_label, grid_likeness};
use crate::ledger::{DoorRow, PersonRow};
use crate::mistake::{Mistake, Notice, Place};

/// The unit of a building that has only one.
const ONLY_UNIT: &str = "1";

/// The doors that the rows name, in the order of the rows.
pub fn doors_of(
    rows: Vec<Row>,
    mistakes: &mut Vec<Mistake>,
    notices: &mut Vec<Notice>,
) -> Vec<DoorRow> {
    let units = units_by_building(&rows);
    list_like_grids(&rows, mistakes);
    let mut doors: Vec<DoorRow> = Vec::new();
    let mut by_address: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut without_unit: BTreeMap<String, Place> = BTreeMap::new();
    for row in rows {
        let unit = match &row.unit {
            Some(unit) => unit.clone(),
            None if units[&row.building].iter().all(|unit| unit == ONLY_UNIT) => {
                without_unit
                    .entry(row.building.clone())
                    .or_insert_with(|| row.place.clone());
                ONLY_UNIT.to_owned()
            }
            None => {
                mistakes.push(unit_left_open(row.place, &row.building));
                continue;
            }
        };
        let address = (row.building.clone(), unit.clone(), row.label.clone());
        match by_address.get(&address) {
            Some(&index) => add_row(&mut doors[index], row, mistakes),
            None => {
                by_address.insert(address, doors.len());
                doors.push(first_row(row, unit));
            }
        }
    }
    notices.extend(
        without_unit
            .into_iter()
            .map(|(building, place)| unit_supplied(place, &building)),
    );
    for door in &mut doors {
        door.floor = door.floor.or_else(|| floor_of_label(&door.label));
        list_twice_written(door, mistakes);
    }
    doors
}

fn units_by_building(rows: &[Row]) -> BTreeMap<String, BTreeSet<String>> {
    let mut units: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows {
        units
            .entry(row.building.clone())
            .or_default()
            .extend(row.unit.clone());
    }
    units
}

fn first_row(row: Row, unit: String) -> DoorRow {
    DoorRow {
        place: row.place,
        building: row.building,
        unit,
        label: row.label,
        floor: row.floor,
        grid: row.grid,
        tags: row.household_tags,
        persons: row.person.into_iter().collect(),
    }
}

fn add_row(door: &mut DoorRow, row: Row, mistakes: &mut Vec<Mistake>) {
    if row.grid != door.grid {
        mistakes.push(differs(
            row.place.clone(),
            "网格",
            &door.grid,
            &row.grid,
            &door.place,
        ));
    }
    match (door.floor, row.floor) {
        (Some(earlier), Some(here)) if earlier != here => {
            let (earlier, here) = (earlier.to_string(), here.to_string());
            mistakes.push(differs(
                row.place.clone(),
                "楼层",
                &earlier,
                &here,
                &door.place,
            ));
        }
        (None, floor) => door.floor = floor,
        _ => {}
    }
    door.tags.extend(row.household_tags);
    door.persons.extend(row.person);
}

/// Two persons of one name at one door are two only if their birth years say so.
fn list_twice_written(door: &DoorRow, mistakes: &mut Vec<Mistake>) {
    for (index, person) in door.persons.iter().enumerate() {
        let earlier = door.persons[..index]
            .iter()
            .find(|earlier| is_same(earlier, person));
        if let Some(earlier) = earlier {
            mistakes.push(twice_written(person, earlier));
        }
    }
}

fn is_same(one: &PersonRow, other: &PersonRow) -> bool {
    let years_differ =
        matches!((one.birth_year, other.birth_year), (Some(one), Some(other)) if one != other);
    one.name == other.name && !years_differ
}

/// Two spellings of one grid would make two feeds of it.
fn list_like_grids(rows: &[Row], mistakes: &mut Vec<Mistake>) {
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    let mut listed: BTreeSet<&str> = BTreeSet::new();
    for row in rows {
        let name = *names.entry(grid_likeness(&row.grid)).or_insert(&row.grid);
        if name != row.grid && listed.insert(&row.grid) {
            mistakes.push(like_grids(row.place.clone(), &row.grid, name));
        }
    }
}

fn like_grids(place: Place, here: &str, earlier: &str) -> Mistake {
    Mistake::new(
        place,
        format!("网格「{here}」和前面的「{earlier}」像是同一个；请统一写法"),
        format!("grid “{here}” looks like “{earlier}” above; write it the same way throughout"),
    )
}

fn unit_left_open(place: Place, building: &str) -> Mistake {
    Mistake::new(
        place,
        format!("没有写单元，而 {building} 栋不止一个单元"),
        format!("no unit is written, and building {building} has more than one"),
    )
}

fn unit_supplied(place: Place, building: &str) -> Notice {
    Notice::new(
        place,
        format!("{building} 栋没有写单元，按 1 单元导入"),
        format!("building {building} has no units written; its doors are imported as unit 1"),
    )
}

fn differs(place: Place, title: &str, earlier: &str, here: &str, first: &Place) -> Mistake {
    let row = first.row.unwrap_or_default();
    Mistake::new(
        place,
        format!("同一个门牌，{title}前面（{first}）写「{earlier}」，这里写「{here}」"),
        format!("one door with two values of {title}: “{earlier}” in row {row} and “{here}” here"),
    )
}

fn twice_written(person: &PersonRow, earlier: &PersonRow) -> Mistake {
    let (name, first) = (&person.name, &earlier.place);
    let row = first.row.unwrap_or_default();
    Mistake::new(
        person.place.clone(),
        format!("「{name}」在同一户写了两次（前面是{first}）；如果确是两个人，请都写上出生年"),
        format!(
            "“{name}” stands twice at this door (first in row {row}); if they are two people, give both birth years"
        ),
    )
}
