//! One folder that a power cut may have left: made, opened, and compared with
//! what had been acknowledged and what was ever written.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use store::{IndexState, Table};

use super::part::Part;
use crate::chance::Chance;
use crate::content::{self, Content};
use crate::disk::cut::{Mode, folder_after};
use crate::disk::trace::Moment;
use crate::disk::tree::{self, Entry, Folder};
use crate::office::Office;
use crate::{CrashError, Settings};

/// What a file says that names this run of the machine. After a power cut the
/// machine runs anew.
const THIS_RUN: &[u8] = b"open since boot ";
const OTHER_RUN: &[u8] = b"open since boot before the power cut\n";

/// Checks one folder and says in words what kind it was. `place` is used again
/// and again.
pub fn folder(
    settings: &Settings,
    part: &Part,
    place: &Path,
    (mode, moment): (Mode, Moment),
    by_program: bool,
    chance: &mut Chance,
) -> Result<Vec<String>, CrashError> {
    let mut left = folder_after(&part.recording, moment, mode, chance);
    forget_run(&mut left);
    let root = tempfile::tempdir_in(place)?;
    tree::write(&left, root.path())?;
    let office = Office::at(settings, root.path(), &[])?;
    let mut notes = Vec::new();
    if by_program {
        let (program, _) = office.start()?;
        program.stop()?;
        notes.push("opened_by_program".to_owned());
    }
    let opened = content::open(&office.data, false);
    let (store, report) =
        opened.map_err(|error| CrashError::Broken(format!("it does not open: {error}")))?;
    let content = read(&store)?;
    let is_checked_twice = match &report.index {
        IndexState::Rebuilt(_) => false,
        IndexState::Ready | IndexState::CaughtUp(_) => !report.created,
    };
    drop(store);
    check(part, moment, &content, &office)?;
    if !by_program {
        // The program itself adds records at its start.
        check_journal(part, &content, &office)?;
    }
    if is_checked_twice {
        // An index that was believed must say what the journal says.
        let (store, _) = content::open(&office.data, true)?;
        if read(&store)? != content {
            return Err(CrashError::broken("the index says other than the journal"));
        }
        notes.push("index_believed".to_owned());
    }
    if report.torn.is_some() {
        notes.push("torn_tail_cut".to_owned());
    }
    if report.created {
        notes.push("empty".to_owned());
    }
    if let IndexState::Rebuilt(_) = report.index {
        notes.push("index_rebuilt".to_owned());
    }
    Ok(notes)
}

fn read(store: &store::EmbeddedStore) -> Result<Content, CrashError> {
    Content::of(store).map_err(|error| match error {
        CrashError::Store(error) => CrashError::Broken(format!("it cannot be read: {error}")),
        other => other,
    })
}

fn check(
    part: &Part,
    moment: Moment,
    content: &Content,
    office: &Office<'_>,
) -> Result<(), CrashError> {
    content.check_beginning_of(&part.whole)?;
    let heard = part.receipts.iter().filter(|(since, _)| *since < moment);
    heard
        .map(|(_, receipt)| receipt)
        .try_for_each(|receipt| content.check_holds(receipt))?;
    let devices = part.devices.iter().filter(|(since, _)| *since < moment);
    for (_, device) in devices {
        if !content.has_record(Table::Devices, device.as_bytes()) {
            return Err(CrashError::Broken(format!("device {device} is forgotten")));
        }
    }
    for (name, key) in part.keys_at(moment) {
        let found = fs::read(office.path(&["keys", name])).ok();
        let found = found.map(|bytes| Entry::File(Arc::new(bytes)));
        if found.as_ref() != Some(key) {
            return Err(CrashError::Broken(format!("keys/{name} is lost")));
        }
    }
    Ok(())
}

/// The journal is a beginning of the one that was written, to the byte.
fn check_journal(part: &Part, content: &Content, office: &Office<'_>) -> Result<(), CrashError> {
    if content.changes.is_empty() {
        return Ok(());
    }
    let (found, written) = (tree::read(&office.data)?, &part.folder);
    let segments = |folder: &Folder| match folder.get("journal") {
        Some(Entry::Folder(journal)) => journal.clone(),
        _ => Folder::new(),
    };
    let written = match written.get("data") {
        Some(Entry::Folder(data)) => segments(data),
        _ => Folder::new(),
    };
    for (name, found) in segments(&found) {
        let is_beginning = match (&found, written.get(&name)) {
            (Entry::File(found), Some(Entry::File(written))) => written.starts_with(found),
            _ => false,
        };
        if !is_beginning {
            return Err(CrashError::Broken(format!("journal/{name} was never so")));
        }
    }
    Ok(())
}

fn forget_run(folder: &mut Folder) {
    let Some(Entry::Folder(data)) = folder.get_mut("data") else {
        return;
    };
    if let Some(Entry::File(bytes)) = data.get_mut("INDEX")
        && bytes.starts_with(THIS_RUN)
    {
        *bytes = Arc::new(OTHER_RUN.to_vec());
    }
}
