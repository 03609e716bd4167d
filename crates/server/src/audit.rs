//! The audit record: who looked at, or decided, what is not everybody's business.

use std::sync::{Mutex, PoisonError};

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
static NEWEST_MS: Mutex<i64> = Mutex::new(0);

/// Writes a line, durably on return. Lines sort in the order of writing.
pub fn write(store: &dyn Store, line: &AuditLine) -> Result<(), PeopleError> {
    let key = chance::new_id(next_ms(line.at))?;
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

fn next_ms(at: i64) -> i64 {
    // A number is whole after every step, so poison means nothing here.
    let mut newest = NEWEST_MS.lock().unwrap_or_else(PoisonError::into_inner);
    *newest = at.max(newest.saturating_add(1));
    *newest
}

#[cfg(test)]
mod tests {
    use store::MemoryStore;

    use super::*;

    #[test]
    fn lines_of_one_millisecond_and_of_a_clock_that_was_set_back_stay_in_order() {
        let store = MemoryStore::new();
        let times = [5, 5, 5, 5, 5, 3, 3, 9, 9, 1];
        for (number, at) in times.into_iter().enumerate() {
            let line = AuditLine {
                at,
                by: PersonId::from_bytes([1; 16]),
                what: number.to_string(),
                about: Vec::new(),
            };
            write(&store, &line).unwrap();
        }
        let lines = lines(&store).unwrap();
        let written: Vec<_> = lines.iter().map(|line| (line.at, &*line.what)).collect();
        let numbers = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        assert_eq!(written, times.into_iter().zip(numbers).collect::<Vec<_>>());
    }
}
