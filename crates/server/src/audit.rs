//! The audit record: who looked at, or decided, what is not everybody's business.

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

/// Writes a line, durably on return. Lines sort by time.
pub fn write(store: &dyn Store, line: &AuditLine) -> Result<(), PeopleError> {
    let key = chance::new_id(line.at)?;
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
