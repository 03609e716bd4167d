use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use super::*;

const REQUEST: &[u8] = b"POST /a HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nyes";

/// Answers so many requests on one connection, then closes it.
fn office(requests: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for _ in 0..requests {
            stream.read_exact(&mut [0; REQUEST.len()]).unwrap();
            stream.write_all(ANSWER).unwrap();
        }
    });
    address
}

fn ask(stream: &mut TcpStream) {
    stream.write_all(REQUEST).unwrap();
    let mut answer = [0; ANSWER.len()];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, ANSWER);
}

fn traffic_of(requests: u64, connections: u64) -> Traffic {
    let bytes = |message: &[u8], body: u64| Bytes {
        wire: requests * message.len() as u64,
        body: requests * body,
    };
    Traffic {
        up: bytes(REQUEST, 5),
        down: bytes(ANSWER, 3),
        connections,
        requests,
        round_trips: requests,
    }
}

#[test]
fn everything_passes_and_is_counted_once() {
    let slow = Network {
        one_way: Duration::from_millis(5),
        bits_per_second: Some(1_000_000),
    };
    for network in [Network::default(), slow] {
        let proxy = Proxy::start(&office(3), network).unwrap();
        let mut phone = TcpStream::connect(&proxy.address).unwrap();
        ask(&mut phone);
        assert_eq!(proxy.take(), traffic_of(1, 1));
        ask(&mut phone);
        ask(&mut phone);
        assert_eq!(proxy.take(), traffic_of(2, 0));
    }
}

#[test]
fn when_one_end_closes_the_other_hears_of_it() {
    let proxy = Proxy::start(&office(1), Network::default()).unwrap();
    let mut phone = TcpStream::connect(&proxy.address).unwrap();
    ask(&mut phone);
    assert_eq!(phone.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_proxy_that_ends_cuts_what_is_open() {
    let proxy = Proxy::start(&office(2), Network::default()).unwrap();
    let mut phone = TcpStream::connect(&proxy.address).unwrap();
    ask(&mut phone);
    drop(proxy);
    assert!(!matches!(phone.read(&mut [0]), Ok(1..)));
}
