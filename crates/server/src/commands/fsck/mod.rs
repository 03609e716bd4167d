//! `fsck`: everything in the data folder checked, and nothing altered.
//!
//! The store checks its files; what documents and records mean is checked here.

mod documents;
mod records;
mod words;

use std::path::Path;

use store::{EmbeddedStore, check};

use super::{Listener, Said};
use crate::failure::Failure;
use crate::program::step_of;

/// One thing that is not as it should be, in words.
struct Fault {
    is_harmless: bool,
    zh: String,
    en: String,
}

/// Checks a data folder. `serving` is the store that has it open in this process.
pub fn execute(
    data: &Path,
    serving: Option<&EmbeddedStore>,
    say: Listener<'_>,
) -> Result<(), Failure> {
    let checked = check(data, serving, &mut |progress| {
        say(Said::Progress(step_of(progress)))
    })?;
    let mut faults: Vec<Fault> = checked.findings.iter().map(words::of).collect();
    faults.extend(documents::check(&checked, say)?);
    faults.extend(records::check(data, &checked.truth)?);
    for fault in &faults {
        let Fault {
            is_harmless,
            zh,
            en,
        } = fault;
        let mark = match is_harmless {
            true => "[无害 harmless]",
            false => "[问题 FAULT]",
        };
        say(Said::Line(format!("{mark} {zh} / {en}")));
    }
    let (frames, contents) = (checked.truth.frames(), checked.truth.contents());
    let (documents, changes) = (checked.truth.documents(), contents.changes);
    let (keys, blobs) = (checked.keys, checked.blobs);
    say(Said::Line(format!(
        "已检查：日志 {frames} 帧、{changes} 项修改、{documents} 份文档、{keys} 把密钥、{blobs} 个附件 / checked: {frames} frames, {changes} changes, {documents} documents, {keys} keys, {blobs} blobs"
    )));
    say(Said::Line(format!(
        "digest {}",
        hex::encode(contents.digest)
    )));
    outcome(&faults, say)
}

fn outcome(faults: &[Fault], say: Listener<'_>) -> Result<(), Failure> {
    let count = faults.len();
    let harmless = faults.iter().filter(|fault| fault.is_harmless).count();
    match count {
        0 => {
            say(Said::Line("没有发现问题 / nothing was found".to_owned()));
            Ok(())
        }
        _ => Err(Failure::new(
            &format!("发现 {count} 处不正常，其中 {harmless} 处无害；已逐条列出"),
            &format!("{count} findings, {harmless} of them harmless; each is listed"),
        )),
    }
}
