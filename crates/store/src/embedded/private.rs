//! Person keys and blobs: one file each, outside the journal, so that they can
//! be erased.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::PersonId;

use crate::own_files::{
    keep_private, make_folder, read_file, remove_file, replace_file, replace_files,
};
use crate::{BlobHash, StoreError};

/// How the name of a key's file ends.
const KEY: &str = "key";

/// Whose key lies at a path; `None` for a name that this program does not give.
pub(crate) fn person_of_key(path: &Path) -> Option<PersonId> {
    let person = path.file_stem()?.to_str()?.parse::<PersonId>().ok()?;
    let name = format!("{person}.{KEY}");
    (path.file_name()? == name.as_str()).then_some(person)
}

/// What a key's file holds between its destruction and its removal. The
/// checksum of 32 zero bytes is not zero, so no key reads like this.
const DESTROYED: [u8; 36] = [0; 36];

pub(crate) struct PrivateFiles {
    keys: PathBuf,
    blobs: PathBuf,
    /// Writers take turns, so that two of them never share a half-written file.
    turn: Mutex<()>,
}

impl PrivateFiles {
    /// Makes the two folders if need be.
    pub fn open(folder: &Path) -> Result<PrivateFiles, StoreError> {
        let files = PrivateFiles::at(folder);
        make_folder(&files.keys)?;
        make_folder(&files.blobs)?;
        keep_private(&files.keys)?;
        keep_private(&files.blobs)?;
        Ok(files)
    }

    /// The files of a data folder, whether they are there or not.
    pub fn at(folder: &Path) -> PrivateFiles {
        PrivateFiles {
            keys: folder.join("keys"),
            blobs: folder.join("blobs"),
            turn: Mutex::new(()),
        }
    }

    pub fn put_key(&self, person: PersonId, key: &[u8; 32]) -> Result<(), StoreError> {
        self.put_keys(&[(person, *key)])
    }

    /// Each file is forced to disk, but their names all at once.
    pub fn put_keys(&self, keys: &[(PersonId, [u8; 32])]) -> Result<(), StoreError> {
        let _turn = self.turn();
        let mut files = Vec::new();
        for (person, key) in keys {
            let person = *person;
            match self.key(person)? {
                Some(held) if held == *key => {}
                Some(_) => return Err(StoreError::KeyExists { person }),
                None => {
                    let checksum = crc32c::crc32c(key).to_be_bytes();
                    files.push((self.key_path(person), [&key[..], &checksum].concat()));
                }
            }
        }
        replace_files(&self.keys, &files)
    }

    pub fn key(&self, person: PersonId) -> Result<Option<[u8; 32]>, StoreError> {
        let path = self.key_path(person);
        let Some(bytes) = read_file(&path)? else {
            return Ok(None);
        };
        if bytes == DESTROYED {
            return Ok(None);
        }
        let whole = bytes
            .split_first_chunk::<32>()
            .filter(|(key, checksum)| crc32c::crc32c(*key).to_be_bytes() == **checksum);
        match whole {
            Some((key, _)) => Ok(Some(*key)),
            None => Err(StoreError::damaged(&path, 0, "a key's checksum is wrong")),
        }
    }

    pub fn destroy_key(&self, person: PersonId) -> Result<(), StoreError> {
        let _turn = self.turn();
        let path = self.key_path(person);
        // Most disks write over the same place, so the key is gone even from
        // there; where they do not, the name at least is.
        let overwritten = OpenOptions::new().write(true).open(&path);
        match overwritten.and_then(|mut file| {
            file.write_all(&DESTROYED)?;
            file.sync_all()
        }) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(StoreError::disk(&path, &error)),
            Ok(()) => remove_file(&path),
        }
    }

    pub fn put_blob(&self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        let hash = BlobHash::of(bytes);
        let _turn = self.turn();
        // A damaged blob is written again.
        if !matches!(self.blob(hash), Ok(Some(_))) {
            let path = self.blob_path(hash);
            make_folder(path.parent().unwrap_or(&self.blobs))?;
            replace_file(&path, bytes)?;
        }
        Ok(hash)
    }

    pub fn blob(&self, hash: BlobHash) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.blob_path(hash);
        match read_file(&path)? {
            Some(bytes) if BlobHash::of(&bytes) != hash => Err(StoreError::damaged(
                &path,
                0,
                "a blob's bytes are not those of its name",
            )),
            found => Ok(found),
        }
    }

    /// Whether the file at a path is a blob under its own name. One that is gone
    /// was deleted just now.
    pub fn blob_at(&self, path: &Path) -> Result<bool, StoreError> {
        let Some(bytes) = read_file(path)? else {
            return Ok(true);
        };
        Ok(self.blob_path(BlobHash::of(&bytes)) == path)
    }

    pub fn delete_blob(&self, hash: BlobHash) -> Result<(), StoreError> {
        let _turn = self.turn();
        remove_file(&self.blob_path(hash))
    }

    fn key_path(&self, person: PersonId) -> PathBuf {
        self.keys.join(format!("{person}.{KEY}"))
    }

    /// Blobs lie in 256 folders, so that no folder grows too long to list.
    fn blob_path(&self, hash: BlobHash) -> PathBuf {
        let name = hash.to_string();
        self.blobs.join(&name[..2]).join(&name)
    }

    fn turn(&self) -> std::sync::MutexGuard<'_, ()> {
        // The lock guards no data, so a panic elsewhere cannot have spoilt any.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
