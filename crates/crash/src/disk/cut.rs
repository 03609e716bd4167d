//! The folders that a power cut may leave.
//!
//! Stricter than any file system that is in use: each folder's names and each
//! file's bytes go their own way. Of the steps that are not durable, a folder
//! keeps a beginning (its names are changed in order), a file any of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::record::Recording;
use super::steps::{Before, Change, NodeId, ROOT, Step};
use super::trace::Moment;
use super::tree::{Entry, Folder};
use crate::chance::Chance;

/// A disk writes so many bytes whole or not at all.
const SECTOR_BYTES: u64 = 512;

/// What becomes of the steps that are not durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All are kept: what the program itself sees.
    KeepAll,
    /// All are lost.
    DropAll,
    /// A random half is kept, in any order.
    DropSome,
    /// A random half is kept, and of each write some sectors are missing.
    Torn,
}

impl Mode {
    /// The three that power cuts are tried with.
    pub const CUTS: [Mode; 3] = [Mode::DropAll, Mode::DropSome, Mode::Torn];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Mode::KeepAll => "KeepAll",
            Mode::DropAll => "DropAll",
            Mode::DropSome => "DropSome",
            Mode::Torn => "Torn",
        }
    }
}

/// The folder after a cut: no step that began at `moment` or later is there, and
/// every step that was durable before it is.
pub fn folder_after(
    recording: &Recording,
    moment: Moment,
    mode: Mode,
    chance: &mut Chance,
) -> Folder {
    Cut {
        recording,
        moment,
        mode,
        chance,
    }
    .folder(ROOT)
}

struct Cut<'a> {
    recording: &'a Recording,
    moment: Moment,
    mode: Mode,
    chance: &'a mut Chance,
}

impl Cut<'_> {
    fn begun(&self, node: NodeId) -> Vec<&Step> {
        let steps = self.recording.steps[node].iter();
        steps.filter(|step| step.began < self.moment).collect()
    }

    fn folder(&mut self, node: NodeId) -> Folder {
        let Before::Folder(before) = &self.recording.before[node] else {
            return Folder::new();
        };
        let mut names = before.clone();
        let begun: Vec<Step> = self.begun(node).into_iter().cloned().collect();
        let durable = begun.iter().rposition(|step| step.durable < self.moment);
        let durable = durable.map_or(0, |last| last + 1);
        let kept = match self.mode {
            Mode::KeepAll => begun.len(),
            Mode::DropAll => durable,
            Mode::DropSome | Mode::Torn => self.chance.within(durable..begun.len() + 1),
        };
        begun[..kept]
            .iter()
            .for_each(|step| rename(&mut names, &step.change));
        names
            .into_iter()
            .map(|(name, node)| (name, self.entry(node)))
            .collect()
    }

    fn entry(&mut self, node: NodeId) -> Entry {
        match &self.recording.before[node] {
            Before::Folder(_) => Entry::Folder(self.folder(node)),
            Before::File(before) if self.begun(node).is_empty() => Entry::File(Arc::clone(before)),
            Before::File(before) => {
                let mut bytes = before.as_ref().clone();
                self.file(node, &mut bytes);
                Entry::File(Arc::new(bytes))
            }
        }
    }

    fn file(&mut self, node: NodeId, bytes: &mut Vec<u8>) {
        let recording = self.recording;
        let steps = recording.steps[node].iter();
        let begun = steps.filter(|step| step.began < self.moment);
        let is_kept = |step: &&Step| self.mode == Mode::KeepAll || step.durable < self.moment;
        let (durable, mut others): (Vec<&Step>, Vec<&Step>) = begun.partition(is_kept);
        durable.iter().for_each(|step| apply(bytes, &step.change));
        if self.mode == Mode::DropAll {
            return;
        }
        others.retain(|_| self.chance.once_in(2));
        if self.mode == Mode::DropSome {
            self.chance.shuffle(&mut others);
        }
        for step in others {
            match (&step.change, self.mode) {
                (Change::Bytes { at, bytes: written }, Mode::Torn) => {
                    self.tear(bytes, *at, written);
                }
                (change, _) => apply(bytes, change),
            }
        }
    }

    fn tear(&mut self, bytes: &mut Vec<u8>, at: u64, written: &[u8]) {
        let mut start = 0;
        while start < written.len() {
            let left = SECTOR_BYTES - (at + start as u64) % SECTOR_BYTES;
            let end = written.len().min(start + left as usize);
            if !self.chance.once_in(3) {
                put(bytes, at + start as u64, &written[start..end]);
            }
            start = end;
        }
    }
}

