//! From the command line to what is done, and from what failed to one line and an exit code.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Parser;
use store::{EmbeddedStore, Options, Progress, Statistics, Store, Task};
use tracing_subscriber::EnvFilter;

use crate::clock::now_ms;
use crate::commands::{Listener, Said, backup, execute, fsck, print_line, print_link, restore};
use crate::failure::Failure;
use crate::office::Office;
use crate::progress::{Bar, Report, Step};
use crate::settings::{Command, CommandLine, TopCommand};
use crate::{admin, found_at_start, serve};

/// Memory for the store's index. Lists are answered from the rows in memory, so it is asked for
/// single documents only, and half of its usual share does.
const INDEX_CACHE_BYTES: u64 = 32 << 20;

/// Runs the program.
pub fn main() -> ExitCode {
    let line = CommandLine::parse();
    keep_guarded_panics_quiet();
    print_logs(matches!(line.command, TopCommand::Serve(_)));
    match run(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where it cannot be said, the code still tells that it failed.
            let _ = writeln!(std::io::stderr(), "stairwell: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(line: CommandLine) -> Result<(), Failure> {
    let data = line.data;
    let command = match line.command {
        TopCommand::Serve(settings) => return serve::run(&data, settings),
        TopCommand::Person(command) => Command::Person(command),
        TopCommand::Import {
            file,
            community,
            dry_run,
        } => Command::Import {
            file: absolute(&file)?,
            community,
            dry_run,
        },
        TopCommand::Export { folder } => Command::Export {
            folder: absolute(&folder)?,
        },
        TopCommand::Rebuild => Command::Rebuild,
        TopCommand::Fsck => Command::Fsck,
        TopCommand::Compact => Command::Compact,
        TopCommand::Backup { folder } => {
            return with_bar(&mut |say| backup::execute(&data, &folder, say));
        }
        TopCommand::Restore { backup } => {
            return with_bar(&mut |say| restore::execute(&backup, &data, say));
        }
    };
    with_bar(&mut |say| match admin::send(&data, &command, say) {
        Some(outcome) => outcome,
        None => run_alone(&data, command.clone(), say),
    })
}

/// Runs a command with its lines printed and its progress drawn.
fn with_bar(run: &mut dyn FnMut(Listener<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
    let bar = Bar::default();
    let outcome = run(&mut |said| show(&bar, said));
    bar.finish();
    outcome
}

/// Runs a command on a folder that no service has open.
fn run_alone(data: &Path, command: Command, said: &mut dyn FnMut(Said)) -> Result<(), Failure> {
    if command == Command::Fsck {
        // Opening the folder would alter it.
        return fsck::execute(data, None, said);
    }
    let bar = Bar::default();
    let rebuild_index = command == Command::Rebuild;
    let store = open_store(
        data,
        Options {
            rebuild_index,
            ..Options::default()
        },
        &bar,
        &mut |step| bar.show(&step),
    )?;
    let office = Office::open(store, now_ms(), &mut |step| bar.show(&step))?;
    bar.finish();
    if rebuild_index {
        // With the index all summaries went too, and opening the office made them anew.
        let Statistics {
            changes, documents, ..
        } = office.store.statistics()?;
        said(Said::Line(format!(
            "已用日志重建索引（{changes} 项修改），并重算 {documents} 份摘要 / the index was rebuilt from the journal ({changes} changes), and {documents} summaries were made anew"
        )));
        return Ok(());
    }
    execute(&office, command, said)
}

/// Opens the data folder, and says what was found that a person should know.
pub fn open_store(
    data: &Path,
    options: Options,
    bar: &Bar,
    report: Report<'_>,
) -> Result<Arc<dyn Store>, Failure> {
    let options = Options {
        index_cache_bytes: INDEX_CACHE_BYTES,
        ..options
    };
    let began = Instant::now();
    let (store, report) =
        EmbeddedStore::open_with(data, options, &mut |progress| report(step_of(progress)))?;
    bar.finish();
    found_at_start::tell(&report, began.elapsed());
    Ok(Arc::new(store))
}

/// A step of the store in words.
pub fn step_of(progress: Progress) -> Step {
    let what = match progress.task {
        Task::CheckJournal => "检查日志 checking the journal",
        Task::RebuildIndex => "重建索引 rebuilding the index",
        Task::Copy => "复制 copying",
        Task::CheckCopy => "核对副本 checking the copy",
        Task::Compare => "比对 comparing",
    };
    Step::new(what, progress.done_bytes, progress.total_bytes)
}

fn show(bar: &Bar, said: Said) {
    match said {
        Said::Progress(step) => bar.show(&step),
        Said::Line(line) => bar.suspend(|| print_line(&line)),
        Said::Link { name, role, url } => bar.suspend(|| print_link(&name, &role, &url)),
    }
}

/// A command may be carried out by a process with another working folder.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| Failure::of(&error))
}

fn print_logs(is_service: bool) {
    let usual = if is_service { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // A log that cannot be written, on the same full disk for one, is given up line by line.
        // Told of, it would be on standard error again, and that panics in whatever thread it is.
        .log_internal_errors(false)
        .with_writer(std::io::stderr);
    // A terminal is read by people, a file by programs. A second caller finds the first one's logs.
    let _ = if std::io::stderr().is_terminal() {
        logs.try_init()
    } else {
        logs.json().try_init()
    };
}

/// A panic on hostile bytes is expected and answered; only others are printed.
fn keep_guarded_panics_quiet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if sync::is_guarded() {
            tracing::debug!(%panic, "guarded");
        } else {
            usual(panic);
        }
    }));
}
