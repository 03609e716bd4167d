//! The road between a phone and its office: a TCP proxy on loopback that counts
//! every byte, holds it back for as long as a network would, and lets no more
//! through than a network would. It knows HTTP heads and nothing else of what
//! passes.
//!
//! Not modelled: the handshakes of TCP and TLS, slow start, loss.

mod heads;
mod line;
mod turns;
mod way;

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use line::Line;
use turns::Turns;

pub use way::Way;

/// A connection on which nothing passes for so long is closed.
const SILENCE_MAX: Duration = Duration::from_secs(180);

/// What a network does to bytes, the same both ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// From one end to the other; half of a round trip.
    pub one_way: Duration,
    /// `None` for as much as there is.
    pub bits_per_second: Option<u64>,
}

/// What has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// From the phone.
    pub up: Bytes,
    /// To the phone.
    pub down: Bytes,
    /// Connections made.
    pub connections: u64,
    /// HTTP requests, the upgrade to a websocket being one.
    pub requests: u64,
    /// Round trips that follow from each other: something goes up that was not
    /// sent before something else had come down, and is answered.
    pub round_trips: u64,
}

/// Bytes one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// All that passed, without the headers of TCP and IP.
    pub wire: u64,
    /// Without HTTP heads and chunk marks. On a websocket everything after the
    /// upgrade, its frame heads included.
    pub body: u64,
}

/// A running proxy. Dropped, it closes every connection and ends.
pub struct Proxy {
    /// Where it listens, `127.0.0.1:PORT`.
    pub address: String,
    /// The same port.
    pub port: u16,
    road: Arc<Road>,
    accepting: Option<JoinHandle<()>>,
}

/// What all connections share.
struct Road {
    begun: Instant,
    ended: AtomicBool,
    state: Mutex<State>,
}

struct State {
    traffic: Traffic,
    turns: Turns,
    up: Line,
    down: Line,
    open: Vec<TcpStream>,
}

impl Proxy {
    /// Starts on a free port of loopback and passes everything on to `target`.
    pub fn start(target: &str, network: Network) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let road = Arc::new(Road {
            begun: Instant::now(),
            ended: AtomicBool::new(false),
            state: Mutex::new(State {
                traffic: Traffic::default(),
                turns: Turns::default(),
                up: Line::new(network),
                down: Line::new(network),
                open: Vec::new(),
            }),
        });
        let (target, shared) = (target.to_owned(), Arc::clone(&road));
        let accepting = thread::spawn(move || accept(&listener, &target, &shared));
        Ok(Self {
            address: address.to_string(),
            port: address.port(),
            road,
            accepting: Some(accepting),
        })
    }

    /// What has passed since the start, or since it was asked last.
    pub fn take(&self) -> Traffic {
        let mut state = self.road.state();
        let round_trips = state.turns.take();
        let traffic = std::mem::take(&mut state.traffic);
        Traffic {
            round_trips,
            ..traffic
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.road.ended.store(true, Ordering::SeqCst);
        // Wakes the one that accepts; that it fails when nobody accepts any more is no mistake.
        let _ = TcpStream::connect(&self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
        for stream in &self.road.state().open {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Road {
    fn state(&self) -> MutexGuard<'_, State> {
        // Counters hold whatever happened to the thread that held them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time on the road's own clock.
    fn now(&self) -> Duration {
        self.begun.elapsed()
    }
}

fn accept(listener: &TcpListener, target: &str, road: &Arc<Road>) {
    for stream in listener.incoming() {
        if road.ended.load(Ordering::SeqCst) {
            return;
        }
        // A connection that cannot be passed on is closed, which its phone sees.
        if let Ok(phone) = stream {
            let _ = connect(phone, target, road);
        }
    }
}

fn connect(phone: TcpStream, target: &str, road: &Arc<Road>) -> io::Result<()> {
    let office = TcpStream::connect(target)?;
    for stream in [&phone, &office] {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE_MAX))?;
    }
    let mut state = road.state();
    state.traffic.connections += 1;
    state.open.push(phone.try_clone()?);
    state.open.push(office.try_clone()?);
    drop(state);
    let (back_from, back_to) = (office.try_clone()?, phone.try_clone()?);
    way::carry(Way::Up, phone, office, Arc::clone(road));
    way::carry(Way::Down, back_from, back_to, Arc::clone(road));
    Ok(())
}

#[cfg(test)]
mod tests;
