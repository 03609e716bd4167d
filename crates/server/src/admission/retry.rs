//! Second chances: a change in the tray whose missing dependency arrives is tried again by itself,
//! and a supervisor may admit one by hand.

use std::collections::HashSet;

use model::{ChangeHash, DeviceId, DocumentId, FeedId, Kind, Member, Reason, Role, Seq};
use model::{admitting_permit, genesis_hash, permit};
use store::StoreError;
use sync::admission::Candidate;

use super::batch::{self, Held, Judged};
use super::{AdmitError, Sender, Verdict};
use crate::hub::News;
use crate::office::Office;
use crate::tray::TrayEntry;

/// Why a supervisor could not admit a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdmitRefused {
    /// No such entry waits in the tray, or not in this supervisor's community.
    NotThere,
    /// It still cannot be taken.
    Still(Reason),
}

/// A change that left the tray, and its place in the feed.
pub type Admitted = (ChangeHash, Seq);

/// Tries what waits in documents that have just grown by changes of `device`.
pub(super) fn follow(
    office: &Office,
    grown: &Judged,
    device: DeviceId,
    now_ms: i64,
) -> Result<Vec<Admitted>, AdmitError> {
    let mut admitted = Vec::new();
    for document in &grown.grown {
        admitted.extend(
            Following {
                office,
                document: *document,
                device,
                granted: None,
                now_ms,
            }
            .run(Vec::new())?,
        );
    }
    Ok(admitted)
}

/// Admits one change in a supervisor's name, and then what waited for it.
pub fn admit_from_tray(
    office: &Office,
    supervisor: &Member,
    hash: ChangeHash,
    now_ms: i64,
) -> Result<Result<Vec<Admitted>, AdmitRefused>, AdmitError> {
    let Some((entry, bytes)) = office.tray.with_bytes(&hash)? else {
        return Ok(Err(AdmitRefused::NotThere));
    };
    let feed = office
        .desk
        .read()
        .feed_of(entry.document)
        .unwrap_or(entry.feed);
    if !supervisor.feeds.contains(&feed) {
        return Ok(Err(AdmitRefused::NotThere));
    }
    // Whose change it is does not alter with who admits it: its actor must still be that device's.
    let writer = writer_of(office, &entry, None);
    let permit = |kind: &Kind, feed: FeedId| admitting_permit(supervisor, kind, feed);
    let sender = Sender {
        member: &writer,
        permit: &permit,
        carrier: office.identity.device,
        now_ms,
    };
    let judged = batch::judge(
        office,
        &sender,
        vec![candidate(&entry, bytes)],
        Held::AreInTray,
    )?;
    match judged.verdicts.first() {
        Some(Verdict::Accepted(seq)) => {
            office.tray.remove(&[hash])?;
            let following = Following {
                office,
                document: entry.document,
                device: entry.device,
                granted: Some(feed),
                now_ms,
            };
            let admitted = following.run(vec![(hash, *seq)])?;
            office.hub.tell(News::Tray {
                waiting: office.tray.waiting(),
            });
            Ok(Ok(admitted))
        }
        Some(Verdict::Held(reason) | Verdict::Refused(reason)) => {
            Ok(Err(AdmitRefused::Still(*reason)))
        }
        None => Ok(Err(AdmitRefused::NotThere)),
    }
}

/// One round after another over what waits in a document, until nothing more comes in.
struct Following<'a> {
    office: &'a Office,
    document: DocumentId,
    /// The device whose changes have just come in: gaps in its sequence may be closed now.
    device: DeviceId,
    /// A feed in which a supervisor has let the change go ahead that these depend on.
    granted: Option<FeedId>,
    now_ms: i64,
}

