//! The network: bodies that arrive whole, in part, late, twice or not at all.

use sync::replica::Exchange;

use crate::story::Way;

/// A body on its way.
#[derive(Clone)]
pub enum Parcel {
    /// A request, and how its answer will travel.
    Request {
        /// Which phone sent it.
        phone: usize,
        /// In which of its lives.
        life: u32,
        /// The exchange.
        exchange: Exchange,
        /// What arrives of the pack.
        arriving: Arriving,
        /// How the answer will travel.
        down: Way,
    },
    /// An answer.
    Answer {
        /// Which phone it is for.
        phone: usize,
        /// In which of its lives.
        life: u32,
        /// The exchange it answers.
        exchange: Exchange,
        /// Which of all answers of the office it is.
        number: u64,
        /// What arrives of the pack.
        arriving: Arriving,
    },
}

/// What arrives of a pack.
#[derive(Clone)]
pub struct Arriving {
    /// Its bytes.
    pub pack: Vec<u8>,
    /// All of it.
    pub is_whole: bool,
    /// Silences on the way.
    pub silences: u8,
}

impl Arriving {
    /// What this way leaves of a pack.
    pub fn over(way: Way, mut pack: Vec<u8>) -> Self {
        let sent = pack.len();
        if let Some((frames, part)) = way.cut {
            pack.truncate(place_of_cut(&pack, frames, part));
        }
        Self {
            is_whole: pack.len() == sent,
            pack,
            silences: way.silences,
        }
    }

    /// The bytes between silences.
    pub fn portions(&self) -> impl Iterator<Item = &[u8]> {
        let count = usize::from(self.silences) + 1;
        self.pack.chunks(self.pack.len().div_ceil(count).max(1))
    }
}

/// Where a pack is cut: in terms of frames, so that a clock that makes one a byte longer changes
/// nothing else.
fn place_of_cut(pack: &[u8], frames: u8, part: u8) -> usize {
    let mut ends = frame_ends(pack);
    ends.insert(0, 0);
    let whole = usize::from(frames) % ends.len();
    let next = ends.get(whole + 1).map_or(0, |end| end - ends[whole]);
    ends[whole] + next * usize::from(part) / 256
}

/// Where each frame of a pack ends.
pub fn frame_ends(pack: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    while at < pack.len() {
        let mut length = 0;
        let mut shift = 0;
        while let Some(byte) = pack.get(at) {
            at += 1;
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        at += length;
        ends.push(at.min(pack.len()));
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::story::Fate;

    #[test]
    fn a_cut_falls_between_two_frames_or_in_one() {
        let pack = [[2, 7, 7].as_slice(), &[1, 7], &[3, 7, 7, 7]].concat();
        assert_eq!(frame_ends(&pack), [3, 5, 9]);
        let length = |frames, part| {
            let way = Way {
                fate: Fate::Now,
                cut: Some((frames, part)),
                silences: 0,
            };
            Arriving::over(way, pack.clone()).pack.len()
        };
        let cases = [
            (0, 0, 0),
            (1, 0, 3),
            (1, 128, 4),
            (2, 255, 8),
            (3, 9, 9),
            (4, 0, 0),
        ];
        for (frames, part, expected) in cases {
            assert_eq!(length(frames, part), expected);
        }
    }
}
