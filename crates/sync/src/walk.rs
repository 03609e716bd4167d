//! The walk along a feed: what a reader at a cursor is sent of each document,
//! and where the cursor stands afterwards. First sync, daily sync and resuming
//! after a cut are the same walk. Loading the entries and their changes is the
//! shell's. `history` lists what a feed held before its reader first asked;
//! `compare` finds where two sides differ.

pub mod compare;
pub mod history;
mod tell;

pub use tell::{Shelf, tell_feed};

use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, Seq, document_digest};

use crate::admission::name_of;
use crate::frame::{
    DocumentFrame, FeedFrame, FeedState, Frame, Json, News, NewsSummary, Row, Seen,
};
use crate::lean::{Common, LeanChange, NoNames, Writing};

/// How much of one feed goes into one response, in bytes of chunks and
/// summaries. A phone that lost its signal early has then lost little.
pub const PAGE_BYTES: usize = 256 << 10;

/// Who reads a feed, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// The device that asks; it is not sent its own changes back.
    pub device: DeviceId,
    /// What it has of the feed.
    pub state: FeedState,
}

/// One document of a feed, at its newest seq.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Its newest seq in the feed.
    pub seq: Seq,
    /// Its heads.
    pub heads: Vec<ChangeHash>,
    /// Its summary as JSON.
    pub summary: Option<Json>,
    /// How the summary came there, as far as that is remembered.
    pub patch: Option<SummaryPatch>,
    /// Of a door: its newest visit.
    pub seen: Option<Seen>,
}

/// A merge patch that leads to a document's summary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryPatch {
    /// The patch.
    pub json: Json,
    /// The places of the changes that it tells of. It leads there from the summary
    /// before them, and from any on the way.
    pub covers: Vec<Seq>,
}

impl Entry {
    /// The entry as a row of a list.
    pub fn into_row(self, feed: FeedId) -> Row {
        Row {
            digest: low_half(document_digest(self.document, &self.heads)),
            document: self.document,
            kind: self.kind,
            feed,
            seq: self.seq,
            summary: self.summary,
            seen: self.seen,
        }
    }
}

/// What version 2 says of a digest.
pub fn low_half(digest: u64) -> u32 {
    digest as u32
}

/// The bytes of one document, as far as the reader may need them.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The compacted beginning, if there is one.
    pub snapshot: Option<Snapshot>,
    /// The changes after the snapshot (or all), oldest first. Those that the
    /// reader's state says are had in full (`complete`) may be left out, if the
    /// snapshot is not newer than that either; `has_beginning` says so.
    pub changes: Vec<Change>,
    /// Whether `snapshot` and `changes` together are the whole document.
    pub has_beginning: bool,
}

/// The compacted beginning of a document.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The newest seq that is in it.
    pub seq: Seq,
    /// Its chunk.
    pub bytes: Vec<u8>,
}

/// One stored change.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its place in the feed.
    pub seq: Seq,
    /// Who sent it.
    pub device: DeviceId,
    /// Its chunk.
    pub bytes: Vec<u8>,
}

/// Walks along one feed for one reader.
#[derive(Debug)]
pub struct Walk {
    reader: Reader,
    /// Entries up to here travel as summaries only.
    history: Seq,
    head: Seq,
    /// The last entry that was offered.
    reached: Seq,
    bytes: usize,
    page_bytes: usize,
}

impl Walk {
    /// Starts at the reader's cursor. `head` is the feed's newest seq, read
    /// *before* the entries are, so that nothing can slip in between unseen.
    pub fn new(reader: Reader, head: Seq) -> Self {
        let history = match reader.state.history {
            // A phone that does not know yet where the feed stands.
            0 => head,
            history => history,
        };
        Self {
            reader,
            history,
            head,
            reached: reader.state.cursor,
            bytes: 0,
            page_bytes: PAGE_BYTES,
        }
    }

    /// Changes how much goes into one response.
    pub fn with_page_bytes(mut self, page_bytes: usize) -> Self {
        self.page_bytes = page_bytes;
        self
    }

