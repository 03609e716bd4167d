//! The program's own commands, sent to the serving process as the command line
//! sends them.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use serde_json::{Value, json};

use crate::BenchError;
use crate::enrolled::text;

/// Puts a person on record, as `stairwell person add` does, and gives the code
/// of the enrolment link.
pub fn add_person(data: &Path, person: &Value) -> Result<String, BenchError> {
    let link = command(data, &json!({ "person": { "add": person } }))?;
    let code = link.as_deref().and_then(|link| link.split_once("#enrol="));
    let (_, code) = code.ok_or_else(|| BenchError::Program("gave no link".to_owned()))?;
    Ok(code.to_owned())
}

/// Has the program carry a command out, and gives the link it tells, if any.
pub fn command(data: &Path, command: &Value) -> Result<Option<String>, BenchError> {
    let mut stream = UnixStream::connect(data.join("admin.sock"))?;
    stream.write_all(format!("{command}\n").as_bytes())?;
    let mut link = None;
    for line in BufReader::new(stream).lines() {
        let reply: Value = serde_json::from_str(&line?)?;
        if reply == "done" {
            return Ok(link);
        }
        if let Some(failure) = reply.get("failed") {
            return Err(BenchError::Program(failure.to_string()));
        }
        if let Some(url) = reply.pointer("/said/link/url") {
            link = Some(text(url)?.to_owned());
        }
    }
    Err(BenchError::Program("left a command undone".to_owned()))
}
