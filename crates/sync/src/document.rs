//! Opening documents from the chunks that are stored and sent. What is in a
//! document is for `model`.

use automerge::{Automerge, AutomergeError};
use model::Kind;

/// Where a chunk says its type, and the type of a whole document.
const TYPE_AT: usize = 8;
const WHOLE: u8 = 0;

/// Why chunks do not make a document.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// This version does not know the kind, and so not its genesis.
    #[error("unknown kind of document: {0}")]
    UnknownKind(Kind),
    /// The chunks do not load.
    #[error(transparent)]
    Automerge(#[from] AutomergeError),
}

/// Opens a document from its chunks, concatenated, oldest first; the genesis may
/// be missing. Can panic on chunks that were not admitted.
pub fn open(kind: &Kind, chunks: &[u8]) -> Result<Automerge, OpenError> {
    let genesis = model::genesis(kind).ok_or_else(|| OpenError::UnknownKind(kind.clone()))?;
    if chunks.is_empty() {
        let document = model::genesis_document(kind).cloned();
        return document.ok_or_else(|| OpenError::UnknownKind(kind.clone()));
    }
    // A snapshot has the genesis in it, and loads fastest when it stands first.
    if chunks.get(TYPE_AT) == Some(&WHOLE) {
        return Ok(Automerge::load(chunks)?);
    }
    Ok(Automerge::load(&[genesis, chunks].concat())?)
}
