//! One bit of one file is wrong, anywhere in a data folder: the check finds it,
//! or nothing that can be read is any different.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{copy, open};
use store::conformance::sample::{bytes, change, document, hash, person};
use store::conformance::{Portrait, portrait};
use store::{BlobHash, EmbeddedStore, Finding, Options, Store, Table, check};
use tempfile::TempDir;

/// Bits tried in one file, spread over it; a shorter file has all its bytes
/// tried.
const BITS_PER_FILE: usize = 24;

/// Everything that can be read.
#[derive(PartialEq, Eq, Debug)]
struct Shown {
    portrait: Portrait,
    key: Option<[u8; 32]>,
    blob: Option<Vec<u8>>,
}

fn show(store: &EmbeddedStore) -> Result<Shown, store::StoreError> {
    let mut portrait = portrait(store);
    portrait.take_summaries();
    Ok(Shown {
        portrait,
        key: store.key(person(1))?,
        blob: store.blob(BlobHash::of(&bytes(9, 300)))?,
    })
}

fn full_folder() -> (TempDir, Shown) {
    let home = tempfile::tempdir().unwrap();
    let options = Options {
        segment_bytes: 3_000,
        ..Options::default()
    };
    let (store, _) = EmbeddedStore::open_with(home.path(), options, &mut |_| {}).unwrap();
    for n in 0..40 {
        let (document, feed) = ((n % 5) as u8, (n % 7 % 3) as u8);
        store.append(&[change(n, document, feed)]).unwrap();
    }
    let revision = store.document(document(1)).unwrap().unwrap().revision;
    store
        .compact(document(1), revision, &bytes(5, 900))
        .unwrap();
    store.put_record(Table::People, b"a", b"short").unwrap();
    store
        .put_record(Table::Tray, b"b", &bytes(6, 5_000))
        .unwrap();
    store.put_summary(document(4), &[hash(39)], "{}").unwrap();
    store.put_key(person(1), &[7; 32]).unwrap();
    store.put_blob(&bytes(9, 300)).unwrap();
    let shown = show(&store).unwrap();
    drop(store);
    (home, shown)
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(files_of(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

/// Places in a file: all of a short one, else a seeded choice among the bytes
/// that hold something. (Most of an index is zeros.)
fn places(file: &[u8], seed: u32) -> Vec<usize> {
    let all = 0..file.len();
    if file.len() <= BITS_PER_FILE {
        return all.collect();
    }
    let full: Vec<usize> = all.filter(|at| file[*at] != 0).collect();
    let chosen = bytes(seed, BITS_PER_FILE * 8);
    let (chosen, _) = chosen.as_chunks();
    let chosen = chosen
        .iter()
        .map(|eight| u64::from_le_bytes(*eight) as usize);
    chosen.map(|one| full[one % full.len()]).collect()
}

#[test]
fn a_flipped_bit_is_found_or_changes_nothing_that_is_read() {
    let (home, expected) = full_folder();
    assert_eq!(findings(home.path()), []);
    let mut tried = 0;
    for (seed, file) in (77..).zip(files_of(home.path())) {
        let good = fs::read(&file).unwrap();
        let place = file.strip_prefix(home.path()).unwrap();
        for at in places(&good, seed) {
            let bit = tried % 8;
            let copied = tempfile::tempdir().unwrap();
            copy(home.path(), copied.path());
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            fs::write(copied.path().join(place), bad).unwrap();
            let how = format!("bit {bit} of byte {at} of {}", place.display());
            found_or_harmless(copied.path(), &expected, &how);
            tried += 1;
        }
    }
    assert!(tried > 150, "{tried}");
}

fn findings(folder: &Path) -> Vec<Finding> {
    check(folder, None, &mut |_| {}).unwrap().findings
}

fn found_or_harmless(folder: &Path, expected: &Shown, how: &str) {
    let findings = findings(folder);
    if findings.iter().any(|finding| !finding.is_harmless()) {
        return;
    }
    let (store, _) = open(folder);
    assert_eq!(show(&store).as_ref(), Ok(expected), "{how}: {findings:?}");
}
