//! The named points at which the program is killed, and what must lie in its
//! folder for it to get there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::chance::Chance;
use crate::office::Office;
use crate::{CrashError, content, prefill, strace};

/// A point: the program dies as it is about to make this call.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Its name in figures.
    pub name: &'static str,
    call: &'static str,
    /// The file or folder of the call, from the data folder on; none for any.
    path: &'static [&'static str],
    /// The call is the first of its thread, or one of so many.
    times: usize,
    /// What must be so before.
    pub needs: Needs,
}

/// What must be so for a point to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Phones that push.
    Load,
    /// A start.
    Start,
    /// A start with an index that is not believed.
    Rebuild,
    /// A start with many worthless summaries.
    Waste,
    /// Phones that push, and a full segment.
    FullSegment,
}

const SEGMENT: &str = "00000001.journal";

/// Every point, but those that need a full segment.
pub const POINTS: [Point; 16] = [
    at(
        "before_journal_write",
        "write",
        &["journal", SEGMENT],
        40,
        Needs::Load,
    ),
    at(
        "after_journal_write",
        "fdatasync",
        &["journal", SEGMENT],
        40,
        Needs::Load,
    ),
    at(
        "after_fdatasync_before_answer",
        "writev",
        &[],
        12,
        Needs::Load,
    ),
    at("index_write", "pwrite64", &["index", "db"], 4, Needs::Load),
    at(
        "index_write_done",
        "sync_file_range",
        &["index", "db"],
        4,
        Needs::Load,
    ),
    at(
        "summary_write",
        "write",
        &["index", "summaries"],
        20,
        Needs::Load,
    ),
    at(
        "start_noting_index",
        "rename",
        &["INDEX.unfinished"],
        1,
        Needs::Start,
    ),
    at(
        "start_reading_journal",
        "openat",
        &["journal", SEGMENT],
        2,
        Needs::Start,
    ),
    at(
        "start_syncing_journal",
        "fdatasync",
        &["journal", SEGMENT],
        1,
        Needs::Start,
    ),
    at(
        "start_writing_records",
        "write",
        &["journal", SEGMENT],
        1,
        Needs::Start,
    ),
    at("rebuild_removing_index", "unlinkat", &[], 3, Needs::Rebuild),
    at("rebuild_making_index", "mkdir", &[], 2, Needs::Rebuild),
    at(
        "rebuild_writing_index",
        "pwrite64",
        &["index", "db"],
        3,
        Needs::Rebuild,
    ),
    at(
        "rebuild_writing_summaries",
        "write",
        &["index", "summaries"],
        20,
        Needs::Rebuild,
    ),
    at(
        "compaction_writing",
        "write",
        &["index", "summaries.unfinished"],
        40,
        Needs::Waste,
    ),
    at(
        "compaction_renaming",
        "rename",
        &["index", "summaries.unfinished"],
        1,
        Needs::Waste,
    ),
];

/// The points of beginning a segment. Each costs the folder a whole segment.
pub const NEW_SEGMENT: [Point; 4] = [
    at(
        "new_segment_creating",
        "openat",
        &["journal"],
        1,
        Needs::FullSegment,
    ),
    at(
        "new_segment_writing",
        "write",
        &["journal"],
        1,
        Needs::FullSegment,
    ),
    at(
        "new_segment_syncing",
        "fdatasync",
        &["journal"],
        1,
        Needs::FullSegment,
    ),
    at(
        "new_segment_syncing_folder",
        "fsync",
        &["journal"],
        1,
        Needs::FullSegment,
    ),
];

const fn at(
    name: &'static str,
    call: &'static str,
    path: &'static [&'static str],
    times: usize,
    needs: Needs,
) -> Point {
    Point {
        name,
        call,
        path,
        times,
        needs,
    }
}

impl Point {
    /// Brings the folder, which nobody has open, to where the point can be reached.
    pub fn prepare(&self, office: &Office<'_>) -> Result<(), CrashError> {
        match self.needs {
            Needs::Load | Needs::Start => Ok(()),
            Needs::Rebuild => Ok(std::fs::remove_file(office.path(&["INDEX"]))?),
            Needs::Waste => prefill::waste_summaries(&office.data),
            Needs::FullSegment => prefill::fill_segment(&office.data, 0),
        }
    }

    /// The words that start the program so that it dies here.
    pub fn words(
        &self,
        office: &Office<'_>,
        trace: &Path,
        chance: &mut Chance,
    ) -> Result<Vec<OsString>, CrashError> {
        let nth = 1 + chance.within(0..self.times);
        let newest = content::newest_segment(&office.data)?;
        let path: Option<PathBuf> = match (self.needs, self.path) {
            (_, []) => None,
            // The segment that is not there yet; its folder, which is.
            (Needs::FullSegment, _) if self.call == "fsync" => Some(office.path(&["journal"])),
            (Needs::FullSegment, _) => Some(content::segment_after(&newest)),
            (_, ["journal", _]) => Some(newest),
            (_, names) => Some(office.path(names)),
        };
        let paths: Vec<&Path> = path.iter().map(PathBuf::as_path).collect();
        Ok(strace::killing(trace, self.call, nth, &paths))
    }
}
