//! Neighbouring places of a feed, and the documents that stand there.
//!
//! The value: for each document, in the order of places, 1 byte place within
//! the block, 16 bytes document id, 1 byte length of the kind, the kind.

use std::collections::BTreeMap;

use model::{DocumentId, FeedId, Kind, Seq};

use super::layout::{block_key, unreadable};
use crate::{FeedEntry, StoreError};

/// Places in one block: as many as fit into one value with the longest kinds.
const PLACES: u64 = 24;

/// A block being read or written.
#[derive(Debug, Default)]
pub(crate) struct Block {
    documents: BTreeMap<u8, (DocumentId, Kind)>,
}

impl Block {
    /// The number of the block that a place is in.
    pub fn number_of(seq: Seq) -> u64 {
        seq / PLACES
    }

    /// The key of the block that a place is in.
    pub fn key_of(feed: FeedId, seq: Seq) -> [u8; 25] {
        block_key(feed, Block::number_of(seq))
    }

    pub fn put(&mut self, seq: Seq, document: DocumentId, kind: Kind) {
        self.documents.insert(place_of(seq), (document, kind));
    }

    pub fn remove(&mut self, seq: Seq) {
        self.documents.remove(&place_of(seq));
    }

    /// The value; `None` for an empty block.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut value = Vec::with_capacity(self.documents.len() * 24);
        for (place, (document, kind)) in &self.documents {
            let kind = kind.as_str().as_bytes();
            value.push(*place);
            value.extend_from_slice(document.as_bytes());
            // A kind's name has at most MAX_KIND_BYTES.
            value.push(kind.len() as u8);
            value.extend_from_slice(kind);
        }
        (!value.is_empty()).then_some(value)
    }

    pub fn decode(mut value: &[u8]) -> Result<Block, StoreError> {
        let mut block = Block::default();
        while let Some((place, rest)) = value.split_first() {
            let (document, rest) = rest.split_first_chunk().ok_or_else(unreadable)?;
            let (length, rest) = rest.split_first().ok_or_else(unreadable)?;
            let kind = rest.split_at_checked(usize::from(*length));
            let (kind, rest) = kind.ok_or_else(unreadable)?;
            let kind = std::str::from_utf8(kind).map_err(|_| unreadable())?;
            let document = DocumentId::from_bytes(*document);
            block.documents.insert(*place, (document, Kind::from(kind)));
            value = rest;
        }
        Ok(block)
    }

    /// The entries of the block with this number, oldest first.
    pub fn into_entries(self, number: u64) -> impl Iterator<Item = FeedEntry> {
        let documents = self.documents.into_iter();
        documents.map(move |(place, (document, kind))| FeedEntry {
            document,
            kind,
            seq: number * PLACES + u64::from(place),
        })
    }
}

fn place_of(seq: Seq) -> u8 {
    (seq % PLACES) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_reads_back_and_the_longest_fits_into_a_value() {
        let kind = Kind::from("k".repeat(crate::limits::MAX_KIND_BYTES as usize).as_str());
        let mut block = Block::default();
        for seq in 48..72 {
            block.put(seq, DocumentId::from_bytes([seq as u8; 16]), kind.clone());
        }
        block.remove(50);
        let value = block.encode().unwrap();
        assert!(value.len() < super::super::layout::MAX_VALUE_BYTES);
        let entries: Vec<FeedEntry> = Block::decode(&value).unwrap().into_entries(2).collect();
        let seqs: Vec<Seq> = entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, [48, 49].into_iter().chain(51..72).collect::<Vec<_>>());
        assert!(entries.iter().all(|entry| entry.kind == kind));
        assert_eq!(entries[0].document, DocumentId::from_bytes([48; 16]));
        assert!(Block::decode(&value[..value.len() - 1]).is_err());
    }
}
