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
        self.remove(&entry.hash);
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

#[cfg(test)]
mod tests {
    use model::{FeedId, Kind, PersonId};
    use store::MemoryStore;

    use super::*;

    fn entry(number: u16, device: u8, size: usize) -> (TrayEntry, Vec<u8>) {
        let mut hash = [0; 32];
        hash[..2].copy_from_slice(&number.to_be_bytes());
        let entry = TrayEntry {
            hash: ChangeHash(hash),
            document: DocumentId::from_bytes([1; 16]),
            kind: Kind::Visit,
            feed: FeedId::from_bytes([2; 16]),
            person: PersonId::from_bytes([3; 16]),
            device: DeviceId::from_bytes([device; 16]),
            received_at: i64::from(number),
            reason: "waits".to_owned(),
            size,
            written_at: Some(1_700_000_000_000),
            fields: [("outcome".to_owned(), "met".to_owned())].into(),
            words: vec!["一行\n两行".to_owned()],
            dependencies: Vec::new(),
            set_aside: None,
        };
        (entry, vec![b'\n'; size])
    }

    fn tray() -> Tray {
        Tray::open(Arc::new(MemoryStore::new())).unwrap()
    }

    #[test]
    fn an_entry_from_before_fields_were_kept_still_reads() {
        let (kept, bytes) = entry(1, 1, 7);
        let line = String::from_utf8(kept.to_record(&bytes)).unwrap();
        let before = line
            .replace(r#""written_at":1700000000000,"#, "")
            .replace(r#""fields":{"outcome":"met"},"#, "");
        assert!(before.len() < line.len() - 50, "{before}");
        let (read, rest) = TrayEntry::from_record(before.as_bytes()).unwrap();
        assert_eq!((read.words, rest), (kept.words, bytes.as_slice()));
        assert_eq!((read.written_at, read.fields.len()), (None, 0));
    }

    #[test]
    fn an_entry_comes_back_with_its_bytes() {
        let tray = tray();
        let (kept, bytes) = entry(1, 1, 7);
        assert!(
            tray.keep(vec![(kept.clone(), bytes.clone())])
                .unwrap()
                .is_empty()
        );
        assert_eq!(tray.with_bytes(&kept.hash).unwrap(), Some((kept, bytes)));
    }

    #[test]
    fn a_device_fills_only_its_own_share_in_entries_and_in_bytes() {
        let tray = tray();
        let many = (0..1_002).map(|number| entry(number, 1, 1)).collect();
        let too_many = tray.keep(many).unwrap();
        assert_eq!(
            too_many,
            [entry(1_000, 1, 1).0.hash, entry(1_001, 1, 1).0.hash]
        );
        assert!(tray.keep(vec![entry(2_000, 2, 1)]).unwrap().is_empty());

        let half = limits::TRAY_BYTES / 2;
        let large = (3_000..3_003)
            .map(|number| entry(number, 3, half))
            .collect();
        assert_eq!(tray.keep(large).unwrap(), [entry(3_002, 3, half).0.hash]);

        tray.remove(&[entry(0, 1, 1).0.hash]).unwrap();
        assert!(tray.keep(vec![entry(1_000, 1, 1)]).unwrap().is_empty());
    }

    #[test]
    fn shares_and_decisions_are_the_same_after_reopening() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let tray = Tray::open(Arc::clone(&store)).unwrap();
        tray.keep((0..1_000).map(|number| entry(number, 1, 1)).collect())
            .unwrap();
        let word = SetAside {
            by: PersonId::from_bytes([9; 16]),
            at: 5,
        };
        tray.alter(&entry(7, 1, 1).0.hash, |entry| entry.set_aside = Some(word))
            .unwrap();
        let tray = Tray::open(store).unwrap();
        assert_eq!(
            (
                tray.waiting(),
                tray.count(|entry| entry.set_aside.is_some())
            ),
            (999, 1)
        );
        assert_eq!(tray.keep(vec![entry(1_000, 1, 1)]).unwrap().len(), 1);
        let newest = tray.page(|_| true, 0, 2);
        assert_eq!(
            newest
                .iter()
                .map(|entry| entry.received_at)
                .collect::<Vec<_>>(),
            [999, 998]
        );
    }
}
