//! Starts other programs.

use std::path::Path;
use std::process::{Command, Stdio};

/// A program with its arguments, run in `folder`.
pub fn command(folder: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    command
}

/// The cargo that runs this program.
pub fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    command(folder, &cargo, arguments)
}

/// Runs to the end, showing its output; anything but success is an error that
/// names the command.
pub fn succeed(mut command: Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|error| format!("{}: {error}", shown(&command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{}: {status}", shown(&command)))
    }
}

/// Standard output of a command that succeeds; `None` when it is missing or fails.
pub fn output_of(mut command: Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a command is there and runs.
pub fn is_there(program: &str, argument: &str) -> bool {
    output_of(command(Path::new("."), program, &[argument])).is_some()
}

fn shown(command: &Command) -> String {
    let parts = std::iter::once(command.get_program()).chain(command.get_args());
    parts
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
