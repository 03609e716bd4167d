//! What a ledger would change, given what is held.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{
    BuildingShape, Difference, Existing, ExistingDoor, ExistingPerson, ExistingPhone, Field, Kept,
    Ledger, Plan, plan, read,
};

const COMMUNITY: &str = "示例小区";
const HEADINGS: &str = "楼栋,单元,楼层,门牌,网格,姓名,关系,出生年,标签,电话";

fn ledger(rows: &[&str]) -> Ledger {
    let text = format!("{HEADINGS}\n{}\n", rows.join("\n"));
    read("家底.csv", text.as_bytes(), 2026).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

fn planned(existing: &Existing, rows: &[&str]) -> Plan {
    plan(existing, &ledger(rows), COMMUNITY).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// What is held once a plan has been carried out.
fn carried_out(mut existing: Existing, plan: &Plan) -> Existing {
    existing.grids.extend(plan.new_grids.clone());
    existing.buildings.extend(plan.buildings.clone());
    for door in plan.new_doors.iter().chain(&plan.changed_doors) {
        let row = &door.row;
        let held = existing
            .doors
            .entry(door.id)
            .or_insert_with(|| ExistingDoor {
                grid: door.grid,
                building: row.building.clone(),
                unit: row.unit.clone(),
                label: row.label.clone(),
                floor: None,
                tags: BTreeSet::new(),
                persons: BTreeMap::new(),
            });
        held.floor = row.floor.or(held.floor);
        held.tags.extend(row.tags.clone());
        for (id, person) in door.residents.iter().zip(&row.persons) {
            let known = held.persons.entry(*id).or_insert_with(|| ExistingPerson {
                name: String::new(),
                relation: String::new(),
                birth_year: None,
                tags: BTreeSet::new(),
                phone: ExistingPhone::None,
            });
            known.name = person.name.clone();
            known.relation = person.relation.clone().unwrap_or(known.relation.clone());
            known.birth_year = person.birth_year.map(i64::from).or(known.birth_year);
            known.tags.extend(person.tags.clone().unwrap_or_default());
            if let Some(phone) = &person.phone {
                known.phone = ExistingPhone::Known(phone.clone());
            }
        }
    }
    existing
}

const ROWS: [&str; 4] = [
    "3,2,5,501,第一网格,甲,户主,1950,老年人,13900000001",
    "3,2,5,501,第一网格,乙,妻,1952,,",
    "3,2,5,502,第一网格,丙,户主,1980,,",
    "5,1,12,1201,第二网格,,,,,",
];

fn held() -> Existing {
    carried_out(Existing::default(), &planned(&Existing::default(), &ROWS))
}

#[test]
fn a_first_import_makes_grids_buildings_and_doors() {
    let plan = planned(&Existing::default(), &ROWS);
    assert_eq!(plan.new_grids.len(), 2);
    assert_eq!(plan.new_doors.len(), 3);
    assert_eq!(
        plan.buildings["5"],
        BuildingShape {
            units: 1,
            floors: 12
        }
    );
    let community = model::community_id(COMMUNITY);
    let door = &plan.new_doors[0];
    assert_eq!(door.id, model::door_id(community, "3", "2", "501"));
    assert_eq!(door.grid, model::grid_id(community, "第一网格"));
    assert_eq!(door.residents[1], model::resident_id(door.id, "乙", 1));
    assert_eq!(door.phones_to_seal, BTreeSet::from([door.residents[0]]));
}

#[test]
fn importing_again_changes_nothing_in_whatever_order_the_rows_stand() {
    let mut rows = ROWS;
    rows.reverse();
    let plan = planned(&held(), &rows);
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(plan.unchanged_doors, 3);
    assert_eq!(plan.kept, []);
}

#[test]
fn only_what_differs_is_listed() {
    let plan = planned(
        &held(),
        &[
            "3,2,5,501,第一网格,甲,户主,1951,老年人、独居,13900000009",
            "3,2,5,501,第一网格,乙,妻,1952,,13900000002",
            "3,2,5,501,第一网格,丁,女,,,",
            ROWS[2],
            ROWS[3],
        ],
    );
    assert_eq!(plan.new_doors.len(), 0);
    assert_eq!(plan.unchanged_doors, 2);
    let name = || Some("甲".to_owned());
    assert_eq!(
        plan.changed_doors[0].differences,
        [
            Difference::Field {
                name: name(),
                field: Field::BirthYear,
                before: "1950".into(),
                after: "1951".into()
            },
            Difference::NewTag {
                name: name(),
                tag: "lives_alone".into()
            },
            Difference::Phone {
                name: "甲".into(),
                is_first: false
            },
            Difference::Phone {
                name: "乙".into(),
                is_first: true
            },
            Difference::NewPerson { name: "丁".into() },
        ]
    );
    let words = plan.lines().join("\n");
    assert!(
        words.contains("3栋2单元501 甲 出生年：1950 → 1951"),
        "{words}"
    );
    assert!(!words.contains("139"), "a phone is shown: {words}");
}

#[test]
fn a_blank_cell_and_a_missing_column_take_nothing_away() {
    let blanks = [
        "3,2,5,501,第一网格,甲,,,老年人,",
        "3,2,5,501,第一网格,乙,,,,",
        ROWS[2],
        ROWS[3],
    ];
    assert!(planned(&held(), &blanks).is_empty());
    let text = "楼栋,单元,门牌,网格,姓名\n3,2,501,第一网格,甲\n3,2,501,第一网格,乙\n";
    let narrow = read("家底.csv", text.as_bytes(), 2026).expect("reads");
    let plan = plan(&held(), &narrow, COMMUNITY).expect("a plan");
    assert!(plan.is_empty());
    assert_eq!(
        plan.kept,
        [Kept::Door {
            address: "3栋2单元502".into()
        }]
    );
}

#[test]
fn what_the_ledger_no_longer_has_is_kept_and_listed() {
    let plan = planned(&held(), &["3,2,5,501,第一网格,甲,户主,1950,,13900000001"]);
    assert!(plan.is_empty());
    let address = || "3栋2单元501".to_owned();
    assert_eq!(
        plan.kept,
        [
            Kept::Person {
                address: address(),
                name: "乙".into()
            },
            Kept::Tag {
                address: address(),
                name: "甲".into(),
                tag: "aged".into()
            },
            Kept::Door {
                address: "3栋2单元502".into()
            },
        ]
    );
}

#[test]
fn two_of_one_name_keep_their_ids_when_rows_change_places() {
    let rows = [
        "1,1,1,101,第一网格,田野,户主,1970,,",
        "1,1,1,101,第一网格,田野,子,1999,,13900000001",
    ];
    let first = planned(&Existing::default(), &rows);
    let held = carried_out(Existing::default(), &first);
    let swapped = planned(&held, &[rows[1], rows[0]]);
    assert!(swapped.is_empty(), "{swapped:?}");
    let door = &first.new_doors[0];
    assert_eq!(
        door.residents,
        [
            model::resident_id(door.id, "田野", 1),
            model::resident_id(door.id, "田野", 2)
        ]
    );
    let from_swapped = planned(&Existing::default(), &[rows[1], rows[0]]);
    assert_eq!(
        from_swapped.new_doors[0].residents,
        [door.residents[1], door.residents[0]]
    );
}

#[test]
fn a_birth_year_filled_in_later_is_the_same_person() {
    let held = carried_out(
        Existing::default(),
        &planned(&Existing::default(), &["1,1,1,101,第一网格,甲,,,,"]),
    );
    let plan = planned(&held, &["1,1,1,101,第一网格,甲,,1950,,"]);
    assert_eq!(plan.changed_doors[0].differences.len(), 1);
}

#[test]
fn a_phone_whose_key_is_gone_is_sealed_anew() {
    let mut held = held();
    for person in held
        .doors
        .values_mut()
        .flat_map(|door| door.persons.values_mut())
    {
        if person.phone != ExistingPhone::None {
            person.phone = ExistingPhone::Unreadable;
        }
    }
    let plan = planned(&held, &ROWS);
    assert_eq!(
        plan.changed_doors[0].differences,
        [Difference::Phone {
            name: "甲".into(),
            is_first: false
        }]
    );
}

#[test]
fn a_door_cannot_change_its_grid_nor_a_grid_its_spelling() {
    let moved =
        plan(&held(), &ledger(&["3,2,5,501,第二网格,甲,,,,"]), COMMUNITY).expect_err("refused");
    assert!(moved[0].zh.contains("已在「第一网格」"), "{moved:?}");
    assert_eq!(moved[0].place.row, Some(2));
    let spelt =
        plan(&held(), &ledger(&["3,2,5,501,1网格,甲,,,,"]), COMMUNITY).expect_err("refused");
    assert!(spelt[0].zh.contains("请写成「第一网格」"), "{spelt:?}");
}
