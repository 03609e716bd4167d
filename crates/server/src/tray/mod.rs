//! The tray 待处理: changes that were not adopted, kept with their bytes until a person decides or
//! what they wait for arrives.
//!
//! Belongs here: keeping, finding, counting. Does not belong here: deciding whether a change may
//! enter (see `admission`).

mod entry;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use model::{ChangeHash, DeviceId, DocumentId, limits};
use store::{RecordChange, Store, StoreError, Table};

pub use entry::{SetAside, TrayEntry};

/// The tray. Every entry is in the store before it is in memory, and before its receipt.
pub struct Tray {
    store: Arc<dyn Store>,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    entries: HashMap<ChangeHash, TrayEntry>,
    /// Entries in the order of arrival.
    order: BTreeSet<(i64, ChangeHash)>,
    by_document: HashMap<DocumentId, Vec<ChangeHash>>,
    shares: HashMap<DeviceId, Share>,
    waiting: usize,
}

/// What one device has in the tray.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    entries: usize,
    bytes: usize,
}

impl Tray {
    /// Reads all entries.
    pub fn open(store: Arc<dyn Store>) -> Result<Self, StoreError> {
        let mut state = State::default();
        for (key, record) in store.records(Table::Tray)? {
            match TrayEntry::from_record(&record) {
                Some((entry, _)) => state.add(entry),
                None => tracing::error!(key = hex::encode(key), "a tray record cannot be read"),
            }
        }
        Ok(Self {
            store,
            state: RwLock::new(state),
        })
    }

    /// The entry for a change, without its bytes.
    pub fn entry(&self, hash: &ChangeHash) -> Option<TrayEntry> {
        self.read().entries.get(hash).cloned()
    }

    /// The entry for a change and its bytes.
    pub fn with_bytes(
        &self,
        hash: &ChangeHash,
    ) -> Result<Option<(TrayEntry, Vec<u8>)>, StoreError> {
        let record = self.store.get_record(Table::Tray, hash.as_bytes())?;
        Ok(record
            .as_deref()
            .and_then(TrayEntry::from_record)
            .map(|(entry, bytes)| (entry, bytes.to_vec())))
    }

    /// Keeps entries, durably on return. Those that do not fit into their device's share come back.
    pub fn keep(&self, entries: Vec<(TrayEntry, Vec<u8>)>) -> Result<Vec<ChangeHash>, StoreError> {
        let mut too_many = Vec::new();
        let mut kept = Vec::new();
        let mut records = Vec::new();
        let mut taken: HashMap<DeviceId, Share> = HashMap::new();
        let mut state = self.write();
        for (entry, bytes) in entries {
            let share = taken
                .entry(entry.device)
                .or_insert_with(|| state.shares.get(&entry.device).copied().unwrap_or_default());
            if !share.grow(bytes.len()) {
                too_many.push(entry.hash);
                continue;
            }
            records.push(put(&entry, &bytes));
            kept.push(entry);
        }
        // The lock is held over the write: shares counted at the same time would each find room.
        if !records.is_empty() {
            self.store.write_records(&records)?;
        }
        kept.into_iter().for_each(|entry| state.add(entry));
        Ok(too_many)
    }

    /// Takes entries out, because their changes were adopted.
    pub fn remove(&self, hashes: &[ChangeHash]) -> Result<(), StoreError> {
        let mut state = self.write();
        let present: Vec<_> = hashes
            .iter()
            .filter(|hash| state.entries.contains_key(hash))
            .collect();
        if present.is_empty() {
            return Ok(());
        }
        let records: Vec<_> = present
            .iter()
            .map(|hash| RecordChange {
                table: Table::Tray,
                key: hash.as_bytes().to_vec(),
                value: None,
            })
            .collect();
        self.store.write_records(&records)?;
        present.into_iter().for_each(|hash| state.remove(hash));
        Ok(())
    }

    /// Alters an entry, such as setting it aside. `None`: there is no such entry.
    pub fn alter(
        &self,
        hash: &ChangeHash,
        alter: impl FnOnce(&mut TrayEntry),
    ) -> Result<Option<TrayEntry>, StoreError> {
        let mut state = self.write();
        let Some((mut entry, bytes)) = self.with_bytes(hash)? else {
            return Ok(None);
        };
        alter(&mut entry);
        self.store.write_records(&[put(&entry, &bytes)])?;
        state.remove(hash);
        state.add(entry.clone());
        Ok(Some(entry))
    }

    /// Entries of one document that nobody has set aside, oldest first.
    pub fn waiting_in(&self, document: DocumentId) -> Vec<TrayEntry> {
        let state = self.read();
        let hashes = state.by_document.get(&document).into_iter().flatten();
        let entries = hashes.filter_map(|hash| state.entries.get(hash));
        let mut waiting: Vec<_> = entries
            .filter(|entry| entry.set_aside.is_none())
            .cloned()
            .collect();
        waiting.sort_unstable_by_key(|entry| (entry.received_at, entry.hash));
        waiting
    }

    /// How many entries are wanted.
    pub fn count(&self, wanted: impl Fn(&TrayEntry) -> bool) -> usize {
        self.read()
            .entries
            .values()
            .filter(|entry| wanted(entry))
            .count()
    }

    /// A page of the wanted entries, newest first.
    pub fn page(
        &self,
        wanted: impl Fn(&TrayEntry) -> bool,
        offset: usize,
        limit: usize,
    ) -> Vec<TrayEntry> {
        let state = self.read();
        state
            .order
            .iter()
            .rev()
            .filter_map(|(_, hash)| state.entries.get(hash))
            .filter(|entry| wanted(entry))
            .skip(offset)
            .take(limit)
            .cloned()
            .collect()
    }

    /// How many entries wait for a person.
    pub fn waiting(&self) -> usize {
        self.read().waiting
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Every change below leaves the maps whole, so poison means nothing here.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, entry: TrayEntry) {
        self.order.insert((entry.received_at, entry.hash));
        self.by_document
            .entry(entry.document)
            .or_default()
            .push(entry.hash);
        let share = self.shares.entry(entry.device).or_default();
        share.entries += 1;
        share.bytes += entry.size;
        self.waiting += usize::from(entry.set_aside.is_none());
        self.entries.insert(entry.hash, entry);
    }

    fn remove(&mut self, hash: &ChangeHash) {
        let Some(entry) = self.entries.remove(hash) else {
            return;
        };
        self.order.remove(&(entry.received_at, entry.hash));
        if let Some(hashes) = self.by_document.get_mut(&entry.document) {
            hashes.retain(|other| other != hash);
            if hashes.is_empty() {
                self.by_document.remove(&entry.document);
            }
        }
        if let Some(share) = self.shares.get_mut(&entry.device) {
            share.entries -= 1;
            share.bytes -= entry.size;
        }
        self.waiting -= usize::from(entry.set_aside.is_none());
    }
}

impl Share {
    /// Takes one more entry if it fits.
    fn grow(&mut self, bytes: usize) -> bool {
        let fits = self.entries < limits::TRAY_ENTRIES && self.bytes + bytes <= limits::TRAY_BYTES;
        if fits {
            self.entries += 1;
            self.bytes += bytes;
        }
        fits
    }
}

fn put(entry: &TrayEntry, bytes: &[u8]) -> RecordChange {
    RecordChange {
        table: Table::Tray,
        key: entry.hash.as_bytes().to_vec(),
        value: Some(entry.to_record(bytes)),
    }
}
