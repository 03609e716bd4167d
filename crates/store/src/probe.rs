//! The journal's decoders for whoever throws bytes at them. Built with the
//! feature `probe` alone; nothing of it is in the program, and nothing here
//! decides anything.

use std::path::Path;

use crate::journal::record::Records;
use crate::journal::scan::scan;
use crate::{StoreError, TornTail};

/// A frame that a scan showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFrame {
    /// The segment's number.
    pub segment: u32,
    /// Where its payload begins in the segment's file.
    pub payload_at: u64,
    /// Its number.
    pub number: u64,
    /// Its records.
    pub payload: Vec<u8>,
}

/// Every frame that a scan of the segments in a folder shows, whatever the scan
/// says in the end.
pub fn scan_journal(folder: &Path) -> (Vec<ShownFrame>, Result<Option<TornTail>, StoreError>) {
    let mut shown = Vec::new();
    let outcome = scan(folder, &mut |frame| {
        shown.push(ShownFrame {
            segment: frame.position.segment,
            payload_at: frame.payload_at,
            number: frame.position.frame,
            payload: frame.payload.to_vec(),
        });
        Ok(())
    });
    (shown, outcome.map(|scanned| scanned.torn))
}

/// How many records a payload holds; `None` if it is not records throughout.
pub fn count_records(payload: &[u8]) -> Option<usize> {
    let mut count = 0;
    for record in Records::new(payload) {
        record.ok()?;
        count += 1;
    }
    Some(count)
}
