//! Brings a folder, while no program has it open, to where something rare is
//! about to happen.

use std::fs;
use std::path::Path;

use store::{Options, Store, Table};

use crate::{CrashError, content};

/// A record of nobody, as large as is needed.
const KEY: &[u8] = b"crash filler";
const PIECE_BYTES: u64 = 16 << 20;
/// Above this much waste the file of summaries is written anew.
const WASTE_BYTES: usize = 9 << 20;
const SUMMARY_BYTES: usize = 1 << 20;

/// Fills the newest segment of the journal until so many bytes are left.
pub fn fill_segment(data: &Path, left_bytes: u64) -> Result<(), CrashError> {
    let full = Options::default().segment_bytes;
    let mut wanted = full.saturating_sub(newest_segment_bytes(data)?);
    let (store, _) = content::open(data, false)?;
    while wanted > left_bytes {
        let piece = (wanted - left_bytes).min(PIECE_BYTES);
        store.put_record(Table::Settings, KEY, &vec![b'x'; piece as usize])?;
        wanted = full.saturating_sub(newest_segment_bytes(data)?);
        if piece < PIECE_BYTES {
            break;
        }
    }
    Ok(())
}

/// Puts so many worthless summaries into their file that the next start writes
/// it anew.
pub fn waste_summaries(data: &Path) -> Result<(), CrashError> {
    let (store, _) = content::open(data, false)?;
    let mut row = None;
    store.summaries(&mut |found| row = Some(found))?;
    let row = row.ok_or_else(|| CrashError::Machine("the folder holds nothing".to_owned()))?;
    let waste = "x".repeat(SUMMARY_BYTES);
    for _ in 0..WASTE_BYTES / SUMMARY_BYTES + 1 {
        store.put_summary(row.document, &row.heads, &waste)?;
    }
    let json = row.json.unwrap_or_default();
    store.put_summary(row.document, &row.heads, &json)?;
    Ok(())
}

fn newest_segment_bytes(data: &Path) -> Result<u64, CrashError> {
    Ok(fs::metadata(content::newest_segment(data)?)?.len())
}
