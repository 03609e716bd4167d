//! Starting the program under strace: to write down its calls, to make one of
//! them fail, or to kill it at one.
//!
//! strace runs beside the program as its grandchild (`-D`), so the process that
//! was started *is* the program, with its own id, its own end and its own exit
//! code.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::CrashError;

/// The calls that can alter the folder, tell of a file's name, or answer.
const CALLS: &str = "trace=openat,close,dup,dup2,dup3,fcntl,lseek,write,writev,pwrite64,pwritev,\
pwritev2,sendto,sendmsg,ftruncate,fallocate,copy_file_range,fsync,fdatasync,sync_file_range,\
rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat";
/// How long the last lines of a trace may take to be written.
const TRACE_END_MAX: Duration = Duration::from_secs(30);
/// A trace to which nothing is added for so long has come to rest.
const TRACE_REST: Duration = Duration::from_millis(500);

/// Whether programs can be traced here; otherwise what to do about it.
pub fn require() -> Result<(), CrashError> {
    let output = Command::new("strace")
        .args(["-D", "-f", "-o", "/dev/null", "true"])
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(CrashError::Machine(format!(
                "strace 在这里不能用 strace does not work here: {words}"
            )))
        }
        Err(_) => Err(CrashError::Machine(
            "需要 strace：sudo apt-get install strace / strace is needed".to_owned(),
        )),
    }
}

/// Words that write every call to `trace`.
pub fn recording(trace: &Path) -> Vec<OsString> {
    // The filter in the kernel lets all other calls pass at full speed. It miscounts
    // injections, so those do without.
    words(trace, &["--seccomp-bpf", "-e", CALLS])
}

/// Words that make some calls on one file fail, such as
/// `fdatasync:error=EIO:when=5`, and write all calls on that file to `trace`.
pub fn failing(trace: &Path, injection: &str, path: &Path) -> Vec<OsString> {
    let injection = format!("inject={injection}");
    let mut words = words(trace, &["-e", CALLS, "-e", &injection]);
    words.extend(["-P".into(), path.as_os_str().to_owned()]);
    words
}

/// Words that kill the program as one of its threads makes a call of this name
/// for the `nth` time, on one of these paths if any are given.
pub fn killing(trace: &Path, call: &str, nth: usize, paths: &[&Path]) -> Vec<OsString> {
    let traced = format!("trace={call}");
    let injection = format!("inject={call}:signal=SIGKILL:when={nth}");
    let mut words = words(trace, &["-e", &traced, "-e", &injection]);
    for path in paths {
        words.extend(["-P".into(), path.as_os_str().to_owned()]);
    }
    words
}

fn words(trace: &Path, options: &[&str]) -> Vec<OsString> {
    let usual = [
        "strace",
        "-D",
        "-f",
        "-xx",
        "-s",
        "100000000",
        "-e",
        "signal=none",
    ];
    let options = usual.iter().chain(options).map(OsString::from);
    let mut words: Vec<OsString> = options.collect();
    words.extend(["-o".into(), trace.as_os_str().to_owned()]);
    words
}

/// Reads the trace of a process that has ended, once nothing more comes. strace
/// writes a line before the call that it tells of goes on, but may be gone with
/// the process before it has told of its end.
pub fn read_to_end(trace: &Path, process: u32) -> Result<String, CrashError> {
    let ended = format!("\n{process} +++ ");
    let mut before = 0;
    let end = Instant::now() + TRACE_END_MAX;
    loop {
        let text = fs::read_to_string(trace)?;
        let is_still = text.len() == before;
        if text.ends_with('\n') && (is_still || text.contains(&ended)) {
            return Ok(text);
        }
        if Instant::now() > end {
            return Err(CrashError::Trace(format!("{} has no end", trace.display())));
        }
        before = text.len();
        thread::sleep(TRACE_REST);
    }
}
