//! The end of a story: faults are over, everybody exchanges until all is quiet, and then everything
//! is compared with everything.

use std::collections::{BTreeMap, BTreeSet};

use automerge::Automerge;
use model::{ChangeHash, Reason};
use server::office::documents;
use sync::body::{Encoding, inflate};

use crate::network::{Arriving, Parcel};
use crate::promises::{Broken, Promise};
use crate::story::{Death, Fate, Way};
use crate::witness::{Made, Prose};
use crate::world::{World, text_of, values_of};

/// Exchanges of one phone until it has nothing more to say.
const EXCHANGES_MAX: usize = 40;
/// Rounds of all phones until nothing changes.
const ROUNDS_MAX: usize = 6;

const PLAIN: Way = Way {
    fate: Fate::Now,
    cut: None,
    silences: 0,
};

/// What a world came to, in words that no clock goes into.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    documents: BTreeMap<usize, Vec<String>>,
    tray: BTreeMap<String, String>,
}

impl World {
    /// Brings the world to rest and holds it to every promise.
    pub fn end(&mut self) -> Result<Outcome, Broken> {
        self.come_to_rest()?;
        let accepted = self.hold_everything_is_somewhere()?;
        let mut outcome = Outcome::default();
        for number in 0..self.witness.documents.len() {
            if let Some(document) = self.read(number)? {
                self.hold_words(number, &document, &accepted)?;
                self.hold_values(number, &document, &accepted)?;
                outcome.documents.insert(number, portrait(&document));
            }
        }
        for made in &self.witness.made {
            if let Some(entry) = self.machine.office().tray.entry(&made.hash) {
                let number = self.witness.number(&made.hash);
                outcome.tray.insert(number, entry.reason);
            }
        }
        self.hold_phones_agree()?;
        Ok(outcome)
    }

    fn come_to_rest(&mut self) -> Result<(), Broken> {
        self.say("the faults are over".to_owned());
        // A new start ends whatever was planned for the office and its disk.
        self.die(Death::Kill)?;
        for parcel in std::mem::take(&mut self.parcels) {
            self.deliver(parcel)?;
        }
        // An answer to one of these may be late once more; that one is lost.
        self.parcels.clear();
        for _ in 0..ROUNDS_MAX {
            for phone in 0..self.phones.len() {
                self.settle(phone)?;
            }
            let is_quiet = (0..self.phones.len()).all(|phone| self.agrees(phone).is_ok());
            if is_quiet {
                return Ok(());
            }
        }
        let phones = 0..self.phones.len();
        let words: Vec<String> = phones
            .filter_map(|phone| {
                Some(format!(
                    "{}: {}",
                    self.name(phone),
                    self.agrees(phone).err()?
                ))
            })
            .collect();
        Err(Promise::NumbersAgree.broken(format!("after many exchanges: {}", words.join("; "))))
    }

    fn settle(&mut self, phone: usize) -> Result<(), Broken> {
        for _ in 0..EXCHANGES_MAX {
            let exchange = self.ask(phone)?;
            let pack = inflate(Encoding::Gzip, &exchange.body, usize::MAX >> 1);
            self.deliver(Parcel::Request {
                phone,
                life: self.phones[phone].life,
                exchange,
                arriving: Arriving::over(PLAIN, pack),
                down: PLAIN,
            })?;
            if !self.phones[phone].replica.has_more_to_say() {
                return Ok(());
            }
        }
        let words = format!(
            "{} has something to say after {EXCHANGES_MAX} exchanges",
            self.name(phone)
        );
        Err(Promise::ItEnds.broken(words))
    }

    /// Holds that every change that was saved is in its document or, with a reason, in the tray; and
    /// that nothing good is in the tray. Answers what is in documents.
    fn hold_everything_is_somewhere(&self) -> Result<BTreeSet<ChangeHash>, Broken> {
        self.hold_all_kept()?;
        let office = self.machine.office();
        let mut accepted = BTreeSet::new();
        let mut good = BTreeSet::new();
        for made in &self.witness.made {
            let number = self.witness.number(&made.hash);
            let document = self.witness.documents[made.document].id;
            if self.is_good(made, &good) {
                good.insert(made.hash);
            }
            if matches!(office.store.find_change(document, made.hash), Ok(Some(_))) {
                accepted.insert(made.hash);
                continue;
            }
            let entry = office.tray.with_bytes(&made.hash).ok().flatten();
            let Some((entry, bytes)) = entry else {
                let words = format!("{number} is neither in its document nor in the tray");
                return Err(Promise::NothingIsBlocked.broken(words));
            };
            let has_reason = entry.reason.parse::<Reason>().is_ok() && !bytes.is_empty();
            Promise::NothingIsBlocked.hold(has_reason, || {
                format!("{number} is in the tray without a reason or without its bytes")
            })?;
            Promise::NothingIsBlocked.hold(!good.contains(&made.hash), || {
                format!("{number} is good and waits in the tray: {}", entry.reason)
            })?;
        }
        Ok(accepted)
    }

