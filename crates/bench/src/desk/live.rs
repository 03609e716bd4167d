//! One change on its way from a phone to an open desk: the phone's receipt, the
//! live event, and the numbers that the desk then asks for, until they count it.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use model::FeedId;
use serde_json::Value;

use crate::enrolled::Enrolled;
use crate::figures::Figures;
use crate::http::{Connection, Request, Stream};
use crate::phone::{Phone, now_ms};
use crate::spread::Spread;
use crate::{BenchError, Settings, visits};

/// An event that has not come by then is lost.
const EVENT_MAX: Duration = Duration::from_secs(10);

/// Lets a worker save visits, one by one, while the desk is open.
pub fn run(
    settings: &Settings,
    address: &str,
    supervisor: &Enrolled,
    mut phone: Phone,
    figures: &mut Figures,
) -> Result<(), BenchError> {
    phone.exchange_all()?;
    let mut nothing_new = Spread::default();
    for _ in 0..settings.repeats {
        nothing_new.add(phone.exchange()?.time());
    }
    nothing_new.tell("exchange-nothing-new", figures);
    let mut desk = Desk::open(address, supervisor)?;
    let mut counted = desk.visits()?;
    let mut receipt = Spread::default();
    let mut event = Spread::default();
    let mut numbers = Spread::default();
    for draft in visits::drafts(settings.repeats, phone.person, now_ms())? {
        phone.write(&draft)?;
        desk.forget_events();
        let trip = phone.exchange()?;
        receipt.add(trip.time());
        event.add_between(trip.sent, desk.event_of(phone.grid)?);
        let (asked, before) = (Instant::now(), counted);
        while counted == before {
            counted = desk.visits()?;
        }
        numbers.add(asked.elapsed());
    }
    receipt.tell("live-sent-to-receipt", figures);
    event.tell("live-sent-to-event", figures);
    numbers.tell("live-event-to-numbers", figures);
    Ok(())
}

struct Desk<'a> {
    events: Receiver<(Instant, Value)>,
    connection: Connection,
    token: &'a str,
}

impl<'a> Desk<'a> {
    fn open(address: &str, supervisor: &'a Enrolled) -> Result<Self, BenchError> {
        let token = supervisor.token.as_str();
        let stream = Connection::open(address)?;
        let stream = stream.listen(Request::get("/api/live", Some(token)))?;
        Ok(Self {
            events: events_of(stream),
            connection: Connection::open(address)?,
            token,
        })
    }

    /// Passes over what was told before.
    fn forget_events(&self) {
        while self.events.try_recv().is_ok() {}
    }

    /// When the desk was told that a feed moved.
    fn event_of(&self, feed: FeedId) -> Result<Instant, BenchError> {
        let feed = feed.to_string();
        let end = Instant::now() + EVENT_MAX;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let event = self.events.recv_timeout(left);
            let (heard, event) =
                event.map_err(|_| BenchError::answer("/api/live", "no event came"))?;
            if event["feed"] == feed.as_str() {
                return Ok(heard);
            }
        }
    }

    /// How many visits the desk's numbers count.
    fn visits(&mut self) -> Result<u64, BenchError> {
        let request = Request::get("/api/desk/numbers", Some(self.token));
        let answer = self.connection.ask_well(request)?;
        let numbers: Value = serde_json::from_slice(&answer.body)?;
        let visits = numbers["visits"].as_u64();
        visits.ok_or_else(|| BenchError::answer("/api/desk/numbers", "no visits"))
    }
}

/// Events with the moment each was heard. Ends with the stream or its listener.
fn events_of(mut stream: Stream) -> Receiver<(Instant, Value)> {
    let (sender, events) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(Some(line)) = stream.next_line() {
            let event = line.strip_prefix("data:").map(serde_json::from_str);
            if let Some(Ok(event)) = event
                && sender.send((Instant::now(), event)).is_err()
            {
                return;
            }
        }
    });
    events
}
