//! When in a first sync a phone had something: found by playing the responses
//! again to a phone that has heard nothing, cut off ever closer to the byte.

use sync::Replica;
use sync::body::inflate;

use crate::phone::{PACK_BYTES_MAX, Trip, now_ms};
use crate::proxy::{Bytes, Traffic};

/// What had passed when `is_there` came true for the first time, heads and all.
/// `None` if it never did.
pub fn moment(
    mut phone: Replica,
    trips: &[Trip],
    is_there: impl Fn(&mut Replica) -> bool,
) -> Option<Traffic> {
    let mut traffic = Traffic::default();
    for trip in trips {
        phone.request(now_ms());
        let head_bytes = trip.down_bytes - trip.down_body.len();
        let is_there_after = |bytes: usize| is_there(&mut hear(&phone, trip, bytes));
        let all = trip.down_body.len();
        let needed = is_there_after(all).then(|| smallest(all, is_there_after));
        let body = needed.unwrap_or(all);
        traffic.up = sum(traffic.up, trip.up_bytes, trip.exchange.body.len());
        traffic.down = sum(traffic.down, head_bytes + body, body);
        traffic.requests += 1;
        traffic.round_trips += 1;
        if needed.is_some() {
            return Some(traffic);
        }
        phone = hear(&phone, trip, all);
    }
    None
}

/// The phone after so many bytes of the response's body.
fn hear(phone: &Replica, trip: &Trip, bytes: usize) -> Replica {
    let mut phone = phone.clone();
    let body = &trip.down_body[..bytes];
    phone.receive(
        &trip.exchange,
        &inflate(trip.encoding, body, PACK_BYTES_MAX),
    );
    phone
}

/// The smallest number up to `all`, for which it holds, that it holds for.
fn smallest(all: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, all);
    while low < high {
        let middle = low + (high - low) / 2;
        match holds(middle) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    high
}

fn sum(bytes: Bytes, wire: usize, body: usize) -> Bytes {
    Bytes {
        wire: bytes.wire + wire as u64,
        body: bytes.body + body as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_number_is_found_at_both_ends_and_in_between() {
        for wanted in 0..=9 {
            assert_eq!(smallest(9, |number| number >= wanted), wanted);
        }
    }
}
