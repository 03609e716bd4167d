//! A phone: the replica of `sync` over real HTTP, with every byte counted.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use model::edit::VisitDraft;
use model::{DocumentId, FeedId, PersonId, visit_id};
use sync::body::{Encoding, inflate};
use sync::{Exchange, Replica};

use crate::BenchError;
use crate::enrolled::Enrolled;
use crate::http::{Connection, Request};

/// A page of the feed is a quarter of a megabyte, so this is far above it.
pub const PACK_BYTES_MAX: usize = 64 << 20;
/// A phone that never comes to rest is a mistake, not a measurement.
const REQUESTS_MAX: usize = 1000;

/// One request and its response.
pub struct Trip {
    /// The request.
    pub exchange: Exchange,
    /// The response body as it travelled.
    pub down_body: Vec<u8>,
    /// How it was compressed.
    pub encoding: Encoding,
    /// The response's pack.
    pub down_pack: Vec<u8>,
    /// Bytes of the request on the wire.
    pub up_bytes: usize,
    /// Bytes of the response on the wire.
    pub down_bytes: usize,
    /// When the request began to be sent; making it took the phone's time, not the program's.
    pub sent: Instant,
    /// When the response's last byte was there, not yet read.
    pub received: Instant,
}

impl Trip {
    /// How long the program took, for loopback takes no time.
    pub fn time(&self) -> Duration {
        self.received - self.sent
    }
}

/// A phone that belongs to somebody and has a connection.
pub struct Phone {
    connection: Connection,
    token: String,
    /// Whose.
    pub person: PersonId,
    /// The grid.
    pub grid: FeedId,
    /// Its documents.
    pub replica: Replica,
    last_visit_ms: i64,
}

impl Phone {
    /// A phone just enrolled, in a browser.
    pub fn new(address: &str, enrolled: &Enrolled) -> Result<Self, BenchError> {
        Ok(Self::over(Connection::open(address)?, enrolled))
    }

    /// A phone just enrolled, with a connection to its office.
    pub fn over(connection: Connection, enrolled: &Enrolled) -> Self {
        Self {
            connection,
            token: enrolled.token.clone(),
            person: enrolled.member.person,
            grid: enrolled.grid,
            replica: Replica::new(&enrolled.member, Some(enrolled.office)),
            last_visit_ms: 0,
        }
    }

    /// Goes on over another connection.
    pub fn reconnect(&mut self, connection: Connection) {
        self.connection = connection;
    }

    /// One request.
    pub fn exchange(&mut self) -> Result<Trip, BenchError> {
        let exchange = self.replica.request(now_ms());
        let sent = Instant::now();
        let answer = self.connection.ask_well(Request {
            method: "POST",
            path: "/api/sync",
            token: Some(&self.token),
            headers: &[
                ("content-type", "application/x-stairwell-pack"),
                ("content-encoding", "gzip"),
            ],
            body: &exchange.body,
        })?;
        let received = Instant::now();
        let encoding = Encoding::named(answer.header("content-encoding"));
        let encoding = encoding.ok_or_else(|| wrong("an unknown encoding"))?;
        let down_pack = inflate(encoding, &answer.body, PACK_BYTES_MAX);
        let heard = self.replica.receive(&exchange, &down_pack);
        if !heard.complete || heard.is_signed != Some(true) || heard.notice.is_some() {
            return Err(wrong(&format!("not a whole, signed response: {heard:?}")));
        }
        Ok(Trip {
            exchange,
            down_body: answer.body,
            encoding,
            down_pack,
            up_bytes: answer.sent_bytes,
            down_bytes: answer.received_bytes,
            sent,
            received,
        })
    }

    /// Requests until neither side has anything more to say.
    pub fn exchange_all(&mut self) -> Result<Vec<Trip>, BenchError> {
        let mut trips = Vec::new();
        while trips.is_empty() || self.replica.has_more_to_say() {
            trips.push(self.exchange()?);
            if trips.len() > REQUESTS_MAX {
                return Err(wrong("the phone does not come to rest"));
            }
        }
        Ok(trips)
    }

    /// Writes a visit down. Nothing is sent.
    pub fn write(&mut self, draft: &VisitDraft) -> Result<DocumentId, BenchError> {
        let now_ms = now_ms();
        // One visit in a millisecond, as a person has it.
        self.last_visit_ms = now_ms.max(self.last_visit_ms + 1);
        let id = visit_id(self.replica.device(), self.last_visit_ms);
        self.replica.create_visit(id, self.grid, draft, now_ms)?;
        Ok(id)
    }
}

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| since.as_millis() as i64)
}

fn wrong(words: &str) -> BenchError {
    BenchError::answer("/api/sync", words)
}
