//! Every document's row in memory: what lists, counts, feed walks and digests are answered from.
//!
//! Belongs here: taking rows in, finding one, the digest of a feed. Does not belong here: filters
//! and pages (`visits`, `doors`), counts (`numbers`). Nothing that is written depends on a row.

use std::collections::{BTreeSet, HashMap};

use model::summary::CommunitySummary;
use model::{ChangeHash, DocumentId, FeedId, Kind, Seq, Summary, document_digest};

use super::last::LastVisits;
use super::rows::{DoorRow, Names, VisitRow};

/// What a document's row is made of.
pub struct Row {
    /// Which document.
    pub document: DocumentId,
    /// The feed that lists it.
    pub feed: FeedId,
    /// When its first change arrived, ms.
    pub first_received_at: i64,
    /// Its heads.
    pub heads: Vec<ChangeHash>,
    /// Its summary.
    pub summary: Summary,
}

/// The rows.
#[derive(Default)]
pub struct Index {
    pub(super) names: Names,
    places: HashMap<DocumentId, Place>,
    /// Visits in the order of their first arrival.
    pub(super) visits: Vec<VisitRow>,
    /// Doors by their number; `None` for a door that only a visit speaks of.
    pub(super) doors: Vec<Option<DoorRow>>,
    pub(super) last: LastVisits,
    communities: HashMap<DocumentId, CommunitySummary>,
    feeds: Vec<FeedCount>,
}

/// Where a document's row is.
struct Place {
    feed: u32,
    slot: Slot,
    digest: u64,
    heads: Heads,
}

#[derive(Clone, Copy)]
enum Slot {
    Community,
    Door(u32),
    Visit(u32),
}

/// Nearly every document has one head, which needs no list.
enum Heads {
    One(ChangeHash),
    Many(Box<[ChangeHash]>),
}

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

/// How far a feed has been taken in, and the digest of its documents.
#[derive(Default)]
struct FeedCount {
    digest: u64,
    /// Everything up to here is in the digest.
    head: Seq,
    /// What came in ahead of its turn: two writers finish in any order.
    ahead: BTreeSet<Seq>,
}

impl Index {
    /// Takes in a document's newest row. `seqs` are the places of the changes that made it.
    pub fn put(&mut self, row: Row, seqs: impl IntoIterator<Item = Seq>) {
        let Row {
            document,
            feed,
            first_received_at,
            heads,
            summary,
        } = row;
        let feed = self.feed_number(feed);
        let digest = document_digest(document, &heads);
        let old = self.places.remove(&document);
        if let Some(old) = &old {
            let before = &mut self.feeds[old.feed as usize].digest;
            *before = before.wrapping_sub(old.digest);
        }
        let count = &mut self.feeds[feed as usize];
        count.digest = count.digest.wrapping_add(digest);
        seqs.into_iter().for_each(|seq| count.take(seq));
        let slot = self.put_row(
            document,
            feed,
            first_received_at,
            summary,
            old.map(|old| old.slot),
        );
        self.places.insert(
            document,
            Place {
                feed,
                slot,
                digest,
                heads: Heads::from(heads),
            },
        );
    }

    fn put_row(
        &mut self,
        document: DocumentId,
        feed: u32,
        arrived: i64,
        summary: Summary,
        old: Option<Slot>,
    ) -> Slot {
        match summary {
            Summary::Community(summary) => {
                self.communities.insert(document, summary);
                Slot::Community
            }
            Summary::Door(summary) => {
                let number = self.names.doors.number(&document);
                let row = DoorRow::new(document, feed, summary, &mut self.names);
                self.make_room_for_doors(number);
                self.doors[number as usize] = Some(row);
                Slot::Door(number)
            }
            Summary::Visit(summary) => {
                let place = match old {
                    Some(Slot::Visit(place)) => place as usize,
                    _ => self.visits.len(),
                };
                let arrived = self
                    .visits
                    .get(place)
                    .map_or(arrived, |row| row.first_received_at);
                let row = VisitRow::new(document, feed, arrived, &summary, &mut self.names);
                self.make_room_for_doors(row.door);
                // As many rows as numbers would need more memory than any machine this runs on.
                let number = u32::try_from(place).unwrap_or(u32::MAX);
                let before = match self.visits.get_mut(place) {
                    Some(old) => Some(std::mem::replace(old, row)),
                    None => {
                        self.visits.push(row);
                        None
                    }
                };
                if let Some(before) = before.filter(|row| self.last.place(row.door) == Some(number))
                {
                    self.last.look_again(before.door, &self.visits);
                }
                self.last.take(number, &self.visits);
                Slot::Visit(number)
            }
        }
    }

