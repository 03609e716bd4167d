//! Killed processes: one folder goes through hundreds of rounds of load, SIGKILL
//! and restart. What any phone ever heard must be readable afterwards.
//!
//! A third of the rounds is killed under load at a random time, a third while it
//! starts, a third at a named point. After each the program is started without
//! any tracer, and that start is timed.

mod points;
mod round;

use std::collections::BTreeMap;
use std::time::Duration;

use bench::enrolled::Enrolled;
use bench::http::Connection;
use bench::program::Program;
use indicatif::{ProgressBar, ProgressStyle};

use crate::chance::Chance;
use crate::content::{self, Content};
use crate::disk::tree;
use crate::fleet::Fleet;
use crate::heard::{Heard, Receipt};
use crate::office::Office;
use crate::report::Report;
use crate::verifier::Verifier;
use crate::{CrashError, Settings, strace};

use points::{NEW_SEGMENT, POINTS, Point};

const GRIDS: [&str; 4] = ["第一网格", "第二网格", "第三网格", "第四网格"];
/// After so many rounds all receipts are looked for, not only the round's.
const ALL_EVERY: usize = 50;
/// A restart of the practice community must serve by then.
const RESTART_MAX: Duration = Duration::from_secs(2);

/// How a round ends.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// At a random time under load.
    Load,
    /// At random times of two starts, one after the other.
    Start,
    /// At a named point.
    Point(Point),
}

/// Kills and looks.
pub fn run(settings: &Settings) -> Result<Report, CrashError> {
    strace::require()?;
    let folder = settings.folder()?;
    let scale = if settings.is_quick { "0" } else { "1" };
    let options = ["--practice", "--scale", scale];
    let mut killing = Killing::begin(settings, Office::at(settings, folder.path(), &options)?)?;
    let bar = ProgressBar::new(settings.rounds as u64);
    let style = ProgressStyle::with_template("   kill {wide_bar} {pos}/{len} {elapsed} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    for round in 1..=settings.rounds {
        let way = killing.way_of(round, settings);
        killing.round(way)?;
        if round % ALL_EVERY == 0 {
            killing.check_all_in_copy(settings)?;
        }
        bar.set_message(format!("{} receipts", killing.heard.receipts.len()));
        bar.inc(1);
    }
    bar.finish_and_clear();
    killing.end(settings)
}

struct Killing<'a> {
    office: Office<'a>,
    program: Option<Program>,
    fleet: Fleet,
    verifier: Verifier,
    heard: Heard,
    chance: Chance,
    restarts: Vec<Duration>,
    restarts_with_more: Vec<Duration>,
    /// Starts that make the index anew, as after a power cut.
    restarts_with_rebuild: Vec<Duration>,
    start: Duration,
    /// How often each way or point was reached, and how often not.
    reached: BTreeMap<String, usize>,
    missed: BTreeMap<String, usize>,
    broken: Vec<String>,
    has_full_segments: bool,
    is_rebuilding: bool,
}

impl<'a> Killing<'a> {
    fn begin(settings: &Settings, office: Office<'a>) -> Result<Self, CrashError> {
        let (program, _) = office.start()?;
        let code = program.next_code("community_supervisor")?;
        let mut connection = Connection::open_native(&program.address)?;
        let verifier = Verifier::new(Enrolled::with_code(&mut connection, &code)?);
        let (fleet, _) = Fleet::enrol(&program.address, &office.data, &GRIDS, settings.seed)?;
        program.stop()?;
        let (program, start) = office.start()?;
        Ok(Self {
            office,
            program: Some(program),
            fleet,
            verifier,
            heard: Heard::default(),
            chance: Chance::new(settings.seed, 0),
            restarts: Vec::new(),
            restarts_with_more: Vec::new(),
            restarts_with_rebuild: Vec::new(),
            is_rebuilding: false,
            start,
            reached: BTreeMap::new(),
            missed: BTreeMap::new(),
            broken: Vec::new(),
            has_full_segments: false,
        })
    }

