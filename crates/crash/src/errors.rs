//! Failing disks: calls of the real program are made to fail under load. No
//! receipt may be given for what is not on the disk; the program says why it
//! stops, and goes on once the fault is gone; the phones lose nothing and nothing
//! is there twice.

mod faults;
mod full_disk;

use std::process::ExitStatus;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bench::enrolled::Enrolled;
use bench::http::Connection;
use bench::program::Program;
use serde_json::json;

use crate::chance::Chance;
use crate::content::{self, Content};
use crate::disk::cut::{Mode, folder_after};
use crate::disk::record::Recording;
use crate::disk::tree::{self, Entry, Folder};
use crate::fleet::Fleet;
use crate::heard::{Heard, Receipt};
use crate::office::Office;
use crate::report::Report;
use crate::verifier::Verifier;
use crate::{CrashError, Settings, ledger, prefill, strace};

use faults::{Expected, FAULTS, Fault, Target};
use full_disk::SmallDisk;

/// Of a quick run.
const QUICK_FAULTS: usize = 4;
/// A program that must stop has stopped by then.
const STOP_MAX: Duration = Duration::from_secs(20);
/// A program that must go on is watched so long.
const GO_ON: Duration = Duration::from_millis(1_500);

/// Makes every fault, one after the other, on one folder.
pub fn run(settings: &Settings) -> Result<Report, CrashError> {
    strace::require()?;
    let folder = settings.folder()?;
    let mut failing = Failing::begin(settings, Office::at(settings, folder.path(), &[])?)?;
    let count = if settings.is_quick {
        QUICK_FAULTS
    } else {
        FAULTS.len()
    };
    for fault in &FAULTS[..count] {
        println!("   {} …", fault.name);
        failing.fault(fault)?;
    }
    println!("   full_disk …");
    let disk = failing.full_disk(settings)?;
    let report = failing.end();
    drop(disk);
    report
}

struct Failing<'a> {
    office: Office<'a>,
    fleet: Fleet,
    verifier: Verifier,
    heard: Heard,
    report: Report,
}

impl<'a> Failing<'a> {
    /// A community with phones.
    fn begin(settings: &Settings, office: Office<'a>) -> Result<Self, CrashError> {
        let path = office.data.with_extension("csv");
        std::fs::write(&path, ledger::text())?;
        let path = path.to_string_lossy().into_owned();
        let (_, status) = office.run(&[], &["import", &path, "--community", "坏盘社区"])?;
        if !status.success() {
            return Err(CrashError::Machine(format!("import ended with {status}")));
        }
        let (program, _) = office.start()?;
        let person = json!({ "name": "周明月", "role": "community_supervisor" });
        let code = bench::commands::add_person(&office.data, &person)?;
        let mut connection = Connection::open_native(&program.address)?;
        let verifier = Verifier::new(Enrolled::with_code(&mut connection, &code)?);
        let grids = ledger::GRIDS;
        let (fleet, _) = Fleet::enrol(&program.address, &office.data, &grids, settings.seed)?;
        program.stop()?;
        Ok(Self {
            office,
            fleet,
            verifier,
            heard: Heard::default(),
            report: Report::new("errors"),
        })
    }

    /// One fault, and what comes after it.
    fn fault(&mut self, fault: &Fault) -> Result<(), CrashError> {
        if fault.needs_full_segment() {
            prefill::fill_segment(&self.office.data, 0)?;
        }
        let before = self.data()?;
        let mut program = self.office.spawn(&fault.words(&self.office)?)?;
        let process = program.process();
        let receipts = self.heard.receipts.len();
        // With some faults it never gets there.
        let is_ready = program.wait_until_ready().is_ok();
        let status = match fault.expected() {
            Expected::Stop => self.push_until_end(&mut program, is_ready, STOP_MAX)?,
            Expected::GoOn => self.push_and_stop(&mut program, is_ready)?,
        };
        let words = judge(fault.expected(), status, &program)?;
        let receipts = self.heard.receipts.len() - receipts;
        self.say(fault.name, words, receipts);
        drop(program);
        if fault.target == Target::Journal && status.is_some() {
            let text = strace::read_to_end(&self.office.trace(), process)?;
            let kept = self.check_what_was_synced(before, &text);
            self.note(fault.name, kept)?;
        }
        let mended = self.mend();
        self.note(fault.name, mended)
    }

    /// The phones push until the program has ended, or for so long.
    fn push_until_end(
        &mut self,
        program: &mut Program,
        is_ready: bool,
        at_most: Duration,
    ) -> Result<Option<ExitStatus>, CrashError> {
        if !is_ready {
            return Ok(program.wait_for_end(at_most)?);
        }
        let address = program.address.clone();
        let push = self.fleet.push(&address, || program.wait_for_end(at_most));
        self.heard.append(push.heard);
        Ok(push.outcome?)
    }

    /// The phones push for a while; `None` if the program is still there then.
    fn push_and_stop(
        &mut self,
        program: &mut Program,
        is_ready: bool,
    ) -> Result<Option<ExitStatus>, CrashError> {
        if is_ready {
            let address = program.address.clone();
            let push = self.fleet.push(&address, || thread::sleep(GO_ON));
            self.heard.append(push.heard);
        }
        Ok(program.wait_for_end(Duration::ZERO)?)
    }

