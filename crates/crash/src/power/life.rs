//! The life that is recorded: a first start with a ledger, people and their
//! phones, evenings of visits, orderly ends and a kill; then the same folder where
//! its journal is about to begin a new segment and its summaries a new file, and
//! an index that is built anew.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use bench::program::Program;

use super::part::Part;
use crate::content::{self, Content};
use crate::disk::cut::{Mode, folder_after};
use crate::disk::record::Recording;
use crate::disk::trace::Moment;
use crate::disk::tree::{self, Entry, Folder};
use crate::fleet::Fleet;
use crate::heard::Heard;
use crate::office::Office;
use crate::{CrashError, Settings, ledger, prefill, strace};

/// Bytes that the first segment still takes before the second part begins.
const SEGMENT_LEFT_BYTES: u64 = 60_000;

/// Records the life, in two parts, and makes sure that the recording is right.
pub fn record(settings: &Settings, root: &Path) -> Result<Vec<Part>, CrashError> {
    let mut life = Life {
        office: Office::at(settings, root, &[])?,
        recording: Recording::new(&root.canonicalize()?, &Folder::new()),
        fleet: None,
        marks: Marks::default(),
        evening: Duration::from_millis(if settings.is_quick { 500 } else { 2_500 }),
    };
    let first = life.first_part(root)?;
    life.prepare_second()?;
    let second = life.second_part()?;
    Ok(vec![first, second])
}

struct Life<'a> {
    office: Office<'a>,
    recording: Recording,
    fleet: Option<Fleet>,
    marks: Marks,
    /// How long phones push in one run of the program.
    evening: Duration,
}

/// What was acknowledged, with its moments.
#[derive(Default)]
struct Marks {
    receipts: Vec<(Moment, crate::heard::Receipt)>,
    devices: Vec<(Moment, model::DeviceId)>,
    keys: Vec<(Moment, Folder)>,
}

/// How a run of the program ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    InOrder,
    Killed,
}

