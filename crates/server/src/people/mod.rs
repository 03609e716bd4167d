//! People, their devices and enrolment links: in memory for questions, in the store for keeps.
//!
//! Belongs here: who is who, tokens, codes. Does not belong here: what a person may write (that is
//! `model::permit`) and the routes that ask.

mod attempts;
mod records;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use model::{DeviceId, DocumentId, FeedId, PersonId, Role};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{RecordChange, Store, StoreError, Table};

use crate::chance::{self, NoChance};

pub use attempts::Attempts;
pub use records::{DeviceRecord, Heard, LinkRecord, PersonRecord};

/// An enrolment code lives ten minutes.
pub const CODE_LIFE_MS: i64 = 10 * 60_000;
/// Used and expired links are remembered this long, so that the answer can say which it was.
const LINK_MEMORY_MS: i64 = 7 * 24 * 3_600_000;
/// A device's last exchange is written down at most this often; the time in memory is exact.
const HEARD_WRITTEN_EVERY_MS: i64 = 5 * 60_000;

/// Why a change to the records failed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness for a secret or an id.
    #[error(transparent)]
    NoChance(#[from] NoChance),
    /// A record in the store cannot be read.
    #[error("{table} 记录已损坏 / a record of {table} cannot be read: {source}")]
    Unreadable {
        /// Which table.
        table: &'static str,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
}

/// Why an enrolment code opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefused {
    /// Never given.
    Unknown,
    /// Has enrolled a device.
    Used,
    /// Older than ten minutes.
    Expired,
}

/// A device just enrolled. The token is here and nowhere else.
#[derive(Debug)]
pub struct Enrolled {
    /// The new device.
    pub device: DeviceId,
    /// Its token.
    pub token: String,
    /// Whose it is.
    pub person: PersonRecord,
}

/// The records. Every change is in the store before it is in memory.
pub struct Registry {
    store: Arc<dyn Store>,
    state: RwLock<State>,
    /// Held while a record is written, so that two changes to one record cannot cross.
    writing: Mutex<()>,
}

#[derive(Default)]
struct State {
    people: BTreeMap<PersonId, PersonRecord>,
    devices: HashMap<DeviceId, DeviceRecord>,
    /// The devices in the order of enrolment.
    enrolled: BTreeSet<(i64, DeviceId)>,
    /// The same for each person.
    enrolled_by: HashMap<PersonId, BTreeSet<(i64, DeviceId)>>,
    tokens: HashMap<[u8; 32], DeviceId>,
    links: HashMap<[u8; 32], LinkRecord>,
    written: HashMap<DeviceId, i64>,
    /// Devices of which more is known than is written down.
    unwritten: HashSet<DeviceId>,
}

impl Registry {
    /// Reads all records. Links nobody can still ask about are forgotten.
    pub fn open(store: Arc<dyn Store>, now_ms: i64) -> Result<Self, PeopleError> {
        let mut state = State::default();
        for (_, value) in store.records(Table::People)? {
            let person: PersonRecord = read("people", &value)?;
            state.people.insert(person.id, person);
        }
        for (_, value) in store.records(Table::Devices)? {
            state.add_device(read("devices", &value)?);
        }
        for (key, value) in store.records(Table::Links)? {
            let link: LinkRecord = read("links", &value)?;
            match <[u8; 32]>::try_from(&key[..]) {
                Ok(code) if now_ms - link.made_at < LINK_MEMORY_MS => {
                    state.links.insert(code, link);
                }
                _ => store.delete_record(Table::Links, &key)?,
            }
        }
        Ok(Self {
            store,
            state: RwLock::new(state),
            writing: Mutex::new(()),
        })
    }

    /// Everybody, by id.
    pub fn people(&self) -> Vec<PersonRecord> {
        self.read().people.values().cloned().collect()
    }

    /// One person.
    pub fn person(&self, id: PersonId) -> Option<PersonRecord> {
        self.read().people.get(&id).cloned()
    }

    /// Every device, in the order of enrolment.
    pub fn devices(&self) -> Vec<DeviceRecord> {
        let state = self.read();
        let enrolled = state.enrolled.iter();
        enrolled
            .filter_map(|(_, device)| state.devices.get(device).cloned())
            .collect()
    }