    /// The seq after which the next entries are to be loaded.
    pub fn reached(&self) -> Seq {
        self.reached
    }

    /// Whether the response has as much of this feed as it should.
    pub fn is_full(&self) -> bool {
        self.bytes >= self.page_bytes
    }

    /// Whether the reader gets no more than the row of an entry at this seq; its
    /// content need not be loaded then.
    pub fn wants_row_only(&self, seq: Seq) -> bool {
        seq <= self.history
    }

    /// Passes over the next entry, of which the reader brought everything.
    pub fn pass(&mut self, seq: Seq) {
        self.reached = self.reached.max(seq);
    }

    /// Makes the frame of version 2 for the next entry, in the order of seq.
    /// `None`: the reader wrote all that is new itself.
    pub fn tell(&mut self, entry: Entry, content: &Content, common: &Common) -> Option<Frame> {
        self.pass(entry.seq);
        let (whole, changes) = match news_of(&self.reader, content)? {
            New::Changes { whole, changes } => (whole, changes),
            New::Everything => {
                let chunks = everything(content);
                self.bytes += chunks.len();
                let feed = self.reader.state.feed;
                return Some(Frame::Document(frame(feed, entry, true, chunks)));
            }
        };
        let Some(changes) = lean(&changes, &entry.kind, common) else {
            let chunks = concatenate(changes.into_iter());
            self.bytes += chunks.len();
            let feed = self.reader.state.feed;
            return Some(Frame::Document(frame(feed, entry, whole, chunks)));
        };
        let has = has_in_full(&self.reader);
        let mut lacking = content.changes.iter().filter(|change| change.seq > has);
        let is_covered = |patch: &SummaryPatch| {
            has > 0 && lacking.all(|change| patch.covers.contains(&change.seq))
        };
        let mut entry = entry;
        entry.patch = entry.patch.filter(is_covered).filter(|_| !whole);
        let news = tell(self.reader.state.feed, entry, whole, changes);
        self.bytes += size_of_news(&news);
        Some(Frame::News(news))
    }

    /// Counts what was sent of the feed besides.
    pub fn add_bytes(&mut self, bytes: usize) {
        self.bytes += bytes;
    }

    /// Makes the frame for the next entry, in the order of seq. `content` may be
    /// empty where [`wants_row_only`](Self::wants_row_only) says so. `None`: the
    /// reader wrote all that is new itself.
    pub fn offer(&mut self, entry: Entry, content: &Content) -> Option<DocumentFrame> {
        self.pass(entry.seq);
        let (whole, chunks) = if self.wants_row_only(entry.seq) {
            (false, Vec::new())
        } else {
            match news_of(&self.reader, content)? {
                New::Everything => (true, everything(content)),
                New::Changes { whole, changes } => (whole, concatenate(changes.into_iter())),
            }
        };
        let frame = frame(self.reader.state.feed, entry, whole, chunks);
        let summary_bytes = frame.summary.as_ref().map_or(0, String::len);
        self.bytes += frame.chunks.len() + summary_bytes + 32 * frame.heads.len();
        Some(frame)
    }

    /// Ends the walk. `at_end` says that there are no entries after those that
    /// were offered; `digest` is the feed's, and `head_now` its newest seq, both
    /// as they are at this moment.
    pub fn finish(self, at_end: bool, digest: u64, head_now: Seq) -> FeedFrame {
        let cursor = if at_end {
            self.reached.max(self.head)
        } else {
            self.reached
        };
        FeedFrame {
            feed: self.reader.state.feed,
            cursor,
            digest,
            // What arrived meanwhile is more, too; the digest speaks of it.
            more: cursor < head_now,
            head: head_now,
        }
    }
}

/// The frame that answers a want: the whole document, moving no cursor.
pub fn wanted(feed: FeedId, mut entry: Entry, content: &Content) -> DocumentFrame {
    entry.seq = 0;
    frame(feed, entry, true, everything(content))
}

