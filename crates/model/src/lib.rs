//! What things are: ids, kinds, first changes, fields, permits and summaries of
//! the documents that Stairwell keeps.
//!
//! Everything here is pure. No clock, chance, file, socket or thread belongs
//! here: a function that needs the time or an id takes it as an argument. What
//! *happens* to documents (packs, admission, feeds) is in `sync`.

pub mod author;
pub mod digest;
pub mod edit;
pub mod fields;
pub mod genesis;
mod guard;
pub mod hash;
pub mod ids;
pub mod kind;
pub mod limits;
pub mod lists;
pub mod permit;
pub mod person;
pub mod plain;
mod read;
pub mod reason;
pub mod records;
pub mod role;
pub mod schema;
pub mod summary;

pub use author::{Run, author_runs};
pub use digest::{document_digest, feed_digest};
pub use edit::EditError;
pub use fields::{Action, FieldPath, FieldsError, Touched, touched_fields};
pub use genesis::{genesis, genesis_document, genesis_hash, new_document};
pub use guard::{guarded, is_guarded};
pub use hash::ChangeHash;
pub use ids::{
    DeviceId, DocumentId, FeedId, PersonId, community_id, door_id, door_name, door_named, grid_id,
    resident_id, resident_name, resident_named, visit_id, visit_made_at_ms,
};
pub use kind::Kind;
pub use permit::{Permit, admitting_permit, office_permit, permit};
pub use person::{Member, Person};
pub use plain::{PlainChange, read_plain};
pub use reason::Reason;
pub use role::Role;
pub use schema::{kind_of, reads_as};
pub use summary::{Summary, SummaryError, summarise};

/// A place in a feed: dense, from 1; 0 stands for "before the first".
pub type Seq = u64;
