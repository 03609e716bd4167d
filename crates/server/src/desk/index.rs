//! Every document's row in memory: what lists, counts, feed walks and digests are answered from.
//!
//! Belongs here: taking rows in and finding one. Does not belong here: filters and pages
//! (`visits`, `doors`), counts (`numbers`), heads and digests of feeds (`feeds`). Nothing that is
//! written depends on a row.

use std::collections::HashMap;

use model::summary::{CommunitySummary, DoorSummary, VisitSummary};
use model::{ChangeHash, DocumentId, FeedId, Kind, Seq, Summary};

use super::documents::{Documents, Slot};
use super::feeds::Feeds;
use super::last::LastVisits;
use super::rows::{DoorRow, Names, VisitRow, Visits};

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
    pub(super) documents: Documents,
    /// Visits in the order of their first arrival.
    pub(super) visits: Visits,
    /// Doors by their number; `None` for a door that only a visit speaks of.
    pub(super) doors: Vec<Option<DoorRow>>,
    pub(super) last: LastVisits,
    pub(super) feeds: Feeds,
    /// Communities, each with the number of the feed that lists it.
    communities: HashMap<DocumentId, (u32, CommunitySummary)>,
}

impl Index {
    /// Takes in a document's newest row. `seqs` are the places of the changes that made it.
    pub fn put(&mut self, row: Row, seqs: impl IntoIterator<Item = Seq>) {
        let feed = self.names.feeds.number(&row.feed);
        let number = self.documents.number(row.document);
        let old = self.documents.slot(number);
        if let Some(slot) = old {
            let before = self.feed_number(row.document, slot);
            let digest = self.documents.digest(number);
            if let Some((before, digest)) = before.zip(digest) {
                self.feeds.subtract(before, digest);
            }
        }
        let slot = match row.summary {
            Summary::Community(summary) => {
                self.communities.insert(row.document, (feed, summary));
                Slot::Community
            }
            Summary::Door(summary) => self.put_door(row.document, feed, summary),
            Summary::Visit(summary) => match old {
                Some(Slot::Visit(place)) => self.set_visit(place, feed, &summary),
                _ => self.push_visit((number, feed), row.first_received_at, &summary),
            },
        };
        let digest = self.documents.put(number, slot, row.heads);
        self.feeds.add(feed, digest, seqs);
    }

    fn put_door(&mut self, document: DocumentId, feed: u32, summary: DoorSummary) -> Slot {
        let number = self.names.doors.number(&document);
        let row = DoorRow::new(document, feed, summary, &mut self.names);
        self.make_room_for_doors();
        if let Some(door) = self.doors.get_mut(number as usize) {
            *door = Some(row);
        }
        Slot::Door(number)
    }

    fn push_visit(&mut self, numbers: (u32, u32), arrived: i64, summary: &VisitSummary) -> Slot {
        let row = VisitRow::new(numbers, arrived, summary, &mut self.names);
        self.make_room_for_doors();
        // As many rows as numbers would need more memory than any machine this runs on.
        let place = u32::try_from(self.visits.len()).unwrap_or(u32::MAX);
        self.visits.push(row);
        self.last.take(place, &self.visits);
        Slot::Visit(place)
    }

    fn set_visit(&mut self, place: u32, feed: u32, summary: &VisitSummary) -> Slot {
        if let Some(old) = self.visits.get(place) {
            let numbers = (old.document, feed);
            let row = VisitRow::new(numbers, old.received_at, summary, &mut self.names);
            self.make_room_for_doors();
            self.visits.set(place, row);
            if self.last.place(old.door) == Some(place) {
                self.last.look_again(old.door, &self.visits);
            }
            self.last.take(place, &self.visits);
            old.let_go(&mut self.names, &row);
            self.visits.compact(&mut self.names);
        }
        Slot::Visit(place)
    }

    /// A door that is spoken of has a place in the list, so that counts can be kept beside it.
    fn make_room_for_doors(&mut self) {
        let spoken_of = self.names.doors.values().len();
        self.doors.resize_with(spoken_of, || None);
    }

    /// Puts visits into the order of arrival; called once, after the rows of a start were taken in.
    pub fn sort_visits(&mut self) {
        let visits = &self.visits;
        let mut order: Vec<u32> = (0..).take(visits.len()).collect();
        // No two rows have the same document, and sorting in place needs no second list.
        order.sort_unstable_by_key(|place| {
            let place = *place as usize;
            (
                visits.received_at[place],
                self.documents.id(visits.document[place]),
            )
        });
        self.visits.reorder(&order);
        for (place, document) in (0..).zip(&self.visits.document) {
            self.documents.set_slot(*document, Slot::Visit(place));
        }
        self.last.count(&self.visits);
    }

    /// A document's heads and summary.
    pub fn row(&self, document: DocumentId) -> Option<Row> {
        let number = self.documents.find(document)?;
        let slot = self.documents.slot(number)?;
        let (summary, first_received_at) = match slot {
            Slot::Community => {
                let (_, summary) = self.communities.get(&document)?;
                (Summary::Community(summary.clone()), 0)
            }
            Slot::Door(_) => (Summary::Door(self.door(document)?.summary.clone()), 0),
            Slot::Visit(place) => {
                let row = self.visits.get(place)?;
                (Summary::Visit(row.summary(&self.names)), row.received_at)
            }
        };
        let feed = self.feed_number(document, slot)?;
        Some(Row {
            document,
            feed: *self.names.feeds.value(feed)?,
            first_received_at,
            heads: self.documents.heads(number),
            summary,
        })
    }

    /// A document's share of its feed's digest: `model::document_digest` of its heads.
    pub fn document_digest(&self, document: DocumentId) -> Option<u64> {
        self.documents.digest(self.documents.find(document)?)
    }

    /// The feed that lists a document.
    pub fn feed_of(&self, document: DocumentId) -> Option<FeedId> {
        let feed = self.feed_number(document, self.slot(document)?)?;
        self.names.feeds.value(feed).copied()
    }

    /// A document's kind.
    pub fn kind_of(&self, document: DocumentId) -> Option<Kind> {
        Some(match self.slot(document)? {
            Slot::Community => Kind::Community,
            Slot::Door(_) => Kind::Door,
            Slot::Visit(_) => Kind::Visit,
        })
    }

    fn slot(&self, document: DocumentId) -> Option<Slot> {
        self.documents.slot(self.documents.find(document)?)
    }

    fn feed_number(&self, document: DocumentId, slot: Slot) -> Option<u32> {
        match slot {
            Slot::Community => self.communities.get(&document).map(|(feed, _)| *feed),
            Slot::Door(number) => Some(self.doors.get(number as usize)?.as_ref()?.feed),
            Slot::Visit(place) => self.visits.feed.get(place as usize).copied(),
        }
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
            .map(|(id, (_, summary))| (*id, summary))
            .collect();
        all.sort_by_key(|(id, _)| *id);
        all
    }

    /// One community.
    pub fn community(&self, id: DocumentId) -> Option<&CommunitySummary> {
        self.communities.get(&id).map(|(_, summary)| summary)
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