fn frame(feed: FeedId, entry: Entry, whole: bool, chunks: Vec<u8>) -> DocumentFrame {
    let mut heads = entry.heads;
    heads.sort_unstable();
    DocumentFrame {
        document: entry.document,
        kind: entry.kind,
        feed,
        seq: entry.seq,
        heads,
        // Serialising cannot fail: every key is a string and no number is NaN.
        summary: entry
            .summary
            .map(|json| serde_json::to_string(&json).unwrap_or_default()),
        whole,
        chunks,
    }
}

/// Up to where the reader has every change.
fn has_in_full(reader: &Reader) -> Seq {
    reader.state.complete.min(reader.state.cursor)
}

/// What the reader may not have of a document.
enum New<'a> {
    /// All of it, with its snapshot.
    Everything,
    /// These changes; `whole` if they are all there is.
    Changes {
        whole: bool,
        changes: Vec<&'a Change>,
    },
}

/// What the reader may not have of a document; `None` if it wrote all of that
/// itself. The cursor of a walk that has not come to its end decides nothing
/// here: it may have passed changes of documents that are listed later on, for
/// each is listed once, at its newest.
fn news_of<'a>(reader: &Reader, content: &'a Content) -> Option<New<'a>> {
    let has = has_in_full(reader);
    let snapshot_is_new = matches!(&content.snapshot, Some(snapshot) if snapshot.seq > has);
    if snapshot_is_new {
        return Some(New::Everything);
    }
    let new = || content.changes.iter().filter(|change| change.seq > has);
    let is_own = |change: &Change| change.device == reader.device;
    if new().all(is_own) {
        return None;
    }
    // Nothing before the cursor and nothing of the reader's own: then this is
    // all there is, and saying so costs nothing.
    let whole = content.has_beginning
        && content.snapshot.is_none()
        && new().count() == content.changes.len()
        && !new().any(is_own);
    let changes = new().filter(|change| !is_own(change)).collect();
    Some(New::Changes { whole, changes })
}

fn tell(feed: FeedId, entry: Entry, whole: bool, changes: Vec<LeanChange>) -> News {
    let summary = match (entry.patch, entry.summary) {
        (Some(patch), _) if patch.json.is_empty() => NewsSummary::Unchanged,
        (Some(patch), _) => NewsSummary::Patch(patch.json),
        (None, Some(summary)) => NewsSummary::Whole(summary),
        (None, None) => NewsSummary::Unchanged,
    };
    News {
        document: entry.document,
        kind: entry.kind,
        feed,
        seq: entry.seq,
        digest: low_half(document_digest(entry.document, &entry.heads)),
        summary,
        whole,
        changes,
    }
}

/// The changes without what the reader knows; `None` if one of them cannot
/// travel like that.
fn lean(changes: &[&Change], kind: &Kind, common: &Common) -> Option<Vec<LeanChange>> {
    let mut before = None;
    let lean = |change: &&Change| {
        let lean = LeanChange::write(
            &change.bytes,
            &Writing {
                common,
                kind,
                before,
                reader_has_heads: true,
                from_sender: false,
                names: &NoNames,
            },
        );
        before = Some(name_of(&change.bytes));
        lean
    };
    changes.iter().map(lean).collect()
}

fn size_of_news(news: &News) -> usize {
    let changes: usize = news.changes.iter().map(|one| one.as_bytes().len()).sum();
    // A summary is some hundred bytes; a page need not be measured closer.
    changes + 300
}

fn everything(content: &Content) -> Vec<u8> {
    let mut chunks = match &content.snapshot {
        Some(snapshot) => snapshot.bytes.clone(),
        None => Vec::new(),
    };
    chunks.extend(concatenate(content.changes.iter()));
    chunks
}

fn concatenate<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<u8> {
    changes.fold(Vec::new(), |mut chunks, change| {
        chunks.extend_from_slice(&change.bytes);
        chunks
    })
}
