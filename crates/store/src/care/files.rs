//! The files of a data folder that a backup holds, and copying one of them.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::manifest::FileSum;
use crate::StoreError;

/// Bytes that are copied in one step.
const STEP_BYTES: usize = 1 << 20;

/// The folders that lie beside the journal and are the truth too.
pub(super) const PRIVATE_FOLDERS: [&str; 2] = ["keys", "blobs"];

/// A path inside the data folder as a manifest writes it.
pub(super) fn name_of(place: &Path) -> String {
    let parts = place.iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// Copies the first `length` bytes of a file, or all of it, to a path where
/// nothing is, and forces them to disk. `None`: there is no such file.
pub(super) fn copy_file(
    from: &Path,
    to: &Path,
    length: Option<u64>,
    copied: &mut dyn FnMut(u64),
) -> Result<Option<(u64, [u8; 32])>, StoreError> {
    let source = match File::open(from) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        source => source.map_err(|error| StoreError::disk(from, &error))?,
    };
    let mut target = File::options()
        .write(true)
        .create_new(true)
        .open(to)
        .map_err(|error| StoreError::disk(to, &error))?;
    let mut write = |bytes: &[u8]| {
        target
            .write_all(bytes)
            .map_err(|error| StoreError::disk(to, &error))
    };
    let source = source.take(length.unwrap_or(u64::MAX));
    let sum = walk(from, source, &mut |bytes| {
        copied(bytes.len() as u64);
        write(bytes)
    })?;
    if length.is_some_and(|length| length != sum.0) {
        return Err(StoreError::damaged(from, sum.0, "the file ends here"));
    }
    target
        .sync_all()
        .map_err(|error| StoreError::disk(to, &error))?;
    Ok(Some(sum))
}

/// The length and SHA-256 of a file; `None` if there is none.
pub(super) fn sum_of(
    path: &Path,
    read: &mut dyn FnMut(u64),
) -> Result<Option<(u64, [u8; 32])>, StoreError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.map_err(|error| StoreError::disk(path, &error))?,
    };
    let sum = walk(path, file, &mut |bytes| {
        read(bytes.len() as u64);
        Ok(())
    })?;
    Ok(Some(sum))
}

fn walk(
    path: &Path,
    mut source: impl Read,
    each: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(u64, [u8; 32]), StoreError> {
    let (mut length, mut hash) = (0, Sha256::new());
    let mut buffer = vec![0; STEP_BYTES];
    loop {
        let read = match source.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.map_err(|error| StoreError::disk(path, &error))?,
        };
        if read == 0 {
            return Ok((length, hash.finalize().into()));
        }
        length += read as u64;
        hash.update(&buffer[..read]);
        each(&buffer[..read])?;
    }
}

/// What a manifest says of a file.
pub(super) fn file_sum(place: &Path, (bytes, sha256): (u64, [u8; 32])) -> FileSum {
    FileSum {
        path: name_of(place),
        bytes,
        sha256,
    }
}
