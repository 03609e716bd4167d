//! The few file operations that the journal writes with. They stand behind a
//! trait so that a test can make a real journal fail like a real disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// A segment's file, open for writing at its end.
pub trait JournalFile: Send {
    /// Writes all the bytes at the end of the file.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns when everything written is on the disk, the file's size included.
    fn sync(&mut self) -> io::Result<()>;
    /// Drops what stands after the first `length` bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

/// Opens segment files.
pub trait JournalFiles: Send {
    /// Opens a file for appending. With `create` it must not be there yet.
    fn open(&self, path: &Path, create: bool) -> io::Result<Box<dyn JournalFile>>;
    /// Returns when the names in a folder are on the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskFiles;

struct DiskFile(File);

impl JournalFile for DiskFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }
}

impl JournalFiles for DiskFiles {
    fn open(&self, path: &Path, create: bool) -> io::Result<Box<dyn JournalFile>> {
        let file = OpenOptions::new()
            .append(true)
            .create_new(create)
            .open(path)?;
        Ok(Box::new(DiskFile(file)))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        sync_folder(folder)
    }
}

/// Forces the names in a folder to the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Only Unix lets a folder be opened and synced; elsewhere the file system
    // orders its names itself.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
