//! Summaries: a file of their own beside the tree, written at its end and read
//! from its beginning. sled would take longer for a summary than everything else
//! does for the change it belongs to.
//!
//! They can be made again, so nothing is forced to disk and a write that fails
//! is passed over; the file goes with the index when that is thrown away. One
//! entry, numbers little-endian: 4 bytes CRC32C of all that follows, 4 bytes
//! length of what follows the length, 16 bytes document, 2 bytes number of
//! heads, the heads, the JSON text. Of one document's entries the last counts.

use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{ChangeHash, DocumentId};

use crate::StoreError;

const FRONT_BYTES: usize = 8;
/// A longer length is damage.
const MAX_ENTRY_BYTES: usize = 8 << 20;
/// A file with less than this that counts for nothing is left as it is.
const KEPT_WASTE_BYTES: u64 = 8 << 20;

/// The file.
pub(crate) struct Summaries {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    file: File,
    end: u64,
    /// A write failed and could not be taken back: nothing after it would be
    /// found again.
    is_broken: bool,
}

impl Summaries {
    /// Opens or makes the file in the index's folder.
    pub fn open(folder: &Path) -> Result<Summaries, StoreError> {
        let path = folder.join("summaries");
        Ok(Summaries {
            state: Mutex::new(State::open(&path).map_err(failed)?),
            path,
        })
    }

    /// Keeps summaries, each in the place of the one before.
    pub fn put<'a>(&self, all: impl IntoIterator<Item = (DocumentId, &'a [ChangeHash], &'a str)>) {
        let mut entries = Vec::new();
        for (document, heads, json) in all {
            encode(&mut entries, document, heads, json);
        }
        let mut state = self.lock();
        if state.is_broken {
            return;
        }
        // One write of whole entries: a killed program leaves no half ones.
        match state.file.write_all(&entries) {
            Ok(()) => state.end += entries.len() as u64,
            Err(error) => {
                tracing::warn!(%error, "summaries were not kept");
                state.is_broken = state.file.set_len(state.end).is_err();
            }
        }
    }

    /// All that are there, to be asked for by document. Writes the file anew if
    /// half of it counts for nothing.
    pub fn read(&self) -> Result<Found, StoreError> {
        let mut state = self.lock();
        let (mut places, end) = scan(&self.path).map_err(failed)?;
        if end < state.end {
            // What follows cannot be found again; it is made again.
            state.is_broken = state.file.set_len(end).is_err();
            state.end = end;
        }
        let live: u64 = places.iter().map(|place| u64::from(place.length)).sum();
        if state.end - live > KEPT_WASTE_BYTES.max(live) {
            self.write_anew(&mut state, &places).map_err(failed)?;
            (places, _) = scan(&self.path).map_err(failed)?;
        }
        Ok(Found {
            file: File::open(&self.path).map_err(failed)?,
            places,
        })
    }

    fn write_anew(&self, state: &mut State, places: &[Place]) -> std::io::Result<()> {
        let beside = self.path.with_extension("unfinished");
        let old = File::open(&self.path)?;
        let mut new = std::io::BufWriter::new(File::create(&beside)?);
        for place in places {
            new.write_all(&place.read(&old)?)?;
        }
        new.flush()?;
        drop(new);
        fs::rename(&beside, &self.path)?;
        *state = State::open(&self.path)?;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole after every step, so poison means nothing here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn open(path: &Path) -> std::io::Result<State> {
        let file = File::options().create(true).append(true).open(path)?;
        let end = file.metadata()?.len();
        Ok(State {
            file,
            end,
            is_broken: false,
        })
    }
}

/// The summaries that were there at one moment.
pub struct Found {
    file: File,
    /// By document.
    places: Vec<Place>,
}

/// Where a document's last entry lies.
struct Place {
    document: DocumentId,
    offset: u64,
    length: u32,
}

impl Found {
    /// A document's summary with the heads it was made from.
    pub fn get(
        &self,
        document: DocumentId,
    ) -> Result<Option<(Vec<ChangeHash>, String)>, StoreError> {
        let place = self
            .places
            .binary_search_by_key(&document, |place| place.document);
        let Ok(place) = place else {
            return Ok(None);
        };
        let entry = self.places[place].read(&self.file).map_err(failed)?;
        Ok(decode(&entry).map(|(_, heads, json)| (heads, json)))
    }
}

impl Place {
    fn read(&self, file: &File) -> std::io::Result<Vec<u8>> {
        let mut entry = vec![0; self.length as usize];
        crate::journal::reader::read_exact_at(file, &mut entry, self.offset)?;
        Ok(entry)
    }
}

/// The last entry of each document, by document, and where the first byte stands
/// that belongs to no whole entry.
fn scan(path: &Path) -> std::io::Result<(Vec<Place>, u64)> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut places: Vec<Place> = Vec::new();
    let mut offset = 0;
    let mut entry = Vec::new();
    while next_entry(&mut file, &mut entry)? {
        let Some((document, ..)) = decode(&entry) else {
            break;
        };
        let length = entry.len() as u32;
        places.push(Place {
            document,
            offset,
            length,
        });
        offset += u64::from(length);
    }
    // Stable: of one document's entries the last stays last, and is the one kept.
    places.sort_by_key(|place| place.document);
    places.reverse();
    places.dedup_by_key(|place| place.document);
    places.reverse();
    Ok((places, offset))
}