fn rename(names: &mut BTreeMap<String, NodeId>, change: &Change) {
    match change {
        Change::Link { name, node } => {
            names.insert(name.clone(), *node);
        }
        Change::Unlink { name } => {
            names.remove(name);
        }
        Change::Rename { from, to } => {
            if let Some(node) = names.remove(from) {
                names.insert(to.clone(), node);
            }
        }
        Change::Bytes { .. } | Change::Length(_) => {}
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Bytes { at, bytes: written } => put(bytes, *at, written),
        Change::Length(length) => bytes.resize(*length as usize, 0),
        Change::Link { .. } | Change::Unlink { .. } | Change::Rename { .. } => {}
    }
}

/// Writes at a place; what lies between the end of the file and the place is zero.
fn put(bytes: &mut Vec<u8>, at: u64, written: &[u8]) {
    let (start, end) = (at as usize, at as usize + written.len());
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(written);
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// `/d/a` is synced with its name, then written again; `/d/b` is not.
    const TRACE: &str = "\
1 openat(AT_FDCWD, \"\\x2f\\x64\\x2f\\x61\", O_WRONLY|O_CREAT|O_APPEND, 0666) = 3
1 write(3, \"\\x31\\x32\", 2) = 2
1 fdatasync(3) = 0
1 openat(AT_FDCWD, \"\\x2f\\x64\", O_RDONLY) = 4
1 fsync(4) = 0
1 close(4) = 0
1 write(3, \"\\x33\", 1) = 1
1 openat(AT_FDCWD, \"\\x2f\\x64\\x2f\\x62\", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 4
1 write(4, \"\\x34\", 1) = 1
1 +++ exited with 0 +++
";

    fn recording() -> Recording {
        let mut recording = Recording::new(Path::new("/d"), &Folder::new());
        recording.take_process(TRACE).unwrap();
        recording
    }

    fn cut(moment: Moment, mode: Mode, seed: u64) -> Folder {
        folder_after(&recording(), moment, mode, &mut Chance::new(seed, 0))
    }

    fn of(files: &[(&str, &str)]) -> Folder {
        let entry = |text: &str| Entry::File(Arc::new(text.as_bytes().to_vec()));
        let files = files.iter();
        files
            .map(|(name, text)| ((*name).to_owned(), entry(text)))
            .collect()
    }

    #[test]
    fn what_is_not_synced_is_lost_and_what_is_stays() {
        assert_eq!(cut(100, Mode::KeepAll, 0), of(&[("a", "123"), ("b", "4")]));
        assert_eq!(cut(100, Mode::DropAll, 0), of(&[("a", "12")]));
        // The folder's sync, the fifth line, has not come back yet.
        assert_eq!(cut(5, Mode::DropAll, 0), of(&[]));
        assert_eq!(cut(6, Mode::DropAll, 0), of(&[("a", "12")]));
    }

    #[test]
    fn of_what_is_not_synced_any_part_may_be_there() {
        for mode in [Mode::DropSome, Mode::Torn] {
            let mut seen: Vec<Folder> = (0..200).map(|seed| cut(100, mode, seed)).collect();
            assert!(seen.iter().all(|folder| match &folder["a"] {
                Entry::File(bytes) => bytes.starts_with(b"12"),
                Entry::Folder(_) => false,
            }));
            seen.dedup();
            for folder in [
                &[("a", "12")][..],
                &[("a", "123")],
                &[("a", "12"), ("b", "4")],
            ] {
                assert!(seen.contains(&of(folder)), "{mode:?} never gave {folder:?}");
            }
        }
    }

    #[test]
    fn a_write_that_is_torn_lacks_whole_sectors() {
        let mut chance = Chance::new(3, 0);
        let recording = recording();
        let mut cut = Cut {
            recording: &recording,
            moment: 0,
            mode: Mode::Torn,
            chance: &mut chance,
        };
        let mut bytes = vec![0; 100];
        cut.tear(&mut bytes, 100, &[1; 4000]);
        for sector in bytes[100..].chunk_by(|one, next| one == next) {
            let end =
                100 + sector.as_ptr() as usize - bytes[100..].as_ptr() as usize + sector.len();
            assert!(end.is_multiple_of(512) || end == bytes.len(), "{end}");
        }
        assert!(bytes[100..].contains(&0) && bytes.contains(&1));
    }
}
