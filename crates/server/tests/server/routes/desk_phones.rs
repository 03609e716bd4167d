//! `GET /api/desk/phones`

use server::clock::now_ms;

use crate::support::TestOffice;

#[test]
fn a_phone_shows_when_it_was_heard_and_how_wrong_its_clock_is() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut phone = office.worker("陈小满");
    let three_years = 3 * 365 * 24 * 3_600_000;
    let exchange = phone.replica.request(now_ms() + three_years);
    crate::support::send_pack(&office.url, &phone.token, &exchange.body, "gzip", "");

    let (_, answer) = office.get("/api/desk/phones", Some(&supervisor.token));
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let row = rows
        .iter()
        .find(|row| row["person"]["name"] == "陈小满")
        .unwrap();
    assert_eq!(row["device"], phone.member.device.to_string());
    assert!((row["clock_error_ms"].as_i64().unwrap() - three_years).abs() < 60_000);
    assert!(row["last_exchange_at"].as_i64().unwrap() <= answer["as_of"].as_i64().unwrap());
    assert!(row["app_version"].as_str().unwrap().starts_with("replica"));
    office.is_for_supervisors_only("/api/desk/phones");
}
