//! A process that obeys orders, one JSON object a line, and answers each with one.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::BenchError;
use crate::machine::{self, ProcessorTime};

/// The slowest order, a first sync of one visit after another to a far office,
/// takes about a minute and a half.
const ORDER_MAX: Duration = Duration::from_secs(240);

/// A running one. Dropped, it is ended.
pub struct Process {
    child: Child,
    orders: ChildStdin,
    answers: Receiver<String>,
}

impl Process {
    /// Starts a program.
    pub fn start(program: &OsStr, arguments: &[&OsStr]) -> Result<Self, BenchError> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let ends = (child.stdin.take(), child.stdout.take());
        let (Some(orders), Some(output)) = ends else {
            return Err(BenchError::Program("the peer has no pipes".to_owned()));
        };
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            // Ends when nobody waits any more.
            let _ = lines.map(|line| sender.send(line)).all(|sent| sent.is_ok());
        });
        Ok(Self {
            child,
            orders,
            answers,
        })
    }

    /// Gives an order and waits until it is done.
    pub fn ask(&mut self, what: &str, mut order: Value) -> Result<Value, BenchError> {
        order["do"] = what.into();
        writeln!(self.orders, "{order}")?;
        let answer = self.answers.recv_timeout(ORDER_MAX);
        let answer = answer
            .map_err(|_| BenchError::Program(format!("the peer ended or kept silent: {order}")))?;
        Ok(serde_json::from_str(&answer)?)
    }

    /// The processor time it has used since its start.
    pub fn processor_time(&self) -> Result<ProcessorTime, BenchError> {
        ProcessorTime::of(self.child.id())
    }

    /// Its resident memory.
    pub fn resident_bytes(&self) -> Result<usize, BenchError> {
        let path = format!("/proc/{}/status", self.child.id());
        let text = machine::field(&path, "VmRSS");
        let kib = text.and_then(|text| text.split(' ').next()?.parse::<usize>().ok());
        kib.map(|kib| kib << 10)
            .ok_or_else(|| BenchError::Program(format!("{path} has no VmRSS")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
