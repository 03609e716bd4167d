//! What the tests of the embedded store share: opening, copying and spoiling
//! data folders.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};

use store::{EmbeddedStore, OpenReport, StoreError};

/// Opens a store that must open.
pub fn open(folder: &Path) -> (EmbeddedStore, OpenReport) {
    EmbeddedStore::open(folder, &mut |_| {}).unwrap()
}

/// Opens a store that must not open.
pub fn refusal(folder: &Path) -> StoreError {
    match EmbeddedStore::open(folder, &mut |_| {}) {
        Ok((_, report)) => panic!("it opened: {report:?}"),
        Err(error) => error,
    }
}

/// Copies a folder as it is at this moment, as a killed program leaves it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, to) = entry.map(|e| (e.path(), to.join(e.file_name()))).unwrap();
        if entry.is_dir() {
            copy(&entry, &to);
        } else {
            fs::copy(&entry, &to).unwrap();
        }
    }
}

/// The file of a segment of the journal.
pub fn segment(folder: &Path, number: u32) -> PathBuf {
    folder.join("journal").join(format!("{number:08}.journal"))
}

/// Makes the index look as if the machine had stopped while it was open.
pub fn forget_boot(folder: &Path) {
    fs::write(folder.join("INDEX"), "open since boot of another day\n").unwrap();
}

/// Alters one byte of a file.
pub fn flip(path: &Path, at: u64) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at as usize] ^= 0x40;
    fs::write(path, bytes).unwrap();
}
