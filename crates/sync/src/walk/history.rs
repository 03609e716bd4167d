//! The list of what a feed held before its reader first asked: doors first, so
//! that the building face is there at once, then the past, newest first. Only
//! rows travel.

use model::{DocumentId, Kind, Seq};

use crate::frame::Past;

/// Rows in one frame. A cut loses at most these.
pub const ROWS_AT_ONCE: usize = 64;

/// A document that stands in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Its newest seq in the feed.
    pub seq: Seq,
}

/// What is left of the list, in its order.
#[derive(Clone, Debug)]
pub struct History {
    left: std::vec::IntoIter<Listed>,
}

impl History {
    /// The list behind `past`, from all of a feed's documents. What has a seq
    /// above `history` has changed since and is news.
    pub fn new(documents: impl IntoIterator<Item = Listed>, history: Seq, past: Past) -> Self {
        let behind = |listed: &Listed| {
            let place = Past::behind(&listed.kind, listed.seq);
            listed.seq <= history && place.order() > past.order()
        };
        let mut left: Vec<Listed> = documents.into_iter().filter(behind).collect();
        left.sort_unstable_by_key(|listed| Past::behind(&listed.kind, listed.seq).order());
        Self {
            left: left.into_iter(),
        }
    }

    /// The next rows, all of one kind; empty at the end.
    pub fn next_rows(&mut self) -> Vec<Listed> {
        let Some(first) = self.left.as_slice().first() else {
            return Vec::new();
        };
        let alike = |listed: &&Listed| listed.kind == first.kind;
        let count = self.left.as_slice().iter().take_while(alike).count();
        self.left.by_ref().take(count.min(ROWS_AT_ONCE)).collect()
    }

    /// Whether everything was listed.
    pub fn is_at_end(&self) -> bool {
        self.left.as_slice().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(number: u8, kind: Kind, seq: Seq) -> Listed {
        let document = DocumentId::from_bytes([number; 16]);
        Listed {
            document,
            kind,
            seq,
        }
    }

    fn feed() -> Vec<Listed> {
        vec![
            listed(1, Kind::Door, 1),
            listed(2, Kind::Visit, 2),
            listed(3, Kind::Community, 3),
            listed(4, Kind::Visit, 4),
            listed(5, Kind::Door, 5),
            listed(6, Kind::Other("loan".into()), 6),
            listed(7, Kind::Visit, 7),
        ]
    }

    fn seqs(history: &mut History) -> Vec<Seq> {
        let batches = std::iter::from_fn(|| Some(history.next_rows()).filter(|it| !it.is_empty()));
        batches.flatten().map(|listed| listed.seq).collect()
    }

    #[test]
    fn doors_come_first_and_the_past_newest_first_up_to_the_mark() {
        let mut history = History::new(feed(), 6, Past::default());
        assert_eq!(seqs(&mut history), [1, 3, 5, 6, 4, 2]);
        assert!(history.is_at_end());
    }

    #[test]
    fn the_list_goes_on_behind_any_of_its_rows() {
        let all = seqs(&mut History::new(feed(), 6, Past::default()));
        for (place, seq) in all.iter().enumerate() {
            let row = feed()
                .into_iter()
                .find(|listed| listed.seq == *seq)
                .unwrap();
            let past = Past::behind(&row.kind, row.seq);
            assert_eq!(seqs(&mut History::new(feed(), 6, past)), all[place + 1..]);
        }
    }

    #[test]
    fn rows_of_one_frame_are_of_one_kind() {
        let mut history = History::new(feed(), 7, Past::default());
        let kinds: Vec<usize> =
            std::iter::from_fn(|| Some(history.next_rows()).filter(|rows| !rows.is_empty()))
                .map(|rows| rows.len())
                .collect();
        assert_eq!(kinds, [1, 1, 1, 1, 1, 2]);
    }
}
