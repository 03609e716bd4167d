//! `GET /api/desk/numbers`

use crate::support::{TestOffice, door};

#[test]
fn the_numbers_count_what_was_acknowledged_and_name_the_phones_still_out() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    office.worker("林秋实");
    phone.visit(door(0), "一切都好");
    phone.visit(door(0), "又去一次");
    phone.exchange(&office);
    phone.visit(door(2), "还在手机里");

    let (status, numbers) = office.get("/api/desk/numbers", Some(&supervisor.token));
    assert_eq!(status, 200);
    let expected = [
        ("doors", 20),
        ("visited_doors", 1),
        ("no_answer_doors", 0),
        ("never_visited_doors", 19),
        ("visits", 2),
        ("waiting_review", 2),
        ("tray", 0),
        ("phones", 3),
        ("phones_unheard", 2),
    ];
    for (name, value) in expected {
        assert_eq!(numbers[name], value, "{name}");
    }
    assert_eq!(numbers["phones_silent"].as_array().unwrap().len(), 0);
}

#[test]
fn strangers_see_no_numbers() {
    TestOffice::start().is_for_supervisors_only("/api/desk/numbers");
}