impl Life<'_> {
    fn first_part(&mut self, root: &Path) -> Result<Part, CrashError> {
        let path = root.join("ledger.csv");
        fs::write(&path, ledger::text())?;
        let path = path.to_string_lossy().into_owned();
        self.command(&["import", &path, "--community", "断电社区"])?;
        self.marks.keys.push((self.recording.end, self.keys()?));
        self.first_evening()?;
        self.evening(End::InOrder)?;
        self.evening(End::Killed)?;
        self.evening(End::InOrder)?;
        self.part("first_life")
    }

    fn second_part(&mut self) -> Result<Part, CrashError> {
        self.evening(End::InOrder)?;
        self.command(&["rebuild"])?;
        self.evening(End::InOrder)?;
        self.part("new_segment")
    }

    /// What is not recorded: the folder is brought to the verge, and lies still long
    /// enough for everything to be on the disk.
    fn prepare_second(&mut self) -> Result<(), CrashError> {
        prefill::fill_segment(&self.office.data, SEGMENT_LEFT_BYTES)?;
        prefill::waste_summaries(&self.office.data)?;
        self.recording = Recording::new(self.office.root(), &Folder::from([self.data()?]));
        for (moment, _) in &mut self.marks.receipts {
            *moment = 0;
        }
        for (moment, _) in &mut self.marks.devices {
            *moment = 0;
        }
        self.marks.keys = vec![(0, self.keys()?)];
        Ok(())
    }

    /// People and phones are enrolled, then everybody writes.
    fn first_evening(&mut self) -> Result<(), CrashError> {
        let trace = self.office.trace();
        let mut program = self.office.spawn(&strace::recording(&trace))?;
        program.wait_until_ready()?;
        let data = self.office.data.clone();
        let (mut fleet, enrolments) = Fleet::enrol(&program.address, &data, &ledger::GRIDS, 1)?;
        let heard = self.push(&mut fleet, &program.address)?;
        self.fleet = Some(fleet);
        self.finish(program, End::InOrder, &heard)?;
        for enrolled in enrolments {
            let moment = self.moment_of(&enrolled.answer.body)?;
            self.marks.devices.push((moment, enrolled.member.device));
        }
        Ok(())
    }

    fn evening(&mut self, end: End) -> Result<(), CrashError> {
        let trace = self.office.trace();
        let mut program = self.office.spawn(&strace::recording(&trace))?;
        program.wait_until_ready()?;
        let mut fleet = self.fleet.take();
        let heard = match &mut fleet {
            Some(fleet) => self.push(fleet, &program.address)?,
            None => Heard::default(),
        };
        self.fleet = fleet;
        self.finish(program, end, &heard)
    }

    fn push(&self, fleet: &mut Fleet, address: &str) -> Result<Heard, CrashError> {
        let push = fleet.push(address, || thread::sleep(self.evening));
        match push.errors.into_iter().next() {
            Some(error) => Err(error.into()),
            None => Ok(push.heard),
        }
    }

    /// Ends the program while it is at rest, and reads what it did.
    fn finish(&mut self, program: Program, end: End, heard: &Heard) -> Result<(), CrashError> {
        let process = program.process();
        match end {
            End::InOrder => program.stop()?,
            End::Killed => program.kill()?,
        }
        let text = strace::read_to_end(&self.office.trace(), process)?;
        self.recording.take_process(&text)?;
        for receipt in &heard.receipts {
            let moment = self.moment_of(&heard.answers[receipt.answer])?;
            self.marks.receipts.push((moment, receipt.clone()));
        }
        Ok(())
    }

    fn command(&mut self, words: &[&str]) -> Result<(), CrashError> {
        let trace = self.office.trace();
        let (process, status) = self.office.run(&strace::recording(&trace), words)?;
        if !status.success() {
            return Err(CrashError::Machine(format!(
                "{words:?} ended with {status}"
            )));
        }
        self.recording
            .take_process(&strace::read_to_end(&trace, process)?)
    }

    /// When an answer with this body began to leave the program.
    fn moment_of(&self, body: &[u8]) -> Result<Moment, CrashError> {
        let sent = self.recording.sent.iter();
        let found = sent.rev().find(|sent| sent.bytes.ends_with(body));
        let found = found.filter(|_| !body.is_empty());
        let words = || CrashError::Trace("an answer that was heard was never sent".to_owned());
        found.map(|sent| sent.began).ok_or_else(words)
    }

    /// Closes a part: what the recording says must be what lies in the folder.
    fn part(&mut self, name: &'static str) -> Result<Part, CrashError> {
        let mut chance = crate::chance::Chance::new(0, 0);
        let end = self.recording.end + 1;
        let replayed = folder_after(&self.recording, end, Mode::KeepAll, &mut chance);
        let real = Folder::from([self.data()?]);
        if let Some(words) = tree::difference(&replayed, &real) {
            return Err(CrashError::Trace(format!(
                "replaying it gives another folder: {words}"
            )));
        }
        // Read from a copy, so that reading alters nothing.
        let copy = tempfile::tempdir_in(self.office.root())?;
        tree::write(&real, copy.path())?;
        let (store, _) = content::open(&copy.path().join("data"), true)?;
        let mut part = Part::new(name, self.recording.clone(), Content::of(&store)?, real);
        part.receipts = self.marks.receipts.clone();
        part.devices = self.marks.devices.clone();
        part.keys = self.marks.keys.clone();
        Ok(part)
    }

    fn data(&self) -> Result<(String, Entry), CrashError> {
        let data = tree::read(&self.office.data)?;
        Ok(("data".to_owned(), Entry::Folder(data)))
    }

    fn keys(&self) -> Result<Folder, CrashError> {
        Ok(tree::read(&self.office.path(&["keys"]))?)
    }
}
