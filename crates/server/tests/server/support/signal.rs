//! An exchange by hand over a bare connection, so that a test decides which bytes cross it and when.

use std::io::Write;
use std::net::TcpStream;

use super::{Phone, TestOffice};

impl TestOffice {
    /// Connects and says the head of an exchange whose gzipped pack has so many bytes. The pack
    /// itself is for the test to send; the office closes the connection after its answer.
    pub fn signal(&self, phone: &Phone, pack_bytes: usize) -> TcpStream {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let head = [
            "POST /api/sync HTTP/1.1",
            "host: x",
            "connection: close",
            &format!("authorization: Bearer {}", phone.token),
            "content-encoding: gzip",
            &format!("content-length: {pack_bytes}"),
            "\r\n",
        ];
        stream.write_all(head.join("\r\n").as_bytes()).unwrap();
        stream
    }
}

/// The head of a response in chunks, and its body without them.
pub fn unchunked(answer: &[u8]) -> (String, Vec<u8>) {
    let split = |bytes: &[u8], mark: &[u8]| {
        let at = bytes.windows(mark.len()).position(|window| window == mark);
        at.expect("the mark")
    };
    let head = split(answer, b"\r\n\r\n");
    let (mut rest, mut body) = (&answer[head + 4..], Vec::new());
    loop {
        let line = split(rest, b"\r\n");
        let size = std::str::from_utf8(&rest[..line]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return (String::from_utf8(answer[..head].to_vec()).unwrap(), body);
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
}
