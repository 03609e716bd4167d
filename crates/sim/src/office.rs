//! The office: the real one, called without a network, over a disk that fails, and started again
//! each time it dies.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use ed25519_dalek::{SigningKey, VerifyingKey};
use model::edit::{self, CommunityRecord, DoorRecord};
use model::records::{Grid, Plan};
use model::{
    ChangeHash, DeviceId, DocumentId, FeedId, Kind, Member, PersonId, Role, community_id, door_id,
    grid_id,
};
use server::admission::{AdmitRefused, admit_from_tray};
use server::exchange::{Composing, End, Intake, Reading, Step, keep};
use server::office::{Identity, Office, OpenError, OwnWrite, documents, remake_all};
use server::people::{DeviceRecord, Heard, PersonRecord};
use server::refusal::Refusal;
use store::StoreError;

use crate::disk::Disk;
use crate::network::Arriving;
use crate::story::{Death, DiskKind, Failure};

/// The grids of the community.
pub const GRIDS: usize = 2;
/// Doors in each grid.
pub const DOORS_PER_GRID: usize = 2;

/// The office on its machine.
pub struct Machine {
    disk: Disk,
    /// Present but for the moment between a death and the next start.
    office: Option<Arc<Office>>,
    key: VerifyingKey,
    /// What the disk's failure will end in.
    dies: Death,
    /// The death that comes as soon as something was kept.
    planned: Option<Death>,
}

/// Why the office is not there.
#[derive(Debug)]
pub enum Gone {
    /// The folder for it cannot be made or copied.
    Folder(io::Error),
    /// It does not open.
    DoesNotOpen(OpenError),
    /// It could not be filled.
    Unfilled(String),
}

/// What became of a request.
pub enum Served {
    /// It was answered.
    Answer(Vec<u8>),
    /// It was refused as a whole, with this code.
    Refused(&'static str),
    /// The program died over it.
    Died(Death),
}

impl Machine {
    /// A new office with its community, grids and doors.
    pub fn new(kind: DiskKind, now_ms: i64) -> Result<Self, Gone> {
        let mut disk = Disk::new(kind).map_err(Gone::Folder)?;
        let store = disk
            .open()
            .map_err(|error| Gone::DoesNotOpen(error.into()))?;
        let secret = [42; 32];
        Identity::give(&*store, DeviceId::from_bytes([0xee; 16]), &secret)
            .map_err(|error| Gone::DoesNotOpen(error.into()))?;
        drop(store);
        let mut machine = Self {
            disk,
            office: None,
            key: SigningKey::from_bytes(&secret).verifying_key(),
            dies: Death::Kill,
            planned: None,
        };
        machine.start(now_ms)?;
        machine.fill(now_ms)?;
        Ok(machine)
    }

    /// The office.
    pub fn office(&self) -> &Arc<Office> {
        self.office
            .as_ref()
            .expect("it is started at once after each death")
    }

    /// The key that receipts are signed with.
    pub fn key(&self) -> VerifyingKey {
        self.key
    }

    /// Puts a person on record, or moves one to another grid.
    pub fn put_person(
        &self,
        person: PersonId,
        role: Role,
        grids: Vec<FeedId>,
        now_ms: i64,
    ) -> Result<(), String> {
        let record = PersonRecord {
            id: person,
            name: format!("{:02x}", person.as_bytes()[0]),
            role,
            community: community(),
            grids,
            added_at: now_ms,
        };
        let put = self.office().people.put_person(record);
        put.map_err(|error| error.to_string())
    }

    /// Puts a device on record.
    pub fn put_device(
        &self,
        device: DeviceId,
        person: PersonId,
        now_ms: i64,
    ) -> Result<(), String> {
        let mut token = [0; 32];
        token[..16].copy_from_slice(device.as_bytes());
        let record = DeviceRecord {
            id: device,
            person,
            token,
            enrolled_at: now_ms,
            heard: None,
        };
        let put = self.office().people.put_device(record);
        put.map_err(|error| error.to_string())
    }

