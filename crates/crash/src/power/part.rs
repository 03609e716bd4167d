//! A piece of the program's life: what was done to the folder, what was
//! acknowledged when, and what it came to.

use std::collections::BTreeMap;

use model::DeviceId;

use crate::chance::Chance;
use crate::content::Content;
use crate::disk::record::Recording;
use crate::disk::steps::Change;
use crate::disk::trace::{Moment, NEVER};
use crate::disk::tree::Folder;
use crate::heard::Receipt;

/// A piece.
#[derive(Clone)]
pub struct Part {
    /// Its name in figures.
    pub name: &'static str,
    /// Every call.
    pub recording: Recording,
    /// Receipts, with the moment from which on they may have been heard.
    pub receipts: Vec<(Moment, Receipt)>,
    /// Devices that were let in.
    pub devices: Vec<(Moment, DeviceId)>,
    /// Files outside the journal whose making was acknowledged, by their names in
    /// the folder `keys`.
    pub keys: Vec<(Moment, Folder)>,
    /// What it came to, as the store reads it.
    pub whole: Content,
    /// What it came to, file by file.
    pub folder: Folder,
    /// Moments at which something is about to be sent, renamed or made durable.
    telling: Vec<Moment>,
}

impl Part {
    /// Gathers what belongs together.
    pub fn new(name: &'static str, recording: Recording, whole: Content, folder: Folder) -> Self {
        let steps = recording.steps.iter().flatten();
        let named = steps.filter(|step| !matches!(step.change, Change::Bytes { .. }));
        let named = named.map(|step| step.began);
        let durable = recording.steps.iter().flatten().map(|step| step.durable);
        let sent = recording.sent.iter().map(|sent| sent.began);
        let mut telling: Vec<Moment> = named.chain(durable).chain(sent).collect();
        telling.retain(|moment| *moment != NEVER);
        telling.sort_unstable();
        telling.dedup();
        Self {
            name,
            recording,
            receipts: Vec::new(),
            devices: Vec::new(),
            keys: Vec::new(),
            whole,
            folder,
            telling,
        }
    }

    /// The same life with a program that forgets to sync in its second half.
    pub fn with_syncs_forgotten(&self) -> Part {
        let mut part = self.clone();
        let middle = part.recording.end / 2;
        for step in part.recording.steps.iter_mut().flatten() {
            if step.durable > middle {
                step.durable = NEVER;
            }
        }
        part
    }

    /// A moment to cut at: any, or one just before or after something that
    /// matters.
    pub fn some_moment(&self, chance: &mut Chance) -> Moment {
        if self.telling.is_empty() || chance.once_in(2) {
            return chance.within(0..self.recording.end + 1);
        }
        let telling = self.telling[chance.within(0..self.telling.len())];
        telling + chance.within(0..2)
    }

    /// What the files in `keys` must be at a moment.
    pub fn keys_at(&self, moment: Moment) -> BTreeMap<&String, &crate::disk::tree::Entry> {
        let acknowledged = self.keys.iter().filter(|(since, _)| *since < moment);
        acknowledged.flat_map(|(_, keys)| keys).collect()
    }
}