    /// Everybody in a community, by id, each with their devices in the order of enrolment.
    pub fn colleagues(&self, community: DocumentId) -> Vec<(PersonRecord, Vec<DeviceId>)> {
        let state = self.read();
        let people = state.people.values();
        let colleagues = people.filter(|person| person.community == community);
        colleagues
            .map(|person| (person.clone(), state.devices_of(person.id)))
            .collect()
    }

    /// The devices of everybody in a person's community, in the order of enrolment.
    pub fn devices_beside(&self, person: PersonId) -> Vec<DeviceRecord> {
        let devices = self.devices().into_iter();
        let state = self.read();
        let community = |person: &PersonId| state.people.get(person).map(|person| person.community);
        let own = community(&person);
        devices
            .filter(|device| own.is_some() && community(&device.person) == own)
            .collect()
    }

    /// One device.
    pub fn device(&self, id: DeviceId) -> Option<DeviceRecord> {
        self.read().devices.get(&id).cloned()
    }

    /// The person at this device.
    pub fn owner(&self, device: DeviceId) -> Option<PersonRecord> {
        let state = self.read();
        state
            .people
            .get(&state.devices.get(&device)?.person)
            .cloned()
    }

    /// The device this token belongs to. The look-up is by hash, so its time tells nothing of the token.
    pub fn device_of_token(&self, token: &str) -> Option<DeviceId> {
        self.read().tokens.get(&chance::at_rest(token)).copied()
    }

    /// Adds a person. `grids` is ignored for a supervisor, who has them all.
    pub fn add_person(
        &self,
        name: &str,
        role: Role,
        community: DocumentId,
        grids: Vec<FeedId>,
        now_ms: i64,
    ) -> Result<PersonRecord, PeopleError> {
        let id = PersonId::from_uuid(chance::new_id(now_ms)?);
        let grids = if role == Role::CommunitySupervisor {
            Vec::new()
        } else {
            grids
        };
        let person = PersonRecord {
            id,
            name: name.to_owned(),
            role,
            community,
            grids,
            added_at: now_ms,
        };
        self.put_person(person.clone())?;
        Ok(person)
    }

    /// Adds or replaces a person whose id is given (practice people keep theirs).
    pub fn put_person(&self, person: PersonRecord) -> Result<(), PeopleError> {
        let _writing = self.lock_writing();
        self.store
            .put_record(Table::People, person.id.as_bytes(), &written(&person))?;
        self.write().people.insert(person.id, person);
        Ok(())
    }

    /// Records a device made elsewhere: practice phones, whose token nobody holds.
    pub fn put_device(&self, device: DeviceRecord) -> Result<(), PeopleError> {
        let _writing = self.lock_writing();
        self.store
            .put_record(Table::Devices, device.id.as_bytes(), &written(&device))?;
        self.write().add_device(device);
        Ok(())
    }

    /// A fresh enrolment code for a person.
    pub fn make_link(&self, person: PersonId, now_ms: i64) -> Result<String, PeopleError> {
        let code = chance::code()?;
        let key = chance::at_rest(&code);
        let link = LinkRecord {
            person,
            made_at: now_ms,
            used_by: None,
        };
        let _writing = self.lock_writing();
        self.store.put_record(Table::Links, &key, &written(&link))?;
        self.write().links.insert(key, link);
        Ok(code)
    }

