//! Power cuts: the program's life is recorded call by call, and at a thousand
//! moments of it the folders are made that a power cut may have left. Each must
//! open with everything that was acknowledged by then, and with nothing that was
//! never written.

mod check;
mod life;
mod part;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use indicatif::{ProgressBar, ProgressStyle};

use crate::chance::Chance;
use crate::disk::cut::Mode;
use crate::report::Report;
use crate::{CrashError, Settings, strace};

use part::Part;

/// Of each so many folders one is opened by the program itself, the others by
/// the store alone.
const BY_PROGRAM: usize = 50;
/// No more broken folders are told of.
const BROKEN_MAX: usize = 10;

/// Records a life and cuts it.
pub fn run(settings: &Settings) -> Result<Report, CrashError> {
    strace::require()?;
    let folder = settings.folder()?;
    let parts = life::record(settings, folder.path())?;
    parts.iter().try_for_each(|part| prove(settings, part))?;
    let mut report = Report::new("power");
    for part in &parts {
        report.add(format!("{}_calls", part.name), part.recording.end);
        report.add(format!("{}_receipts", part.name), part.receipts.len());
    }
    for mode in Mode::CUTS {
        cut(settings, &parts, mode, &mut report)?;
    }
    Ok(report)
}

/// A program that forgot to sync would be found out: otherwise nothing that this
/// bench says is worth anything.
fn prove(settings: &Settings, part: &Part) -> Result<(), CrashError> {
    let folder = settings.fast_folder()?;
    let (forgetful, end) = (part.with_syncs_forgotten(), part.recording.end + 1);
    let mut chance = Chance::new(settings.seed, 0);
    let cut = (Mode::DropAll, end);
    match check::folder(settings, &forgetful, folder.path(), cut, false, &mut chance) {
        Err(CrashError::Broken(words)) if words.contains("an acknowledged change is lost") => {
            Ok(())
        }
        Err(error) => Err(error),
        Ok(_) => Err(CrashError::Machine(
            "a program that forgets to sync passes: the bench is blind".to_owned(),
        )),
    }
}

/// Makes and checks all folders of a mode, on all cores.
fn cut(
    settings: &Settings,
    parts: &[Part],
    mode: Mode,
    report: &mut Report,
) -> Result<(), CrashError> {
    let bar = ProgressBar::new(settings.states as u64);
    let style = ProgressStyle::with_template("   {prefix} {wide_bar} {pos}/{len} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(mode.name());
    let next = AtomicUsize::new(0);
    let found: Mutex<(BTreeMap<String, usize>, Vec<String>)> = Mutex::default();
    let outcome: Mutex<Result<(), CrashError>> = Mutex::new(Ok(()));
    let work = || {
        let folder = settings.fast_folder()?;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= settings.states {
                return Ok(());
            }
            let mut chance = Chance::new(settings.seed ^ mode as u64, number as u64);
            let part = &parts[number % parts.len()];
            let moment = part.some_moment(&mut chance);
            let by_program = number % BY_PROGRAM < parts.len();
            let checked = check::folder(
                settings,
                part,
                folder.path(),
                (mode, moment),
                by_program,
                &mut chance,
            );
            bar.inc(1);
            let Ok(mut found) = found.lock() else {
                return Ok(());
            };
            match checked {
                Ok(notes) => {
                    for note in notes {
                        *found.0.entry(note).or_default() += 1;
                    }
                }
                Err(CrashError::Broken(words)) => found.1.push(format!(
                    "{} state {number} ({} cut at {moment}): {words}",
                    mode.name(),
                    part.name
                )),
                Err(error) => return Err(error),
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                let worked: Result<(), CrashError> = work();
                if let (Err(error), Ok(mut outcome)) = (worked, outcome.lock()) {
                    *outcome = Err(error);
                }
            });
        }
    });
    bar.finish_and_clear();
    outcome.into_inner().unwrap_or(Ok(()))?;
    let (notes, mut broken) = found.into_inner().unwrap_or_default();
    report.add(format!("{}_states", mode.name()), settings.states);
    report.add(format!("{}_broken", mode.name()), broken.len());
    for (note, count) in notes {
        report.add(format!("{}_{note}", mode.name()), count);
    }
    broken.truncate(BROKEN_MAX);
    report.broken.extend(broken);
    Ok(())
}