    /// Ways take turns, points too; the last rounds are those that make the journal
    /// long.
    fn way_of(&self, round: usize, settings: &Settings) -> Way {
        let left = settings.rounds - round;
        if let Some(point) = NEW_SEGMENT.get(left).filter(|_| !settings.is_quick) {
            return Way::Point(*point);
        }
        match round % 3 {
            0 => Way::Load,
            1 => Way::Start,
            _ => Way::Point(POINTS[round / 3 * 5 % POINTS.len()]),
        }
    }

    fn running(&mut self) -> Result<Program, CrashError> {
        let program = self.program.take();
        program.ok_or_else(|| CrashError::Machine("the program does not run".to_owned()))
    }

    /// Starts the program as an operator does, and notes how long that took.
    fn restart(&mut self) -> Result<(), CrashError> {
        let (program, time) = self.office.start()?;
        let times = match (
            std::mem::take(&mut self.is_rebuilding),
            self.has_full_segments,
        ) {
            (true, _) => &mut self.restarts_with_rebuild,
            (_, true) => &mut self.restarts_with_more,
            _ => &mut self.restarts,
        };
        times.push(time);
        self.program = Some(program);
        Ok(())
    }

    /// Looks for these receipts through the running program.
    fn check(&mut self, from: usize) -> Result<(), CrashError> {
        let program = self.running()?;
        let receipts: Vec<&Receipt> = self.heard.receipts[from..].iter().collect();
        let checked = self.verifier.check(&program.address, &receipts);
        self.program = Some(program);
        self.note(checked)
    }

    /// Keeps what broke and goes on; anything else ends the run.
    fn note(&mut self, outcome: Result<(), CrashError>) -> Result<(), CrashError> {
        match outcome {
            Err(CrashError::Broken(words)) => {
                self.broken.push(words);
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Kills the program, and looks for every receipt in a copy of its folder, so
    /// that the folder itself stays as the kill left it.
    fn check_all_in_copy(&mut self, settings: &Settings) -> Result<(), CrashError> {
        self.running()?.kill()?;
        let copy = settings.fast_folder()?;
        tree::write(&tree::read(&self.office.data)?, copy.path())?;
        let content = content::open(copy.path(), false)
            .map_err(CrashError::from)
            .and_then(|(store, _)| Content::of(&store));
        let checked = content.and_then(|content| {
            let mut receipts = self.heard.receipts.iter();
            receipts.try_for_each(|receipt| content.check_holds(receipt))
        });
        self.note(checked)?;
        self.restart()
    }

    /// The phones bring the rest; then everything ever heard is looked for, through
    /// the program and in the folder.
    fn end(mut self, settings: &Settings) -> Result<Report, CrashError> {
        let mut program = self.running()?;
        let delivered = self.fleet.deliver(&program.address)?;
        self.heard.append(delivered);
        self.program = Some(program);
        self.check(0)?;
        program = self.running()?;
        program.stop()?;
        let (store, _) = content::open(&self.office.data, false)?;
        let checked = Content::of(&store).and_then(|content| {
            let mut receipts = self.heard.receipts.iter();
            receipts.try_for_each(|receipt| content.check_holds(receipt))
        });
        self.note(checked)?;
        self.report(settings)
    }

    fn report(mut self, settings: &Settings) -> Result<Report, CrashError> {
        let mut report = Report::new("kill");
        report.add("rounds", settings.rounds);
        report.add("receipts", self.heard.receipts.len());
        report.add("lost_or_wrong", self.broken.len());
        report.add("first_start_ms", self.start.as_millis() as u64);
        report.add_times("restart", &self.restarts);
        report.add_times("restart_with_full_segments", &self.restarts_with_more);
        report.add_times("restart_with_rebuild", &self.restarts_with_rebuild);
        for (name, count) in &self.reached {
            report.add(format!("killed_{name}"), *count);
        }
        for (name, count) in &self.missed {
            report.add(format!("not_reached_{name}"), *count);
        }
        let slow = self
            .restarts
            .iter()
            .filter(|time| **time > RESTART_MAX)
            .count();
        if slow > 0 && !settings.is_quick {
            self.broken
                .push(format!("{slow} restarts took longer than {RESTART_MAX:?}"));
        }
        report.broken = self.broken;
        Ok(report)
    }
}
