//! Taking care of a data folder from outside: checking it, copying it away and
//! putting a copy in place. Reading only, except where a copy is made.
//!
//! What a document means is not known here, so whether one loads is asked of
//! whoever calls. Words for people do not belong here either.

pub(crate) mod backup;
mod check;
pub(crate) mod digest;
mod files;
mod manifest;
pub(crate) mod restore;
mod truth;

pub use backup::{BackupError, backup};
pub use check::{Checked, Finding, check, key_of};
pub use digest::Contents;
pub use manifest::{FileSum, MANIFEST, Manifest};
pub use restore::{BrokenFile, Flaw, RestoreError, Restored, restore, verify_backup};
pub use truth::Truth;
