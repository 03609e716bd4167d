//! Where the repository is and which files are its own.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of the repository's own making.
const FOREIGN: [&str; 8] = [
    "target",
    "node_modules",
    "dist",
    "data",
    "test-results",
    "playwright-report",
    ".git",
    "generated",
];

/// The top folder. Known when this program is built, which is in the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// A file's path from the top folder, with `/`, and its text.
pub struct SourceFile {
    /// Path from the top folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl SourceFile {
    /// The part after the last dot, empty without one.
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }
}

/// Every text file of the repository under `folder`, sorted by path.
pub fn source_files(folder: &Path) -> Vec<SourceFile> {
    let mut files = Vec::new();
    collect(folder, &root(), &mut files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let is_foreign = FOREIGN.iter().any(|foreign| name == *foreign);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !is_foreign => collect(&path, root, files),
            // What is not UTF-8 is no source: pictures, the sample workbook.
            Ok(kind) if kind.is_file() => {
                files.extend(fs::read_to_string(&path).ok().map(|text| {
                    let path = path.strip_prefix(root).unwrap_or(&path);
                    SourceFile {
                        path: path.to_string_lossy().replace('\\', "/"),
                        text,
                    }
                }))
            }
            _ => {}
        }
    }
}