    /// One exchange, as the route does it.
    pub fn serve(&mut self, device: DeviceId, request: &Arriving, now_ms: i64) -> Served {
        let Some(member) = self.office().member_of_device(device) else {
            return Served::Refused("token_unknown");
        };
        match self.take_and_answer(member, request, now_ms) {
            Ok(Some(pack)) => Served::Answer(pack),
            Ok(None) => Served::Died(self.planned.take().unwrap_or(Death::Kill)),
            Err(_) if self.has_failed() => Served::Died(self.dies),
            Err(refusal) => Served::Refused(refusal.code()),
        }
    }

    /// `None`: a planned death came before the answer.
    fn take_and_answer(
        &self,
        member: Member,
        request: &Arriving,
        now_ms: i64,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let office = self.office();
        let mut intake = Intake::new(member.device, community());
        let mut end = match request.is_whole {
            true => End::Complete,
            false => End::Broken(model::Reason::Malformed),
        };
        let mut has_kept = false;
        for portion in request.portions() {
            if let Err(reason) = intake.push(portion) {
                end = End::Broken(reason);
                break;
            }
            let reading = loop {
                match intake.read(now_ms)? {
                    Reading::IsFull => has_kept |= self.flush(&mut intake, &member, now_ms)?,
                    reading => break reading,
                }
            };
            if let Reading::Broken(reason) = reading {
                end = End::Broken(reason);
                break;
            }
            has_kept |= self.flush(&mut intake, &member, now_ms)?;
        }
        has_kept |= self.flush(&mut intake, &member, now_ms)?;
        let taken = intake.finish(end)?;
        if has_kept && self.planned.is_some() {
            return Ok(None);
        }
        let heard = Heard {
            at: now_ms,
            clock_error_ms: taken.clock_error_ms,
            app_version: taken.hello.app.clone(),
        };
        if let Err(error) = office.people.heard(member.device, heard) {
            office.store_failed(&error);
        }
        let mut composing = Composing::new(Arc::clone(office), member, taken);
        let mut pack = Vec::new();
        loop {
            match composing.until(usize::MAX, now_ms) {
                Ok(Step::More(more)) => {
                    composing = *more;
                    pack.extend(composing.take());
                }
                Ok(Step::End(end)) => {
                    pack.extend(end);
                    return Ok(Some(pack));
                }
                Err(error) => {
                    office.store_failed(&error);
                    return Err(server::refusal::STORE_STOPPED);
                }
            }
        }
    }

    fn flush(&self, intake: &mut Intake, member: &Member, now_ms: i64) -> Result<bool, Refusal> {
        let batch = intake.batch();
        if batch.is_empty() {
            return Ok(false);
        }
        intake.answered(keep(self.office(), member, batch, now_ms)?);
        Ok(true)
    }

    /// Whether the store has failed, so that the program ends.
    pub fn has_failed(&self) -> bool {
        self.office().stopping.failure().is_some() || self.office().store.health().is_err()
    }

    /// What the next end after a failed write will be.
    pub fn dies_by(&self) -> Death {
        self.dies
    }

    /// Has the disk fail after so many more writes, and the program then die.
    pub fn fail(&mut self, after: u8, how: Failure, then: Death) {
        self.disk.fail(after, how);
        self.dies = then;
    }

    /// Has the program die as soon as something was kept.
    pub fn plan(&mut self, death: Death) {
        self.planned = Some(death);
    }

    /// Dies and is started again.
    pub fn die(&mut self, how: Death, now_ms: i64) -> Result<(), Gone> {
        self.planned = None;
        self.disk.die(how).map_err(Gone::Folder)?;
        self.start(now_ms)
    }

    /// Is stopped in order and started with an index built anew.
    pub fn rebuild(&mut self, now_ms: i64) -> Result<(), Gone> {
        self.disk.rebuild();
        self.start(now_ms)
    }

