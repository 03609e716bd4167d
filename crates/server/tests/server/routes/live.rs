//! `GET /api/live`

use std::io::{BufRead, BufReader};

use serde_json::{Value, json};

use crate::support::{TestOffice, agent, code_of, door, grid};

type Lines = Box<dyn Iterator<Item = std::io::Result<String>> + Send>;

fn listen(office: &TestOffice, token: &str) -> Lines {
    let request = agent()
        .get(format!("{}/api/live", office.url))
        .header("authorization", format!("Bearer {token}"));
    let response = request.call().unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    Box::new(BufReader::new(response.into_body().into_reader()).lines())
}

fn next(lines: &mut Lines) -> Value {
    loop {
        let line = lines.next().expect("the stream ended").unwrap();
        if let Some(data) = line.strip_prefix("data: ") {
            return serde_json::from_str(data).unwrap();
        }
    }
}

#[test]
fn a_listener_hears_where_its_feeds_stand_and_each_move() {
    let office = TestOffice::start();
    assert_eq!(
        code_of(office.get("/api/live", None)),
        (401, "token_missing".to_owned())
    );
    let mut phone = office.worker("陈小满");
    let mut lines = listen(&office, &phone.token);
    let standing = [next(&mut lines), next(&mut lines)];
    assert!(
        standing.contains(&json!({"feed": grid(0), "seq": 10})),
        "{standing:?}"
    );

    phone.visit(door(0), "一切都好");
    phone.exchange(&office);
    assert_eq!(next(&mut lines), json!({"feed": grid(0), "seq": 11}));
}

#[test]
fn only_supervisors_hear_of_the_tray() {
    let office = TestOffice::start();
    let supervisor = office.supervisor();
    let mut lines = listen(&office, &supervisor.token);
    let standing: Vec<Value> = (0..4).map(|_| next(&mut lines)).collect();
    assert!(standing.contains(&json!({"tray": 0})), "{standing:?}");
}

#[test]
fn the_stream_ends_when_the_service_does() {
    let office = TestOffice::start();
    let phone = office.worker("陈小满");
    let mut lines = listen(&office, &phone.token);
    next(&mut lines);
    office.office.stopping.stop();
    assert!(lines.all(|line| line.is_ok() || line.is_err()));
}
