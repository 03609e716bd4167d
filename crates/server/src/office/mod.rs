//! The office: everything the service holds while it runs, and how it is put together at start.
//!
//! Belongs here: opening, who someone is, stopping on a failed store. Does not belong here: HTTP
//! (`api`), how changes get in (`admission`), how feeds go out (`exchange`).

pub mod documents;
mod identity;
mod own;
mod rows;

use std::sync::Arc;

use model::{DeviceId, DocumentId, FeedId, Member, Role};
use store::{Store, StoreError};

use crate::admission::{Guard, Limits, Stripes, Suspects};
use crate::compaction::Grown;
use crate::desk::{Desk, natural_key};
use crate::exchange::{Newcomers, Patches};
use crate::hub::Hub;
use crate::metrics::Counters;
use crate::people::{Attempts, PeopleError, PersonRecord, Registry};
use crate::progress::Report;
use crate::stopping::Stopping;
use crate::tray::Tray;

pub use identity::{Identity, IdentityError, place_of_signing_key};
pub use own::{OwnWrite, WriteError, Written};
pub use rows::{remake_all, take_in};

/// Why the office could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// People, devices or links could not be read.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The office has no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// Everything the service holds.
pub struct Office {
    /// The truth.
    pub store: Arc<dyn Store>,
    /// The office's own device and key.
    pub identity: Identity,
    /// People, devices, links.
    pub people: Registry,
    /// Wrong enrolment codes by address.
    pub attempts: Attempts,
    /// Rows for lists, counts, feeds and digests.
    pub desk: Desk,
    /// How rows have last changed.
    pub patches: Patches,
    /// Who brought the last new documents.
    pub newcomers: Newcomers,
    /// Changes that were not adopted.
    pub tray: Tray,
    /// Live news.
    pub hub: Hub,
    /// What the service counts about itself.
    pub counters: Counters,
    /// The end.
    pub stopping: Stopping,
    /// Documents that wait to be compacted.
    pub grown: Grown,
    pub(crate) guard: Guard,
    pub(crate) stripes: Stripes,
    pub(crate) suspects: Suspects,
}

/// A feed as phones name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFeed {
    /// Which feed.
    pub feed: FeedId,
    /// The grid's or the community's name.
    pub name: String,
    /// `grid` or `community`.
    pub kind: &'static str,
}

impl Office {
    /// Reads everything the service needs in memory. Summaries that are missing are made anew,
    /// which takes the time `report` tells of.
    pub fn open(store: Arc<dyn Store>, now_ms: i64, report: Report<'_>) -> Result<Self, OpenError> {
        let identity = Identity::of_store(&*store, now_ms)?;
        let people = Registry::open(Arc::clone(&store), now_ms)?;
        let tray = Tray::open(Arc::clone(&store))?;
        let index = take_in(&*store, report)?;
        Ok(Self {
            identity,
            people,
            tray,
            desk: Desk::new(index),
            patches: Patches::default(),
            newcomers: Newcomers::default(),
            attempts: Attempts::default(),
            hub: Hub::default(),
            counters: Counters::default(),
            stopping: Stopping::default(),
            grown: Grown::default(),
            guard: Guard::new(Limits::default()),
            stripes: Stripes::default(),
            suspects: Suspects::default(),
            store,
        })
    }

    /// The person at a device, with the feeds they have now.
    pub fn member_of_device(&self, device: DeviceId) -> Option<Member> {
        let person = self.people.owner(device)?;
        let feeds = self
            .feeds_of(&person)
            .into_iter()
            .map(|named| named.feed)
            .collect();
        Some(Member {
            person: person.id,
            role: person.role,
            feeds,
            device,
        })
    }

    /// The feeds a person has now: the community's, and their grids or all of them.
    pub fn feeds_of(&self, person: &PersonRecord) -> Vec<NamedFeed> {
        let desk = self.desk.read();
        let community = desk.community(person.community);
        let name = community
            .map(|community| community.name.clone())
            .unwrap_or_default();
        let mut feeds = vec![NamedFeed {
            feed: person.community.as_feed(),
            name,
            kind: "community",
        }];
        let grids = community.map(|community| &community.grids);
        let grids = grids.into_iter().flatten();
        let all = person.role == Role::CommunitySupervisor;
        let own = grids.filter(|(feed, _)| all || person.grids.contains(feed));
        feeds.extend(own.map(|(feed, grid)| NamedFeed {
            feed: *feed,
            name: grid.name.clone(),
            kind: "grid",
        }));
        // The community first, then its grids in the order people name them.
        feeds[1..].sort_by_cached_key(|named| natural_key(&named.name));
        // A grid that the community does not list (yet) is the person's all the same.
        for feed in &person.grids {
            if !all && feeds.iter().all(|named| named.feed != *feed) {
                feeds.push(NamedFeed {
                    feed: *feed,
                    name: String::new(),
                    kind: "grid",
                });
            }
        }
        feeds
    }

    /// The name of a community, empty while unknown.
    pub fn community_name(&self, community: DocumentId) -> String {
        let desk = self.desk.read();
        desk.community(community)
            .map(|community| community.name.clone())
            .unwrap_or_default()
    }

    /// Notes a store error: if nothing may be acknowledged any more, the service ends.
    pub fn store_failed(&self, error: &StoreError) {
        let harmless = matches!(
            error,
            StoreError::KindMismatch { .. }
                | StoreError::KeyExists { .. }
                | StoreError::TooLarge { .. }
        );
        if harmless {
            tracing::error!(%error, "the store refused a write");
        } else {
            self.stopping
                .fail(&crate::failure::Failure::from(error.clone()));
        }
    }
}
