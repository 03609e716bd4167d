//! The end of a batch: durable first, then visible, then answered.

use std::collections::{BTreeMap, HashMap};

use model::{ChangeHash, DocumentId, FeedId, Reason, Seq};
use store::{Append, SummaryPut};

use super::{Batch, Held, Judged};
use crate::admission::{AdmitError, Verdict, keep};
use crate::desk::Row;
use crate::exchange::Newcomer;
use crate::hub::News;

impl Batch<'_> {
    /// Makes everything durable, then visible.
    pub(super) fn commit(mut self) -> Result<Judged, AdmitError> {
        let (places, appends): (Vec<usize>, Vec<Append>) =
            std::mem::take(&mut self.adopted).into_iter().unzip();
        // In the order of ids, so that what waits in several documents comes in in one order.
        let mut seqs: BTreeMap<DocumentId, Vec<Seq>> = BTreeMap::new();
        if !appends.is_empty() {
            let appended = self.office.store.append(&appends)?;
            for ((place, append), appended) in places.iter().zip(&appends).zip(appended) {
                self.verdicts[*place] = Some(Verdict::Accepted(appended.seq()));
                seqs.entry(append.document)
                    .or_default()
                    .push(appended.seq());
            }
        }
        if self.held == Held::GoToTray {
            self.clear_tray(&places)?;
            self.fill_tray()?;
        }
        self.publish(&seqs)?;
        let verdicts = self.verdicts.into_iter().map(|verdict| {
            // Every place got its verdict from `take` or above; a hole would mean "not taken".
            verdict.unwrap_or(Verdict::Refused(Reason::Harmful))
        });
        Ok(Judged {
            verdicts: verdicts.collect(),
            names: self.names,
            grown: seqs.into_keys().collect(),
        })
    }

    /// Takes out of the tray what was in it because another device had brought it.
    fn clear_tray(&self, adopted: &[usize]) -> Result<(), AdmitError> {
        let names = adopted.iter().map(|place| self.names[*place]);
        let in_tray = |name: &ChangeHash| self.office.tray.entry(name).is_some();
        let in_tray: Vec<ChangeHash> = names.filter(in_tray).collect();
        if in_tray.is_empty() {
            return Ok(());
        }
        self.office.tray.remove(&in_tray)?;
        self.office.hub.tell(News::Tray {
            waiting: self.office.tray.waiting(),
        });
        Ok(())
    }

    fn fill_tray(&mut self) -> Result<(), AdmitError> {
        let mut entries = Vec::new();
        for (place, verdict) in self.verdicts.iter().enumerate() {
            let Some(Verdict::Held(reason)) = verdict else {
                continue;
            };
            if self.belongs_into_tray(self.names[place], *reason) {
                let candidate = &self.candidates[place];
                entries.push(keep::entry(
                    self.office,
                    self.sender,
                    self.names[place],
                    candidate,
                    *reason,
                ));
            }
        }
        if entries.is_empty() {
            return Ok(());
        }
        let too_many = self.office.tray.keep(entries)?;
        for (name, verdict) in self.names.iter().zip(&mut self.verdicts) {
            if too_many.contains(name) && matches!(verdict, Some(Verdict::Held(_))) {
                *verdict = Some(Verdict::Refused(Reason::TrayFull));
            }
        }
        self.office.hub.tell(News::Tray {
            waiting: self.office.tray.waiting(),
        });
        Ok(())
    }

    /// What is in the tray already stays as it is, unless another device had brought it and it is now
    /// here in its author's name: only under that name can it ever be admitted.
    fn belongs_into_tray(&self, name: ChangeHash, reason: Reason) -> bool {
        let Some(entry) = self.office.tray.entry(&name) else {
            return true;
        };
        entry.device != self.sender.member.device
            && entry.reason == Reason::ForeignActor.as_str()
            && reason != Reason::ForeignActor
    }

    /// Shows what was kept to lists, counts, feeds and listeners. The locks are still held, so that
    /// of two changes to one document the later one shows last.
    fn publish(&mut self, seqs: &BTreeMap<DocumentId, Vec<Seq>>) -> Result<(), AdmitError> {
        let mut heads: HashMap<FeedId, Seq> = HashMap::new();
        let mut rows = Vec::with_capacity(seqs.len());
        let mut summaries = Vec::with_capacity(seqs.len());
        for (document, seqs) in seqs {
            let Some(loaded) = self.loaded.get_mut(document) else {
                continue;
            };
            let (Some(known), Some(outcome)) = (&loaded.known, loaded.outcome.take()) else {
                continue;
            };
            let head = heads.entry(known.home_feed).or_default();
            *head = seqs.iter().copied().fold(*head, Seq::max);
            summaries.push(SummaryPut {
                document: *document,
                heads: outcome.heads.clone(),
                json: outcome.summary.to_json(),
            });
            let row = Row {
                document: *document,
                feed: known.home_feed,
                first_received_at: self.sender.now_ms,
                heads: outcome.heads,
                summary: outcome.summary,
            };
            if let Some(before) = self.office.desk.read().row(*document) {
                let patches = &self.office.patches;
                patches.note((*document, row.feed), seqs, &before.summary, &row.summary);
            }
            rows.push((row, seqs));
        }
        self.office.store.put_summaries(&summaries)?;
        // Before anyone is told that there is something to walk to.
        self.office.newcomers.note(self.newcomers(seqs));
        let mut desk = self.office.desk.write();
        for (row, seqs) in rows {
            desk.put(row, seqs.iter().copied());
        }
        drop(desk);
        for (feed, seq) in heads {
            self.office.hub.tell(News::Feed { feed, seq });
        }
        Ok(())
    }

    /// Documents that came in with this batch. Their locks are held, so nobody else has added to them.
    fn newcomers(&self, seqs: &BTreeMap<DocumentId, Vec<Seq>>) -> Vec<(DocumentId, Newcomer)> {
        let newcomer = |(document, seqs): (&DocumentId, &Vec<Seq>)| {
            let loaded = self.loaded.get(document).filter(|loaded| loaded.is_new)?;
            let newcomer = Newcomer {
                feed: loaded.known.as_ref()?.home_feed,
                seq: seqs.iter().copied().max()?,
                device: self.sender.carrier,
            };
            Some((*document, newcomer))
        };
        seqs.iter().filter_map(newcomer).collect()
    }
}