    /// A door that is spoken of has a place in the list, so that counts can be kept beside it.
    fn make_room_for_doors(&mut self, number: u32) {
        let wanted = number as usize + 1;
        if self.names.doors.value(number).is_some() && self.doors.len() < wanted {
            self.doors.resize_with(wanted, || None);
        }
    }

    /// Puts visits into the order of arrival; called once, after the rows of a start were taken in.
    pub fn sort_visits(&mut self) {
        // No two rows have the same document, and sorting in place needs no second list.
        self.visits
            .sort_unstable_by_key(|row| (row.first_received_at, row.document));
        for (place, row) in (0..).zip(&self.visits) {
            if let Some(found) = self.places.get_mut(&row.document) {
                found.slot = Slot::Visit(place);
            }
        }
        self.last.count(&self.visits);
    }

    /// Says that a feed's documents, as the store holds them, have been taken in up to `head`.
    pub fn set_head(&mut self, feed: FeedId, head: Seq) {
        let number = self.feed_number(feed);
        let count = &mut self.feeds[number as usize];
        count.head = head;
        count.ahead.clear();
    }

    /// Every feed spoken of.
    pub fn feeds(&self) -> Vec<FeedId> {
        (0..)
            .map_while(|number| self.names.feeds.value(number).copied())
            .collect()
    }

    /// Which feeds a reader may see, by number.
    pub(super) fn scope(&self, feeds: &[FeedId]) -> Scope {
        let mut seen = vec![false; self.feeds.len()];
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

    /// A document's heads and summary.
    pub fn row(&self, document: DocumentId) -> Option<Row> {
        let place = self.places.get(&document)?;
        let (summary, first_received_at) = match place.slot {
            Slot::Community => (
                Summary::Community(self.communities.get(&document)?.clone()),
                0,
            ),
            Slot::Door(number) => (
                Summary::Door(self.doors.get(number as usize)?.as_ref()?.summary.clone()),
                0,
            ),
            Slot::Visit(place) => {
                let row = self.visits.get(place as usize)?;
                (
                    Summary::Visit(row.summary(&self.names)),
                    row.first_received_at,
                )
            }
        };
        let feed = *self.names.feeds.value(place.feed)?;
        Some(Row {
            document,
            feed,
            first_received_at,
            heads: place.heads.to_vec(),
            summary,
        })
    }

    /// A document's share of its feed's digest: `model::document_digest` of its heads.
    pub fn document_digest(&self, document: DocumentId) -> Option<u64> {
        self.places.get(&document).map(|place| place.digest)
    }

    /// The feed that lists a document.
    pub fn feed_of(&self, document: DocumentId) -> Option<FeedId> {
        self.names
            .feeds
            .value(self.places.get(&document)?.feed)
            .copied()
    }

    /// A document's kind.
    pub fn kind_of(&self, document: DocumentId) -> Option<Kind> {
        Some(match self.places.get(&document)?.slot {
            Slot::Community => Kind::Community,
            Slot::Door(_) => Kind::Door,
            Slot::Visit(_) => Kind::Visit,
        })
    }

    /// One door's row.
    pub fn door(&self, document: DocumentId) -> Option<&DoorRow> {
        self.doors
            .get(self.names.doors.find(&document)? as usize)?
            .as_ref()
    }

    /// Every door on the books, in no order.
    pub fn known_doors(&self) -> impl Iterator<Item = &DoorRow> {
        self.doors.iter().flatten()
    }

    /// The communities, by id.
    pub fn communities(&self) -> Vec<(DocumentId, &CommunitySummary)> {
        let mut all: Vec<_> = self
            .communities
            .iter()
            .map(|(id, summary)| (*id, summary))
            .collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }

    /// One community.
    pub fn community(&self, id: DocumentId) -> Option<&CommunitySummary> {
        self.communities.get(&id)
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn feed_number(&mut self, feed: FeedId) -> u32 {
        let number = self.names.feeds.number(&feed);
        if self.feeds.len() <= number as usize {
            self.feeds
                .resize_with(number as usize + 1, FeedCount::default);
        }
        number
    }

    fn feed_count(&self, feed: FeedId) -> Option<&FeedCount> {
        self.feeds.get(self.names.feeds.find(&feed)? as usize)
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

impl From<Vec<ChangeHash>> for Heads {
    fn from(mut heads: Vec<ChangeHash>) -> Self {
        heads.sort_unstable();
        match heads[..] {
            [one] => Heads::One(one),
            _ => Heads::Many(heads.into()),
        }
    }
}

impl Heads {
    fn to_vec(&self) -> Vec<ChangeHash> {
        match self {
            Heads::One(head) => vec![*head],
            Heads::Many(heads) => heads.to_vec(),
        }
    }
}
