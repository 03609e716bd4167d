//! Carries the bytes of one connection one way: one thread reads and counts, one
//! waits until they may arrive and writes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::heads::Heads;
use super::{Bytes, Road, State};

/// About what one packet carries: what a narrow line lets through at once.
const PIECE_BYTES: usize = 1_400;
/// Pieces under way on one connection. A sender that is faster waits, as it would
/// for a network.
const PIECES_MAX: usize = 4_096;

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the phone to the office.
    Up,
    /// From the office to the phone.
    Down,
}

struct Piece {
    bytes: Vec<u8>,
    /// On the road's clock.
    arrives: Duration,
    /// Its place in the chain of causes.
    turn: u64,
}

/// Carries until either end closes.
pub fn carry(way: Way, from: TcpStream, to: TcpStream, road: Arc<Road>) {
    let (sender, pieces) = sync_channel(PIECES_MAX);
    let shared = Arc::clone(&road);
    thread::spawn(move || send(way, from, &sender, &shared));
    thread::spawn(move || deliver(way, to, &pieces, &road));
}

fn send(way: Way, mut from: TcpStream, pieces: &SyncSender<Piece>, road: &Road) {
    let mut heads = Heads::default();
    let mut turn = 0;
    let mut buffer = [0; PIECE_BYTES];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let bytes = &buffer[..length];
        let mut state = road.state();
        let arrives = state.take_in(way, bytes, &mut heads, &mut turn, road.now());
        drop(state);
        let piece = Piece {
            bytes: bytes.to_vec(),
            arrives,
            turn,
        };
        if pieces.send(piece).is_err() {
            return;
        }
    }
}

fn deliver(way: Way, mut to: TcpStream, pieces: &Receiver<Piece>, road: &Road) {
    for piece in pieces {
        thread::sleep(piece.arrives.saturating_sub(road.now()));
        // Before it is written: who receives it may answer, or ask for the counts, at once.
        road.state().arrive(way, piece.turn);
        if to.write_all(&piece.bytes).is_err() {
            break;
        }
    }
    // The other side may have closed before, which is no mistake.
    let _ = to.shutdown(Shutdown::Both);
}

impl State {
    /// Counts a piece; says when it arrives.
    fn take_in(
        &mut self,
        way: Way,
        bytes: &[u8],
        heads: &mut Heads,
        turn: &mut u64,
        now: Duration,
    ) -> Duration {
        let found = heads.read(bytes);
        // On a websocket nobody here knows where a message begins.
        let begins = found.messages > 0 || heads.has_left_http();
        let (count, line) = match way {
            Way::Up => (&mut self.traffic.up, &mut self.up),
            Way::Down => (&mut self.traffic.down, &mut self.down),
        };
        *count = Bytes {
            wire: count.wire + bytes.len() as u64,
            body: count.body + found.body,
        };
        if way == Way::Up {
            self.traffic.requests += found.messages;
        }
        if begins {
            *turn = match way {
                Way::Up => self.turns.leave_phone(),
                Way::Down => self.turns.leave_office(),
            };
        }
        line.arrival(now, bytes.len())
    }

    fn arrive(&mut self, way: Way, turn: u64) {
        match way {
            Way::Up => self.turns.reach_office(turn),
            Way::Down => self.turns.reach_phone(turn),
        }
    }
}
