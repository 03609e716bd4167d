//! The small records: each reads as what its table holds, and the office has its key.

use std::path::Path;

use serde::de::DeserializeOwned;
use store::{Record, StoreError, Table, Truth, key_of};
use sync::admission::name_of;

use super::Fault;
use crate::audit::AuditLine;
use crate::failure::Failure;
use crate::office::place_of_signing_key;
use crate::people::{DeviceRecord, LinkRecord, PersonRecord};
use crate::tray::TrayEntry;

/// Checks all tables.
pub(super) fn check(data: &Path, truth: &Truth) -> Result<Vec<Fault>, Failure> {
    let mut faults = Vec::new();
    for table in Table::ALL {
        let records = truth.records(table)?;
        let unreadable = records
            .iter()
            .filter(|record| !reads(table, record))
            .count();
        if unreadable > 0 {
            faults.push(Fault {
                is_harmless: false,
                zh: format!("{table:?} 表里有 {unreadable} 条记录读不出来。请保留数据文件夹，并把这一行告诉开发者"),
                en: format!("{unreadable} records of the table {table:?} cannot be read. Keep the data folder, and report this line"),
            });
        }
    }
    if let Some(place) = place_of_signing_key(&truth.records(Table::Settings)?)
        && is_missing(key_of(data, place))?
    {
        faults.push(Fault {
            is_harmless: false,
            zh: format!("平台签收据的密钥 keys/{place}.key 不见了，启动时会换一把新的，手机会拒绝新的收据。请用备份里的同名文件补上"),
            en: format!("the key keys/{place}.key that signs receipts is missing; a start would make another, and phones would refuse its receipts. Put the file of that name back from a backup"),
        });
    }
    Ok(faults)
}

/// A key whose bytes are wrong is there; the check of the key files has named it already.
fn is_missing(key: Result<Option<[u8; 32]>, StoreError>) -> Result<bool, StoreError> {
    match key {
        Ok(key) => Ok(key.is_none()),
        Err(StoreError::Damaged { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

fn reads(table: Table, (key, value): &Record) -> bool {
    match table {
        Table::People => is::<PersonRecord>(value),
        Table::Devices => is::<DeviceRecord>(value),
        Table::Links => is::<LinkRecord>(value),
        Table::Audit => is::<AuditLine>(value),
        Table::Tray => TrayEntry::from_record(value).is_some_and(|(entry, bytes)| {
            entry.hash.as_bytes()[..] == key[..] && name_of(bytes) == entry.hash
        }),
        // Its records are each of another form, and each reader copes.
        Table::Settings => true,
    }
}

fn is<T: DeserializeOwned>(value: &[u8]) -> bool {
    serde_json::from_slice::<T>(value).is_ok()
}
