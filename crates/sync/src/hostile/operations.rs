//! Changes that are encoded as they should be and mean what they should not:
//! they pass every check on bytes and reach the rules, and Automerge itself.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Change, ChangeHash, ExpandedChange, ObjType, ScalarValue};

use super::{Attacker, Prey};

impl Attacker {
    pub(super) fn changed_operations(&mut self, prey: Prey<'_>) -> Vec<u8> {
        let place = match self.chance.below(4) {
            0 => self.chance.below(prey.changes.len()),
            _ => prey.changes.len() - 1,
        };
        let original = &prey.changes[place];
        let seen = Seen::of(prey.changes);
        let mut change = original.decode();
        for _ in 0..=self.chance.below(3) {
            match self.chance.below(5) {
                0 => self.misplace(&mut change, prey),
                _ => self.mislead(&mut change, &seen),
            }
        }
        // The encoder has asserts of its own; what it will not write is of no
        // use to an attacker.
        let encoded = crate::guarded(|| Change::from(change));
        match encoded {
            Ok(change) => change.raw_bytes().to_vec(),
            Err(_) => self.changed_body(1, original.raw_bytes()),
        }
    }

    /// Changes where the change stands in the history.
    fn misplace(&mut self, change: &mut ExpandedChange, prey: Prey<'_>) {
        let some = prey.changes[self.chance.below(prey.changes.len())].clone();
        let step = 1 + self.chance.below(3) as u64;
        match self.chance.below(10) {
            0 => change.seq = change.seq.wrapping_add(step),
            1 => change.seq = change.seq.saturating_sub(step),
            2 => change.start_op = change.start_op.saturating_add(step),
            3 => change.start_op = NonZeroU64::new(step).unwrap_or(NonZeroU64::MIN),
            4 => {
                change.start_op =
                    NonZeroU64::new(u64::from(u32::MAX) - step).unwrap_or(NonZeroU64::MIN)
            }
            5 => change.deps.clear(),
            6 => change.deps.push(some.hash()),
            7 => change.deps = vec![ChangeHash([self.chance.byte(); 32])],
            8 => change.actor_id = some.actor_id().clone(),
            _ => change.extra_bytes = vec![1, 2, 7, 7],
        }
        if self.chance.below(8) == 0 {
            change.time = [i64::MIN, -1, i64::MAX][self.chance.below(3)];
            change.message = Some("\u{0}\u{202e}".repeat(self.chance.below(100)));
        }
    }

    /// Changes what one of the operations refers to or does.
    fn mislead(&mut self, change: &mut ExpandedChange, seen: &Seen) {
        if change.operations.is_empty() {
            return;
        }
        let at = self.chance.below(change.operations.len());
        let kind = self.chance.below(12);
        if kind == 0 {
            let copy = change.operations[at].clone();
            let to = self.chance.below(change.operations.len());
            change.operations.insert(to, copy);
            return;
        }
        if kind == 1 {
            change.operations.remove(at);
            return;
        }
        let own = OpId::new(
            change.start_op.get() + self.chance.below(change.operations.len()) as u64,
            &change.actor_id,
        );
        let id = match self.chance.below(5) {
            0 => own,
            1 => self.stray_id(seen),
            _ => seen.ids[self.chance.below(seen.ids.len())].clone(),
        };
        let key = seen.keys[self.chance.below(seen.keys.len())].clone();
        let op = &mut change.operations[at];
        match kind {
            2 => op.obj = ObjectId::Id(id),
            3 => op.obj = ObjectId::Root,
            4 => op.key = Key::Seq(ElementId::Id(id)),
            5 => op.key = Key::Seq(ElementId::Head),
            6 => op.key = key,
            7 => op.insert = !op.insert,
            8 => op.pred = SortedVec::new(),
            9 | 10 => {
                let more = op.pred.iter().cloned().chain([id]);
                op.pred = more.collect();
            }
            _ => op.action = self.action(),
        }
        if self.chance.below(4) == 0 {
            self.aim(op, seen);
        }
    }

    /// Makes the operation one that works on some place of the document as an
    /// honest one would: where it writes is the harm, if any.
    fn aim(&mut self, op: &mut Op, seen: &Seen) {
        let (target, id) = &seen.operations[self.chance.below(seen.operations.len())];
        op.obj = target.obj.clone();
        op.insert = false;
        op.key = match &target.key {
            Key::Seq(_) if target.insert => Key::Seq(ElementId::Id(id.clone())),
            key => key.clone(),
        };
        op.pred = [id.clone()].into_iter().collect();
    }

    fn stray_id(&mut self, seen: &Seen) -> OpId {
        let actor = match self.chance.below(2) {
            0 => ActorId::from(&[self.chance.byte(); 17][..]),
            _ => seen.ids[self.chance.below(seen.ids.len())].actor().clone(),
        };
        let counter = [0, 1, 5_000, u64::from(u32::MAX)][self.chance.below(4)];
        OpId::new(counter, &actor)
    }

    fn action(&mut self) -> OpType {
        let values = [
            ScalarValue::Null,
            ScalarValue::Boolean(true),
            ScalarValue::Int(i64::MIN),
            ScalarValue::Uint(u64::MAX),
            ScalarValue::F64(f64::NAN),
            ScalarValue::Timestamp(i64::MAX),
            ScalarValue::counter(i64::MAX),
            ScalarValue::Bytes(vec![0; 40]),
            ScalarValue::Str("x".repeat(500).into()),
            ScalarValue::Unknown {
                type_code: 11,
                bytes: vec![1, 2, 3],
            },
        ];
        match self.chance.below(16) {
            0 => OpType::Make(ObjType::Map),
            1 => OpType::Make(ObjType::List),
            2 => OpType::Make(ObjType::Text),
            3 => OpType::Make(ObjType::Table),
            4 => OpType::Delete,
            5 => OpType::Increment(1),
            6 => OpType::MarkEnd(true),
            place => OpType::Put(values[place % values.len()].clone()),
        }
    }
}

/// What there is to refer to.
struct Seen {
    operations: Vec<(Op, OpId)>,
    ids: Vec<OpId>,
    keys: Vec<Key>,
}

impl Seen {
    fn of(changes: &[Change]) -> Self {
        let mut operations = Vec::new();
        for change in changes {
            let decoded = change.decode();
            let ids = (change.start_op().get()..).map(|id| OpId::new(id, change.actor_id()));
            operations.extend(decoded.operations.into_iter().zip(ids));
        }
        Self {
            ids: operations.iter().map(|(_, id)| id.clone()).collect(),
            keys: operations.iter().map(|(op, _)| op.key.clone()).collect(),
            operations,
        }
    }
}
