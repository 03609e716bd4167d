//! Imports into a real office over a store in memory.

use std::sync::Arc;

use model::{DocumentId, Summary, community_id, door_id, grid_id, resident_id};
use store::{MemoryStore, Store};

use super::*;

const NOW_MS: i64 = 1_790_000_000_000;
const COMMUNITY: &str = "示例小区";
const HEADINGS: &str = "楼栋,单元,楼层,门牌,网格,姓名,关系,出生年,标签,电话";
const ROWS: [&str; 4] = [
    "3,2,5,501,第一网格,甲,户主,1950,老年人,13900000001",
    "3,2,5,501,第一网格,乙,妻,1952,,",
    "3,2,5,502,第一网格,丙,户主,1980,,13900000003",
    "5,1,12,1201,第二网格,,,,,",
];

fn office() -> Office {
    office_over(Arc::new(MemoryStore::default()))
}

fn office_over(store: Arc<dyn Store>) -> Office {
    Office::open(store, NOW_MS, &mut |_| {}).expect("an office")
}

fn request(rows: &[&str]) -> ImportRequest {
    ImportRequest {
        file_name: "家底.csv".to_owned(),
        bytes: format!("{HEADINGS}\n{}\n", rows.join("\n")).into_bytes(),
        community: Some(COMMUNITY.to_owned()),
        dry_run: false,
    }
}

fn imported(office: &Office, rows: &[&str]) -> Imported {
    run(office, &request(rows)).unwrap_or_else(|error| panic!("{:#?}", error.lines()))
}

fn run(office: &Office, request: &ImportRequest) -> Result<Imported, ImportError> {
    import(office, request, NOW_MS, &mut |_| {})
}

fn door(label: &str) -> DocumentId {
    door_id(community_id(COMMUNITY), "3", "2", label)
}

fn changes_of(office: &Office, document: DocumentId) -> usize {
    let stored = office.store.document(document).expect("readable");
    stored.map_or(0, |stored| stored.changes.len())
}

fn doors_held(office: &Office) -> usize {
    office.desk.read().known_doors().count()
}

/// The phone as a person with the right to see it would.
fn phone(office: &Office, label: &str, name: &str) -> Option<String> {
    let resident = resident_id(door(label), name, 1);
    let stored = office.store.document(door(label)).expect("readable")?;
    let document = crate::office::documents::open(&stored).expect("loads");
    let bytes = held::sealed_bytes(&document, &phone_place(resident))?;
    let key = office.store.key(resident).expect("readable")?;
    crate::sealed::unseal(&key, &phone_place(resident), &bytes).ok()
}

#[test]
fn a_first_import_makes_the_community_its_grids_and_its_doors() {
    let office = office();
    let imported = imported(&office, &ROWS);
    assert_eq!(imported.changes, 4, "one community and three doors");
    let community = community_id(COMMUNITY);
    let desk = office.desk.read();
    let summary = desk.community(community).expect("a community");
    assert_eq!(summary.name, COMMUNITY);
    assert_eq!(
        summary.grids[&grid_id(community, "第二网格")].name,
        "第二网格"
    );
    assert_eq!(summary.buildings["5"].floors, Some(12));
    assert_eq!(summary.lists["outcomes"].len(), 6);
    let row = desk.row(door("501")).expect("a door");
    assert_eq!(row.feed, grid_id(community, "第一网格"));
    let Summary::Door(summary) = row.summary else {
        panic!("a door")
    };
    assert_eq!(summary.persons.len(), 2);
    assert_eq!(summary.floor, Some(5));
    assert_eq!(summary.tags, ["aged"]);
}

#[test]
fn a_phone_is_sealed_and_stands_nowhere_in_plain() {
    let office = office();
    imported(&office, &ROWS);
    assert_eq!(phone(&office, "501", "甲").as_deref(), Some("13900000001"));
    assert_eq!(phone(&office, "501", "乙"), None);
    let stored = office
        .store
        .document(door("501"))
        .expect("readable")
        .expect("there");
    let bytes = crate::office::documents::whole(&stored);
    assert!(!bytes.windows(11).any(|window| window == b"13900000001"));
}

#[test]
fn importing_again_writes_nothing() {
    let office = office();
    imported(&office, &ROWS);
    let again = imported(&office, &ROWS);
    assert_eq!(again.changes, 0);
    assert!(again.plan.is_empty());
    assert_eq!(changes_of(&office, door("501")), 1);
    assert_eq!(changes_of(&office, community_id(COMMUNITY)), 1);
}

#[test]
fn importing_again_writes_nothing_after_a_restart_either() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    imported(&office_over(Arc::clone(&store)), &ROWS);
    assert_eq!(imported(&office_over(store), &ROWS).changes, 0);
}

