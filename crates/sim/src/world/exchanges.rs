//! Phones and the office speaking with each other, and what must hold each time.

use std::collections::BTreeSet;

use model::ChangeHash;
use sync::admission::name_of;
use sync::body::{Encoding, inflate};
use sync::frame::{Frame, ReceiptStatus};
use sync::pack::FrameReader;
use sync::replica::Exchange;
use sync::walk::low_half;

use super::{PARCELS_MAX, World, community_feed};
use crate::network::{Arriving, Parcel};
use crate::office::{Served, community};
use crate::promises::{Broken, Promise};
use crate::story::{Fate, Way};
use crate::witness::Word;

/// Nothing of ours is as long.
const PACK_BYTES_MAX: usize = 16 << 20;

impl World {
    pub(super) fn exchange(&mut self, phone: u8, up: Way, down: Way) -> Result<(), Broken> {
        let phone = self.phone(phone);
        let exchange = self.ask(phone)?;
        let pack = inflate(Encoding::Gzip, &exchange.body, PACK_BYTES_MAX);
        let parcel = Parcel::Request {
            phone,
            life: self.phones[phone].life,
            exchange,
            arriving: Arriving::over(up, pack),
            down,
        };
        self.send(up.fate, parcel)
    }

    /// A phone makes its request.
    pub(crate) fn ask(&mut self, phone: usize) -> Result<Exchange, Broken> {
        let clock_ms = self.phone_ms(phone);
        let exchange = self.phones[phone].replica.request(clock_ms);
        let receipted = &self.phones[phone].diary.receipted;
        if let Some(again) = exchange.sent().find(|change| receipted.contains(change)) {
            let words = format!(
                "{} sends {} again, of which it has heard a receipt",
                self.name(phone),
                self.witness.number(&again)
            );
            return Err(Promise::WhatArrivedCounts.broken(words));
        }
        Ok(exchange)
    }

    fn send(&mut self, fate: Fate, parcel: Parcel) -> Result<(), Broken> {
        match fate {
            Fate::Now => self.deliver(parcel),
            Fate::Late => {
                self.say(format!("   {} is late", what(&parcel)));
                self.parcels.push(parcel);
                if self.parcels.len() > PARCELS_MAX {
                    self.parcels.remove(0);
                }
                Ok(())
            }
            Fate::Lost => {
                self.say(format!("   {} is lost", what(&parcel)));
                Ok(())
            }
        }
    }

    pub(super) fn arrive(&mut self, which: u8, again: bool) -> Result<(), Broken> {
        if self.parcels.is_empty() {
            return Ok(());
        }
        let which = usize::from(which) % self.parcels.len();
        let parcel = match again {
            true => self.parcels[which].clone(),
            false => self.parcels.remove(which),
        };
        self.say(format!("{} arrives late", what(&parcel)));
        self.deliver(parcel)
    }

    /// A body arrives.
    pub(crate) fn deliver(&mut self, parcel: Parcel) -> Result<(), Broken> {
        match parcel {
            Parcel::Request {
                phone,
                life,
                exchange,
                arriving,
                down,
            } => {
                let Some(answer) = self.serve(phone, &exchange, &arriving)? else {
                    return Ok(());
                };
                self.answers += 1;
                let answer = Parcel::Answer {
                    phone,
                    life,
                    exchange,
                    number: self.answers,
                    arriving: Arriving::over(down, answer),
                };
                self.send(down.fate, answer)
            }
            Parcel::Answer { phone, life, .. } if self.phones[phone].life != life => {
                self.say(format!(
                    "   nobody hears it: {} was killed",
                    self.name(phone)
                ));
                Ok(())
            }
            Parcel::Answer {
                phone,
                exchange,
                number,
                arriving,
                ..
            } => {
                let by = &mut self.phones[phone];
                by.heard_out_of_order |= number < by.newest_answer;
                by.newest_answer = by.newest_answer.max(number);
                self.hear(phone, &exchange, &arriving)
            }
        }
    }

