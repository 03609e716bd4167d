//! The program as the benches start it: plainly, under strace, or for one
//! command.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bench::http::{Connection, Request};
use bench::program::{Launch, Program};

use crate::{CrashError, Settings};

/// A data folder and how the program is started on it.
pub struct Office<'a> {
    settings: &'a Settings,
    /// The data folder; its path has no links in it.
    pub data: PathBuf,
    options: &'a [&'a str],
}

impl<'a> Office<'a> {
    /// The folder `data` inside `root`.
    pub fn at(
        settings: &'a Settings,
        root: &Path,
        options: &'a [&'a str],
    ) -> Result<Self, CrashError> {
        Ok(Self {
            settings,
            data: root.canonicalize()?.join("data"),
            options,
        })
    }

    /// Starts the program and does not wait. `under` may be words of strace.
    pub fn spawn(&self, under: &[OsString]) -> Result<Program, CrashError> {
        Ok(Program::spawn(&Launch {
            program: &self.settings.program,
            web: &self.settings.web,
            data: &self.data,
            options: self.options,
            under,
        })?)
    }

    /// Starts the program and waits until it serves. Says how long that took.
    pub fn start(&self) -> Result<(Program, Duration), CrashError> {
        let begun = Instant::now();
        let mut program = self.spawn(&[])?;
        let ready = program.wait_until_ready();
        ready.map_err(|error| CrashError::Broken(would_not_start(&program, &error)))?;
        let mut connection = Connection::open_native(&program.address)?;
        connection.ask_well(Request::get("/healthz", None))?;
        Ok((program, begun.elapsed()))
    }

    /// Runs a command of the program to its end, under strace if `under` says so.
    pub fn run(
        &self,
        under: &[OsString],
        command: &[&str],
    ) -> Result<(u32, ExitStatus), CrashError> {
        let mut words = under.iter().cloned();
        let mut process = match words.next() {
            Some(first) => {
                let mut process = Command::new(first);
                process.args(words).arg(&self.settings.program);
                process
            }
            None => Command::new(&self.settings.program),
        };
        process.arg("--data").arg(&self.data).args(command);
        let mut child = process
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let status = child.wait()?;
        Ok((child.id(), status))
    }

    /// What the data folder lies in.
    pub fn root(&self) -> &Path {
        self.data.parent().unwrap_or(&self.data)
    }

    /// Where strace writes.
    pub fn trace(&self) -> PathBuf {
        self.data.with_extension("trace")
    }

    /// A file or folder in the data folder.
    pub fn path(&self, names: &[&str]) -> PathBuf {
        names
            .iter()
            .fold(self.data.clone(), |path, name| path.join(name))
    }
}

fn would_not_start(program: &Program, error: &bench::BenchError) -> String {
    let log = program.log().unwrap_or_default();
    let last = log.lines().last().unwrap_or_default();
    format!("the program does not start: {error}; {last}")
}
