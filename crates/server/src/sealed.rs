//! Sealed facts: a value under a person's own key, so that destroying the key erases it from every
//! copy of history. The layout is PROTOCOL part 3, `door/sealed`.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};

use crate::chance::{self, NoChance};

/// Bytes of the nonce that stands before the ciphertext.
const NONCE_BYTES: usize = 12;

/// A sealed value that its key does not open.
#[derive(Debug, thiserror::Error)]
#[error("the sealed value does not open with this person's key")]
pub struct DoesNotOpen;

/// Seals a value. `place` is the key it stands under in the document's `sealed` map; a value moved
/// to another place does not open there.
pub fn seal(key: &[u8; 32], place: &str, plain: &str) -> Result<Vec<u8>, NoChance> {
    let nonce = chance::random_bytes::<NONCE_BYTES>()?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let payload = Payload {
        msg: plain.as_bytes(),
        aad: place.as_bytes(),
    };
    let mut sealed = nonce.to_vec();
    // Only a text beyond 64 GiB cannot be sealed; it would seal to a bare nonce, which never opens.
    sealed.extend(
        cipher
            .encrypt(&Nonce::from(nonce), payload)
            .unwrap_or_default(),
    );
    Ok(sealed)
}

/// Opens a sealed value.
pub fn unseal(key: &[u8; 32], place: &str, sealed: &[u8]) -> Result<String, DoesNotOpen> {
    let (nonce, ciphertext) = sealed
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(DoesNotOpen)?;
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let payload = Payload {
        msg: ciphertext,
        aad: place.as_bytes(),
    };
    let plain = cipher
        .decrypt(&Nonce::from(*nonce), payload)
        .map_err(|_| DoesNotOpen)?;
    String::from_utf8(plain).map_err(|_| DoesNotOpen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_with_its_key_and_at_its_place() {
        let sealed = seal(&[7; 32], "resident/phone", "138 0000 0000").unwrap();
        assert_eq!(
            unseal(&[7; 32], "resident/phone", &sealed).unwrap(),
            "138 0000 0000"
        );
        assert!(unseal(&[8; 32], "resident/phone", &sealed).is_err());
        assert!(unseal(&[7; 32], "other/phone", &sealed).is_err());
        assert!(unseal(&[7; 32], "resident/phone", &sealed[..10]).is_err());
    }

    #[test]
    fn the_same_value_never_seals_to_the_same_bytes() {
        assert_ne!(
            seal(&[7; 32], "a", "b").unwrap(),
            seal(&[7; 32], "a", "b").unwrap()
        );
    }
}