    /// The office takes a request in.
    fn serve(
        &mut self,
        phone: usize,
        exchange: &Exchange,
        arriving: &Arriving,
    ) -> Result<Option<Vec<u8>>, Broken> {
        let device = self.phones[phone].device;
        let now_ms = self.office_ms();
        let words = format!(
            "{} exchanges: {} changes{}",
            self.name(phone),
            exchange.sent().count(),
            if arriving.is_whole {
                ""
            } else {
                ", cut off on the way up"
            }
        );
        self.say(words);
        let changes = self.changes_in(phone, arriving);
        let answer = match self.machine.serve(device, arriving, now_ms) {
            Served::Answer(pack) => {
                if let Some((document, lost)) = changes
                    .iter()
                    .find(|(document, change)| !self.is_kept(*document, change))
                {
                    let words = format!(
                        "{} of document {:?} arrived, was answered, and is not at the office",
                        self.witness.number(lost),
                        self.witness.place(*document)
                    );
                    return Err(Promise::WhatArrivedCounts.broken(words));
                }
                Some(pack)
            }
            Served::Refused("token_unknown") => {
                let words = format!(
                    "{} is enrolled, and the office does not know it",
                    self.name(phone)
                );
                return Err(Promise::AcknowledgedMeansKept.broken(words));
            }
            Served::Refused(code) => {
                self.say(format!("   refused: {code}"));
                None
            }
            Served::Died(how) => {
                self.say(format!("   the office dies over it ({how:?})"));
                self.die(how)?;
                None
            }
        };
        self.after_write(false)?;
        Ok(answer)
    }

    /// The changes that are whole in what arrives.
    fn changes_in(
        &self,
        phone: usize,
        arriving: &Arriving,
    ) -> Vec<(model::DocumentId, ChangeHash)> {
        let mut reader = FrameReader::for_request(self.phones[phone].device, community());
        reader.push(&arriving.pack);
        let mut changes = Vec::new();
        while let Ok(Some(frame)) = reader.next_frame() {
            if let Frame::Change(change) = frame {
                changes.push((change.document, name_of(&change.bytes)));
            }
        }
        changes
    }

    /// A phone hears an answer, and what it then believes is held against what it was told and
    /// against what is so.
    fn hear(
        &mut self,
        phone: usize,
        exchange: &Exchange,
        arriving: &Arriving,
    ) -> Result<(), Broken> {
        let was_repairing = self.phones[phone].replica.is_repairing();
        let before = self.phones[phone].outbox();
        let heard = self.phones[phone].replica.receive(exchange, &arriving.pack);
        let named = self.note_receipts(phone, exchange, arriving);
        let after = self.phones[phone].outbox();
        self.say(format!(
            "   {} hears {} receipts, {} documents{}",
            self.name(phone),
            heard.receipts,
            heard.documents,
            if heard.complete {
                ""
            } else {
                ", and then nothing"
            }
        ));
        if let Some(gone) = before
            .difference(&after)
            .find(|change| !named.contains(*change))
        {
            let words = format!(
                "{} has left the outbox of {} without a receipt that names it",
                self.witness.number(gone),
                self.name(phone)
            );
            return Err(Promise::TypedMeansKept.broken(words));
        }
        if heard.complete && heard.is_signed == Some(false) {
            let words = format!("{} cannot verify its receipts", self.name(phone));
            return Err(Promise::AcknowledgedMeansKept.broken(words));
        }
        for change in &named {
            self.hold_kept(change)?;
        }
        let replica = &self.phones[phone].replica;
        // What it asks for by name explains a difference.
        let by = &self.phones[phone];
        let has_reason =
            by.heard_out_of_order || by.has_forgotten || replica.wanted().next().is_some();
        if replica.is_repairing() && !was_repairing && !has_reason {
            let differing = self.differing(phone);
            let words = format!(
                "{} finds that its digests differ: {differing}",
                self.name(phone)
            );
            return Err(Promise::NumbersAgree.broken(words));
        }
        self.hold_outbox(phone)
    }