impl Following<'_> {
    /// `admitted` is what a supervisor has let in; what comes in after it is added.
    fn run(&self, mut admitted: Vec<Admitted>) -> Result<Vec<Admitted>, AdmitError> {
        loop {
            let ready = self.ready(&admitted)?;
            let before = admitted.len();
            for entry in ready {
                if let Some(seq) = self.try_again(&entry)? {
                    admitted.push((entry.hash, seq));
                }
            }
            if admitted.len() == before {
                break;
            }
        }
        if !admitted.is_empty() {
            self.office.hub.tell(News::Tray {
                waiting: self.office.tray.waiting(),
            });
        }
        Ok(admitted)
    }

    /// Entries that have what they build on. Knowing it without trying keeps a tray full of
    /// hopeless entries from costing an examination each time the document grows.
    ///
    /// What builds on a change that a supervisor has let in goes with it, whatever its own reason is:
    /// it was held for the same cause.
    fn ready(&self, let_in: &[Admitted]) -> Result<Vec<TrayEntry>, StoreError> {
        let mut waiting = self.office.tray.waiting_in(self.document);
        waiting.retain(|entry| self.may_have_come_due(entry, let_in));
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let Some(stored) = self.office.store.document(self.document)? else {
            return Ok(Vec::new());
        };
        let mut here: HashSet<ChangeHash> =
            stored.changes.iter().map(|change| change.hash).collect();
        here.extend(genesis_hash(&stored.kind));
        let mut ready = Vec::new();
        for entry in waiting {
            let mut all_here = !entry.dependencies.is_empty();
            for dependency in &entry.dependencies {
                all_here = all_here && self.is_here(dependency, &here)?;
            }
            if all_here {
                ready.push(entry);
            }
        }
        Ok(ready)
    }

    fn may_have_come_due(&self, entry: &TrayEntry, let_in: &[Admitted]) -> bool {
        let builds_on_let_in = || {
            let_in
                .iter()
                .any(|(hash, _)| entry.dependencies.contains(hash))
        };
        match entry.reason.parse() {
            Ok(Reason::Waits) => true,
            Ok(Reason::SequenceGap) => entry.device == self.device,
            _ => self.granted.is_some() && builds_on_let_in(),
        }
    }

    /// A compacted document no longer lists its changes one by one, but the store still knows them.
    fn is_here(
        &self,
        dependency: &ChangeHash,
        here: &HashSet<ChangeHash>,
    ) -> Result<bool, StoreError> {
        if here.contains(dependency) {
            return Ok(true);
        }
        let held = self.office.store.find_change(self.document, *dependency)?;
        Ok(held.is_some())
    }

    fn try_again(&self, entry: &TrayEntry) -> Result<Option<Seq>, AdmitError> {
        let Some((entry, bytes)) = self.office.tray.with_bytes(&entry.hash)? else {
            return Ok(None);
        };
        let writer = writer_of(self.office, &entry, self.granted);
        let permit = |kind: &Kind, feed: FeedId| permit(&writer, kind, feed);
        let sender = Sender {
            member: &writer,
            permit: &permit,
            carrier: self.office.identity.device,
            now_ms: self.now_ms,
        };
        let judged = batch::judge(
            self.office,
            &sender,
            vec![candidate(&entry, bytes)],
            Held::AreInTray,
        )?;
        match judged.verdicts.first() {
            Some(Verdict::Accepted(seq)) => {
                self.office.tray.remove(&[entry.hash])?;
                Ok(Some(*seq))
            }
            Some(Verdict::Held(reason)) if reason.as_str() != entry.reason => {
                let reason = reason.as_str().to_owned();
                self.office
                    .tray
                    .alter(&entry.hash, |entry| entry.reason = reason)?;
                Ok(None)
            }
            _ => Ok(None),
        }
    }
}

/// The person and device that once sent an entry, with the rights they have today.
fn writer_of(office: &Office, entry: &TrayEntry, granted: Option<FeedId>) -> Member {
    let mut member = office.member_of_device(entry.device).unwrap_or(Member {
        person: entry.person,
        role: Role::GridWorker,
        feeds: Vec::new(),
        device: entry.device,
    });
    member.feeds.extend(granted);
    member
}

fn candidate(entry: &TrayEntry, bytes: Vec<u8>) -> Candidate {
    Candidate {
        document: entry.document,
        kind: entry.kind.clone(),
        feed: entry.feed,
        bytes,
    }
}
