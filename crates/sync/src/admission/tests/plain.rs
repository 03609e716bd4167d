use automerge::Change;
use model::edit::{self, VisitDraft};
use model::{Kind, PersonId};

use super::scene::*;
use crate::admission::examine::examine_at_length;
use crate::admission::{Inspected, inspect, plain};
use crate::hostile::{Attack, Attacker, Prey};

/// What the short way says, which must be nothing, or what the long way says.
fn short_way(bytes: &[u8]) -> bool {
    let by = worker(1);
    let Ok(inspected) = inspect(candidate(bytes), by.device) else {
        return false;
    };
    agrees(inspected)
}

fn agrees(inspected: Inspected) -> bool {
    let permit = permit_of(&worker(1));
    let Some(short) = plain::examine(&inspected, &permit) else {
        return false;
    };
    assert_eq!(short, examine_at_length(None, &[inspected], &permit));
    true
}

fn visit(draft: &VisitDraft) -> Change {
    let mut document = empty(&worker(1));
    let change = edit::new_visit(&mut document, draft, 1_700_000_000_000);
    change.unwrap().unwrap()
}

#[test]
fn what_phones_write_for_a_new_visit_takes_the_short_way_to_the_same_outcome() {
    let whole = draft(&worker(1));
    let people = (0..6).map(|number| PersonId::from_bytes([number * 40; 16]));
    let drafts = [
        whole.clone(),
        VisitDraft {
            note: String::new(),
            ..whole.clone()
        },
        VisitDraft {
            note: "长".repeat(900),
            ..whole.clone()
        },
        VisitDraft {
            note: "换行\n与 👨‍👩‍👧 和 e\u{301}".to_owned(),
            ..whole.clone()
        },
        VisitDraft {
            purpose: String::new(),
            outcome: String::new(),
            ..whole.clone()
        },
        VisitDraft {
            outcome: "没见过的代码".to_owned(),
            ..whole.clone()
        },
        VisitDraft {
            checks: Default::default(),
            met: Default::default(),
            ..whole.clone()
        },
        VisitDraft {
            met: people.collect(),
            ..whole.clone()
        },
        VisitDraft {
            at: -5,
            ..whole.clone()
        },
        VisitDraft {
            checks: ["gas", "wiring", "a/b", "空"]
                .map(|code| (code.into(), "ok".into()))
                .into(),
            ..whole
        },
    ];
    for draft in drafts {
        assert!(short_way(visit(&draft).raw_bytes()), "{draft:?}");
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_long_way() {
    let first = visit(&draft(&worker(1)));
    let twice = VisitDraft {
        by: worker(2).person,
        ..draft(&worker(1))
    };
    let strangers = visit(&twice);
    let late = VisitDraft {
        at: i64::MAX,
        ..draft(&worker(1))
    };
    let with_message = altered(&first, |change| change.message = Some("x".to_owned()));
    let not_next = altered(&first, |change| change.seq = 2);
    for change in [strangers, visit(&late), with_message, not_next] {
        assert!(!short_way(change.raw_bytes()));
    }
    let elsewhere = inspect(
        crate::admission::Candidate {
            kind: Kind::Door,
            ..candidate(first.raw_bytes())
        },
        worker(1).device,
    );
    assert!(!agrees(elsewhere.unwrap()));
}

#[test]
fn no_hostile_first_change_gets_further_on_the_short_way() {
    let (document, first) = new_visit();
    let bytes = document.save();
    let bundle = document.bundle([first.hash()]).unwrap().bytes().to_vec();
    let changes = [first];
    let prey = Prey {
        changes: &changes,
        document: &bytes,
        bundle: &bundle,
    };
    let mut attacker = Attacker::new(40);
    let mut taken = 0;
    for _ in 0..PIECES {
        let (attack, bytes) = attacker.strike(prey);
        // Only these can be a change of their own after all checks on bytes.
        if matches!(attack, Attack::ChangedOperations | Attack::ChangedBytes) {
            taken += usize::from(short_way(&bytes));
        }
    }
    // Some change nothing but a value, which is anybody's right.
    assert!(taken > PIECES / 200, "{taken}");
}

const PIECES: usize = 6_000;
