//! The real binary, serving in a process of its own.

use std::fs::File;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Phone, TestOffice, agent};

/// The binary under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_stairwell");

/// A serving process. Killed when dropped.
pub struct Service {
    pub child: Child,
    pub url: String,
    lines: Lines<BufReader<ChildStdout>>,
    folder: TempDir,
}

impl Service {
    /// Serves the data in a folder.
    pub fn start(folder: TempDir, more: &[&str]) -> Self {
        Self::start_as(Command::new(BINARY), folder, more)
    }

    /// Serves where no file may grow beyond so many KiB, as on a disk that is full.
    pub fn start_on_small_disk(folder: TempDir, kib: u32) -> Self {
        Self::start_limited(folder, kib, "")
    }

    /// The same where the log cannot be written either.
    pub fn start_on_small_disk_with_its_log(folder: TempDir, kib: u32) -> Self {
        Self::start_limited(folder, kib, "2>/dev/full")
    }

    fn start_limited(folder: TempDir, kib: u32, log: &str) -> Self {
        let mut shell = Command::new("bash");
        // The signal is ignored, so that the write fails as on a full disk.
        let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\" {log}");
        shell.args(["-c", &script, BINARY]);
        Self::start_as(shell, folder, &[])
    }

    fn start_as(mut command: Command, folder: TempDir, more: &[&str]) -> Self {
        let log_path = folder.path().join("log");
        let log = File::create(&log_path).unwrap();
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .args(more)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(line) = lines.next() else {
            panic!(
                "the service ended at once: {}",
                std::fs::read_to_string(log_path).unwrap()
            );
        };
        let line = line.unwrap();
        let url = line.strip_prefix("stairwell: ready ").unwrap().to_owned();
        Self {
            child,
            url,
            lines,
            folder,
        }
    }

    /// The next line it prints.
    pub fn next_line(&mut self) -> String {
        self.lines.next().expect("the service ended").unwrap()
    }

    /// What it said on standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A field of the system's status of the process, such as `VmHWM`, in KiB.
    pub fn status_kib(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(field)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Adds a worker of the first grid and enrols a device.
    pub fn add_worker(&self, name: &str) -> Phone {
        let add = [
            "person",
            "add",
            "--role",
            "grid_worker",
            "--grid",
            "第一网格",
            "--name",
            name,
        ];
        let output = run(&self.data(), &add);
        assert!(output.status.success(), "{}", text(&output.stderr));
        Phone::of_enrolment(&self.enrol(&link_of(&output)))
    }

    /// Kills the process as a power cut would, or at least as much as a process can be killed.
    pub fn kill(mut self) -> TempDir {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([&format!("-{name}"), &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Enrols a device with a link.
    pub fn enrol(&self, url: &str) -> Value {
        let code = url.split("#enrol=").nth(1).unwrap();
        let mut response = agent()
            .post(format!("{}/api/enrol", self.url))
            .header("content-type", "application/json")
            .send(json!({"code": code}).to_string().as_bytes())
            .unwrap();
        serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A data folder with the test community, that nobody serves.
pub fn settled_folder() -> TempDir {
    let office = TestOffice::start();
    office.into_folder()
}

/// Runs a command of the program.
pub fn run(data: &Path, words: &[&str]) -> Output {
    Command::new(BINARY)
        .arg("--data")
        .arg(data)
        .args(words)
        .output()
        .unwrap()
}

/// Output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The enrolment link that a command printed.
pub fn link_of(output: &Output) -> String {
    let text = text(&output.stdout);
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("stairwell: link "))
        .expect(&text);
    line.rsplit(' ').next().unwrap().to_owned()
}