    /// What if the power had gone as well, and only what the journal was told to
    /// be on the disk were there?
    fn check_what_was_synced(&self, before: Folder, trace: &str) -> Result<(), CrashError> {
        let root = tempfile::tempdir()?;
        let real = self.office.root();
        let mut recording = Recording::new(real, &before);
        recording.take_process(trace)?;
        let mut chance = Chance::new(0, 0);
        let synced = folder_after(&recording, recording.end + 1, Mode::DropAll, &mut chance);
        let mut left = self.data()?;
        if let (Some(Entry::Folder(left)), Some(Entry::Folder(synced))) =
            (left.get_mut("data"), synced.get("data"))
            && let Some(journal) = synced.get("journal")
        {
            left.insert("journal".to_owned(), journal.clone());
            // The index may know of more than the disk was told to keep.
            left.remove("index");
            left.insert("INDEX".to_owned(), Entry::File(Arc::new(Vec::new())));
        }
        tree::write(&left, root.path())?;
        let (store, _) = content::open(&root.path().join("data"), true)?;
        self.check_all(&Content::of(&store)?)
    }

    /// The fault is gone: the program starts, everything acknowledged is there, and
    /// the phones bring what they kept.
    fn mend(&mut self) -> Result<(), CrashError> {
        let (program, _) = self.office.start()?;
        let delivered = self.fleet.deliver(&program.address)?;
        self.heard.append(delivered);
        let receipts: Vec<&Receipt> = self.heard.receipts.iter().collect();
        self.verifier.check(&program.address, &receipts)?;
        program.stop()?;
        match self.fleet.written() == receipts.len() {
            true => Ok(()),
            false => Err(CrashError::Broken(format!(
                "{} changes were written and {} acknowledged",
                self.fleet.written(),
                receipts.len()
            ))),
        }
    }

    /// The same on a disk that is full, if one can be had. It stays until the end.
    fn full_disk(&mut self, settings: &'a Settings) -> Result<Option<SmallDisk>, CrashError> {
        let disk = match SmallDisk::holding(settings, &self.office.data)? {
            Ok(disk) => disk,
            Err(words) => {
                let words = format!("skipped, no file system can be made here: {words}");
                self.report.add("full_disk", words);
                return Ok(None);
            }
        };
        self.office = Office::at(settings, &disk.path(), &[])?;
        let mut program = self.office.spawn(&[])?;
        let receipts = self.heard.receipts.len();
        program.wait_until_ready()?;
        disk.fill()?;
        let status = self.push_until_end(&mut program, true, STOP_MAX)?;
        // Its log lies on the same disk, so its last line may not be there.
        let words = match status.and_then(|status| status.code()) {
            Some(1) => Ok("stopped, code 1".to_owned()),
            code => Err(format!("did not stop with code 1: {code:?}")),
        };
        let receipts = self.heard.receipts.len() - receipts;
        self.say("full_disk", words, receipts);
        drop(program);
        disk.make_room()?;
        let mended = self.mend();
        self.note("full_disk", mended)?;
        Ok(Some(disk))
    }

    /// Everything is there once.
    fn end(mut self) -> Result<Report, CrashError> {
        let (store, _) = content::open(&self.office.data, false)?;
        let checked = Content::of(&store).and_then(|content| self.check_all(&content));
        self.note("in the end", checked)?;
        self.report.add("receipts", self.heard.receipts.len());
        self.report.add("written", self.fleet.written());
        Ok(self.report)
    }

    fn check_all(&self, content: &Content) -> Result<(), CrashError> {
        let mut receipts = self.heard.receipts.iter();
        receipts.try_for_each(|receipt| content.check_holds(receipt))
    }

    fn say(&mut self, name: &str, words: Result<String, String>, receipts: usize) {
        match words {
            Ok(words) => self
                .report
                .add(name, format!("{words}; {receipts} receipts before")),
            Err(words) => self.report.broken.push(format!("{name}: {words}")),
        }
    }

    /// Keeps what broke and goes on; anything else ends the run.
    fn note(&mut self, name: &str, outcome: Result<(), CrashError>) -> Result<(), CrashError> {
        match outcome {
            Err(CrashError::Broken(words)) => {
                self.report.broken.push(format!("{name}: {words}"));
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn data(&self) -> Result<Folder, CrashError> {
        let data = Entry::Folder(tree::read(&self.office.data)?);
        Ok(Folder::from([("data".to_owned(), data)]))
    }
}

/// Whether the program did what it must; in words either way.
fn judge(
    expected: Expected,
    status: Option<ExitStatus>,
    program: &Program,
) -> Result<Result<String, String>, CrashError> {
    let log = program.log()?;
    let last = log.lines().last().unwrap_or_default();
    Ok(match (expected, status) {
        (Expected::GoOn, None) => Ok("goes on".to_owned()),
        (Expected::GoOn, Some(status)) => Err(format!("ended with {status}: {last}")),
        (Expected::Stop, None) => Err(format!("goes on as if nothing were wrong: {last}")),
        (Expected::Stop, Some(status)) if status.code() != Some(1) => {
            Err(format!("ended with {status}: {last}"))
        }
        (Expected::Stop, Some(_)) => match last.strip_prefix("stairwell: ") {
            Some(reason) => Ok(format!("stopped, code 1: {}", english(reason))),
            None => Err(format!("says nothing at its end: {last}")),
        },
    })
}

/// The English half of what the program says.
fn english(words: &str) -> &str {
    words
        .rsplit_once(" / ")
        .map_or(words, |(_, english)| english)
}
