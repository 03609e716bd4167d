//! Taking in a rescue file: what one phone wrote and could not send, brought by another device.
//!
//! Belongs here: whose file it is, whether it is true, what becomes of each change. Does not belong
//! here: the file's bytes (`sync::rescue`), what may be written (`admission`), HTTP (`api`).

use model::{DeviceId, Member, PersonId, Reason, Role};
use store::StoreError;
use sync::admission::{Candidate, name_of};
use sync::frame::Receipt;
use sync::rescue::{Contents, Head, Item, RescueError, RescueFile};

use crate::admission::{AdmitError, admit, hold};
use crate::office::Office;
use crate::people::{DeviceRecord, PersonRecord};

/// Changes examined together; as many as in an exchange.
const BATCH_CHANGES: usize = 64;

/// A file that was taken in. What its receipts say is durable.
#[derive(Debug)]
pub struct Rescued {
    /// Whose file it is.
    pub head: Head,
    /// Each change, in the file's order.
    pub items: Vec<RescuedItem>,
    /// Drafts in the file; they are for people to read.
    pub drafts: usize,
    /// Frames that did not read.
    pub unreadable: usize,
}

/// One change of a file.
#[derive(Debug)]
pub struct RescuedItem {
    /// How the file speaks of it.
    pub item: Item,
    /// The office's word on it.
    pub receipt: Receipt,
    /// It was at the office before this file came.
    pub was_here: bool,
}

/// Why a file was not taken in. Nothing of it was kept, or it is found again when it is sent again.
#[derive(Debug, thiserror::Error)]
pub enum RescueRefused {
    /// It does not read, or its seal is wrong.
    #[error(transparent)]
    File(#[from] RescueError),
    /// Its phone is not one of the carrier's community.
    #[error("a rescue file of a phone that this community does not know")]
    DeviceUnknown,
    /// It could not be examined or kept.
    #[error(transparent)]
    Admit(#[from] AdmitError),
}

impl From<StoreError> for RescueRefused {
    fn from(error: StoreError) -> Self {
        Self::Admit(error.into())
    }
}

/// Takes in what the file holds, as if its own phone had sent it: its permits, its share of the tray,
/// its place among the devices that are not sent it back. The carrier only brings it.
pub fn take_in(
    office: &Office,
    carrier: PersonId,
    bytes: &[u8],
    now_ms: i64,
) -> Result<Rescued, RescueRefused> {
    let file = RescueFile::read(bytes)?;
    let carrier = office.people.person(carrier);
    let carrier = carrier.ok_or(RescueRefused::DeviceUnknown)?;
    let (writer, contents) = match office.people.device(file.head().device) {
        Some(device) => known(office, &carrier, &file, &device)?,
        None => unknown(&carrier, &file)?,
    };
    let mut items = Vec::with_capacity(contents.items.len());
    for batch in contents.items.chunks(BATCH_CHANGES) {
        items.extend(take_batch(office, &writer, batch, now_ms)?);
    }
    Ok(Rescued {
        head: file.head().clone(),
        items,
        drafts: contents.drafts.len(),
        unreadable: contents.unreadable,
    })
}

/// A file whose phone is on the books: its seal tells whether it is true.
fn known(
    office: &Office,
    carrier: &PersonRecord,
    file: &RescueFile<'_>,
    device: &DeviceRecord,
) -> Result<(Writer, Contents), RescueRefused> {
    let contents = file.open(&device.token)?;
    // The seal is true, so the file says truly in which community its person was.
    let home = office.people.person(device.person);
    let home = home.map_or(file.head().community, |person| person.community);
    if carrier.community != home {
        return Err(RescueRefused::DeviceUnknown);
    }
    Ok((writer_of(office, &device.id, device.person), contents))
}

/// A file of a phone that was enrolled after the copy was taken that this office was restored from:
/// nothing can tell any more whether it is true. What a supervisor brings is kept in the tray, for a
/// person to read and judge; what others bring is not taken.
fn unknown(
    carrier: &PersonRecord,
    file: &RescueFile<'_>,
) -> Result<(Writer, Contents), RescueRefused> {
    let head = file.head();
    if carrier.role != Role::CommunitySupervisor || carrier.community != head.community {
        return Err(RescueRefused::DeviceUnknown);
    }
    let writer = Writer::Gone(Member {
        person: head.person,
        role: Role::GridWorker,
        feeds: Vec::new(),
        device: head.device,
    });
    Ok((writer, file.open_unsealed()?))
}

/// Who wrote the file: a member with today's rights, or somebody who has none any more.
enum Writer {
    Member(Member),
    Gone(Member),
}

fn writer_of(office: &Office, device: &DeviceId, person: PersonId) -> Writer {
    match office.member_of_device(*device) {
        Some(member) => Writer::Member(member),
        None => Writer::Gone(Member {
            person,
            role: Role::GridWorker,
            feeds: Vec::new(),
            device: *device,
        }),
    }
}

fn take_batch(
    office: &Office,
    writer: &Writer,
    batch: &[Item],
    now_ms: i64,
) -> Result<Vec<RescuedItem>, RescueRefused> {
    let before: Vec<bool> = batch
        .iter()
        .map(|item| was_here(office, item))
        .collect::<Result<_, _>>()?;
    let candidates = batch.iter().map(candidate).collect();
    let receipts = match writer {
        Writer::Member(member) => admit(office, member, candidates, now_ms)?,
        Writer::Gone(member) => hold(office, member, Reason::SenderGone, candidates, now_ms)?,
    };
    let items = batch.iter().zip(receipts).zip(before);
    let items = items.map(|((item, receipt), was_here)| RescuedItem {
        item: item.clone(),
        receipt,
        was_here,
    });
    Ok(items.collect())
}

fn was_here(office: &Office, item: &Item) -> Result<bool, StoreError> {
    let (document, name) = (item.change.document, name_of(&item.change.bytes));
    let is_held = office.tray.entry(&name).is_some();
    Ok(is_held || office.store.find_change(document, name)?.is_some())
}

fn candidate(item: &Item) -> Candidate {
    let change = item.change.clone();
    Candidate {
        document: change.document,
        kind: change.kind,
        feed: change.feed,
        bytes: change.bytes,
    }
}
