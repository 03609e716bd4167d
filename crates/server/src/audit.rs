//! The audit record: who looked at, or decided, what is not everybody's business.

use std::sync::atomic::{AtomicI64, Ordering};

use model::PersonId;
use serde::{Deserialize, Serialize};
use store::{Store, Table};

use crate::chance;
use crate::people::PeopleError;

/// One line of the audit record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    /// When, by the server's clock, ms.
    pub at: i64,
    /// Who.
    pub by: PersonId,
    /// What was done, as a code: `reveal_phone`, `tray_admit`, `tray_set_aside`.
    pub what: String,
    /// To what: ids, never the value itself.
    pub about: Vec<String>,
}

/// The time in the newest key, so that two lines of one millisecond, or of a clock that was set
/// back while the program runs, stay in the order in which they were written.
static NEWEST_MS: AtomicI64 = AtomicI64::new(i64::MIN);

/// Writes a line, durably on return. Lines sort in the order of writing.
pub fn write(store: &dyn Store, line: &AuditLine) -> Result<(), PeopleError> {
    let next = |newest: i64| line.at.max(newest.saturating_add(1));
    let newest = NEWEST_MS.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |newest| {
        Some(next(newest))
    });
    // The closure always answers, so that both arms hold the time before.
    let key = chance::new_id(next(newest.unwrap_or_else(|newest| newest)))?;
    // Ids, numbers and codes, which JSON can always write.
    let value = serde_json::to_vec(line).unwrap_or_default();
    store.put_record(Table::Audit, key.as_bytes(), &value)?;
    Ok(())
}

/// All lines, oldest first. Lines that cannot be read are left out.
pub fn lines(store: &dyn Store) -> Result<Vec<AuditLine>, store::StoreError> {
    let records = store.records(Table::Audit)?;
    Ok(records
        .iter()
        .filter_map(|(_, value)| serde_json::from_slice(value).ok())
        .collect())
}