    /// Whether nothing can keep a change out: its author may write it, was always where the change
    /// is, writes under the device that sends it, and builds on good changes.
    fn is_good(&self, made: &Made, good: &BTreeSet<ChangeHash>) -> bool {
        let builds_on_good = made
            .parents
            .iter()
            .all(|parent| self.witness.change(parent).is_none() || good.contains(parent));
        made.is_allowed && !self.people[made.person].was_moved && !made.is_foreign && builds_on_good
    }

    /// A document as the office reads it; `None` where it has nothing of it.
    fn read(&self, number: usize) -> Result<Option<Automerge>, Broken> {
        let id = self.witness.documents[number].id;
        let stored = self.machine.office().store.document(id);
        let unreadable = |words: String| Promise::AcknowledgedMeansKept.broken(words);
        let Some(stored) = stored.map_err(|error| unreadable(error.to_string()))? else {
            return Ok(None);
        };
        let opened = documents::open(&stored);
        opened
            .map(Some)
            .map_err(|_| unreadable(format!("document {number} does not open")))
    }

    fn hold_words(
        &self,
        number: usize,
        document: &Automerge,
        accepted: &BTreeSet<ChangeHash>,
    ) -> Result<(), Broken> {
        for made in self.accepted_in(number, accepted) {
            let Some((prose, piece)) = &made.words else {
                continue;
            };
            let text = text_of(document, *prose).unwrap_or_default();
            Promise::NobodyIsOverruled.hold(text.matches(piece.as_str()).count() == 1, || {
                format!("{piece} should stand once in document {number}: {text}")
            })?;
        }
        Ok(())
    }

    /// Holds that of the values written into one field all are there that nobody replaced who had
    /// seen them.
    fn hold_values(
        &self,
        number: usize,
        document: &Automerge,
        accepted: &BTreeSet<ChangeHash>,
    ) -> Result<(), Broken> {
        for path in ["outcome", "review/state"] {
            let writers: Vec<(&Made, &String)> = self
                .accepted_in(number, accepted)
                .filter_map(|made| {
                    let set = made.sets.iter().find(|(of, _)| *of == path)?;
                    Some((made, &set.1))
                })
                .collect();
            let mut seen = BTreeSet::new();
            for (made, _) in &writers {
                self.add_ancestors(made, &mut seen);
            }
            let left = writers
                .iter()
                .filter(|(made, _)| !seen.contains(&made.hash));
            let left: BTreeSet<&String> = left.map(|(_, value)| *value).collect();
            let there = values_of(document, path);
            Promise::NobodyIsOverruled.hold(left.iter().copied().eq(&there), || {
                format!("{path} of document {number} should be {left:?} and is {there:?}")
            })?;
        }
        Ok(())
    }

    fn accepted_in<'a>(
        &'a self,
        number: usize,
        accepted: &'a BTreeSet<ChangeHash>,
    ) -> impl Iterator<Item = &'a Made> {
        let made = self.witness.made.iter();
        made.filter(move |made| made.document == number && accepted.contains(&made.hash))
    }

    fn add_ancestors(&self, made: &Made, seen: &mut BTreeSet<ChangeHash>) {
        for parent in &made.parents {
            if seen.insert(*parent)
                && let Some(parent) = self.witness.change(parent)
            {
                self.add_ancestors(parent, seen);
            }
        }
    }

    /// Holds that each phone counts and reads what the office has.
    fn hold_phones_agree(&mut self) -> Result<(), Broken> {
        for phone in 0..self.phones.len() {
            let name = self.name(phone);
            self.agrees(phone)
                .map_err(|words| Promise::NumbersAgree.broken(format!("{name}: {words}")))?;
            let outbox = self.phones[phone].outbox();
            if let Some(left) = outbox.first() {
                let words = format!("{name} still shows {} as unsent", self.witness.number(left));
                return Err(Promise::NumbersAgree.broken(words));
            }
            self.hold_reads_the_same(phone)?;
        }
        Ok(())
    }

    fn hold_reads_the_same(&mut self, phone: usize) -> Result<(), Broken> {
        let name = self.name(phone);
        let feeds: BTreeSet<_> = self.phones[phone].replica.feeds().collect();
        let held: BTreeSet<_> = self.phones[phone].replica.own().map(|(id, _)| id).collect();
        for number in 0..self.witness.documents.len() {
            let id = self.witness.documents[number].id;
            let feed = self.machine.office().desk.read().feed_of(id);
            let is_followed = feed.is_some_and(|feed| feeds.contains(&feed));
            let replica = &mut self.phones[phone].replica;
            if held.contains(&id) || !is_followed || !replica.holds(id) {
                continue;
            }
            let here = replica.open(id).map(|document| portrait(&document));
            let Some(there) = self.read(number)? else {
                continue;
            };
            let there = portrait(&there);
            Promise::NumbersAgree.hold(here.as_ref().ok() == Some(&there), || {
                format!("{name} reads {here:?} in document {number}, the office {there:?}")
            })?;
        }
        Ok(())
    }
}

/// What people wrote in a document.
fn portrait(document: &Automerge) -> Vec<String> {
    let texts = [Prose::Note, Prose::Comment, Prose::Remarks];
    let texts = texts.iter().filter_map(|prose| text_of(document, *prose));
    let fields = ["outcome", "review/state"].map(|path| values_of(document, path).join("|"));
    texts.chain(fields).collect()
}
