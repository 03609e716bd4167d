use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, Change, ROOT, ReadDoc};
use model::edit::{self, VisitDraft};
use model::{FeedId, Kind, Reason};

use super::scene::*;
use crate::admission::{Candidate, examine, inspect, name_of};
use crate::hostile;

#[test]
fn an_honest_new_visit_is_adopted_with_its_summary_and_heads() {
    let (document, change) = new_visit();
    let examined = send(None, &[&change], &worker(1));
    let adopted = examined.verdicts[0].as_ref().unwrap();
    assert_eq!(adopted.bytes, change.raw_bytes());
    assert!(!adopted.already);
    let outcome = examined.outcome.unwrap();
    assert_eq!(outcome.heads, vec![change.hash().into()]);
    let summary = model::summarise(&document).unwrap();
    assert_eq!(outcome.summary, summary);
}

#[test]
fn a_chain_of_edits_in_one_pack_is_adopted_and_so_is_another_authors_answer() {
    let (mut document, first) = new_visit();
    let second = note(&mut document, "老人身体很好，电线已修");
    let examined = send(None, &[&first, &second], &worker(1));
    assert!(examined.verdicts.iter().all(Result::is_ok));

    let mut theirs = on_phone_of(&document, &worker(2));
    let third = note(&mut theirs, "老人身体很好，电线已修。邻居也说好");
    let known_now = known(&[&first, &second]);
    assert_eq!(verdict(Some(&known_now), &third, &worker(2)), Ok(()));
    let fourth = review(
        &mut theirs.fork().with_actor(device(8).actor(0)),
        &supervisor(),
    );
    let known_now = known(&[&first, &second, &third]);
    assert_eq!(verdict(Some(&known_now), &fourth, &supervisor()), Ok(()));
}

#[test]
fn a_document_known_as_a_snapshot_is_as_good_as_one_known_as_changes() {
    let (mut document, first) = new_visit();
    let mut snapshot = known(&[&first]);
    snapshot.chunks = document.save();
    let second = note(&mut document, "改了");
    assert_eq!(verdict(Some(&snapshot), &second, &worker(1)), Ok(()));
    snapshot.chunks.extend_from_slice(second.raw_bytes());
    let third = note(&mut document, "又改了");
    assert_eq!(verdict(Some(&snapshot), &third, &worker(1)), Ok(()));
}

#[test]
fn a_change_that_is_there_already_is_accepted_again() {
    let (_, change) = new_visit();
    let examined = send(Some(&known(&[&change])), &[&change, &change], &worker(1));
    for verdict in examined.verdicts {
        assert!(verdict.unwrap().already);
    }
}

#[test]
fn changes_out_of_order_in_one_pack_are_put_in_order() {
    let (mut document, first) = new_visit();
    let second = note(&mut document, "二");
    let examined = send(None, &[&second, &first], &worker(1));
    assert!(examined.verdicts.iter().all(Result::is_ok));
    assert_eq!(examined.order, [1, 0]);
}

