//! The office's signature under the receipts of one exchange: a phone that has
//! been told "accepted" can show later that it was. What a receipt says is in
//! `frame`; keeping the keys is the shell's.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use model::DeviceId;
use sha2::{Digest, Sha256};

/// What the signed text starts with, so that the signature can stand for
/// nothing else.
const PURPOSE: &[u8] = b"stairwell receipts 1";

/// Collects the receipts of one exchange, as they are sent or read.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    bodies: Vec<u8>,
}

impl Receipts {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a receipt: the CBOR of its frame, without the length, exactly as it
    /// travels.
    pub fn add(&mut self, body: &[u8]) {
        self.bodies.extend_from_slice(body);
    }

    /// The signature over the receipts for `device`, at the server time (ms
    /// since 1970) that goes into the end frame.
    pub fn sign(&self, key: &SigningKey, device: DeviceId, server_time_ms: i64) -> [u8; 64] {
        key.sign(&self.digest(device, server_time_ms)).to_bytes()
    }

    /// Whether `signature` is the office's under these receipts.
    pub fn verify(
        &self,
        key: &VerifyingKey,
        device: DeviceId,
        server_time_ms: i64,
        signature: &[u8; 64],
    ) -> bool {
        let signature = Signature::from_bytes(signature);
        key.verify_strict(&self.digest(device, server_time_ms), &signature)
            .is_ok()
    }

    fn digest(&self, device: DeviceId, server_time_ms: i64) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(PURPOSE);
        hasher.update(device.as_bytes());
        hasher.update(server_time_ms.to_be_bytes());
        hasher.update(&self.bodies);
        hasher.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_these_receipts_this_device_and_this_time_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let device = DeviceId::from_bytes([1; 16]);
        let mut receipts = Receipts::new();
        receipts.add(b"one");
        receipts.add(b"two");
        let signature = receipts.sign(&key, device, 1_000);
        let public = key.verifying_key();
        assert!(receipts.verify(&public, device, 1_000, &signature));
        assert!(!receipts.verify(&public, device, 1_001, &signature));
        let other_device = DeviceId::from_bytes([2; 16]);
        assert!(!receipts.verify(&public, other_device, 1_000, &signature));
        receipts.add(b"three");
        assert!(!receipts.verify(&public, device, 1_000, &signature));
    }
}
