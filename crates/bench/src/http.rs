//! A small HTTP/1.1 client that counts every byte on the wire. It speaks what
//! the program answers (a length or chunks, kept-alive connections) and no more.

mod body;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::BenchError;

pub use body::Stream;

/// Nothing that is measured here takes as long.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// What a browser on a phone says about itself in every request, so that the
/// bytes of headers are those of a real one.
const BROWSER: [(&str, &str); 9] = [
    ("connection", "keep-alive"),
    (
        "user-agent",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36",
    ),
    (
        "sec-ch-ua",
        "\"Chromium\";v=\"143\", \"Not A(Brand\";v=\"24\"",
    ),
    ("sec-ch-ua-mobile", "?1"),
    ("sec-ch-ua-platform", "\"Android\""),
    ("accept", "*/*"),
    ("sec-fetch-site", "same-origin"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "zh-CN,zh;q=0.9"),
];

/// What the native phone says: nothing that the exchange does not need.
const NATIVE: [(&str, &str); 1] = [("accept-encoding", "br")];

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// From the slash on, with its query.
    pub path: &'a str,
    /// The token, if there is one.
    pub token: Option<&'a str>,
    /// Headers beside those of every request.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty for none.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Asks for something.
    pub fn get(path: &'a str, token: Option<&'a str>) -> Self {
        Self {
            method: "GET",
            path,
            token,
            headers: &[],
            body: &[],
        }
    }

    fn to_bytes(self, address: &str, usual: &[(&str, &str)]) -> Vec<u8> {
        let mut text = format!(
            "{} {} HTTP/1.1\r\nhost: {address}\r\n",
            self.method, self.path
        );
        let mut header = |name: &str, value: &str| {
            text += &format!("{name}: {value}\r\n");
        };
        usual
            .iter()
            .chain(self.headers)
            .for_each(|(name, value)| header(name, value));
        if let Some(token) = self.token {
            header("authorization", &format!("Bearer {token}"));
        }
        if self.method == "POST" {
            header("content-length", &self.body.len().to_string());
        }
        text += "\r\n";
        [text.as_bytes(), self.body].concat()
    }
}

/// An answer with its whole body, as it came: not decompressed.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Such as 200.
    pub status: u16,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    /// The body, without what carried it.
    pub body: Vec<u8>,
    /// Bytes of the request, headers and all.
    pub sent_bytes: usize,
    /// Bytes of the answer, headers, chunk marks and all.
    pub received_bytes: usize,
}

impl Answer {
    /// A header's value, empty without it.
    pub fn header(&self, name: &str) -> &str {
        header(&self.headers, name)
    }
}

/// A connection that is kept open between requests.
pub struct Connection {
    address: String,
    /// The headers of every request.
    usual: &'static [(&'static str, &'static str)],
    stream: Counting,
}

impl Connection {
    /// Connects to `127.0.0.1:PORT` as a browser.
    pub fn open(address: &str) -> Result<Self, BenchError> {
        Self::open_as(address, &BROWSER)
    }

    /// Connects as the native phone.
    pub fn open_native(address: &str) -> Result<Self, BenchError> {
        Self::open_as(address, &NATIVE)
    }

    fn open_as(
        address: &str,
        usual: &'static [(&'static str, &'static str)],
    ) -> Result<Self, BenchError> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE_MAX))?;
        stream.set_write_timeout(Some(SILENCE_MAX))?;
        Ok(Self {
            address: address.to_owned(),
            usual,
            stream: Counting {
                inner: BufReader::new(stream),
                read_bytes: 0,
            },
        })
    }

    /// Asks, and waits for the whole answer.
    pub fn ask(&mut self, request: Request<'_>) -> Result<Answer, BenchError> {
        let before = self.stream.read_bytes;
        let sent_bytes = self.send(request)?;
        let (status, headers) = self.head(request.path)?;
        let body = body::whole(&mut self.stream, &headers, request.path)?;
        Ok(Answer {
            status,
            headers,
            body,
            sent_bytes,
            received_bytes: self.stream.read_bytes - before,
        })
    }

    /// Asks, and takes nothing but 200 for an answer.
    pub fn ask_well(&mut self, request: Request<'_>) -> Result<Answer, BenchError> {
        let answer = self.ask(request)?;
        if answer.status == 200 {
            return Ok(answer);
        }
        let words = String::from_utf8_lossy(&answer.body);
        let words = format!("status {}: {words}", answer.status);
        Err(BenchError::answer(request.path, words))
    }

    /// Asks for an answer that never ends, and gives its bytes as they come.
    pub fn listen(mut self, request: Request<'_>) -> Result<Stream, BenchError> {
        self.send(request)?;
        let (status, headers) = self.head(request.path)?;
        if status != 200 || header(&headers, "transfer-encoding") != "chunked" {
            return Err(BenchError::answer(
                request.path,
                format!("status {status}, no stream"),
            ));
        }
        Ok(Stream::new(self.stream))
    }

    fn send(&mut self, request: Request<'_>) -> Result<usize, BenchError> {
        let bytes = request.to_bytes(&self.address, self.usual);
        self.stream.inner.get_mut().write_all(&bytes)?;
        Ok(bytes.len())
    }

    fn head(&mut self, path: &str) -> Result<(u16, Vec<(String, String)>), BenchError> {
        let first = self.stream.line()?;
        let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| BenchError::answer(path, "no HTTP"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.stream.line()?;
            match line.split_once(':') {
                Some((name, value)) => {
                    headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
                None => return Ok((status, headers)),
            }
        }
    }
}

fn header<'h>(headers: &'h [(String, String)], name: &str) -> &'h str {
    let mut headers = headers.iter();
    let found = headers.find(|(found, _)| found == name);
    found.map_or("", |(_, value)| value)
}

/// Counts what is read.
pub struct Counting {
    inner: BufReader<TcpStream>,
    read_bytes: usize,
}

impl Counting {
    /// A line without its end.
    fn line(&mut self) -> Result<String, BenchError> {
        let mut line = String::new();
        let length = self.inner.read_line(&mut line)?;
        self.read_bytes += length;
        if length == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Exactly so many bytes, appended to `body`.
    fn bytes(&mut self, length: usize, body: &mut Vec<u8>) -> Result<(), BenchError> {
        let start = body.len();
        body.resize(start + length, 0);
        self.inner.read_exact(&mut body[start..])?;
        self.read_bytes += length;
        Ok(())
    }
}
