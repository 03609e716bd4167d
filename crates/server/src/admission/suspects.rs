//! Devices that are no longer trusted with a thread.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use model::DeviceId;

/// Devices whose changes made threads hang.
#[derive(Default)]
pub struct Suspects {
    hung: Mutex<HashMap<DeviceId, u32>>,
}

/// So many hangs from one device are no accident. What it sends afterwards goes to the tray unread.
const HANGS_MAX: u32 = 2;

impl Suspects {
    /// Whether this device's changes are no longer tried.
    pub fn is_suspect(&self, device: DeviceId) -> bool {
        let hung = self.hung.lock().unwrap_or_else(PoisonError::into_inner);
        hung.get(&device).is_some_and(|times| *times >= HANGS_MAX)
    }

    /// Notes that a change of this device made a thread hang.
    pub fn hung(&self, device: DeviceId) {
        tracing::warn!(%device, "a change made a thread hang");
        let mut hung = self.hung.lock().unwrap_or_else(PoisonError::into_inner);
        *hung.entry(device).or_default() += 1;
    }
}
