use std::collections::BTreeMap;

use automerge::{Automerge, Change, ROOT, ReadDoc};
use model::{Kind, Reason};

use super::scene::*;
use crate::admission::{Known, examine, inspect};
use crate::hostile::{Attack, Attacker, Prey};

/// Pieces of hostile bytes per test. Together with the tests of the server,
/// which send them over HTTP, they are many more.
const PIECES: usize = 3_000;

/// A visit with a review, and the hostile worker's own changes on it.
struct Field {
    known: Known,
    before: Automerge,
    honest: Vec<Change>,
    document: Vec<u8>,
    bundle: Vec<u8>,
}

impl Field {
    /// The hostile worker's next change is the last of `honest`, and not known
    /// yet; everything else is.
    fn new() -> Self {
        let (mut document, first) = new_visit();
        let mut at_desk = on_phone_of(&document, &supervisor());
        let reviewed = review(&mut at_desk, &supervisor());
        let mut theirs = on_phone_of(&document, &worker(2));
        let extended = note(&mut theirs, "老人身体好，电线有一处老化，已通知物业");
        document
            .apply_changes([reviewed.clone(), extended.clone()])
            .unwrap();
        let before = document.clone();
        let bytes = document.save();
        let next = note(&mut document, "老人身体很好，电线有一处老化，通知了物业");
        let bundle = document.bundle([next.hash()]).unwrap().bytes().to_vec();
        Self {
            known: known(&[&first, &reviewed, &extended]),
            before,
            honest: vec![reviewed, extended, first, next],
            document: bytes,
            bundle,
        }
    }

    fn prey(&self) -> Prey<'_> {
        Prey {
            changes: &self.honest,
            document: &self.document,
            bundle: &self.bundle,
        }
    }

    /// What a document must still be after an attacker's change was adopted.
    fn assert_unharmed(&self, bytes: &[u8]) {
        let genesis = model::genesis(&Kind::Visit).unwrap();
        let chunks = [genesis, &self.known.chunks, bytes].concat();
        let with = Automerge::load(&chunks).expect("what was adopted loads, change by change");
        assert_eq!(untouchable(&with), untouchable(&self.before));
        let saved = Automerge::load(&with.save()).expect("and as a snapshot");
        assert_eq!(saved.get_heads(), with.get_heads());

        // Whoever has not heard of it writes on, and whoever has, too.
        let change = Change::from_bytes(bytes.to_vec()).unwrap();
        let mut unaware = on_phone_of(&self.before, &worker(2));
        let concurrent = note(&mut unaware, "同时写的");
        unaware.apply_changes([change]).unwrap();
        let mut aware = on_phone_of(&saved, &supervisor());
        aware.apply_changes([concurrent]).unwrap();
        assert_eq!(aware.get_heads(), unaware.get_heads());
        assert_eq!(words(&aware), words(&unaware));
        let later = note(&mut aware, "后来又写的");
        unaware.apply_changes([later]).unwrap();
        assert_eq!(aware.get_heads(), unaware.get_heads());
    }
}

/// Every value, also the losing ones, of the fields that a grid worker may not
/// touch in a visit that is there already.
fn untouchable(document: &Automerge) -> String {
    let values =
        |object: &automerge::ObjId, key: &str| format!("{:?}", document.get_all(object, key));
    let (_, review) = document.get(ROOT, "review").unwrap().unwrap();
    let (_, comment) = document.get(&review, "comment").unwrap().unwrap();
    let fixed = [
        "kind", "schema", "review", "sealed", "note", "checks", "met", "door", "by", "at",
    ];
    let roots: Vec<String> = fixed.iter().map(|key| values(&ROOT, key)).collect();
    let reviews: Vec<String> = document
        .keys(&review)
        .map(|key| values(&review, &key))
        .collect();
    // Actors are numbered per document; that number stands in an id's text.
    let text = format!("{roots:?} {reviews:?} {}", document.text(&comment).unwrap());
    text.replace(|letter: char| letter.is_ascii_digit(), "")
}

fn words(document: &Automerge) -> String {
    let (_, note) = document.get(ROOT, "note").unwrap().unwrap();
    document.text(&note).unwrap()
}

#[test]
fn hostile_bytes_get_a_reason_or_do_no_harm() {
    let field = Field::new();
    let mut attacker = Attacker::new(20_261_122);
    let mut tally: BTreeMap<Attack, BTreeMap<Option<Reason>, usize>> = BTreeMap::new();
    quietly(|| {
        for _ in 0..PIECES {
            let (attack, bytes) = attacker.strike(field.prey());
            let verdict = verdict_on(Some(&field.known), &bytes, &worker(1));
            if verdict.is_ok() {
                field.assert_unharmed(&bytes);
            }
            let reasons = tally.entry(attack).or_default();
            *reasons.entry(verdict.err()).or_default() += 1;
        }
    });
    eprintln!("{tally:#?}");
    // Every kind of attack came, and those that are no plain change never got in.
    assert_eq!(tally.len(), 10);
    for attack in [
        Attack::Swollen,
        Attack::Deflated,
        Attack::Bomb,
        Attack::Bundle,
        Attack::Document,
        Attack::WrongLength,
        Attack::Noise,
    ] {
        assert!(!tally[&attack].contains_key(&None), "{attack:?}");
    }
}

#[test]
fn hostile_bytes_for_a_new_document_get_a_reason_or_do_no_harm() {
    let (document, first) = new_visit();
    let bundle = document.bundle([first.hash()]).unwrap().bytes().to_vec();
    let changes = [first];
    let bytes = document.save();
    let prey = Prey {
        changes: &changes,
        document: &bytes,
        bundle: &bundle,
    };
    let genesis = model::genesis(&Kind::Visit).unwrap();
    let mut attacker = Attacker::new(7);
    quietly(|| {
        for _ in 0..PIECES {
            let (_, bytes) = attacker.strike(prey);
            if verdict_on(None, &bytes, &worker(1)).is_ok() {
                let loaded = Automerge::load(&[genesis, &bytes].concat()).unwrap();
                let saved = Automerge::load(&loaded.save()).unwrap();
                assert_eq!(saved.get_heads(), loaded.get_heads());
                assert!(model::reads_as(&saved, &Kind::Visit).is_ok());
            }
        }
    });
}

#[test]
fn good_changes_in_the_same_pack_as_hostile_ones_are_adopted() {
    let field = Field::new();
    let next = field.honest.last().unwrap();
    let mut attacker = Attacker::new(99);
    quietly(|| {
        for _ in 0..200 {
            // Whatever is well made by itself stands in the pack with the good one.
            let mut pack: Vec<_> = (0..8)
                .filter_map(|_| {
                    let (_, bytes) = attacker.strike(field.prey());
                    inspect(candidate(&bytes), device(1)).ok()
                })
                .collect();
            // The good one first, for a twin that is adopted takes its place.
            pack.insert(0, inspect(candidate(next.raw_bytes()), device(1)).unwrap());
            let examined = examine(Some(&field.known), pack, &permit_of(&worker(1)));
            assert!(examined.verdicts[0].is_ok());
            assert!(examined.outcome.is_some());
        }
    });
}

/// Panics that are caught are not printed, as in the program.
fn quietly(work: impl FnOnce()) {
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !crate::is_guarded() {
                usual(panic);
            }
        }));
    });
    work();
}
