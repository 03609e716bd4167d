//! A folder with all that is in it, in memory.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// The names in a folder.
pub type Folder = BTreeMap<String, Entry>;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file's bytes.
    File(Arc<Vec<u8>>),
    /// A folder.
    Folder(Folder),
}

/// Reads a folder. What is neither file nor folder, such as a socket, is left out.
pub fn read(path: &Path) -> io::Result<Folder> {
    let mut folder = Folder::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            folder.insert(name, Entry::Folder(read(&entry.path())?));
        } else if kind.is_file() {
            let bytes = fs::read(entry.path())?;
            folder.insert(name, Entry::File(Arc::new(bytes)));
        }
    }
    Ok(folder)
}

/// Writes a folder into one that is there and empty.
pub fn write(folder: &Folder, path: &Path) -> io::Result<()> {
    for (name, entry) in folder {
        let path = path.join(name);
        match entry {
            Entry::File(bytes) => fs::write(path, bytes.as_slice())?,
            Entry::Folder(folder) => {
                fs::create_dir(&path)?;
                write(folder, &path)?;
            }
        }
    }
    Ok(())
}

/// Where two folders differ, in words; `None` if they do not.
pub fn difference(one: &Folder, other: &Folder) -> Option<String> {
    let names: Vec<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().find_map(|name| {
        let found = match (one.get(name), other.get(name)) {
            (Some(Entry::Folder(one)), Some(Entry::Folder(other))) => {
                return difference(one, other).map(|words| format!("{name}/{words}"));
            }
            (one, other) if one == other => return None,
            (Some(Entry::File(one)), Some(Entry::File(other))) => {
                let same = one.iter().zip(other.iter()).take_while(|(a, b)| a == b);
                let same = same.count();
                format!(
                    "{} and {} bytes, the same up to {same}",
                    one.len(),
                    other.len()
                )
            }
            (None, _) => "only in the second".to_owned(),
            (_, None) => "only in the first".to_owned(),
            _ => "a file and a folder".to_owned(),
        };
        Some(format!("{name}: {found}"))
    })
}
