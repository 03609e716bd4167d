//! How many exchanges run at one time: in all, so that memory is bounded, and for one device, so
//! that no device can take every place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use model::DeviceId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::refusal::{self, Refusal};

/// Requests taken in at one time. Each holds buffers.
const INTAKES_MAX: usize = 128;
/// Responses made at one time. Each holds a compressor.
const ANSWERS_MAX: usize = 64;
/// Exchanges of one device at one time. A phone has one, and perhaps one that it has given up.
const OF_ONE_DEVICE_MAX: u32 = 4;
/// How long one waits for a place before being asked to come again.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// The places there are.
#[derive(Clone)]
pub struct Places {
    intakes: Arc<Semaphore>,
    answers: Arc<Semaphore>,
    devices: Arc<Mutex<HashMap<DeviceId, u32>>>,
}

/// A place that is taken; free again when dropped.
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

/// One of a device's own places; free again when dropped.
pub struct DevicePlace {
    device: DeviceId,
    devices: Arc<Mutex<HashMap<DeviceId, u32>>>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            intakes: Arc::new(Semaphore::new(INTAKES_MAX)),
            answers: Arc::new(Semaphore::new(ANSWERS_MAX)),
            devices: Arc::default(),
        }
    }
}

impl Places {
    /// One of the device's own places, which there is or is not.
    pub fn of_device(&self, device: DeviceId) -> Result<DevicePlace, Refusal> {
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = devices.entry(device).or_default();
        if *taken >= OF_ONE_DEVICE_MAX {
            return Err(refusal::BUSY);
        }
        *taken += 1;
        Ok(DevicePlace {
            device,
            devices: Arc::clone(&self.devices),
        })
    }

    /// A place to take a request in.
    pub async fn for_intake(&self) -> Result<Place, Refusal> {
        wait(&self.intakes).await
    }

    /// A place to make a response.
    pub async fn for_answer(&self) -> Result<Place, Refusal> {
        wait(&self.answers).await
    }
}

async fn wait(places: &Arc<Semaphore>) -> Result<Place, Refusal> {
    match tokio::time::timeout(WAIT_MAX, Arc::clone(places).acquire_owned()).await {
        Ok(Ok(permit)) => Ok(Place { _permit: permit }),
        _ => Err(refusal::BUSY),
    }
}

impl Drop for DevicePlace {
    fn drop(&mut self) {
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = devices.get_mut(&self.device) {
            *taken -= 1;
            if *taken == 0 {
                devices.remove(&self.device);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_device_cannot_take_every_place_and_gets_its_own_back() {
        let places = Places::default();
        let (one, other) = (DeviceId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
        let taken: Vec<_> = (0..OF_ONE_DEVICE_MAX)
            .map(|_| places.of_device(one).unwrap())
            .collect();
        assert!(places.of_device(one).is_err());
        assert!(places.of_device(other).is_ok());
        drop(taken);
        assert!(places.of_device(one).is_ok());
    }
}
