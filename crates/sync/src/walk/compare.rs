//! Where what a reader holds of a feed differs from what the server holds, found
//! by sums over parts of the feed.

use model::DocumentId;

use crate::frame::{Compare, PARTS, part_of};

/// The sums of documents' digests in each part of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts(pub Box<[u32; PARTS]>);

impl Parts {
    /// Adds up the low halves of the documents' digests.
    pub fn of(documents: impl IntoIterator<Item = (DocumentId, u32)>) -> Self {
        let mut sums = Box::new([0_u32; PARTS]);
        for (document, digest) in documents {
            let sum = &mut sums[part_of(document)];
            *sum = sum.wrapping_add(digest);
        }
        Self(sums)
    }

    /// A bit for each part that is not what the reader has.
    pub fn differing(&self, reader: &Compare) -> [u8; PARTS / 8] {
        let mut differing = [0; PARTS / 8];
        for (part, (here, there)) in self.0.iter().zip(reader.digests.iter()).enumerate() {
            if here != there {
                differing[part / 8] |= 1 << (part % 8);
            }
        }
        differing
    }
}