    /// Is started from a copy of its data.
    pub fn restore(&mut self, now_ms: i64) -> Result<(), Gone> {
        self.disk.restore_copy().map_err(Gone::Folder)?;
        self.start(now_ms)
    }

    fn start(&mut self, now_ms: i64) -> Result<(), Gone> {
        self.office = None;
        let store = self
            .disk
            .open()
            .map_err(|error| Gone::DoesNotOpen(error.into()))?;
        let office = Office::open(store, now_ms, &mut |_| {}).map_err(Gone::DoesNotOpen)?;
        self.office = Some(Arc::new(office));
        Ok(())
    }

    /// Makes all summaries anew.
    pub fn remake(&self) -> Result<u64, StoreError> {
        remake_all(self.office(), &mut |_| {})
    }

    /// Compacts a document.
    pub fn compact(&self, document: DocumentId) -> Result<(), StoreError> {
        let store = &self.office().store;
        let Some(stored) = store.document(document)? else {
            return Ok(());
        };
        if let Ok(opened) = documents::open(&stored) {
            store.compact(document, stored.revision, &opened.save())?;
        }
        Ok(())
    }

    /// Admits a change from the tray; the words say what came of it.
    pub fn admit(&self, supervisor: DeviceId, change: ChangeHash, now_ms: i64) -> String {
        let Some(member) = self.office().member_of_device(supervisor) else {
            return "nobody may".to_owned();
        };
        match admit_from_tray(self.office(), &member, change, now_ms) {
            Ok(Ok(admitted)) => format!("{} came in", admitted.len()),
            Ok(Err(AdmitRefused::Still(reason))) => format!("still {reason}"),
            Ok(Err(AdmitRefused::NotThere)) => "it is not there".to_owned(),
            Err(error) => {
                if let server::admission::AdmitError::Store(error) = &error {
                    self.office().store_failed(error);
                }
                "the store failed".to_owned()
            }
        }
    }

    fn fill(&self, now_ms: i64) -> Result<(), Gone> {
        let record = CommunityRecord {
            name: "梧桐".to_owned(),
            grids: (0..GRIDS)
                .map(|number| {
                    (
                        grid(number),
                        Grid {
                            name: name_of_grid(number),
                        },
                    )
                })
                .collect(),
            ..CommunityRecord::default()
        };
        let mut writes = vec![OwnWrite {
            document: community(),
            kind: Kind::Community,
            feed: community().as_feed(),
            edit: Box::new(move |document| edit::write_community(document, &record, now_ms)),
        }];
        for number in 0..GRIDS * DOORS_PER_GRID {
            let record = door_record(number);
            writes.push(OwnWrite {
                document: door(number),
                kind: Kind::Door,
                feed: record.grid,
                edit: Box::new(move |document| edit::write_door(document, &record, now_ms)),
            });
        }
        let written = self.office().write_own(writes, now_ms);
        written.map_err(|error| Gone::Unfilled(error.to_string()))?;
        Ok(())
    }
}

/// The community.
pub fn community() -> DocumentId {
    community_id("梧桐")
}

fn name_of_grid(number: usize) -> String {
    format!("第{}网格", number + 1)
}

/// A grid.
pub fn grid(number: usize) -> FeedId {
    grid_id(community(), &name_of_grid(number % GRIDS))
}

/// A door; the first ones are in the first grid.
pub fn door(number: usize) -> DocumentId {
    let record = door_record(number);
    door_id(community(), &record.building, &record.unit, &record.label)
}

fn door_record(number: usize) -> DoorRecord {
    DoorRecord {
        community: community().as_feed(),
        grid: grid(number / DOORS_PER_GRID),
        building: format!("{}", number / DOORS_PER_GRID + 1),
        unit: "1".to_owned(),
        label: format!("{}01", number % DOORS_PER_GRID + 1),
        floor: Some(1),
        persons: BTreeMap::new(),
        tags: BTreeSet::new(),
        plan: Plan::default(),
        remarks: String::new(),
        sealed: BTreeMap::new(),
    }
}
