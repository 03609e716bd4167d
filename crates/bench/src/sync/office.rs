//! The real program with the workload in it, and the devices that talk to it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use model::PersonId;
use model::edit::write_door;

use crate::enrolled::Enrolled;
use crate::http::Connection;
use crate::phone::{Phone, now_ms};
use crate::program::Program;
use crate::{BenchError, Settings};

use super::workload::{COMMUNITY, Day, Door, GRID, Visit, Workload, doors, ledger};

/// The program, running, and who works with it.
pub struct Office {
    settings: Settings,
    data: PathBuf,
    /// The running program.
    pub program: Program,
    /// Wrote the past visits.
    past_worker: Phone,
    /// Whose phones are measured.
    worker: PersonId,
    supervisor: Phone,
}

impl Office {
    /// Imports the doors into an empty folder and lets people in.
    pub fn found(settings: &Settings, folder: &Path) -> Result<Self, BenchError> {
        let data = folder.join("data");
        let path = folder.join("ledger.csv");
        fs::write(&path, ledger(&doors()))?;
        let import = [OsStr::new("import"), path.as_os_str()];
        let community = ["--community", COMMUNITY].map(OsStr::new);
        carry_out(settings, &data, &[import, community].concat())?;
        let program = Program::start_bare(settings, &data)?;
        let person = |name: &str, role: &str, more: &[&str]| {
            let words = [&["person", "add", "--name", name, "--role", role], more].concat();
            let enrolled = enrol(settings, &data, &program, &words)?;
            Phone::new(&program.address, &enrolled)
        };
        let past_worker = person("陈小满", "grid_worker", &["--grid", GRID])?;
        let worker = person("林秋实", "grid_worker", &["--grid", GRID])?.person;
        let supervisor = person("周明月", "community_supervisor", &[])?;
        Ok(Self {
            settings: settings.clone(),
            data,
            program,
            past_worker,
            worker,
            supervisor,
        })
    }

    /// Who writes the past, and who the days.
    pub fn writers(&self) -> [PersonId; 2] {
        [self.past_worker.person, self.worker]
    }

    /// Brings the past in, and starts the program again, so that nothing of that
    /// is in its memory.
    pub fn fill(mut self, workload: &Workload) -> Result<Self, BenchError> {
        write(&mut self.past_worker, &workload.past)?;
        self.past_worker.exchange_all()?;
        self.supervisor.exchange_all()?;
        let edits = workload.days.iter().flat_map(|day| &day.edits);
        edits.for_each(|edit| self.supervisor.replica.want(edit.door));
        self.supervisor.exchange_all()?;

        self.program.stop()?;
        self.program = Program::start_bare(&self.settings, &self.data)?;
        let connection = Connection::open(&self.program.address)?;
        self.supervisor.reconnect(connection);
        Ok(self)
    }

    /// Another device of the measured worker.
    pub fn new_device(&self) -> Result<Enrolled, BenchError> {
        let worker = self.worker.to_string();
        let words = ["person", "link", &worker];
        enrol(&self.settings, &self.data, &self.program, &words)
    }

    /// The supervisor makes a day's edits. Gives their changes, one after another.
    pub fn edit(&mut self, day: &Day, doors: &[Door]) -> Result<Vec<u8>, BenchError> {
        let replica = &mut self.supervisor.replica;
        for edit in &day.edits {
            let door = doors.iter().find(|door| door.id == edit.door);
            let door = door.ok_or_else(|| wrong("an edit at no door"))?;
            let record = door.edited(edit);
            replica.edit(door.id, |document| write_door(document, &record, now_ms()))?;
        }
        let changes = changes_of(&self.supervisor);
        self.supervisor.exchange_all()?;
        Ok(changes)
    }

    /// How many of these visits the office shows with their notes.
    pub fn has(&mut self, visits: &[Visit]) -> Result<usize, BenchError> {
        self.supervisor.exchange_all()?;
        Ok(shows(&mut self.supervisor, visits))
    }
}

/// Writes visits down on a phone.
pub fn write(phone: &mut Phone, visits: &[Visit]) -> Result<(), BenchError> {
    let grid = phone.grid;
    for visit in visits {
        let draft = &visit.draft;
        phone
            .replica
            .create_visit(visit.id, grid, draft, draft.at)?;
    }
    Ok(())
}

/// How many of these visits a phone shows with their notes.
pub fn shows(phone: &mut Phone, visits: &[Visit]) -> usize {
    let mut shown = 0;
    for visit in visits {
        // Rows hold the first 200 characters, and no note of the workload has more.
        if let Some(model::Summary::Visit(row)) = phone.replica.summary(visit.id) {
            shown += usize::from(row.note == visit.draft.note);
        }
    }
    shown
}

/// The changes in a phone's outbox, one after another.
pub fn changes_of(phone: &Phone) -> Vec<u8> {
    let own = phone.replica.own();
    own.flat_map(|(_, own)| own.bytes.iter().copied()).collect()
}

fn enrol(
    settings: &Settings,
    data: &Path,
    program: &Program,
    words: &[&str],
) -> Result<Enrolled, BenchError> {
    let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
    let said = carry_out(settings, data, &words)?;
    let code = said.split("#enrol=").nth(1);
    let code = code.and_then(|rest| rest.split_whitespace().next());
    let code = code.ok_or_else(|| wrong("gave no link"))?;
    Enrolled::with_code(&mut Connection::open(&program.address)?, code)
}

/// Runs a command of the program to its end; gives what it said.
fn carry_out(settings: &Settings, data: &Path, words: &[&OsStr]) -> Result<String, BenchError> {
    let mut command = Command::new(&settings.program);
    let output = command.arg("--data").arg(data).args(words).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(wrong(&String::from_utf8_lossy(&output.stderr))),
    }
}

fn wrong(words: &str) -> BenchError {
    BenchError::Program(words.to_owned())
}
