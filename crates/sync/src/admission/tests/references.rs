use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{Automerge, Change, ExpandedChange, ObjType, ROOT, ReadDoc, ScalarValue};
use model::{Member, Reason};

use super::scene::*;

/// A visit that is known, and a worker's next change on it: an empty shell whose
/// operations each test writes.
struct Scene {
    document: Automerge,
    first: Change,
    shell: ExpandedChange,
}

impl Scene {
    fn new() -> Self {
        let (mut document, first) = new_visit();
        let next = note(&mut document, "备用");
        let mut shell = next.decode();
        shell.operations.clear();
        document = new_visit().0;
        Self {
            document,
            first,
            shell,
        }
    }

    fn change(&self, operations: Vec<Op>) -> Change {
        let mut change = self.shell.clone();
        change.operations = operations;
        Change::from(change)
    }

    fn verdict(&self, operations: Vec<Op>) -> Result<(), Reason> {
        let known = known(&[&self.first]);
        verdict(Some(&known), &self.change(operations), &worker(1))
    }

    /// The id of the operation that wrote a root field.
    fn writer_of(&self, key: &str) -> OpId {
        let first = self.first.decode();
        let place = first
            .operations
            .iter()
            .position(|op| op.key == Key::Map(key.into()) && op.obj == ObjectId::Root);
        let place = place.expect("the first change wrote it") as u64;
        OpId::new(first.start_op.get() + place, &first.actor_id)
    }

    /// An object that the genesis made.
    fn object(&self, key: &str) -> ObjectId {
        match self.document.get(ROOT, key).unwrap().unwrap().1 {
            automerge::ObjId::Id(counter, actor, _) => ObjectId::Id(OpId::new(counter, &actor)),
            automerge::ObjId::Root => ObjectId::Root,
        }
    }

    fn own(&self, place: u64) -> OpId {
        OpId::new(self.shell.start_op.get() + place, &self.shell.actor_id)
    }
}

fn put(key: &str, value: impl Into<ScalarValue>, replaces: &[OpId]) -> Op {
    Op {
        action: OpType::Put(value.into()),
        obj: ObjectId::Root,
        key: Key::Map(key.into()),
        pred: replaces.iter().cloned().collect(),
        insert: false,
    }
}

fn insert(text: &ObjectId, after: ElementId, action: OpType) -> Op {
    Op {
        action,
        obj: text.clone(),
        key: Key::Seq(after),
        pred: SortedVec::new(),
        insert: true,
    }
}

fn letter() -> OpType {
    OpType::Put("字".into())
}

#[test]
fn an_operation_that_replaces_its_own_field_is_adopted() {
    let scene = Scene::new();
    let outcome = scene.writer_of("outcome");
    assert_eq!(
        scene.verdict(vec![put("outcome", "phone", &[outcome])]),
        Ok(())
    );
    // Twice in one change, the second in the place of the first.
    let outcome = scene.writer_of("outcome");
    let twice = vec![
        put("outcome", "phone", &[outcome]),
        put("outcome", "met", &[scene.own(0)]),
    ];
    assert_eq!(scene.verdict(twice), Ok(()));
}

#[test]
fn a_write_to_one_field_deletes_no_other() {
    let scene = Scene::new();
    let (by, outcome) = (scene.writer_of("by"), scene.writer_of("outcome"));
    let sly = vec![put("outcome", "phone", &[by, outcome])];
    // Automerge itself goes along with it.
    let mut victim = scene.document.clone();
    victim.apply_changes([scene.change(sly.clone())]).unwrap();
    assert!(victim.get(ROOT, "by").unwrap().is_none());

    assert_eq!(scene.verdict(sly), Err(Reason::Harmful));
}

#[test]
fn a_reference_to_nothing_is_harmful_for_the_saved_document_would_not_load() {
    let scene = Scene::new();
    let outcome = scene.writer_of("outcome");
    let nowhere = OpId::new(2, &scene.shell.actor_id);
    let dangling = vec![put("outcome", "phone", &[outcome, nowhere])];
    let mut victim = scene.document.clone();
    victim
        .apply_changes([scene.change(dangling.clone())])
        .unwrap();
    assert!(Automerge::load(&victim.save()).is_err());

    assert_eq!(scene.verdict(dangling), Err(Reason::Harmful));
}

#[test]
fn deleting_nothing_is_harmful_for_it_leaves_no_trace_when_saved() {
    let scene = Scene::new();
    let mut nothing = put("outcome", 0, &[]);
    nothing.action = OpType::Delete;
    assert_eq!(scene.verdict(vec![nothing]), Err(Reason::Harmful));
}

