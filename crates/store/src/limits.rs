//! How much one call may ask for, checked alike by every store.

use crate::{Append, RecordChange, StoreError};

/// The most bytes that one call of `append`, `write_records` or `compact` may
/// hold. Groups of writes become durable together, so one giant must not be
/// able to hold up all others for long.
pub const MAX_WRITE_BYTES: u64 = 64 << 20;

/// The most bytes of a record's key.
pub const MAX_KEY_BYTES: u64 = 256;

/// The most bytes of a kind's name.
pub const MAX_KIND_BYTES: u64 = 128;

/// Refuses a batch of changes that is too large.
pub(crate) fn check_changes(batch: &[Append]) -> Result<(), StoreError> {
    let total = batch.iter().map(|append| append.bytes.len() as u64).sum();
    at_most("changes", total, MAX_WRITE_BYTES)?;
    batch
        .iter()
        .try_for_each(|append| at_most("kind", append.kind.as_str().len() as u64, MAX_KIND_BYTES))
}

/// Refuses writes to small tables that are too large.
pub(crate) fn check_records(changes: &[RecordChange]) -> Result<(), StoreError> {
    let bytes = |change: &RecordChange| change.value.as_ref().map_or(0, Vec::len) as u64;
    at_most("records", changes.iter().map(bytes).sum(), MAX_WRITE_BYTES)?;
    changes
        .iter()
        .try_for_each(|change| at_most("key", change.key.len() as u64, MAX_KEY_BYTES))
}

/// Refuses a snapshot that is too large.
pub(crate) fn check_snapshot(bytes: &[u8]) -> Result<(), StoreError> {
    at_most("snapshot", bytes.len() as u64, MAX_WRITE_BYTES)
}

fn at_most(what: &'static str, bytes: u64, limit: u64) -> Result<(), StoreError> {
    if bytes <= limit {
        return Ok(());
    }
    Err(StoreError::TooLarge { what, bytes, limit })
}
