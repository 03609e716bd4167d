//! A phone that speaks automerge-repo's protocol over a plain connection, each
//! message behind its length. What it says was made before the clock starts.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use automerge::sync::{Message, State, SyncDoc};
use automerge::{Automerge, Change, ChangeHash};
use minicbor::{Decoder, Encoder};
use samod::DocumentId;

use crate::BenchError;

use super::wrong;

/// An answer about one small document is far below this.
const MESSAGE_BYTES_MAX: usize = 1 << 20;

/// A document with a visit in it, and the two things that automerge says to an
/// office that has never heard of it.
pub struct Written {
    id: String,
    heads: Vec<ChangeHash>,
    greeting: Vec<u8>,
    content: Vec<u8>,
}

impl Written {
    /// The genesis document with a change that a phone made.
    pub fn new(genesis: &Automerge, change: &[u8]) -> Result<Self, BenchError> {
        let change = Change::from_bytes(change.to_vec()).map_err(wrong)?;
        // Any sixteen bytes that spread: samod puts documents into folders by them.
        let id = DocumentId::try_from(change.hash().0[..16].to_vec()).map_err(wrong)?;
        let mut document = genesis.clone();
        document.apply_changes([change]).map_err(wrong)?;
        let silent = || wrong("automerge has nothing to say");
        let (mut office, mut here, mut there) = (Automerge::new(), State::new(), State::new());
        let greeting = document.generate_sync_message(&mut here);
        let greeting = greeting.ok_or_else(silent)?;
        let said = office.receive_sync_message(&mut there, greeting.clone());
        said.map_err(wrong)?;
        let answer = office.generate_sync_message(&mut there);
        let heard = document.receive_sync_message(&mut here, answer.ok_or_else(silent)?);
        heard.map_err(wrong)?;
        let content = document.generate_sync_message(&mut here);
        Ok(Self {
            id: id.to_string(),
            heads: document.get_heads(),
            greeting: greeting.encode(),
            content: content.ok_or_else(silent)?.encode(),
        })
    }
}

/// A phone with visits to bring.
pub struct Phone {
    name: String,
    /// All greetings, framed.
    greetings: Vec<u8>,
    /// Those that the office has not acknowledged.
    waiting: BTreeMap<String, Waiting>,
}

struct Waiting {
    heads: Vec<ChangeHash>,
    /// The document, framed, until it is sent.
    content: Option<Vec<u8>>,
}

impl Phone {
    /// Has everything ready that it will say to this office.
    pub fn new(name: String, office: &str, visits: Vec<Written>) -> Result<Self, BenchError> {
        let say = |id: &str, data: &[u8]| framed(&sync(id, &name, office, data)?);
        let mut greetings = Vec::new();
        let mut waiting = BTreeMap::new();
        for visit in visits {
            greetings.extend(say(&visit.id, &visit.greeting)?);
            let content = Some(say(&visit.id, &visit.content)?);
            let heads = visit.heads;
            waiting.insert(visit.id, Waiting { heads, content });
        }
        Ok(Self {
            name,
            greetings,
            waiting,
        })
    }

    /// Connects, brings everything and goes; ends when everything is
    /// acknowledged, or at `end`. Answers how many visits were.
    pub fn bring(&mut self, port: u16, end: Instant) -> Result<usize, BenchError> {
        let all = self.waiting.len();
        let mut line = Line::open(port, &self.name)?.0;
        line.stream.get_mut().write_all(&self.greetings)?;
        while !self.waiting.is_empty() {
            match line.hear_until(end)? {
                Some(heard) => self.hear(heard, &mut line)?,
                None => break,
            }
        }
        Ok(all - self.waiting.len())
    }

