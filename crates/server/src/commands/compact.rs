//! `compact`: documents of many changes put into one piece each.

use super::{Listener, Said};
use crate::compaction::{Reason, compact};
use crate::failure::Failure;
use crate::office::Office;
use crate::progress::Step;

const COMPACTING: &str = "压缩文档 compacting documents";

/// Looks at every document and compacts those that are worth it.
pub fn execute(office: &Office, say: Listener<'_>) -> Result<(), Failure> {
    let mut all = Vec::new();
    office.store.summaries(&mut |row| all.push(row.document))?;
    let total = all.len() as u64;
    let (mut count, mut before, mut after) = (0, 0, 0);
    for (done, document) in (0..).zip(all) {
        say(Said::Progress(Step::new(COMPACTING, done, total)));
        if let Some(compacted) = compact(office, document, Reason::Asked)? {
            count += 1;
            before += compacted.bytes_before;
            after += compacted.bytes_after;
        }
    }
    say(Said::Line(format!(
        "已压缩 {count} 份文档，从 {before} 字节到 {after} 字节 / {count} documents compacted, from {before} bytes to {after}"
    )));
    Ok(())
}