/// Reads the next entry, whose length may be nonsense; `false` at the end.
fn next_entry(file: &mut impl Read, entry: &mut Vec<u8>) -> std::io::Result<bool> {
    entry.clear();
    file.take(FRONT_BYTES as u64).read_to_end(entry)?;
    let Some(length) = entry.get(4..FRONT_BYTES) else {
        return Ok(false);
    };
    let length = length
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    if length > MAX_ENTRY_BYTES {
        return Ok(false);
    }
    file.take(length as u64).read_to_end(entry)?;
    Ok(entry.len() == FRONT_BYTES + length)
}

/// Appends an entry. No document has as many heads as an entry cannot count, nor
/// a summary as long; without one it would be made again.
fn encode(entries: &mut Vec<u8>, document: DocumentId, heads: &[ChangeHash], json: &str) {
    let length = 18 + heads.len() * 32 + json.len();
    let Ok(count) = u16::try_from(heads.len()) else {
        return;
    };
    if length > MAX_ENTRY_BYTES {
        return;
    }
    let start = entries.len();
    entries.reserve(FRONT_BYTES + length);
    entries.extend_from_slice(&[0; 4]);
    entries.extend_from_slice(&(length as u32).to_le_bytes());
    entries.extend_from_slice(document.as_bytes());
    entries.extend_from_slice(&count.to_le_bytes());
    for head in heads {
        entries.extend_from_slice(head.as_bytes());
    }
    entries.extend_from_slice(json.as_bytes());
    let checksum = crc32c::crc32c(&entries[start + 4..]);
    entries[start..start + 4].copy_from_slice(&checksum.to_le_bytes());
}

fn decode(entry: &[u8]) -> Option<(DocumentId, Vec<ChangeHash>, String)> {
    let (checksum, covered) = entry.split_first_chunk()?;
    let (_, rest) = covered.split_first_chunk::<4>()?;
    if u32::from_le_bytes(*checksum) != crc32c::crc32c(covered) {
        return None;
    }
    let (document, rest) = rest.split_first_chunk()?;
    let (count, rest) = rest.split_first_chunk()?;
    let heads = usize::from(u16::from_le_bytes(*count)) * 32;
    let (heads, json) = rest.split_at_checked(heads)?;
    let (heads, _) = heads.as_chunks();
    let heads = heads.iter().map(|head| ChangeHash(*head)).collect();
    let json = String::from_utf8(json.to_vec()).ok()?;
    Some((DocumentId::from_bytes(*document), heads, json))
}

fn failed(error: std::io::Error) -> StoreError {
    StoreError::Index {
        cause: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(summaries: &Summaries, n: u8, json: &str) {
        let heads = [ChangeHash([n; 32])];
        summaries.put([(DocumentId::from_bytes([n; 16]), &heads[..], json)]);
    }

    fn get(summaries: &Summaries, n: u8) -> Option<String> {
        let found = summaries
            .read()
            .unwrap()
            .get(DocumentId::from_bytes([n; 16]));
        found.unwrap().map(|(heads, json)| {
            assert_eq!(heads, [ChangeHash([n; 32])]);
            json
        })
    }

    #[test]
    fn the_last_of_a_documents_summaries_counts_also_after_reopening() {
        let home = tempfile::tempdir().unwrap();
        let summaries = Summaries::open(home.path()).unwrap();
        for (n, json) in [(2, "b"), (1, "{}"), (2, "灯坏了"), (3, "")] {
            put(&summaries, n, json);
        }
        drop(summaries);
        let summaries = Summaries::open(home.path()).unwrap();
        let shown = [0, 1, 2, 3].map(|n| get(&summaries, n));
        let expected = [None, Some("{}"), Some("灯坏了"), Some("")];
        assert_eq!(shown, expected.map(|json| json.map(str::to_owned)));
    }

    #[test]
    fn a_file_cut_anywhere_loses_only_what_was_cut_and_goes_on() {
        let home = tempfile::tempdir().unwrap();
        let summaries = Summaries::open(home.path()).unwrap();
        put(&summaries, 1, "first");
        let first = summaries.lock().end;
        put(&summaries, 2, "second");
        let whole = fs::read(home.path().join("summaries")).unwrap();
        for end in first..whole.len() as u64 {
            let cut = tempfile::tempdir().unwrap();
            fs::write(cut.path().join("summaries"), &whole[..end as usize]).unwrap();
            let summaries = Summaries::open(cut.path()).unwrap();
            assert_eq!(get(&summaries, 1).as_deref(), Some("first"), "cut at {end}");
            assert_eq!(get(&summaries, 2), None, "cut at {end}");
            put(&summaries, 3, "third");
            assert_eq!(get(&summaries, 3).as_deref(), Some("third"), "cut at {end}");
        }
    }

    #[test]
    fn a_file_that_is_mostly_waste_is_written_anew() {
        let home = tempfile::tempdir().unwrap();
        let summaries = Summaries::open(home.path()).unwrap();
        put(&summaries, 1, "stays");
        let long = "x".repeat(1 << 20);
        for _ in 0..12 {
            put(&summaries, 2, &long);
        }
        put(&summaries, 2, "short");
        assert_eq!(get(&summaries, 2).as_deref(), Some("short"));
        assert!(fs::metadata(home.path().join("summaries")).unwrap().len() < 200);
        put(&summaries, 3, "after");
        let shown = [1, 2, 3].map(|n| get(&summaries, n));
        assert_eq!(
            shown,
            ["stays", "short", "after"].map(|json| Some(json.to_owned()))
        );
    }
}