    /// Trades a code for a device and its token. The link is used up in the same write that makes
    /// the device, so one code can never make two.
    pub fn enrol(
        &self,
        code: &str,
        now_ms: i64,
    ) -> Result<Result<Enrolled, CodeRefused>, PeopleError> {
        let key = chance::at_rest(code);
        let _writing = self.lock_writing();
        let (mut link, person) = match self.usable_link(&key, now_ms) {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let token = chance::token()?;
        let device = DeviceRecord {
            id: DeviceId::from_uuid(chance::new_id(now_ms)?),
            person: person.id,
            token: chance::at_rest(&token),
            enrolled_at: now_ms,
            heard: None,
        };
        link.used_by = Some(device.id);
        self.store.write_records(&[
            put(Table::Links, &key, &link),
            put(Table::Devices, device.id.as_bytes(), &device),
        ])?;
        let mut state = self.write();
        state.links.insert(key, link);
        let id = device.id;
        state.add_device(device);
        Ok(Ok(Enrolled {
            device: id,
            token,
            person,
        }))
    }

    fn usable_link(
        &self,
        key: &[u8; 32],
        now_ms: i64,
    ) -> Result<(LinkRecord, PersonRecord), CodeRefused> {
        let state = self.read();
        let link = state.links.get(key).ok_or(CodeRefused::Unknown)?;
        if link.used_by.is_some() {
            return Err(CodeRefused::Used);
        }
        if now_ms - link.made_at >= CODE_LIFE_MS {
            return Err(CodeRefused::Expired);
        }
        let person = state.people.get(&link.person).ok_or(CodeRefused::Unknown)?;
        Ok((link.clone(), person.clone()))
    }

    /// Notes that a device has exchanged. Written to the store now and then only: the figure is a
    /// courtesy to the desk, and a write for each exchange would outgrow the notes themselves. What
    /// many devices have to write at one time is written together, by the first of them.
    pub fn heard(&self, device: DeviceId, heard: Heard) -> Result<(), StoreError> {
        if !self.note_heard(device, heard) {
            return Ok(());
        }
        while !self.read().unwritten.is_empty() {
            let Ok(_writing) = self.writing.try_lock() else {
                // Whoever writes now looks again when done, or the next device's turn comes.
                return Ok(());
            };
            let due: Vec<RecordChange> = {
                let mut state = self.write();
                let due = std::mem::take(&mut state.unwritten);
                let due = due.iter().filter_map(|device| state.devices.get(device));
                due.map(|record| put(Table::Devices, record.id.as_bytes(), record))
                    .collect()
            };
            self.store.write_records(&due)?;
        }
        Ok(())
    }

    /// Notes it in memory, and whether it should be written down now.
    fn note_heard(&self, device: DeviceId, heard: Heard) -> bool {
        let mut state = self.write();
        let last = state.written.get(&device).copied();
        let Some(record) = state.devices.get_mut(&device) else {
            return false;
        };
        let at = heard.at;
        let before = record.heard.replace(heard);
        let version = |heard: &Option<Heard>| heard.as_ref().map(|heard| heard.app_version.clone());
        let other_version = version(&before) != version(&record.heard);
        let due = other_version || last.is_none_or(|last| at - last >= HEARD_WRITTEN_EVERY_MS);
        if due {
            state.written.insert(device, at);
            state.unwritten.insert(device);
        }
        due
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        // Every write below leaves the maps whole, so poison means nothing here.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add_device(&mut self, device: DeviceRecord) {
        let place = (device.enrolled_at, device.id);
        if let Some(before) = self.devices.get(&device.id) {
            let place = (before.enrolled_at, before.id);
            self.enrolled.remove(&place);
            let of_person = self.enrolled_by.entry(before.person).or_default();
            of_person.remove(&place);
        }
        self.enrolled.insert(place);
        self.enrolled_by
            .entry(device.person)
            .or_default()
            .insert(place);
        self.tokens.insert(device.token, device.id);
        self.devices.insert(device.id, device);
    }

    fn devices_of(&self, person: PersonId) -> Vec<DeviceId> {
        let places = self.enrolled_by.get(&person).into_iter().flatten();
        places.map(|(_, device)| *device).collect()
    }
}

fn read<T: DeserializeOwned>(table: &'static str, value: &[u8]) -> Result<T, PeopleError> {
    serde_json::from_slice(value).map_err(|source| PeopleError::Unreadable { table, source })
}

/// The records hold only text, numbers and lists, which JSON can always write.
fn written(record: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(record).unwrap_or_default()
}

fn put(table: Table, key: &[u8], record: &impl Serialize) -> RecordChange {
    RecordChange {
        table,
        key: key.to_vec(),
        value: Some(written(record)),
    }
}
