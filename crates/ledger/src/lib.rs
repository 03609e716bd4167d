//! Reads the household ledger a community already keeps, and plans what it
//! would change.
//!
//! Pure: bytes and the present year come in, doors or mistakes come out. It
//! opens no file, and it writes nothing; the plan is carried out by the server.
//! Whatever is wrong is listed with sheet, row and column, all of it at once,
//! and then nothing of the ledger is used.
//!
//! ID numbers are never read, even where the ledger has them.

mod address;
mod heading;
mod ledger;
mod mistake;
mod numeral;
mod person;
mod plan;
mod reading;
mod table;
mod text_file;
mod workbook;

pub use ledger::{DoorRow, Ledger, PersonRow};
pub use mistake::{Mistake, Notice, Place};
pub use person::Phone;
pub use plan::{
    BuildingShape, Difference, DoorPlan, Existing, ExistingDoor, ExistingPerson, ExistingPhone,
    Field, Kept, Plan, plan,
};
pub use reading::{FILE_BYTES_MAX, read, too_large};
