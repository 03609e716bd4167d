//! Who may write what.
//!
//! Writing takes a [`Permit`], and only this module makes one, so a forgotten
//! check does not compile. A permit answers for one person, kind and feed; which
//! fields a change touches is told by `fields`.

use automerge::ScalarValue;

use crate::fields::{Action, FieldPath, Touched};
use crate::genesis::made_objects;
use crate::{FeedId, Kind, Member, PersonId, Reason, Role};

/// The proof that somebody may write documents of one kind in one feed, and the
/// rules for the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    person: Option<PersonId>,
    role: Option<Role>,
    kind: Kind,
    feed: FeedId,
    rules: &'static [Rule],
}

/// When a field may be written. The first rule whose pattern fits decides.
type Rule = (&'static str, When);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Never,
    Always,
    /// Only in the change that creates the document.
    Creating,
    /// As `Creating`, and the value is the writer's own person id.
    CreatingOwn,
    /// The value is the writer's own person id.
    Own,
}

use When::{Always, Creating, CreatingOwn, Never, Own};

/// Patterns are paths with slashes. `*` stands for any one key; `**` at the end
/// for this field and everything below it.
const GRID_WORKER_VISIT: &[Rule] = &[
    ("review/**", Never),
    ("sealed/**", Never),
    ("door", Creating),
    ("at", Creating),
    ("by", CreatingOwn),
    ("**", Always),
];
const GRID_WORKER_DOOR: &[Rule] = &[("remarks", Always), ("**", Never)];
const SUPERVISOR_VISIT: &[Rule] = &[
    ("review/by", Own),
    ("review/**", Always),
    ("purpose", Always),
    ("outcome", Always),
    ("at", Always),
    ("checks/*", Always),
    ("**", Never),
];
const SUPERVISOR_DOOR: &[Rule] = &[("sealed/**", Never), ("**", Always)];
const EVERYTHING: &[Rule] = &[("**", Always)];

/// The rules of a role for a kind; `None` where there is nothing to write.
fn rules(role: Role, kind: &Kind) -> Option<&'static [Rule]> {
    match (role, kind) {
        (Role::GridWorker, Kind::Visit) => Some(GRID_WORKER_VISIT),
        (Role::GridWorker, Kind::Door) => Some(GRID_WORKER_DOOR),
        (Role::CommunitySupervisor, Kind::Visit) => Some(SUPERVISOR_VISIT),
        (Role::CommunitySupervisor, Kind::Door) => Some(SUPERVISOR_DOOR),
        (Role::CommunitySupervisor, Kind::Community) => Some(EVERYTHING),
        (Role::GridWorker, Kind::Community) | (_, Kind::Other(_)) => None,
    }
}

/// The permit of `member` to write documents of `kind` in `feed`.
pub fn permit(member: &Member, kind: &Kind, feed: FeedId) -> Result<Permit, Reason> {
    if let Kind::Other(_) = kind {
        return Err(Reason::UnknownKind);
    }
    if !member.feeds.contains(&feed) {
        return Err(Reason::FeedNotYours);
    }
    let rules = rules(member.role, kind).ok_or(Reason::FieldNotAllowed)?;
    Ok(Permit {
        person: Some(member.person),
        role: Some(member.role),
        kind: kind.clone(),
        feed,
        rules,
    })
}

/// The permit under which a supervisor admits a change from the tray. The
/// rules for the sender's feeds and fields are waived; what the genesis made
/// stays untouchable, and the result must still read as its kind.
pub fn admitting_permit(supervisor: &Member, kind: &Kind, feed: FeedId) -> Result<Permit, Reason> {
    if let Kind::Other(_) = kind {
        return Err(Reason::UnknownKind);
    }
    if supervisor.role != Role::CommunitySupervisor || !supervisor.feeds.contains(&feed) {
        return Err(Reason::FeedNotYours);
    }
    Ok(Permit {
        person: Some(supervisor.person),
        role: Some(supervisor.role),
        kind: kind.clone(),
        feed,
        rules: EVERYTHING,
    })
}

/// The permit of the program itself, for imports and practice data.
pub fn office_permit(kind: &Kind, feed: FeedId) -> Permit {
    Permit {
        person: None,
        role: None,
        kind: kind.clone(),
        feed,
        rules: EVERYTHING,
    }
}

impl Permit {
    /// Who writes; `None` for the program itself.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The writer's role; `None` for the program itself.
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// The kind of documents that may be written.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The feed in which they may be written.
    pub fn feed(&self) -> FeedId {
        self.feed
    }

    /// Whether this touch of a field is allowed. `creating` is true for the
    /// first change after the genesis of a document that was not known before.
    pub fn may_write(&self, touched: &Touched, creating: bool) -> bool {
        !touched.path.keys().is_empty()
            && !self.breaks_genesis(touched)
            && match self.when(&touched.path) {
                Never => false,
                Always => true,
                Creating => creating,
                CreatingOwn => creating && self.is_own(touched),
                Own => self.is_own(touched),
            }
    }

    /// Replacing or deleting what the genesis made would take everybody's words
    /// in it out of view, so nobody may.
    fn breaks_genesis(&self, touched: &Touched) -> bool {
        let keys = touched.path.keys();
        let made_by_genesis = matches!(keys, [key] if key == "kind" || key == "schema")
            || made_objects(&self.kind)
                .iter()
                .any(|(path, _)| *path == keys);
        made_by_genesis && touched.action != Action::Edit
    }

    fn when(&self, path: &FieldPath) -> When {
        self.rules
            .iter()
            .find(|(pattern, _)| fits(pattern, path.keys()))
            .map_or(Never, |(_, when)| *when)
    }

    fn is_own(&self, touched: &Touched) -> bool {
        let Some(person) = self.person else {
            return true;
        };
        match &touched.value {
            Some(ScalarValue::Str(text)) => text.parse() == Ok(person),
            _ => false,
        }
    }
}

fn fits(pattern: &str, keys: &[String]) -> bool {
    let mut keys = keys.iter();
    for part in pattern.split('/') {
        if part == "**" {
            return true;
        }
        match keys.next() {
            Some(key) if part == "*" || part == key => {}
            // `review/**` is also `review` itself.
            None if pattern.ends_with("/**") => return false,
            _ => return false,
        }
    }
    keys.next().is_none()
}