    fn hear(&mut self, heard: Heard, line: &mut Line) -> Result<(), BenchError> {
        if !["sync", "request"].contains(&heard.kind.as_str()) {
            return Err(wrong(format!("said “{}”", heard.kind)));
        }
        let Some(visit) = self.waiting.get_mut(&heard.document) else {
            return Ok(());
        };
        if let Some(content) = visit.content.take() {
            line.stream.get_mut().write_all(&content)?;
        } else if Message::decode(&heard.data).map_err(wrong)?.heads == visit.heads {
            self.waiting.remove(&heard.document);
        }
        Ok(())
    }
}

/// What the office calls itself.
pub fn name_of_office(port: u16) -> Result<String, BenchError> {
    Ok(Line::open(port, "someone")?.1)
}

/// A connection that both sides have introduced themselves on.
struct Line {
    stream: BufReader<TcpStream>,
}

impl Line {
    /// With the name of the office.
    fn open(port: u16, name: &str) -> Result<(Self, String), BenchError> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        let mut line = Self { stream };
        line.stream.get_mut().write_all(&framed(&join(name)?)?)?;
        match line.hear_until(Instant::now() + super::RUN_MAX)? {
            Some(heard) if heard.kind == "peer" => Ok((line, heard.sender)),
            _ => Err(wrong("did not introduce itself")),
        }
    }

    /// The next message; `None` if there is none until `end`.
    fn hear_until(&mut self, end: Instant) -> Result<Option<Heard>, BenchError> {
        let left = end.saturating_duration_since(Instant::now());
        if left < Duration::from_millis(1) {
            return Ok(None);
        }
        self.stream.get_mut().set_read_timeout(Some(left))?;
        match read(&mut self.stream) {
            Ok(message) => Heard::read(&message).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Of a message what a phone needs.
#[derive(Default)]
struct Heard {
    kind: String,
    sender: String,
    document: String,
    data: Vec<u8>,
}

impl Heard {
    fn read(message: &[u8]) -> Result<Self, BenchError> {
        let mut heard = Self::default();
        let mut decoder = Decoder::new(message);
        for _ in 0..decoder.map().map_err(wrong)?.unwrap_or_default() {
            let text = match decoder.str().map_err(wrong)? {
                "type" => &mut heard.kind,
                "senderId" => &mut heard.sender,
                "documentId" => &mut heard.document,
                "data" => {
                    heard.data = decoder.bytes().map_err(wrong)?.to_vec();
                    continue;
                }
                _ => {
                    decoder.skip().map_err(wrong)?;
                    continue;
                }
            };
            *text = decoder.str().map_err(wrong)?.to_owned();
        }
        Ok(heard)
    }
}

fn join(name: &str) -> Result<Vec<u8>, BenchError> {
    let mut encoder = Encoder::new(Vec::new());
    encoder.map(3).map_err(wrong)?;
    for text in [
        "type",
        "join",
        "senderId",
        name,
        "supportedProtocolVersions",
    ] {
        encoder.str(text).map_err(wrong)?;
    }
    encoder.array(1).map_err(wrong)?;
    encoder.str("1").map_err(wrong)?;
    Ok(encoder.into_writer())
}

fn sync(id: &str, name: &str, office: &str, data: &[u8]) -> Result<Vec<u8>, BenchError> {
    let mut encoder = Encoder::new(Vec::new());
    encoder.map(5).map_err(wrong)?;
    let texts = [
        ("type", "sync"),
        ("documentId", id),
        ("senderId", name),
        ("targetId", office),
    ];
    for (field, text) in texts {
        encoder.str(field).map_err(wrong)?;
        encoder.str(text).map_err(wrong)?;
    }
    encoder.str("data").map_err(wrong)?;
    encoder.bytes(data).map_err(wrong)?;
    Ok(encoder.into_writer())
}

/// A message behind its length, four bytes, the highest first.
fn framed(message: &[u8]) -> Result<Vec<u8>, BenchError> {
    let length = u32::try_from(message.len()).map_err(wrong)?;
    Ok([&length.to_be_bytes(), message].concat())
}

fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > MESSAGE_BYTES_MAX {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(message)
}
