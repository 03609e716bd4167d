//! How often an address may try enrolment codes in vain.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Wrong codes from one address in one window.
const FAILURES_MAX: u32 = 20;
/// The window, ms.
const WINDOW_MS: i64 = 60_000;
/// Addresses remembered at one time. When they are used up, the oldest windows go first.
const ADDRESSES_MAX: usize = 10_000;

/// Counts wrong codes by address. Codes have 128 bits, so this guards the machine, not the codes.
#[derive(Default)]
pub struct Attempts {
    windows: Mutex<HashMap<IpAddr, Window>>,
}

#[derive(Clone, Copy)]
struct Window {
    began_at: i64,
    failures: u32,
}

impl Attempts {
    /// Whether this address may try again now.
    pub fn may_try(&self, address: IpAddr, now_ms: i64) -> bool {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        windows.get(&address).is_none_or(|window| {
            now_ms - window.began_at >= WINDOW_MS || window.failures < FAILURES_MAX
        })
    }

    /// Remembers one wrong code.
    pub fn failed(&self, address: IpAddr, now_ms: i64) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= ADDRESSES_MAX {
            windows.retain(|_, window| now_ms - window.began_at < WINDOW_MS);
        }
        if windows.len() >= ADDRESSES_MAX {
            windows.clear();
        }
        let window = windows.entry(address).or_insert(Window {
            began_at: now_ms,
            failures: 0,
        });
        if now_ms - window.began_at >= WINDOW_MS {
            *window = Window {
                began_at: now_ms,
                failures: 0,
            };
        }
        window.failures += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_codes_stop_one_address_for_a_minute_and_no_other() {
        let attempts = Attempts::default();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..FAILURES_MAX {
            assert!(attempts.may_try(one, 1_000));
            attempts.failed(one, 1_000);
        }
        assert!(!attempts.may_try(one, 2_000));
        assert!(attempts.may_try(other, 2_000));
        assert!(attempts.may_try(one, 1_000 + WINDOW_MS));
    }
}
