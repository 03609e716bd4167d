//! `GET /readyz`

use std::io::ErrorKind;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use server::api::{App, router};
use server::clock::now_ms;
use server::office::Office;
use server::web::WebFiles;
use store::faulty::Faults;
use tower::Service;

use crate::support::{TestOffice, door, send_pack, settle};

/// What the routes answer, whether or not a listener still takes connections.
fn ready(office: &Arc<Office>) -> (u16, String) {
    let (app, _finished) = App::new(Arc::clone(office), WebFiles::new(None));
    let request = Request::get("/readyz").body(Body::empty()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let answer = router(app).call(request).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 1 << 10).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    })
}

#[test]
fn a_service_that_takes_changes_is_ready() {
    let office = TestOffice::start();
    let (status, answer) = office.get("/readyz", None);
    assert_eq!((status, &answer["status"]), (200, &"ready".into()));
}

#[test]
fn a_service_that_was_asked_to_end_says_so_while_it_ends() {
    let office = TestOffice::start();
    office.office.stopping.stop();
    let expected = (503, r#"{"status":"stopping"}"#.to_owned());
    assert_eq!(ready(&office.office), expected);
}

#[test]
fn a_service_whose_store_failed_says_so_while_it_ends() {
    let faults = Faults::none();
    let folder = tempfile::tempdir().unwrap();
    let office = TestOffice::start_over(folder, faults.files());
    settle(&office.office);
    let mut phone = office.worker("陈小满");
    faults.fail_syncing_after(0, ErrorKind::Other);
    phone.visit(door(0), "没有落盘的记录");
    let request = phone.replica.request(now_ms());
    let (status, ..) = send_pack(&office.url, &phone.token, &request.body, "gzip", "br");
    assert_eq!(status, 503);
    let expected = (503, r#"{"status":"store_stopped"}"#.to_owned());
    assert_eq!(ready(&office.office), expected);
}
