//! Small made-up ids and changes for tests of stores.

use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, PersonId};

use crate::Append;

/// The n-th document.
pub fn document(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

/// The n-th feed.
pub fn feed(n: u8) -> FeedId {
    FeedId::from_bytes([n; 16])
}

/// The n-th device.
pub fn device(n: u8) -> DeviceId {
    DeviceId::from_bytes([n; 16])
}

/// The n-th person.
pub fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

/// The n-th hash.
pub fn hash(n: u32) -> ChangeHash {
    let mut bytes = [0x5a; 32];
    bytes[14..18].copy_from_slice(&n.to_be_bytes());
    ChangeHash(bytes)
}

/// The n-th change, to a visit. Its bytes, device and time follow from `n`.
pub fn change(n: u32, document_n: u8, feed_n: u8) -> Append {
    Append {
        document: document(document_n),
        kind: Kind::Visit,
        home_feed: feed(feed_n),
        device: device((n % 5) as u8),
        hash: hash(n),
        bytes: bytes(n, 20 + n as usize % 40),
        received_at: 1_700_000_000_000 + i64::from(n),
    }
}

/// Bytes that differ from one `n` and length to the next.
pub fn bytes(n: u32, length: usize) -> Vec<u8> {
    let byte = |at: usize| (at as u32).wrapping_mul(31).wrapping_add(n) as u8;
    (0..length).map(byte).collect()
}
