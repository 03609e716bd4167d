//! Writes frames at the end of the journal and forces them to disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Position;
use super::files::{JournalFile, JournalFiles};
use super::frame::Frame;
use super::scan::Scanned;
use super::segment::{HEADER_BYTES, SegmentHeader, segment_path};
use crate::StoreError;

/// A buffer that one giant write made larger than this is made small again.
const KEPT_BUFFER_BYTES: usize = 8 << 20;

/// What the writer counts, for whoever asks from another thread.
#[derive(Debug, Default)]
pub(crate) struct JournalCounters {
    pub bytes: AtomicU64,
    pub segments: AtomicU64,
    pub frames: AtomicU64,
    pub syncs: AtomicU64,
}

/// The one writer of a journal.
pub(crate) struct Writer {
    folder: PathBuf,
    files: Box<dyn JournalFiles>,
    file: Box<dyn JournalFile>,
    path: PathBuf,
    header: SegmentHeader,
    end: u64,
    next_frame: u64,
    /// A segment that has reached this size gets no more frames.
    full_at: u64,
    buffer: Vec<u8>,
    counters: Arc<JournalCounters>,
}

impl Writer {
    /// Goes on where a scan ended: begins the first segment of an empty
    /// journal, cuts a torn tail off any other.
    pub fn resume(
        folder: &Path,
        files: Box<dyn JournalFiles>,
        scanned: &Scanned,
        full_at: u64,
    ) -> Result<Writer, StoreError> {
        let counters = Arc::new(JournalCounters::default());
        counters.bytes.store(scanned.bytes, Ordering::Relaxed);
        counters
            .segments
            .store(u64::from(scanned.segments), Ordering::Relaxed);
        counters.frames.store(scanned.frames, Ordering::Relaxed);
        if let Some(torn) = scanned.torn.filter(|torn| torn.offset == 0) {
            let path = segment_path(folder, torn.segment);
            fs::remove_file(&path)
                .and_then(|()| files.sync_folder(folder))
                .map_err(on(&path))?;
        }
        let (header, file, end) = match scanned.last {
            Some((header, end)) => {
                let path = segment_path(folder, header.number);
                let mut file = files.open(&path, false).map_err(on(&path))?;
                if scanned.torn.is_some_and(|torn| torn.offset > 0) {
                    file.cut(end).map_err(on(&path))?;
                }
                // A killed program may have left its last frame in the memory of
                // the operating system only. From here on readers see it.
                file.sync().map_err(on(&path))?;
                (header, file, end)
            }
            None => {
                let header = SegmentHeader {
                    journal: random(folder)?,
                    salt: random(folder)?,
                    number: 1,
                };
                let file = begin_segment(&*files, folder, &header, &counters)?;
                (header, file, HEADER_BYTES)
            }
        };
        Ok(Writer {
            path: segment_path(folder, header.number),
            folder: folder.to_path_buf(),
            files,
            file,
            header,
            end,
            next_frame: scanned.frames + 1,
            full_at,
            buffer: Vec::new(),
            counters,
        })
    }

    /// Tells this journal from every other.
    pub fn journal(&self) -> [u8; 16] {
        self.header.journal
    }

    /// What this writer counts.
    pub fn counters(&self) -> Arc<JournalCounters> {
        self.counters.clone()
    }

    /// Begins a frame at the end of the journal, in a new segment if the
    /// present one is full.
    pub fn begin(&mut self) -> Result<Frame, StoreError> {
        if self.end >= self.full_at {
            let header = SegmentHeader {
                salt: random(&self.folder)?,
                number: self.header.number + 1,
                ..self.header
            };
            self.file = begin_segment(&*self.files, &self.folder, &header, &self.counters)?;
            self.path = segment_path(&self.folder, header.number);
            self.header = header;
            self.end = HEADER_BYTES;
        }
        let buffer = std::mem::take(&mut self.buffer);
        Ok(Frame::new(buffer, self.header.number, self.end))
    }

    /// Takes back a frame that nothing was put in.
    pub fn give_back(&mut self, frame: Frame) {
        self.buffer = frame.into_buffer();
        self.buffer.clear();
        self.buffer.shrink_to(KEPT_BUFFER_BYTES);
    }

    /// Writes a frame and returns when it is on the disk. After an error the
    /// writer must not be used again: what the disk holds is not known.
    pub fn commit(&mut self, mut frame: Frame) -> Result<Position, StoreError> {
        let (bytes, position) = frame.seal(self.header.salt, self.next_frame)?;
        let length = bytes.len() as u64;
        let written = self.file.append(bytes).and_then(|()| self.file.sync());
        if let Err(error) = written {
            // Nobody was told of this frame. Cutting it off keeps a later start
            // from reading it out of memory that never reached the disk. The
            // first error is the one to report, whether or not this works.
            let _ = self.file.cut(self.end);
            return Err(on(&self.path)(error));
        }
        self.end = position.end;
        self.next_frame += 1;
        self.counters.bytes.fetch_add(length, Ordering::Relaxed);
        self.counters.frames.fetch_add(1, Ordering::Relaxed);
        self.counters.syncs.fetch_add(1, Ordering::Relaxed);
        self.give_back(frame);
        Ok(position)
    }
}

fn begin_segment(
    files: &dyn JournalFiles,
    folder: &Path,
    header: &SegmentHeader,
    counters: &JournalCounters,
) -> Result<Box<dyn JournalFile>, StoreError> {
    let path = segment_path(folder, header.number);
    let mut file = files.open(&path, true).map_err(on(&path))?;
    file.append(&header.encode())
        .and_then(|()| file.sync())
        .and_then(|()| files.sync_folder(folder))
        .map_err(on(&path))?;
    counters.bytes.fetch_add(HEADER_BYTES, Ordering::Relaxed);
    counters.segments.fetch_add(1, Ordering::Relaxed);
    counters.syncs.fetch_add(1, Ordering::Relaxed);
    Ok(file)
}

fn random<const N: usize>(folder: &Path) -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Disk {
        path: folder.to_path_buf(),
        cause: error.to_string(),
    })?;
    Ok(bytes)
}

fn on(path: &Path) -> impl Fn(io::Error) -> StoreError + '_ {
    move |error| StoreError::disk(path, &error)
}
