//! What happens to one visit: what is written, who adds to it, what the desk
//! says, and when each of it reaches the office.

use automerge::{Automerge, Change};
use model::edit::{EditError, ReviewDraft, edit_note, new_visit, review, set_field, settle};
use model::{DocumentId, FieldPath, Kind, new_document};

use crate::calendar::{DAY, MINUTE, day_of, moment, working_day};
use crate::chance::{Chance, Stream};
use crate::draft::{Moment, draft};
use crate::household::Household;
use crate::item::{Item, Summarised};
use crate::layout::{self, Door};
use crate::people::Worker;
use crate::phrases;
use crate::schedule::Planned;

/// Everything that a visit is told from.
pub struct Setting<'a> {
    /// Seed of the whole practice data.
    pub seed: u64,
    /// The door.
    pub door: &'a Door,
    /// Who lives there.
    pub household: &'a Household,
    /// Who visits.
    pub worker: &'a Worker,
    /// The other worker of the grid.
    pub colleague: &'a Worker,
    /// Who reviews.
    pub supervisor: &'a Worker,
}

/// The changes of one visit with the times at which they arrive, oldest first.
/// `number` is the visit's place in the plan.
pub fn tell(setting: &Setting<'_>, planned: &Planned, number: u64) -> Result<Vec<Item>, EditError> {
    let mut chance = Chance::new(setting.seed, Stream::Visit, number);
    let id = visit_id(&mut chance, planned.at);
    let Some(document) = new_document(&Kind::Visit, setting.worker.device.actor(0)) else {
        return Ok(Vec::new());
    };
    let mut story = Story {
        setting,
        chance,
        id,
        document,
        note: String::new(),
        clock: planned.at,
        items: Vec::new(),
    };
    story.first_save(planned)?;
    match story.chance.below(1000) {
        0..50 => story.colleague_adds()?,
        50..62 => story.both_write()?,
        62..76 => story.both_disagree()?,
        _ => {}
    }
    if story.chance.in_thousand(920) {
        story.desk_reviews()?;
    }
    if let Some(last) = story.items.last_mut() {
        last.summarised = Summarised::of(&story.document);
    }
    Ok(story.items)
}

struct Story<'a> {
    setting: &'a Setting<'a>,
    chance: Chance,
    id: DocumentId,
    document: Automerge,
    /// The note as it reads now.
    note: String,
    /// When the last change arrived.
    clock: i64,
    items: Vec<Item>,
}