#[test]
fn a_reference_to_what_the_author_could_not_know_is_harmful() {
    let scene = Scene::new();
    // Worker 2 writes the purpose; worker 1, who has not heard of it, claims to
    // replace it. On a phone where the two arrive the other way round, there
    // would be nothing to replace.
    let mut theirs = on_phone_of(&scene.document, &worker(2));
    let draft = model::edit::VisitDraft {
        purpose: "safety".into(),
        ..draft(&worker(1))
    };
    let concurrent = model::edit::new_visit(&mut theirs, &draft, 1)
        .unwrap()
        .unwrap();
    let known = known(&[&scene.first, &concurrent]);
    let purpose = OpId::new(concurrent.start_op().get(), concurrent.actor_id());
    let acausal = scene.change(vec![put("purpose", "survey", &[purpose])]);
    let verdict = verdict(Some(&known), &acausal, &worker(1));
    assert_eq!(verdict, Err(Reason::Harmful));
}

#[test]
fn operations_work_only_in_objects_that_are_there_and_as_their_type_allows() {
    let scene = Scene::new();
    let note = scene.object("note");
    let missing = ObjectId::Id(OpId::new(4_000, &scene.shell.actor_id));
    let in_object = |object: &ObjectId| Op {
        obj: object.clone(),
        ..put("x", "y", &[])
    };
    let not_an_object = ObjectId::Id(scene.writer_of("outcome"));
    let from_another_text = ElementId::Id(scene.writer_of("by"));
    let cases = [
        ("in a missing object", in_object(&missing)),
        ("in a scalar", in_object(&not_an_object)),
        ("a key in a text", in_object(&note)),
        ("in itself", in_object(&ObjectId::Id(scene.own(0)))),
        (
            "after no element",
            insert(&note, from_another_text, letter()),
        ),
        (
            "an element in a map",
            insert(&ObjectId::Root, ElementId::Head, letter()),
        ),
        (
            "inserting a key",
            Op {
                insert: true,
                ..put("x", "y", &[])
            },
        ),
    ];
    for (name, op) in cases {
        assert_eq!(scene.verdict(vec![op]), Err(Reason::Harmful), "{name}");
    }
}

#[test]
fn operation_numbers_go_on_from_what_is_known_and_do_not_leap() {
    let scene = Scene::new();
    let known = known(&[&scene.first]);
    let honest = scene.shell.start_op.get();
    for start in [1, honest - 1, honest + 1, u64::from(u32::MAX) - 1] {
        let mut change = scene.shell.clone();
        change.operations = vec![put("extra", "值", &[])];
        change.start_op = start.try_into().unwrap();
        let verdict = verdict(Some(&known), &Change::from(change), &worker(1));
        assert_eq!(verdict, Err(Reason::Harmful), "{start}");
    }
    assert_eq!(scene.verdict(vec![put("extra", "值", &[])]), Ok(()));
}

#[test]
fn marks_counters_tables_and_blocks_are_in_no_kind() {
    let scene = Scene::new();
    let note = scene.object("note");
    let on = |action| Op {
        action,
        ..put("extra", 0, &[])
    };
    let block = insert(&note, ElementId::Head, OpType::Make(ObjType::Map));
    let mark = Op {
        insert: true,
        key: Key::head(),
        obj: note,
        ..on(OpType::MarkEnd(true))
    };
    let cases = [
        ("counter", on(OpType::Put(ScalarValue::counter(1)))),
        ("increment", on(OpType::Increment(1))),
        ("table", on(OpType::Make(ObjType::Table))),
        ("block", block),
        ("mark", mark),
    ];
    for (name, op) in cases {
        assert_eq!(scene.verdict(vec![op]), Err(Reason::NotReadable), "{name}");
    }
}

#[test]
fn objects_inside_objects_have_an_end() {
    let scene = Scene::new();
    let nested = |depth: u64| {
        let make = |object| Op {
            obj: object,
            action: OpType::Make(ObjType::Map),
            ..put("in", 0, &[])
        };
        let mut operations = vec![make(ObjectId::Root)];
        operations.extend((0..depth).map(|place| make(ObjectId::Id(scene.own(place)))));
        operations
    };
    assert_eq!(scene.verdict(nested(6)), Ok(()));
    assert_eq!(scene.verdict(nested(10_000)), Err(Reason::NotReadable));
}

#[test]
fn bytes_behind_the_operations_are_refused() {
    let scene = Scene::new();
    let mut change = scene.shell.clone();
    change.operations = vec![put("extra", "值", &[])];
    change.extra_bytes = vec![1, 1, 7];
    let known = known(&[&scene.first]);
    let verdict = verdict_on(Some(&known), Change::from(change).raw_bytes(), &worker(1));
    assert_eq!(verdict, Err(Reason::Malformed));
}

#[test]
fn a_long_key_is_refused_for_every_path_would_repeat_it() {
    let scene = Scene::new();
    let key = "k".repeat(300);
    let operations = vec![put(&key, "值", &[])];
    let bytes = scene.change(operations).raw_bytes().to_vec();
    let known = known(&[&scene.first]);
    let sender: Member = worker(1);
    assert_eq!(
        verdict_on(Some(&known), &bytes, &sender),
        Err(Reason::TooLarge)
    );
}
