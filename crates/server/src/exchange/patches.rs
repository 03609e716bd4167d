//! How rows came to be what they are: the last differences of summaries, in memory, so that a phone
//! that has a row is told only what is new in it.
//!
//! Belongs here: remembering and putting together. Does not belong here: whether a patch may be told
//! (`sync::walk`). What is forgotten costs a phone a few bytes more.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use model::{DocumentId, FeedId, Seq, Summary};
use sync::frame::Json;
use sync::merge_patch;
use sync::walk::SummaryPatch;

/// Differences that are remembered: about two days of a street's evening.
const STEPS_MAX: usize = 20_000;

/// The last differences of summaries.
#[derive(Default)]
pub struct Patches {
    steps: Mutex<Steps>,
}

#[derive(Default)]
struct Steps {
    by_document: HashMap<DocumentId, VecDeque<(FeedId, SummaryPatch)>>,
    /// The documents of the steps, oldest step first.
    oldest: VecDeque<DocumentId>,
}

impl Patches {
    /// Notes that the changes at these places of a feed have brought a document's row from `before`
    /// to `after`.
    pub fn note(
        &self,
        (document, feed): (DocumentId, FeedId),
        seqs: &[Seq],
        before: &Summary,
        after: &Summary,
    ) {
        let patch = SummaryPatch {
            json: merge_patch::difference(&json_of(before), &json_of(after)),
            covers: seqs.to_vec(),
        };
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        steps
            .by_document
            .entry(document)
            .or_default()
            .push_back((feed, patch));
        steps.oldest.push_back(document);
        if steps.oldest.len() > STEPS_MAX {
            steps.forget_oldest();
        }
    }

    /// The patch of everything that is remembered of a document after `complete` in this feed. Places
    /// in another feed, where it was before, say nothing here.
    pub fn since(
        &self,
        (document, feed): (DocumentId, FeedId),
        complete: Seq,
    ) -> Option<SummaryPatch> {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let of_feed = steps.by_document.get(&document)?.iter();
        let of_feed = of_feed.filter(|(of, _)| *of == feed).map(|(_, step)| step);
        let mut later = of_feed.filter(|step| step.covers.iter().any(|seq| *seq > complete));
        let mut patch = later.next()?.clone();
        for step in later {
            if !merge_patch::combine(&mut patch.json, &step.json) {
                return None;
            }
            patch.covers.extend_from_slice(&step.covers);
        }
        Some(patch)
    }
}

impl Steps {
    fn forget_oldest(&mut self) {
        let Some(document) = self.oldest.pop_front() else {
            return;
        };
        if let Some(steps) = self.by_document.get_mut(&document) {
            steps.pop_front();
            if steps.is_empty() {
                self.by_document.remove(&document);
            }
        }
    }
}

/// A summary as its JSON object.
pub fn json_of(summary: &Summary) -> Json {
    match serde_json::to_value(summary) {
        Ok(serde_json::Value::Object(json)) => json,
        // A summary is a tagged struct and serialises to nothing else.
        _ => Json::new(),
    }
}

#[cfg(test)]
mod tests {
    use model::summary::VisitSummary;

    use super::*;

    fn visit(note: &str) -> Summary {
        Summary::Visit(VisitSummary {
            note: note.into(),
            ..VisitSummary::default()
        })
    }

    fn document(number: u8) -> (DocumentId, FeedId) {
        let feed = FeedId::from_bytes([0xf1; 16]);
        (DocumentId::from_bytes([number; 16]), feed)
    }

    #[test]
    fn a_patch_tells_of_what_came_after_a_place_and_of_nothing_before() {
        let patches = Patches::default();
        patches.note(document(1), &[4], &visit("一"), &visit("二"));
        patches.note(document(1), &[6, 7], &visit("二"), &visit("三"));
        let patch = patches.since(document(1), 4).unwrap();
        assert_eq!(patch.covers, [6, 7]);
        assert_eq!(patch.json["note"], "三");
        assert_eq!(patches.since(document(1), 3).unwrap().covers, [4, 6, 7]);
        assert_eq!(patches.since(document(1), 7), None);
        assert_eq!(patches.since(document(2), 0), None);
        let elsewhere = (document(1).0, FeedId::from_bytes([0xf2; 16]));
        assert_eq!(patches.since(elsewhere, 0), None);
    }

    #[test]
    fn the_oldest_are_forgotten_first() {
        let patches = Patches::default();
        for seq in 0..=STEPS_MAX as Seq {
            let document = document((seq % 2) as u8);
            patches.note(document, &[seq + 1], &visit("一"), &visit("二"));
        }
        let remembered = |number| patches.since(document(number), 0).unwrap().covers;
        assert_eq!(remembered(0).first(), Some(&3));
        assert_eq!(remembered(1).first(), Some(&2));
        assert_eq!(remembered(0).len() + remembered(1).len(), STEPS_MAX);
    }
}
