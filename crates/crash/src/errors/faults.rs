//! The faults that are made: which call fails, on which file, with which error,
//! and what the program must then do.

use std::path::PathBuf;

use crate::office::Office;
use crate::{CrashError, content, strace};

/// A fault.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Its name in figures.
    pub name: &'static str,
    call: &'static str,
    error: &'static str,
    /// Which of a thread's calls fail: `5` the fifth, `2+` all from the second on.
    when: &'static str,
    /// The file.
    pub target: Target,
}

/// The file whose calls fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The journal's newest segment.
    Journal,
    /// The segment that is about to be begun.
    NextSegment,
    /// The journal's folder, while a segment is begun.
    JournalFolder,
    /// A file of the index.
    Index(&'static str),
    /// The note on the index.
    IndexNote,
}

/// What the program must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Acknowledge nothing more, say why in one line, end with a code.
    Stop,
    /// Go on: what failed can be made again.
    GoOn,
}

const NOTE: Target = Target::IndexNote;

/// Every fault; the first ones are those of a quick run.
pub const FAULTS: [Fault; 18] = [
    fault("journal_sync_io", "fdatasync", "EIO", "6", Target::Journal),
    fault(
        "journal_write_full",
        "write",
        "ENOSPC",
        "6",
        Target::Journal,
    ),
    fault(
        "summaries_full",
        "write",
        "ENOSPC",
        "1+",
        Target::Index("summaries"),
    ),
    fault(
        "index_write_io",
        "pwrite64",
        "EIO",
        "2+",
        Target::Index("db"),
    ),
    fault(
        "journal_write_quota",
        "write",
        "EDQUOT",
        "6",
        Target::Journal,
    ),
    fault(
        "journal_write_read_only",
        "write",
        "EROFS",
        "6",
        Target::Journal,
    ),
    fault("journal_write_io", "write", "EIO", "6", Target::Journal),
    fault(
        "journal_sync_full",
        "fdatasync",
        "ENOSPC",
        "6",
        Target::Journal,
    ),
    fault(
        "journal_sync_quota",
        "fdatasync",
        "EDQUOT",
        "6",
        Target::Journal,
    ),
    fault(
        "index_write_full",
        "pwrite64",
        "ENOSPC",
        "2+",
        Target::Index("db"),
    ),
    fault(
        "index_sync_io",
        "sync_file_range",
        "EIO",
        "2+",
        Target::Index("db"),
    ),
    fault("start_note_full", "write", "ENOSPC", "1", NOTE),
    fault("start_note_sync_io", "fsync", "EIO", "1", NOTE),
    fault(
        "start_journal_sync_io",
        "fdatasync",
        "EIO",
        "1",
        Target::Journal,
    ),
    fault(
        "segment_create_full",
        "openat",
        "ENOSPC",
        "1+",
        Target::NextSegment,
    ),
    fault(
        "segment_write_full",
        "write",
        "ENOSPC",
        "1",
        Target::NextSegment,
    ),
    fault(
        "segment_sync_io",
        "fdatasync",
        "EIO",
        "1",
        Target::NextSegment,
    ),
    fault(
        "segment_folder_sync_io",
        "fsync",
        "EIO",
        "1",
        Target::JournalFolder,
    ),
];

const fn fault(
    name: &'static str,
    call: &'static str,
    error: &'static str,
    when: &'static str,
    target: Target,
) -> Fault {
    Fault {
        name,
        call,
        error,
        when,
        target,
    }
}

impl Fault {
    /// What the program must do.
    pub fn expected(&self) -> Expected {
        match self.target {
            Target::Index("summaries") => Expected::GoOn,
            _ => Expected::Stop,
        }
    }

    /// Whether it shows only where a segment is begun.
    pub fn needs_full_segment(&self) -> bool {
        matches!(self.target, Target::NextSegment | Target::JournalFolder)
    }

    /// The words that start the program with this fault.
    pub fn words(&self, office: &Office<'_>) -> Result<Vec<std::ffi::OsString>, CrashError> {
        let newest = content::newest_segment(&office.data)?;
        let path: PathBuf = match self.target {
            Target::Journal => newest,
            Target::NextSegment => content::segment_after(&newest),
            Target::JournalFolder => office.path(&["journal"]),
            Target::Index(name) => office.path(&["index", name]),
            Target::IndexNote => office.path(&["INDEX.unfinished"]),
        };
        let injection = format!("{}:error={}:when={}", self.call, self.error, self.when);
        Ok(strace::failing(&office.trace(), &injection, &path))
    }
}
