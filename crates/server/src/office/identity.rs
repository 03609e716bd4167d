//! Who the office is: its own device id, and the key that signs receipts.

use ed25519_dalek::SigningKey;
use model::{DeviceId, PersonId};
use store::{Record, Store, StoreError, Table};

use crate::chance::{self, NoChance};

/// Why the office has no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness for an id or a key.
    #[error(transparent)]
    NoChance(#[from] NoChance),
    /// The record of the office device is not an id.
    #[error("平台自己的设备编号已损坏 / the office's own device id cannot be read")]
    Unreadable,
}

/// The office's device and signing key.
pub struct Identity {
    /// The device id of everything the program writes itself.
    pub device: DeviceId,
    /// Signs receipts.
    pub signing: SigningKey,
}

const DEVICE_RECORD: &[u8] = b"office_device";

/// Among the keys the signing key lies as if the office device were a person. `None`: these settings
/// name no office device yet.
pub fn place_of_signing_key(settings: &[Record]) -> Option<PersonId> {
    let (_, device) = settings.iter().find(|(key, _)| key == DEVICE_RECORD)?;
    Some(PersonId::from_bytes(device.as_slice().try_into().ok()?))
}

impl Identity {
    /// Reads the identity, or makes it in a new data folder. The signing key lies among the keys,
    /// never in the journal, so that a copy of the journal signs nothing.
    pub fn of_store(store: &dyn Store, now_ms: i64) -> Result<Self, IdentityError> {
        let device = match store.get_record(Table::Settings, DEVICE_RECORD)? {
            Some(bytes) => DeviceId::from_bytes(
                bytes
                    .as_slice()
                    .try_into()
                    .map_err(|_| IdentityError::Unreadable)?,
            ),
            None => {
                let device = DeviceId::from_uuid(chance::new_id(now_ms)?);
                store.put_record(Table::Settings, DEVICE_RECORD, device.as_bytes())?;
                device
            }
        };
        let place = place_of_secret(device);
        let secret = match store.key(place)? {
            Some(secret) => secret,
            None => {
                let secret = chance::random_bytes()?;
                store.put_key(place, &secret)?;
                secret
            }
        };
        Ok(Self {
            device,
            signing: SigningKey::from_bytes(&secret),
        })
    }

    /// Gives a new data folder its identity, for those who must have the same one each time.
    pub fn give(store: &dyn Store, device: DeviceId, secret: &[u8; 32]) -> Result<(), StoreError> {
        store.put_record(Table::Settings, DEVICE_RECORD, device.as_bytes())?;
        store.put_key(place_of_secret(device), secret)
    }

    /// The public half of the signing key, as enrolment gives it out.
    pub fn public_key_hex(&self) -> String {
        hex::encode(self.signing.verifying_key().to_bytes())
    }
}

fn place_of_secret(device: DeviceId) -> PersonId {
    PersonId::from_bytes(*device.as_bytes())
}
