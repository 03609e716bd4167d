//! `GET /api/desk/doors`

use crate::support::{TestOffice, door, grid};

#[test]
fn doors_come_by_address_with_what_their_visits_say() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "一切都好");
    phone.exchange(&office);
    let get = |query: &str| {
        office
            .get(&format!("/api/desk/doors?{query}"), Some(&supervisor.token))
            .1
    };

    let all = get("");
    assert_eq!(all["total"], 20);
    let first = &all["rows"][0];
    assert_eq!(first["summary"]["label"], "101");
    assert_eq!(first["seen"], "visited");
    assert_eq!(first["last_visit"]["id"], visit.to_string());
    assert_eq!(first["last_visit"]["outcome"], "met");
    assert_eq!(all["rows"][19]["summary"]["label"], "2001");

    let cases = [
        ("seen=never", 19),
        ("seen=visited", 1),
        ("seen=no_answer", 0),
        ("tag=aged", 1),
        ("text=3-2-701", 1),
        (&format!("grid={}", grid(0)), 10),
    ];
    for (query, total) in cases {
        assert_eq!(get(query)["total"], total, "{query}");
    }
    office.is_for_supervisors_only("/api/desk/doors");
}
