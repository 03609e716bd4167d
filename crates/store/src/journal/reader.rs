//! Reads single values out of the segments, from many threads at once and
//! without waiting for the writer.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use super::Pointer;
use super::segment::segment_path;
use crate::StoreError;

/// Open segments by number.
pub(crate) struct Reader {
    folder: PathBuf,
    open: RwLock<HashMap<u32, Arc<File>>>,
}

impl Reader {
    /// A reader of the segments in a folder.
    pub fn new(folder: &Path) -> Reader {
        Reader {
            folder: folder.to_path_buf(),
            open: RwLock::default(),
        }
    }

    /// The bytes at a place, checked against their checksum.
    pub fn read(&self, pointer: Pointer) -> Result<Vec<u8>, StoreError> {
        let path = || segment_path(&self.folder, pointer.segment);
        let mut bytes = vec![0; pointer.length as usize];
        let read = self
            .segment(pointer.segment)
            .and_then(|file| read_exact_at(&file, &mut bytes, pointer.offset));
        match read {
            Ok(()) if crc32c::crc32c(&bytes) == pointer.checksum => Ok(bytes),
            Ok(()) => Err(StoreError::damaged(
                &path(),
                pointer.offset,
                "the checksum of a value is wrong",
            )),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(StoreError::damaged(
                &path(),
                pointer.offset,
                "the file ends before the value does",
            )),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::damaged(
                &path(),
                pointer.offset,
                "the file is missing",
            )),
            Err(error) => Err(StoreError::disk(&path(), &error)),
        }
    }

    fn segment(&self, number: u32) -> io::Result<Arc<File>> {
        // A thread that panicked while holding the lock left a whole map: each
        // step on it is one insert.
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.get(&number) {
            return Ok(file.clone());
        }
        drop(open);
        let file = Arc::new(File::open(segment_path(&self.folder, number))?);
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        Ok(open.entry(number).or_insert(file).clone())
    }
}

/// Fills the buffer from a place in a file.
#[cfg(unix)]
pub(crate) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// Fills the buffer from a place in a file.
#[cfg(windows)]
pub(crate) fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        let read = file.seek_read(buffer, offset)?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[read..];
        offset += read as u64;
    }
    Ok(())
}
