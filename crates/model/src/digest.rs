//! The digest by which a phone and the server see that they hold the same.

use sha2::{Digest, Sha256};

use crate::{ChangeHash, DocumentId};

/// The share of one document in its feed's digest. The heads may come in any
/// order.
pub fn document_digest(document: DocumentId, heads: &[ChangeHash]) -> u64 {
    let mut sorted = heads.to_vec();
    sorted.sort_unstable();
    let mut hasher = Sha256::new();
    hasher.update(document.as_bytes());
    for head in &sorted {
        hasher.update(head.as_bytes());
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    u64::from_le_bytes(first)
}

/// The digest of a feed: the wrapping sum over its documents, in any order.
pub fn feed_digest(documents: impl IntoIterator<Item = u64>) -> u64 {
    documents.into_iter().fold(0, u64::wrapping_add)
}
