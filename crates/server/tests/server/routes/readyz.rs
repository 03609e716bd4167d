//! `GET /readyz`

use std::io::ErrorKind;

use server::clock::now_ms;
use store::faulty::Faults;

use crate::support::{TestOffice, door, send_pack, settle};

#[test]
fn a_service_that_takes_changes_is_ready() {
    let office = TestOffice::start();
    let (status, answer) = office.get("/readyz", None);
    assert_eq!((status, &answer["status"]), (200, &"ready".into()));
}

#[test]
fn a_service_whose_store_failed_says_so_while_it_ends() {
    let faults = Faults::none();
    let folder = tempfile::tempdir().unwrap();
    let office = TestOffice::start_over(folder, faults.files());
    settle(&office.office);
    let mut phone = office.worker("陈小满");
    // Open before the end and kept open by news, so that it outlives the end by a moment.
    let agent = crate::support::agent();
    let ready = || agent.get(format!("{}/readyz", office.url)).call();
    assert_eq!(ready().unwrap().status().as_u16(), 200);

    faults.fail_syncing_after(0, ErrorKind::Other);
    phone.visit(door(0), "没有落盘的记录");
    let request = phone.replica.request(now_ms());
    let (status, ..) = send_pack(&office.url, &phone.token, &request.body, "gzip", "br");
    assert_eq!(status, 503);
    // Either the connection is closed already, or the answer says why.
    if let Ok(mut answer) = ready() {
        assert_eq!(answer.status().as_u16(), 503);
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(text, r#"{"status":"store_stopped"}"#);
    }
    assert!(office.office.stopping.failure().is_some());
}
