//! `GET /healthz`

use crate::support::TestOffice;

#[test]
fn a_service_that_takes_changes_says_ok_and_nothing_about_anybody() {
    let office = TestOffice::start();
    let (status, answer) = office.get("/healthz", None);
    assert_eq!(status, 200);
    assert_eq!(answer["status"], "ok");
    assert_eq!(answer.as_object().unwrap().len(), 2);
}