#[test]
fn a_corrected_phone_changes_one_door_under_the_same_key() {
    let office = office();
    imported(&office, &ROWS);
    let resident = resident_id(door("501"), "甲", 1);
    let key = office.store.key(resident).expect("readable");
    let corrected = [
        "3,2,5,501,第一网格,甲,户主,1950,老年人,13900000009",
        ROWS[1],
        ROWS[2],
        ROWS[3],
    ];
    let again = imported(&office, &corrected);
    assert_eq!(again.changes, 1);
    assert_eq!(phone(&office, "501", "甲").as_deref(), Some("13900000009"));
    assert_eq!(office.store.key(resident).expect("readable"), key);
    assert_eq!(changes_of(&office, door("502")), 1);
    assert!(
        !again.lines.join("\n").contains("139"),
        "a phone is shown: {:?}",
        again.lines
    );
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_it_would() {
    let office = office();
    let dry_run = ImportRequest {
        dry_run: true,
        ..request(&ROWS)
    };
    let told = run(&office, &dry_run).expect("a plan");
    assert_eq!((told.changes, doors_held(&office)), (0, 0));
    assert_eq!(
        office
            .store
            .key(resident_id(door("501"), "甲", 1))
            .expect("readable"),
        None
    );
    assert!(
        told.lines
            .iter()
            .any(|line| line.contains("新建 3 户（3 人）")),
        "{:?}",
        told.lines
    );
    assert!(
        told.lines
            .iter()
            .any(|line| line.contains("新网格 new grid：第一网格")),
        "{:?}",
        told.lines
    );
}

#[test]
fn one_mistake_keeps_the_whole_ledger_out() {
    let office = office();
    let mut rows = ROWS.to_vec();
    rows.push("3,2,顶层,601,第一网格,丁,,,,");
    let error = run(&office, &request(&rows)).expect_err("mistakes");
    assert_eq!(doors_held(&office), 0);
    let lines = error.lines();
    assert!(
        lines[0].contains("台账有 1 处错误，什么也没有导入"),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("「家底.csv」第 6 行 C「楼层」 列：「顶层」"),
        "{lines:?}"
    );
}

#[test]
fn a_door_is_not_moved_to_another_grid_and_nothing_else_is_imported_then() {
    let office = office();
    imported(&office, &ROWS);
    let moved = ["3,2,5,501,第二网格,甲,,,,", "9,1,1,101,第一网格,新人,,,,"];
    let error = run(&office, &request(&moved)).expect_err("refused");
    assert!(
        error.lines()[1].contains("已在「第一网格」"),
        "{:?}",
        error.lines()
    );
    assert_eq!(doors_held(&office), 3);
}

#[test]
fn the_only_community_need_not_be_named_and_a_first_one_must() {
    let office = office();
    let unnamed = |rows| ImportRequest {
        community: None,
        ..request(rows)
    };
    let error = run(&office, &unnamed(&ROWS)).expect_err("no name");
    assert!(matches!(error, ImportError::CommunityNotNamed), "{error}");
    imported(&office, &ROWS);
    assert_eq!(
        run(&office, &unnamed(&ROWS)).expect("the only one").changes,
        0
    );
    let other = ImportRequest {
        community: Some("另一小区".to_owned()),
        ..request(&ROWS)
    };
    run(&office, &other).expect("a second community");
    let error = run(&office, &unnamed(&ROWS)).expect_err("which one");
    assert!(error.to_string().contains("示例小区"), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_said_in_plain_words() {
    let Err(error) = ImportRequest::of_file(Path::new("没有.xlsx"), None, false) else {
        panic!("there is no such file")
    };
    assert!(
        error
            .to_string()
            .contains("读不了文件 没有.xlsx（没有这个文件），什么也没有导入"),
        "{error}"
    );
}

#[test]
fn birth_years_are_bounded_by_the_year_of_the_import() {
    assert_eq!(year_of(0), 1970);
    assert_eq!(year_of(1_767_312_000_000), 2026); // 2026-01-02
    assert_eq!(year_of(1_798_588_800_000), 2026); // 2026-12-30
}

#[test]
fn the_sample_workbook_is_imported_whole_and_once() {
    let office = office();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/家底台账示例.xlsx");
    let sample =
        || ImportRequest::of_file(&path, Some(COMMUNITY.to_owned()), false).expect("the sample");
    assert_eq!(run(&office, &sample()).expect("imported").changes, 13);
    assert_eq!(doors_held(&office), 12);
    assert_eq!(run(&office, &sample()).expect("imported").changes, 0);
}
