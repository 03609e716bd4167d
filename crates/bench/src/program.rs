//! The program under measurement: started on a practice community of its own,
//! ended with it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::machine::{self, ProcessorTime};
use crate::{BenchError, Settings};

/// Making 110,000 visits takes minutes on a slow machine; a program that is not
/// ready by then never will be.
const START_MAX: Duration = Duration::from_secs(1200);
const STOP_MAX: Duration = Duration::from_secs(60);

/// A running program.
pub struct Program {
    child: Child,
    lines: Receiver<String>,
    begun: Instant,
    data: PathBuf,
    /// Where it listens, `127.0.0.1:PORT`.
    pub address: String,
    /// From its start to its line `ready`.
    pub start_time: Duration,
}

/// How the program is started.
#[derive(Clone, Copy, Debug)]
pub struct Launch<'a> {
    /// The program.
    pub program: &'a Path,
    /// The web app as it was built.
    pub web: &'a Path,
    /// The data folder; the log stands beside it.
    pub data: &'a Path,
    /// Options of `serve`.
    pub options: &'a [&'a str],
    /// Another program with its arguments that starts this one and becomes it, such as a tracer.
    pub under: &'a [OsString],
}

/// What the program keeps in memory, bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Resident now.
    pub resident: usize,
    /// Of that, its own and not a file's.
    pub anonymous: usize,
    /// The most that was resident since its start.
    pub peak: usize,
}

impl Program {
    /// Starts the program on a folder and waits until it is ready. An empty
    /// folder is filled with the practice community first.
    pub fn start(settings: &Settings, data: &Path) -> Result<Self, BenchError> {
        let scale = settings.scale.to_string();
        Self::start_with(settings, data, &["--practice", "--scale", &scale])
    }

    /// Starts the program on a folder without any practice community.
    pub fn start_bare(settings: &Settings, data: &Path) -> Result<Self, BenchError> {
        Self::start_with(settings, data, &[])
    }

    fn start_with(settings: &Settings, data: &Path, options: &[&str]) -> Result<Self, BenchError> {
        let mut program = Self::spawn(&Launch {
            program: &settings.program,
            web: &settings.web,
            data,
            options,
            under: &[],
        })?;
        program.wait_until_ready()?;
        Ok(program)
    }

    /// Starts the program and does not wait for it.
    pub fn spawn(launch: &Launch<'_>) -> Result<Self, BenchError> {
        let log = File::create(launch.data.with_extension("log"))?;
        let mut words = launch.under.iter().cloned();
        let mut command = match words.next() {
            Some(first) => {
                let mut command = Command::new(first);
                command.args(words).arg(launch.program);
                command
            }
            None => Command::new(launch.program),
        };
        let begun = Instant::now();
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(launch.options)
            .arg("--data")
            .arg(launch.data)
            .arg("--web")
            .arg(launch.web)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        Ok(Self {
            lines: lines_of(&mut child)?,
            child,
            begun,
            address: String::new(),
            data: launch.data.to_owned(),
            start_time: Duration::ZERO,
        })
    }

    /// Waits for the line `ready` and remembers the address and the time.
    pub fn wait_until_ready(&mut self) -> Result<(), BenchError> {
        self.address = self.line_with("stairwell: ready http://")?;
        self.start_time = self.begun.elapsed();
        Ok(())
    }

    /// The enrolment code from the link that the program prints for a role, in
    /// the order of printing.
    pub fn next_code(&self, role: &str) -> Result<String, BenchError> {
        loop {
            let link = self.line_with("stairwell: link ")?;
            let mut words = link.split(' ').skip(1);
            let is_wanted = words.next() == Some(role);
            let code = link.split_once("#enrol=").map(|(_, code)| code.to_owned());
            if let (true, Some(code)) = (is_wanted, code) {
                return Ok(code);
            }
        }
    }

    /// What follows `beginning` on the next line that has it.
    fn line_with(&self, beginning: &str) -> Result<String, BenchError> {
        let end = Instant::now() + START_MAX;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).map_err(|_| {
                BenchError::Program(format!("ended or kept silent; no line “{beginning}…”"))
            })?;
            if let Some(rest) = line.strip_prefix(beginning) {
                return Ok(rest.to_owned());
            }
        }
    }

    /// The id of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it keeps in memory now.
    pub fn memory(&self) -> Result<Memory, BenchError> {
        let path = format!("/proc/{}/status", self.child.id());
        let bytes = |name: &str| {
            let text = machine::field(&path, name);
            let kib = text.and_then(|text| text.split(' ').next()?.parse::<usize>().ok());
            kib.map(|kib| kib << 10)
                .ok_or_else(|| BenchError::Program(format!("{path} has no {name}")))
        };
        Ok(Memory {
            resident: bytes("VmRSS")?,
            anonymous: bytes("RssAnon")?,
            peak: bytes("VmHWM")?,
        })
    }

    /// The processor time it has used since its start.
    pub fn processor_time(&self) -> Result<ProcessorTime, BenchError> {
        ProcessorTime::of(self.child.id())
    }

    /// How long its journal is, bytes.
    pub fn journal_bytes(&self) -> Result<u64, BenchError> {
        let mut bytes = 0;
        for segment in std::fs::read_dir(self.data.join("journal"))? {
            bytes += segment?.metadata()?.len();
        }
        Ok(bytes)
    }

    /// Ends the program as an operator does, and waits for its end.
    pub fn stop(mut self) -> Result<(), BenchError> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        match self.wait_for_end(STOP_MAX)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(BenchError::Program(format!("ended with {status}"))),
            None => Err(BenchError::Program("did not end when asked to".to_owned())),
        }
    }

    /// Ends the program at once, in the middle of whatever it does.
    pub fn kill(mut self) -> Result<(), BenchError> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until the program has ended by itself, so long at most.
    pub fn wait_for_end(&mut self, at_most: Duration) -> Result<Option<ExitStatus>, BenchError> {
        let end = Instant::now() + at_most;
        loop {
            let status = self.child.try_wait()?;
            if status.is_some() || Instant::now() >= end {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// What the program has written to its log so far.
    pub fn log(&self) -> Result<String, BenchError> {
        let bytes = std::fs::read(self.data.with_extension("log"))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // After an orderly end there is nothing to kill, which is no mistake.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The child's lines, read apart so that waiting for one can end.
fn lines_of(child: &mut Child) -> Result<Receiver<String>, BenchError> {
    let output = child.stdout.take();
    let output = output.ok_or_else(|| BenchError::Program("has no output".to_owned()))?;
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody listens any more: reading goes on, so that the program never writes into a
            // closed pipe.
            let _ = sender.send(line);
        }
    });
    Ok(lines)
}
