//! The office's signature under the receipts of one exchange: a phone that has
//! been told "accepted" can show later that it was. What a receipt says is in
//! `frame`; keeping the keys is the shell's.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use model::DeviceId;
use sha2::{Digest, Sha256};

use crate::frame::Receipt;

/// What the signed text starts with, so that the signature can stand for
/// nothing else, by version.
const PURPOSE: [&[u8]; 2] = [b"stairwell receipts 1", b"stairwell receipts 2"];

/// Collects the receipts of one exchange, as they are sent or read.
#[derive(Clone, Debug)]
pub struct Receipts {
    purpose: &'static [u8],
    text: Vec<u8>,
}

impl Receipts {
    /// None yet, in an exchange of this version.
    pub fn of_version(version: u64) -> Self {
        Self {
            purpose: PURPOSE[usize::from(version > 1)],
            text: Vec::new(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Adds a receipt of version 1: the CBOR of its frame, without the length,
    /// exactly as it travels.
    pub fn add_body(&mut self, body: &[u8]) {
        self.text.extend_from_slice(body);
    }

    /// Adds a receipt of version 2, however it travels.
    pub fn add(&mut self, receipt: &Receipt) {
        self.text.extend_from_slice(&receipt.change);
        self.text.push(receipt.status.number());
        self.text.extend_from_slice(&receipt.seq.to_be_bytes());
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
        hasher.update(self.purpose);
        hasher.update(device.as_bytes());
        hasher.update(server_time_ms.to_be_bytes());
        hasher.update(&self.text);
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
        let mut receipts = Receipts::of_version(1);
        receipts.add_body(b"one");
        receipts.add_body(b"two");
        let signature = receipts.sign(&key, device, 1_000);
        let public = key.verifying_key();
        assert!(receipts.verify(&public, device, 1_000, &signature));
        assert!(!receipts.verify(&public, device, 1_001, &signature));
        let other_device = DeviceId::from_bytes([2; 16]);
        assert!(!receipts.verify(&public, other_device, 1_000, &signature));
        receipts.add_body(b"three");
        assert!(!receipts.verify(&public, device, 1_000, &signature));
    }
}
