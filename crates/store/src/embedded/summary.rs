//! Summaries in the index. They may be longer than a value may be, so their
//! bytes are cut into parts; the first part begins with the checksum and the
//! length of the whole, by which a reader tells parts that do not belong
//! together.
//!
//! The whole: 2 bytes number of heads, the heads, the JSON text.

use std::iter::Peekable;

use model::{ChangeHash, DocumentId};
use sled::{Batch, IVec};

use super::index::Index;
use super::layout::{MAX_VALUE_BYTES, SUMMARIES, summary_key, summary_prefix};
use crate::StoreError;

/// Bytes before the whole: checksum, length.
const FRONT_BYTES: usize = 8;

/// Keeps a summary in the place of the one before, if the document is here.
pub(super) fn put(
    index: &Index,
    document: DocumentId,
    heads: &[ChangeHash],
    json: &str,
) -> Result<(), StoreError> {
    if index.header(document)?.is_none() {
        return Ok(());
    }
    let Some(bytes) = encode(heads, json) else {
        // No document has that many heads; without a summary it is made again.
        return Ok(());
    };
    let mut batch = Batch::default();
    let mut parts = 0;
    for part in bytes.chunks(MAX_VALUE_BYTES) {
        batch.insert(&summary_key(document, parts), part);
        parts += 1;
    }
    // The one before may have been longer.
    while index.has(&summary_key(document, parts))? {
        batch.remove(&summary_key(document, parts));
        parts += 1;
    }
    index.apply(batch)
}

/// Reads the summaries of many documents, asked for in the order of their ids.
pub(super) struct Walk<I: Iterator>(Peekable<I>);

/// A walk over all summaries, which reads the index in one sweep.
pub(super) fn walk(index: &Index) -> Walk<impl Iterator<Item = Part>> {
    Walk(index.under(SUMMARIES).peekable())
}

type Part = Result<(IVec, IVec), StoreError>;

impl<I: Iterator<Item = Part>> Walk<I> {
    /// A document's summary with the heads it was made from.
    pub fn get(
        &mut self,
        document: DocumentId,
    ) -> Result<Option<(Vec<ChangeHash>, String)>, StoreError> {
        let prefix = summary_prefix(document);
        let mut bytes = Vec::new();
        while let Some(part) = self.0.next_if(|part| is_due(part, &prefix)) {
            let (key, value) = part?;
            if key.starts_with(&prefix) {
                bytes.extend_from_slice(&value);
            }
        }
        Ok(decode(&bytes))
    }
}

/// Whether a part belongs to the document with this prefix or to one before.
fn is_due(part: &Part, prefix: &[u8]) -> bool {
    match part {
        Ok((key, _)) => key.get(..prefix.len()).is_none_or(|front| front <= prefix),
        Err(_) => true,
    }
}

fn encode(heads: &[ChangeHash], json: &str) -> Option<Vec<u8>> {
    let count = u16::try_from(heads.len()).ok()?;
    let mut bytes = vec![0; FRONT_BYTES];
    bytes.extend_from_slice(&count.to_be_bytes());
    for head in heads {
        bytes.extend_from_slice(head.as_bytes());
    }
    bytes.extend_from_slice(json.as_bytes());
    let length = u32::try_from(bytes.len() - FRONT_BYTES).ok()?;
    let checksum = crc32c::crc32c(&bytes[FRONT_BYTES..]);
    bytes[..4].copy_from_slice(&checksum.to_be_bytes());
    bytes[4..FRONT_BYTES].copy_from_slice(&length.to_be_bytes());
    Some(bytes)
}

fn decode(bytes: &[u8]) -> Option<(Vec<ChangeHash>, String)> {
    let (checksum, bytes) = bytes.split_first_chunk()?;
    let (length, bytes) = bytes.split_first_chunk()?;
    let whole = u32::from_be_bytes(*length) as usize == bytes.len()
        && u32::from_be_bytes(*checksum) == crc32c::crc32c(bytes);
    if !whole {
        return None;
    }
    let (count, bytes) = bytes.split_first_chunk()?;
    let heads_bytes = usize::from(u16::from_be_bytes(*count)) * 32;
    let (heads, json) = bytes.split_at_checked(heads_bytes)?;
    let (heads, _) = heads.as_chunks();
    let heads = heads.iter().map(|head| ChangeHash(*head)).collect();
    Some((heads, String::from_utf8(json.to_vec()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_reads_back_and_no_part_of_it_reads_as_a_whole() {
        let heads = vec![ChangeHash([1; 32]), ChangeHash([2; 32])];
        let json = "{\"note\":\"灯坏了\"}";
        let bytes = encode(&heads, json).unwrap();
        assert_eq!(decode(&bytes), Some((heads, json.to_owned())));
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]), None, "cut at {length}");
        }
    }
}
