//! The one place that asks the system for randomness, and the text form of what it gives.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The system would not give randomness; nothing secret can be made.
#[derive(Debug, thiserror::Error)]
#[error("系统不提供随机数 / the system gives no randomness: {0}")]
pub struct NoChance(getrandom::Error);

/// Fresh random bytes.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoChance> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NoChance)?;
    Ok(bytes)
}

/// A device token: 256 bits as base64url.
pub fn token() -> Result<String, NoChance> {
    Ok(base64url(&random_bytes::<32>()?))
}

/// An enrolment code: 128 bits as base64url.
pub fn code() -> Result<String, NoChance> {
    Ok(base64url(&random_bytes::<16>()?))
}

/// A time-ordered id for what people create.
pub fn new_id(now_ms: i64) -> Result<Uuid, NoChance> {
    let random = random_bytes::<10>()?;
    Ok(Builder::from_unix_timestamp_millis(now_ms.max(0).unsigned_abs(), &random).into_uuid())
}

/// How a secret is kept at rest: only its SHA-256, so that a copy of the records opens nothing.
pub fn at_rest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Base64 with the URL alphabet and without padding (RFC 4648, part 5).
pub fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut padded = [0; 3];
        padded[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for place in 0..=group.len() {
            let index = (bits >> (18 - 6 * place)) & 0x3f;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_agrees_with_the_rfc_examples() {
        let cases = [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (bytes, text) in cases {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn codes_and_tokens_are_long_enough_and_differ() {
        assert_eq!(code().unwrap().len(), 22);
        assert_eq!(token().unwrap().len(), 43);
        assert_ne!(token().unwrap(), token().unwrap());
    }

    #[test]
    fn ids_carry_their_time() {
        let earlier = new_id(1_700_000_000_000).unwrap();
        let later = new_id(1_700_000_000_001).unwrap();
        assert!(earlier < later);
        assert_eq!(earlier.get_version_num(), 7);
    }
}