impl Story<'_> {
    fn first_save(&mut self, planned: &Planned) -> Result<(), EditError> {
        let moment = Moment {
            at: planned.at,
            care: planned.care,
        };
        let worker = self.setting.worker.person.id;
        let door = (self.setting.door.id, self.setting.household);
        let draft = draft(&mut self.chance, &moment, door, worker);
        self.note.clone_from(&draft.note);
        let change = new_visit(&mut self.document, &draft, planned.at)?;
        self.clock += way_to_signal(&mut self.chance);
        self.arrive(change, self.setting.worker);
        Ok(())
    }

    /// The colleague has read the visit and adds a line.
    fn colleague_adds(&mut self) -> Result<(), EditError> {
        self.clock += self.chance.between(20, 300) * MINUTE;
        let line = self.chance.pick(phrases::SECOND);
        self.add_line(line, self.setting.colleague)
    }

    /// Both write in the stairwell, neither having heard of the other.
    fn both_write(&mut self) -> Result<(), EditError> {
        let mine = format!("{}{}", self.note, self.chance.pick(phrases::CHECKED));
        let theirs = format!("{}{}", self.note, self.chance.pick(phrases::SECOND));
        self.apart(
            |document, time| edit_note(document, &mine, time),
            |document, time| edit_note(document, &theirs, time),
        )
    }

    /// Both settle the outcome, each another way.
    fn both_disagree(&mut self) -> Result<(), EditError> {
        let (mine, theirs) = self.chance.weighted(&[
            (3, (("outcome", "has_matter"), ("outcome", "no_need"))),
            (3, (("outcome", "met"), ("outcome", "phone"))),
            (2, (("checks/gas", "problem"), ("checks/gas", "ok"))),
        ]);
        let write = |(path, value): (&str, &str), document: &mut Automerge, time| {
            set_field(document, &FieldPath::parse(path), value.into(), time)
        };
        self.apart(
            |document, time| write(mine, document, time),
            |document, time| write(theirs, document, time),
        )?;
        if !self.chance.in_thousand(500) {
            return Ok(());
        }
        self.clock = self.desk_time();
        self.document
            .set_actor(self.setting.supervisor.device.actor(0));
        let path = FieldPath::parse(mine.0);
        let change = settle(&mut self.document, &path, theirs.1.into(), self.clock)?;
        self.arrive(change, self.setting.supervisor);
        Ok(())
    }

    fn desk_reviews(&mut self) -> Result<(), EditError> {
        let asked_back = self.chance.in_thousand(40);
        let (state, comments) = match asked_back {
            true => ("asked_back", phrases::QUESTIONS),
            false => ("accepted", phrases::PRAISE),
        };
        let comment = self.chance.pick(comments);
        let silent = !asked_back && self.chance.in_thousand(880);
        self.clock = self.desk_time();
        let draft = ReviewDraft {
            state: state.to_owned(),
            comment: if silent {
                String::new()
            } else {
                comment.to_owned()
            },
            by: self.setting.supervisor.person.id,
            at: self.clock,
        };
        self.document
            .set_actor(self.setting.supervisor.device.actor(0));
        let change = review(&mut self.document, &draft, self.clock)?;
        self.arrive(change, self.setting.supervisor);
        if asked_back && self.chance.in_thousand(600) {
            self.clock += self.chance.between(3, 30) * 60 * MINUTE;
            let line = self.chance.pick(phrases::ANSWERS);
            self.add_line(line, self.setting.worker)?;
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str, writer: &Worker) -> Result<(), EditError> {
        self.note.push_str(line);
        self.document.set_actor(writer.device.actor(0));
        let change = edit_note(&mut self.document, &self.note, self.clock)?;
        self.arrive(change, writer);
        Ok(())
    }

    /// Runs the worker's and the colleague's edit each on a copy of its own,
    /// then brings both together.
    fn apart(
        &mut self,
        mine: impl FnOnce(&mut Automerge, i64) -> Result<Option<Change>, EditError>,
        theirs: impl FnOnce(&mut Automerge, i64) -> Result<Option<Change>, EditError>,
    ) -> Result<(), EditError> {
        let time = self.clock;
        let colleague = self.setting.colleague.device.actor(0);
        let mut other = self.document.clone().with_actor(colleague);
        let my_change = mine(&mut self.document, time)?;
        let their_change = theirs(&mut other, time)?;
        self.clock += self.chance.between(2, 40) * MINUTE;
        self.arrive(my_change, self.setting.worker);
        self.clock += self.chance.between(2, 90) * MINUTE;
        self.arrive(their_change, self.setting.colleague);
        self.document.merge(&mut other)?;
        Ok(())
    }

    fn arrive(&mut self, change: Option<Change>, writer: &Worker) {
        let Some(change) = change else {
            return;
        };
        self.items.push(Item {
            document: self.id,
            kind: Kind::Visit,
            feed: layout::grid_feed(self.setting.door.grid),
            device: writer.device,
            changes: vec![(change.hash().into(), change.raw_bytes().to_vec())],
            at_ms: self.clock,
            summarised: None,
        });
    }

    /// A morning at the desk, one to five days later.
    fn desk_time(&mut self) -> i64 {
        let day = working_day(day_of(self.clock) + self.chance.between(1, 5));
        moment(day, self.chance.between(9 * 60, 11 * 60))
    }
}

/// A version 7 id: its first 48 bits are the time.
fn visit_id(chance: &mut Chance, at: i64) -> DocumentId {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&chance.next().to_be_bytes());
    random[8..].copy_from_slice(&chance.next().to_be_bytes()[..2]);
    let millis = at.unsigned_abs();
    DocumentId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
}

/// How long a change waits in the phone.
fn way_to_signal(chance: &mut Chance) -> i64 {
    let (low, high) = chance.weighted(&[
        (60, (2 * MINUTE, 20 * MINUTE)),
        (32, (30 * MINUTE, 180 * MINUTE)),
        (8, (DAY / 2, DAY)),
    ]);
    chance.between(low, high)
}
