//! What opening a store tells: progress while it runs, and what was found.

use crate::TornTail;

/// How far a long piece of work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub task: Task,
    /// Bytes that are done; documents where they are compared.
    pub done_bytes: u64,
    /// Bytes in all; changes where documents are compared.
    pub total_bytes: u64,
}

/// What takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Every byte of the journal is checked.
    CheckJournal,
    /// The journal is checked and the index is made from it.
    RebuildIndex,
    /// Files are copied.
    Copy,
    /// Copies are read once more.
    CheckCopy,
    /// What is kept is added up.
    Compare,
}

/// What was found when a store was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// The folder was empty and is a store from now on.
    pub created: bool,
    /// The program that had the folder open before was not ended in order.
    pub crashed: bool,
    /// Frames in the journal.
    pub journal_frames: u64,
    /// Bytes of the journal.
    pub journal_bytes: u64,
    /// A write that was under way at the last stop and was cut off. Nobody was
    /// told that it had succeeded.
    pub torn: Option<TornTail>,
    /// How the index stood.
    pub index: IndexState,
}

/// How the index stood to the journal when the store was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexState {
    /// It reflected all of the journal.
    Ready,
    /// It lacked this many frames and has them now.
    CaughtUp(u64),
    /// It was made again. Summaries are made again by whoever puts them.
    Rebuilt(Why),
}

/// Why an index was rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It was not there.
    Missing,
    /// The machine stopped while it was open.
    NotClosed,
    /// Its files are not as they were when it was closed.
    Altered,
    /// It could not be opened or read; what it said.
    WouldNotOpen(String),
    /// It knew of writes that the journal does not have. Either the journal
    /// was replaced by an older one, or its end was lost.
    AheadOfJournal,
    /// It was made from another journal.
    OtherJournal,
    /// It had grown out of all proportion to the journal.
    Bloated,
    /// It was asked for.
    Asked,
}
