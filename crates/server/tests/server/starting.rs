//! The time between the start of the program and the first change it takes.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use server::progress::Step;
use server::starting::Starting;

use crate::support::{agent, code_of};

/// Only a test that fails waits as long as this.
const READ_MAX: Duration = Duration::from_secs(30);

fn ask(url: &str) -> (u16, Option<String>, String) {
    let mut answer = agent().get(url).call().unwrap();
    let retry = answer.headers().get("retry-after");
    let retry = retry.map(|value| value.to_str().unwrap().to_owned());
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), retry, text)
}

#[test]
fn while_the_folder_is_opened_it_lives_is_not_ready_and_says_what_it_does() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let starting = Starting::begin(&listener, None).unwrap();

    let (status, _, text) = ask(&format!("{url}/healthz"));
    let alive: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (status, alive),
        (200, json!({"status": "starting", "doing": null}))
    );

    starting.show(&Step::new("重建索引 rebuilding the index", 3, 10));
    let (status, retry, text) = ask(&format!("{url}/readyz"));
    let ready: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, retry.as_deref()), (503, Some("5")));
    assert_eq!(
        ready["doing"],
        json!({"what": "重建索引 rebuilding the index", "done": 3, "total": 10})
    );

    let (status, retry, text) = ask(&format!("{url}/api/live"));
    assert_eq!(retry.as_deref(), Some("5"));
    let code = code_of((status, serde_json::from_str(&text).unwrap()));
    assert_eq!(code, (503, "starting".to_owned()));

    let (status, _, page) = ask(&format!("{url}/desk"));
    assert_eq!(status, 503);
    assert!(page.contains("平台正在启动"));
}

/// A phone in the middle of a dark stairwell.
#[test]
fn a_client_that_says_half_a_request_and_no_more_holds_up_no_start() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let starting = Starting::begin(&listener, None).unwrap();

    let mut slow = TcpStream::connect(address).unwrap();
    slow.set_read_timeout(Some(READ_MAX)).unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        .unwrap();
    // Its first answer says that the connection was taken, and does not wait for the office.
    let mut first = [0; 9];
    slow.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 ");
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").unwrap();
    drop(starting);
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest)
        .expect("it is let go, not waited for");
    let rest = String::from_utf8(rest).unwrap();
    assert!(!rest.contains("HTTP/1.1"), "nothing answers the half");

    listener.set_nonblocking(false).unwrap();
    let next = std::thread::spawn(move || listener.accept().is_ok());
    drop(TcpStream::connect(address).unwrap());
    assert!(
        next.join().unwrap(),
        "the office itself answers from now on"
    );
}
