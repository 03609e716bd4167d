//! `GET /api/desk/visits`

use serde_json::Value;

use crate::support::{TestOffice, code_of, door, grid};

fn notes(answer: &Value) -> Vec<&str> {
    answer["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["summary"]["note"].as_str().unwrap())
        .collect()
}

#[test]
fn visits_come_newest_first_with_their_doors_and_filters_narrow_them() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    for (number, note) in [(0, "老人一切都好"), (2, "水表漏水"), (4, "无人应门")] {
        phone.visit(door(number), note);
        phone.exchange(&office);
    }
    let get = |query: &str| {
        let (status, answer) = office.get(
            &format!("/api/desk/visits?{query}"),
            Some(&supervisor.token),
        );
        assert_eq!(status, 200, "{answer}");
        answer
    };

    let all = get("");
    assert_eq!(all["total"], 3);
    assert_eq!(notes(&all), ["无人应门", "水表漏水", "老人一切都好"]);
    let oldest = &all["rows"][2];
    assert_eq!(oldest["door"]["label"], "101");
    assert_eq!(oldest["door"]["tags"][0], "aged");
    assert_eq!(oldest["feed"], grid(0).to_string());
    assert!(oldest["received_at"].as_i64().unwrap() > 0 && all["as_of"].as_i64().unwrap() > 0);

    let worker = phone.member.person;
    let cases = [
        ("text=%E6%BC%8F%E6%B0%B4", 1),
        ("tag=aged", 1),
        ("building=3", 3),
        ("building=4", 0),
        ("outcome=met&purpose=routine", 3),
        ("review=waiting", 3),
        ("review=accepted", 0),
        ("to=1000", 0),
        ("from=1000&text=", 3),
        (&format!("worker={worker}"), 3),
        (&format!("grid={}", grid(1)), 0),
        (&format!("door={}", door(2)), 1),
    ];
    for (query, total) in cases {
        assert_eq!(get(query)["total"], total, "{query}");
    }
    let page = get("offset=1&limit=1");
    assert_eq!(
        (page["total"].as_u64(), notes(&page)),
        (Some(3), vec!["水表漏水"])
    );
}

#[test]
fn an_unreadable_filter_is_refused_in_words_and_strangers_see_nothing() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    for query in ["grid=nonsense", "from=yesterday", "limit=-1"] {
        let answer = office.get(
            &format!("/api/desk/visits?{query}"),
            Some(&supervisor.token),
        );
        assert_eq!(code_of(answer), (400, "bad_request".to_owned()), "{query}");
    }
    office.is_for_supervisors_only("/api/desk/visits");
}
