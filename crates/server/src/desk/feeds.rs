//! How far each feed has been taken in, and the digest of its documents.

use std::collections::BTreeSet;

use model::{FeedId, Seq};

use super::index::Index;

/// The feeds a reader may see.
pub(super) struct Scope {
    seen: Vec<bool>,
}

impl Scope {
    /// Whether rows of this feed are the reader's to see.
    pub(super) fn has(&self, feed: u32) -> bool {
        self.seen.get(feed as usize).copied().unwrap_or(false)
    }
}

/// The feeds, by number.
#[derive(Default)]
pub(super) struct Feeds(Vec<FeedCount>);

#[derive(Default)]
struct FeedCount {
    digest: u64,
    /// Everything up to here is in the digest.
    head: Seq,
    /// What came in ahead of its turn: two writers finish in any order.
    ahead: BTreeSet<Seq>,
}

impl Feeds {
    fn count(&mut self, number: u32) -> &mut FeedCount {
        let wanted = number as usize + 1;
        if self.0.len() < wanted {
            self.0.resize_with(wanted, FeedCount::default);
        }
        &mut self.0[wanted - 1]
    }

    /// Takes a document's share out of a feed's digest.
    pub(super) fn subtract(&mut self, number: u32, digest: u64) {
        let count = self.count(number);
        count.digest = count.digest.wrapping_sub(digest);
    }

    /// Takes a document's share into a feed's digest, and the places of the changes that made it.
    pub(super) fn add(&mut self, number: u32, digest: u64, seqs: impl IntoIterator<Item = Seq>) {
        let count = self.count(number);
        count.digest = count.digest.wrapping_add(digest);
        seqs.into_iter().for_each(|seq| count.take(seq));
    }
}

impl FeedCount {
    fn take(&mut self, seq: Seq) {
        if seq > self.head {
            self.ahead.insert(seq);
        }
        while self.ahead.remove(&(self.head + 1)) {
            self.head += 1;
        }
    }
}

impl Index {
    /// Says that a feed's documents, as the store holds them, have been taken in up to `head`.
    pub fn set_head(&mut self, feed: FeedId, head: Seq) {
        let number = self.names.feeds.number(&feed);
        let count = self.feeds.count(number);
        count.head = head;
        count.ahead.clear();
    }

    /// Every feed spoken of.
    pub fn feeds(&self) -> Vec<FeedId> {
        self.names.feeds.values().to_vec()
    }

    /// Which feeds a reader may see, by number.
    pub(super) fn scope(&self, feeds: &[FeedId]) -> Scope {
        let mut seen = vec![false; self.names.feeds.values().len()];
        for number in feeds.iter().filter_map(|feed| self.names.feeds.find(feed)) {
            seen[number as usize] = true;
        }
        Scope { seen }
    }

    /// How far a feed has been taken in.
    pub fn head(&self, feed: FeedId) -> Seq {
        self.feed_count(feed).map_or(0, |count| count.head)
    }

    /// A feed's head and the digest of its documents there. `None` for the moment in which a later
    /// change has been taken in before an earlier one: the digest then fits no head.
    pub fn digest(&self, feed: FeedId) -> Option<(Seq, u64)> {
        match self.feed_count(feed) {
            Some(count) => count.ahead.is_empty().then_some((count.head, count.digest)),
            None => Some((0, 0)),
        }
    }

    fn feed_count(&self, feed: FeedId) -> Option<&FeedCount> {
        self.feeds.0.get(self.names.feeds.find(&feed)? as usize)
    }
}
