//! The border that every store keeps, in the words of the domain.

use model::{ChangeHash, DocumentId, FeedId, PersonId, Seq};

use crate::{
    Append, Appended, BlobHash, ChangesAfter, Compacted, EmbeddedStore, FeedEntry, Record,
    RecordChange, Statistics, StoreError, StoredDocument, SummaryPut, SummaryRow, Table,
};

/// Where the office keeps what it acknowledged.
///
/// What a call returned `Ok` for is durable: it is there after a killed
/// process and after a power cut. What a reader sees is durable too. Calls may
/// block on the disk, so an async caller uses its blocking threads.
///
/// After a write failed the store takes no more writes (see
/// [`StoreError::Stopped`]) and reads go on, until the program is started
/// again.
pub trait Store: Send + Sync {
    /// Keeps changes, all of them or none, and says for each its place in its
    /// home feed. Applying twice is applying once: a change that its document
    /// already holds is told by its hash. (One hash may stand in two documents:
    /// a change's bytes do not name the document.)
    ///
    /// Fails with [`StoreError::KindMismatch`] when a document has another kind.
    fn append(&self, batch: &[Append]) -> Result<Vec<Appended>, StoreError>;

    /// The newest place of a feed; 0 for a feed that holds nothing.
    fn feed_head(&self, feed: FeedId) -> Result<Seq, StoreError>;

    /// The documents of a feed whose newest place is after `cursor`, each once,
    /// oldest first, at most `limit` of them. A document that gets a change
    /// meanwhile moves behind the head of before; so who wants to move a reader
    /// to the head of the feed asks for [`Store::feed_head`] first.
    fn since(&self, feed: FeedId, cursor: Seq, limit: usize) -> Result<Vec<FeedEntry>, StoreError>;

    /// Everything held of one document.
    fn document(&self, document: DocumentId) -> Result<Option<StoredDocument>, StoreError>;

    /// What a reader at `cursor` of the document's home feed lacks. A document
    /// that is not here lacks nothing.
    fn changes_after(&self, document: DocumentId, cursor: Seq) -> Result<ChangesAfter, StoreError>;

    /// The place that a change was given in a document, if the document holds
    /// it, by itself or in its snapshot.
    fn find_change(
        &self,
        document: DocumentId,
        hash: ChangeHash,
    ) -> Result<Option<Seq>, StoreError>;

    /// Puts one piece in the place of a document's changes, if the document is
    /// still at `expected_revision`. The single changes stay in the journal and
    /// keep their hashes known.
    fn compact(
        &self,
        document: DocumentId,
        expected_revision: u64,
        snapshot: &[u8],
    ) -> Result<Compacted, StoreError>;

    /// Keeps a document's summary. Summaries may be lost at any time and are
    /// then made again; no write is ever decided by one. It is told only of a
    /// document that is here and whose newest change its heads hold.
    fn put_summary(
        &self,
        document: DocumentId,
        heads: &[ChangeHash],
        json: &str,
    ) -> Result<(), StoreError>;

    /// Keeps summaries of many documents at once.
    fn put_summaries(&self, all: &[SummaryPut]) -> Result<(), StoreError> {
        all.iter()
            .try_for_each(|put| self.put_summary(put.document, &put.heads, &put.json))
    }

    /// Walks over all documents, in the order of their ids. `each` may call the
    /// store; what it adds may be met or not.
    fn summaries(&self, each: &mut dyn FnMut(SummaryRow)) -> Result<(), StoreError>;

    /// Writes and deletes records, all of them or none. Of two changes to one
    /// record the later counts.
    fn write_records(&self, changes: &[RecordChange]) -> Result<(), StoreError>;

    /// One record's value.
    fn get_record(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// All records of a table, in the order of their keys.
    fn records(&self, table: Table) -> Result<Vec<Record>, StoreError>;

    /// Writes one record.
    fn put_record(&self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.write_records(&[RecordChange {
            table,
            key: key.to_vec(),
            value: Some(value.to_vec()),
        }])
    }

    /// Deletes one record; it need not be there.
    fn delete_record(&self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        self.write_records(&[RecordChange {
            table,
            key: key.to_vec(),
            value: None,
        }])
    }

    /// Keeps a person's key. Fails with [`StoreError::KeyExists`] when the
    /// person has another: what is sealed under a lost key is lost.
    fn put_key(&self, person: PersonId, key: &[u8; 32]) -> Result<(), StoreError>;

    /// Keeps the keys of many persons, which a store may do faster than one by
    /// one. After an error some of them may be kept.
    fn put_keys(&self, keys: &[(PersonId, [u8; 32])]) -> Result<(), StoreError> {
        keys.iter()
            .try_for_each(|(person, key)| self.put_key(*person, key))
    }

    /// A person's key.
    fn key(&self, person: PersonId) -> Result<Option<[u8; 32]>, StoreError>;

    /// Destroys a person's key, and with it everything sealed under it, in
    /// every copy of history. It need not be there.
    fn destroy_key(&self, person: PersonId) -> Result<(), StoreError>;

    /// Keeps a blob and says its name.
    fn put_blob(&self, bytes: &[u8]) -> Result<BlobHash, StoreError>;

    /// A blob's bytes.
    fn blob(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, StoreError>;

    /// Deletes a blob; it need not be there.
    fn delete_blob(&self, hash: BlobHash) -> Result<(), StoreError>;

    /// How the store is doing.
    fn statistics(&self) -> Result<Statistics, StoreError>;

    /// This store as one in a folder, for what is done with folders; `None` for
    /// any other.
    fn embedded(&self) -> Option<&EmbeddedStore> {
        None
    }

    /// Why the store takes no more writes, or `Ok` while it does.
    fn health(&self) -> Result<(), StoreError>;
}