#[test]
fn one_bad_change_holds_back_only_what_builds_on_it() {
    let (mut document, first) = new_visit();
    let bad = review(
        &mut document.fork().with_actor(device(1).actor(1)),
        &worker(1),
    );
    let mut with_bad = document.fork().with_actor(device(1).actor(2));
    with_bad.apply_changes([bad.clone()]).unwrap();
    let on_top = note(&mut with_bad, "在它之后");
    let good = note(&mut document, "不相干");
    let examined = send(None, &[&first, &bad, &on_top, &good], &worker(1));
    let outcomes: Vec<_> = examined
        .verdicts
        .iter()
        .map(|verdict| verdict.as_ref().err().copied())
        .collect();
    let expected = [
        None,
        Some(Reason::FieldNotAllowed),
        Some(Reason::Waits),
        None,
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(examined.outcome.unwrap().heads, [good.hash().into()]);
}

#[test]
fn only_one_whole_plain_change_chunk_is_well_formed() {
    let (document, change) = new_visit();
    let raw = change.raw_bytes();
    let body = hostile::body_of(raw);
    let mut wrong_checksum = raw.to_vec();
    wrong_checksum[4] ^= 1;
    let cases: [(&str, Vec<u8>); 9] = [
        ("nothing", Vec::new()),
        ("a header only", raw[..9].to_vec()),
        ("cut", raw[..raw.len() - 1].to_vec()),
        ("one byte more", [raw, &[0]].concat()),
        ("two chunks", [raw, raw].concat()),
        ("a wrong checksum", wrong_checksum),
        ("deflated", change.clone().bytes().into_owned()),
        ("a document", document.save()),
        (
            "a bundle",
            document.bundle([change.hash()]).unwrap().bytes().to_vec(),
        ),
    ];
    for (name, bytes) in cases {
        let verdict = inspect(candidate(&bytes), device(1)).map(|_| ());
        assert_eq!(verdict, Err(Reason::Malformed), "{name}");
    }
    for kind in [0, 2, 3, 4, 255] {
        let bytes = hostile::chunk(kind, body);
        let verdict = inspect(candidate(&bytes), device(1)).map(|_| ());
        assert_eq!(verdict, Err(Reason::Malformed), "chunk type {kind}");
    }
}

#[test]
fn a_change_over_the_size_or_the_number_of_operations_is_named_so() {
    let large = vec![0; model::limits::CHANGE_BYTES + 1];
    let verdict = inspect(candidate(&large), device(1)).map(|_| ());
    assert_eq!(verdict, Err(Reason::TooLarge));

    let mut document = empty(&worker(1));
    let change = edit::edit_note(&mut document, &"哈".repeat(20_001), 1)
        .unwrap()
        .unwrap();
    assert!(change.raw_bytes().len() < model::limits::CHANGE_BYTES);
    let verdict = inspect(candidate(change.raw_bytes()), device(1)).map(|_| ());
    assert_eq!(verdict, Err(Reason::TooManyOperations));
}

#[test]
fn a_few_bytes_that_stand_for_endless_operations_are_counted_not_unfolded() {
    let (_, change) = new_visit();
    // The action column of a change that deletes one key, as a run of 2^40.
    let mut body = Vec::new();
    body.extend([0, 17]);
    body.extend(change.actor_id().to_bytes());
    body.extend([1, 1, 0, 0, 0]);
    let runs: [&[u8]; 2] = [
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x01],
        &[0x00, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20],
    ];
    for run in runs {
        let mut swollen = body.clone();
        swollen.extend([1, 0x42, run.len() as u8]);
        swollen.extend(run);
        let bytes = hostile::chunk(1, &swollen);
        let verdict = inspect(candidate(&bytes), device(1)).map(|_| ());
        assert_eq!(verdict, Err(Reason::TooManyOperations));
    }
    // One operation that claims 2^60 predecessors.
    let mut swollen = body;
    let count = [0x01, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    swollen.extend([2, 0x42, 2, 0x70, count.len() as u8]);
    swollen.extend([0x01, 0x03]);
    swollen.extend(count);
    let bytes = hostile::chunk(1, &swollen);
    let verdict = inspect(candidate(&bytes), device(1)).map(|_| ());
    assert_eq!(verdict, Err(Reason::TooManyOperations));
}

#[test]
fn another_devices_change_is_foreign() {
    let (_, change) = new_visit();
    assert_eq!(
        verdict(None, &change, &worker(2)),
        Err(Reason::ForeignActor)
    );
}

#[test]
fn the_sequence_of_an_actor_has_no_gap_and_no_second_taker() {
    let (mut document, first) = new_visit();
    let mut twin = document.fork().with_actor(device(1).actor(0));
    let second = note(&mut document, "一种");
    let other_second = note(&mut twin, "另一种");
    let known_now = known(&[&first, &second]);
    let verdict_of = |change: &Change| verdict(Some(&known_now), change, &worker(1));
    assert_eq!(verdict_of(&other_second), Err(Reason::SequenceTaken));

    let gap = altered(&second, |change| change.seq = 5);
    let with_first = known(&[&first]);
    assert_eq!(
        verdict(Some(&with_first), &gap, &worker(1)),
        Err(Reason::SequenceGap)
    );

    // The actor's earlier change is here, and this one does not know of it.
    let third = note(&mut document, "三");
    let forgetful = altered(&third, |change| {
        change.deps = vec![first.hash()];
        change.operations.retain(|op| op.pred.is_empty());
    });
    assert_eq!(verdict_of(&forgetful), Err(Reason::SequenceGap));
}

#[test]
fn a_change_on_something_unknown_waits() {
    let (mut document, first) = new_visit();
    let _lost = note(&mut document, "丢了的一步");
    let third = note(&mut document, "第三步");
    let known_now = known(&[&first]);
    assert_eq!(
        verdict(Some(&known_now), &third, &worker(1)),
        Err(Reason::Waits)
    );
}

#[test]
fn a_change_must_be_addressed_to_the_documents_kind_and_a_feed_of_the_sender() {
    let (mut document, first) = new_visit();
    let inspected = |alter: fn(&mut Candidate)| {
        let mut candidate = candidate(first.raw_bytes());
        alter(&mut candidate);
        inspect(candidate, device(1)).unwrap()
    };
    let permit = permit_of(&worker(1));
    let as_door = inspected(|candidate| candidate.kind = Kind::Door);
    let verdicts = examine(None, vec![as_door], &permit).verdicts;
    assert_eq!(verdicts, [Err(Reason::KindMismatch)]);

    let elsewhere = inspected(|candidate| candidate.feed = FeedId::from_bytes([1; 16]));
    let verdicts = examine(None, vec![elsewhere], &permit).verdicts;
    assert_eq!(verdicts, [Err(Reason::FeedNotYours)]);

    let mut moved = known(&[&first]);
    moved.home_feed = FeedId::from_bytes([1; 16]);
    let second = note(&mut document, "搬走以后");
    assert_eq!(
        verdict(Some(&moved), &second, &worker(1)),
        Err(Reason::FeedNotYours)
    );

    let mut a_door = known(&[]);
    a_door.kind = Kind::Door;
    assert_eq!(
        verdict(Some(&a_door), &first, &worker(1)),
        Err(Reason::KindMismatch)
    );
}

#[test]
fn a_grid_worker_writes_no_review_and_no_one_elses_name_and_moves_no_visit() {
    let (mut document, first) = new_visit();
    let known_now = known(&[&first]);
    let mut theirs = on_phone_of(&document, &worker(2));
    let reviewed = review(&mut theirs, &worker(2));
    let expected = Err(Reason::FieldNotAllowed);
    assert_eq!(verdict(Some(&known_now), &reviewed, &worker(2)), expected);

    let mut forged = empty(&worker(1));
    let draft = draft(&worker(2));
    let forged = edit::new_visit(&mut forged, &draft, 1).unwrap().unwrap();
    assert_eq!(verdict(None, &forged, &worker(1)), expected);

    let moved = put(
        &mut document,
        "door",
        model::DocumentId::from_bytes([7; 16]).to_string(),
    );
    assert_eq!(verdict(Some(&known_now), &moved, &worker(1)), expected);
}

#[test]
fn a_second_maker_who_had_not_heard_of_the_first_joins_in_at_the_same_door_only() {
    let (_, first) = new_visit();
    let known_now = known(&[&first]);
    let theirs = |door| {
        let draft = VisitDraft {
            door,
            ..draft(&worker(2))
        };
        edit::new_visit(&mut empty(&worker(2)), &draft, 1_500)
            .unwrap()
            .unwrap()
    };
    let same = theirs(draft(&worker(1)).door);
    let elsewhere = theirs(VISIT);
    assert_eq!(verdict(Some(&known_now), &same, &worker(2)), Ok(()));
    assert_eq!(
        verdict(Some(&known_now), &elsewhere, &worker(2)),
        Err(Reason::FieldNotAllowed)
    );
    let together = known(&[&first, &same]);
    let mut later = empty(&worker(2));
    later.apply_changes([same.clone()]).unwrap();
    let moved = commit(&mut later, |transaction| {
        transaction.put(ROOT, "at", 5_i64).unwrap();
    });
    assert_eq!(
        verdict(Some(&together), &moved, &worker(2)),
        Err(Reason::FieldNotAllowed),
        "the facts of a visit are written once by each maker"
    );
}

#[test]
fn a_write_that_loses_to_a_concurrent_one_is_still_held_to_the_rules() {
    let (document, first) = new_visit();
    let mut at_desk = on_phone_of(&document, &supervisor());
    let reviewed = review(&mut at_desk, &supervisor());
    // The lower actor loses, so the reviewed state shows nothing of it.
    let sly = review(&mut on_phone_of(&document, &worker(1)), &worker(1));
    let known_now = known(&[&first, &reviewed]);
    assert_eq!(
        verdict(Some(&known_now), &sly, &worker(1)),
        Err(Reason::FieldNotAllowed)
    );
}

#[test]
fn nobody_replaces_what_the_genesis_made() {
    let (document, first) = new_visit();
    let known_now = known(&[&first]);
    for member in [worker(1), supervisor()] {
        let mut mine = document.fork().with_actor(member.device.actor(1));
        let replaced = commit(&mut mine, |transaction| {
            transaction
                .put_object(ROOT, "note", automerge::ObjType::Text)
                .unwrap();
        });
        let verdict = verdict(Some(&known_now), &replaced, &member);
        assert_eq!(verdict, Err(Reason::FieldNotAllowed));
    }
}

#[test]
fn a_document_must_still_read_as_its_kind() {
    let (mut document, first) = new_visit();
    let known_now = known(&[&first]);
    let odd = put(&mut document, "outcome", 7_i64);
    assert_eq!(
        verdict(Some(&known_now), &odd, &worker(1)),
        Err(Reason::NotReadable)
    );

    let mut rootless = Automerge::new().with_actor(device(1).actor(0));
    let rootless = put(&mut rootless, "outcome", "met");
    assert_eq!(
        verdict(None, &rootless, &worker(1)),
        Err(Reason::NotReadable)
    );
}

#[test]
fn bytes_are_named_by_the_changes_hash_or_by_their_own() {
    let (_, change) = new_visit();
    assert_eq!(name_of(change.raw_bytes()), change.hash().into());
    // A checksum that was damaged on the way does not change the name.
    let mut damaged = change.raw_bytes().to_vec();
    damaged[5] ^= 0xff;
    assert_eq!(name_of(&damaged), change.hash().into());
    assert_ne!(name_of(b"noise"), name_of(b"other noise"));
    let deflated = change.clone().bytes().into_owned();
    assert_ne!(name_of(&deflated), change.hash().into());
}

fn put(document: &mut Automerge, key: &str, value: impl Into<automerge::ScalarValue>) -> Change {
    commit(document, |transaction| {
        transaction.put(ROOT, key, value).unwrap()
    })
}

fn commit(
    document: &mut Automerge,
    write: impl FnOnce(&mut automerge::transaction::Transaction<'_>),
) -> Change {
    let mut transaction = document.transaction();
    write(&mut transaction);
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(0));
    document.get_change_by_hash(&hash.unwrap()).unwrap()
}