    /// Writes down what receipts say, as an outsider reads them.
    fn note_receipts(
        &mut self,
        phone: usize,
        exchange: &Exchange,
        arriving: &Arriving,
    ) -> BTreeSet<ChangeHash> {
        let sent: Vec<ChangeHash> = exchange.sent().collect();
        let mut reader = FrameReader::for_response(exchange.common().cloned());
        reader.push(&arriving.pack);
        let mut words = Vec::new();
        while let Ok(Some(frame)) = reader.next_frame() {
            match frame {
                Frame::Receipt(receipt) => {
                    let word = match receipt.status {
                        ReceiptStatus::Accepted => Word::Accepted(receipt.seq),
                        ReceiptStatus::Held => Word::Held,
                        ReceiptStatus::Refused => continue,
                    };
                    let named = sent.iter().filter(|one| one.prefix() == receipt.change);
                    words.extend(named.map(|change| (*change, word)));
                }
                Frame::Receipts(run) => {
                    let first = run.first as usize;
                    let named = sent.iter().skip(first).take(run.count as usize);
                    words.extend(
                        named
                            .zip(run.seq..)
                            .map(|(change, seq)| (*change, Word::Accepted(seq))),
                    );
                }
                _ => {}
            }
        }
        self.phones[phone]
            .diary
            .receipted
            .extend(words.iter().map(|(change, _)| *change));
        let named = words.iter().map(|(change, _)| *change).collect();
        self.witness.acknowledged.extend(words);
        named
    }

    /// Holds that everything saved on a phone is in its outbox until a receipt has named it.
    pub(crate) fn hold_outbox(&self, phone: usize) -> Result<(), Broken> {
        let outbox = self.phones[phone].outbox();
        let diary = &self.phones[phone].diary;
        let mut unsent = diary.saved.difference(&diary.receipted);
        match unsent.find(|change| !outbox.contains(*change)) {
            None => Ok(()),
            Some(gone) => {
                let words = format!(
                    "{} was saved on {}, no receipt has named it, and the outbox does not have it",
                    self.witness.number(gone),
                    self.name(phone)
                );
                Err(Promise::TypedMeansKept.broken(words))
            }
        }
    }

    /// The documents of which a phone and the office have different digests.
    fn differing(&self, phone: usize) -> String {
        let office = self.machine.office();
        let replica = &self.phones[phone].replica;
        let mut words = Vec::new();
        for (number, document) in self.witness.documents.iter().enumerate() {
            let there = office
                .desk
                .read()
                .document_digest(document.id)
                .map(low_half);
            let here = replica.document_digest(document.id);
            let feed = office.desk.read().feed_of(document.id);
            let is_followed = feed.is_some_and(|feed| replica.feeds().any(|one| one == feed));
            if here.is_some() != (is_followed && there.is_some()) || (is_followed && here != there)
            {
                words.push(format!("document {number}"));
            }
        }
        words.join(", ")
    }

    /// Whether a phone's digests and cursors are the office's, feed by feed.
    pub(crate) fn agrees(&self, phone: usize) -> Result<(), String> {
        let office = self.machine.office();
        let replica = &self.phones[phone].replica;
        for feed in replica.feeds() {
            let name = if feed == community_feed() {
                "community"
            } else {
                "grid"
            };
            let Some((head, digest)) = office.desk.read().digest(feed) else {
                return Err(format!(
                    "the office does not know how its {name} feed stands"
                ));
            };
            if replica.cursor(feed) != head {
                let cursor = replica.cursor(feed);
                return Err(format!(
                    "its {name} feed stands at {cursor}, the office's at {head}"
                ));
            }
            if replica.digest(feed) != low_half(digest) {
                return Err(format!("the digests of its {name} feed differ"));
            }
        }
        Ok(())
    }
}

fn what(parcel: &Parcel) -> String {
    match parcel {
        Parcel::Request { phone, .. } => format!("the request of phone {phone}"),
        Parcel::Answer { phone, .. } => format!("the answer to phone {phone}"),
    }
}
