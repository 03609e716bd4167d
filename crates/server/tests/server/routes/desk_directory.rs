//! `GET /api/desk/directory`

use crate::support::{COMMUNITY, TestOffice};

#[test]
fn the_directory_offers_what_the_menus_need() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    office.worker("陈小满");
    let (_, answer) = office.get("/api/desk/directory", Some(&supervisor.token));
    assert_eq!(answer["community"]["name"], COMMUNITY);
    let names = |list: &str, field: &str| {
        let rows = answer[list].as_array().unwrap().iter();
        rows.map(|row| row[field].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("grids", "name"), ["第一网格", "第二网格"]);
    assert_eq!(names("buildings", "building"), ["3"]);
    let mut workers = names("workers", "name");
    workers.sort();
    assert_eq!(workers, ["周明月", "陈小满"]);
    let outcomes: Vec<_> = answer["lists"]["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes[..2], ["met", "no_answer"]);
    office.is_for_supervisors_only("/api/desk/directory");
}
