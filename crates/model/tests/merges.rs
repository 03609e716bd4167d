//! Merging: whatever arrives, in whatever order, all hold the same, and nobody's
//! words are lost.

mod shared;

use automerge::{Automerge, Change, ScalarValue};
use model::edit::{edit_note, set_field};
use model::{
    DeviceId, FieldPath, Kind, Summary, author_runs, genesis, reads_as, summarise, touched_fields,
};
use proptest::collection::vec;
use proptest::prelude::*;
use shared::{AT, copy, note_of, visit};

/// What one phone does between two meetings.
#[derive(Clone, Debug)]
enum Deed {
    /// Writes words at a place in the note, in thousandths of its length.
    Say(usize, String),
    /// Takes out so many characters at a place.
    Strike(usize, usize),
    /// Sets a field.
    Set(&'static str, &'static str),
    /// Deletes a field.
    Clear(&'static str),
    /// Hears what the phone of that number has.
    Hear(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let field = prop_oneof![
        Just("outcome"),
        Just("purpose"),
        Just("checks/gas"),
        Just("review/state")
    ];
    let value = prop_oneof![Just("ok"), Just("problem"), Just("见面")];
    prop_oneof![
        4 => (0..=1000_usize, "[一-三a-c，。𠮷👍]{1,6}").prop_map(|(place, words)| Deed::Say(place, words)),
        1 => (0..=1000_usize, 1..4_usize).prop_map(|(place, count)| Deed::Strike(place, count)),
        2 => (field.clone(), value).prop_map(|(field, value)| Deed::Set(field, value)),
        1 => field.prop_map(Deed::Clear),
        2 => (0..3_usize).prop_map(Deed::Hear),
    ]
}

fn act(phones: &mut [Automerge], who: usize, deed: &Deed) {
    match deed {
        Deed::Say(place, words) => {
            let mut note: Vec<char> = note_of(&phones[who]).chars().collect();
            let at = note.len() * place / 1000;
            note.splice(at..at, words.chars());
            write(&mut phones[who], &note);
        }
        Deed::Strike(place, count) => {
            let mut note: Vec<char> = note_of(&phones[who]).chars().collect();
            let at = note.len() * place / 1000;
            let end = note.len().min(at + count);
            note.drain(at..end);
            write(&mut phones[who], &note);
        }
        Deed::Set(field, value) => set(&mut phones[who], field, (*value).into()),
        Deed::Clear(field) => set(&mut phones[who], field, ScalarValue::Null),
        Deed::Hear(from) => {
            let mut other = phones[*from].clone();
            phones[who].merge(&mut other).unwrap();
        }
    }
}

fn write(document: &mut Automerge, note: &[char]) {
    let note: String = note.iter().collect();
    edit_note(document, &note, AT).unwrap();
    assert_eq!(note_of(document), note);
}

fn set(document: &mut Automerge, field: &str, value: ScalarValue) {
    set_field(document, &FieldPath::parse(field), value, AT).unwrap();
}

fn play(deeds: &[(usize, Deed)]) -> Vec<Automerge> {
    let base = visit("敲门。");
    let mut phones: Vec<Automerge> = (2..5).map(|number| copy(&base, number)).collect();
    for (who, deed) in deeds {
        act(&mut phones, *who, deed);
    }
    phones
}

/// Every change of all phones, each once.
fn all_changes(phones: &[Automerge]) -> Vec<Change> {
    let mut together = phones[0].clone();
    for phone in &phones[1..] {
        together.merge(&mut phone.clone()).unwrap();
    }
    let mut changes = together.get_changes(&[]);
    changes.remove(0);
    changes
}

/// Applies changes one at a time in the given order, keeping back those whose
/// dependencies have not come, as the server and the phone do.
fn deliver(mut changes: Vec<Change>) -> Automerge {
    let mut document = Automerge::load(genesis(&Kind::Visit).unwrap()).unwrap();
    while !changes.is_empty() {
        let ready = changes.iter().position(|change| {
            let mut deps = change.deps().iter();
            deps.all(|dep| document.get_change_meta_by_hash(dep).is_some())
        });
        let change = changes.remove(ready.expect("some change is ready"));
        document.apply_changes([change]).unwrap();
    }
    document
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn all_hold_the_same_whatever_the_order_of_arrival(
        deeds in vec((0..3_usize, deed()), 1..24),
        order in any::<proptest::sample::Index>(),
    ) {
        let changes = all_changes(&play(&deeds));
        let mut turned = changes.clone();
        turned.rotate_left(order.index(changes.len()));
        let mut reversed = changes.clone();
        reversed.reverse();
        let first = deliver(changes);
        for other in [turned, reversed].map(deliver) {
            prop_assert_eq!(first.get_heads(), other.get_heads());
            prop_assert_eq!(summarise(&first), summarise(&other));
            prop_assert_eq!(author_runs(&first, &note()), author_runs(&other, &note()));
        }
    }

    #[test]
    fn words_written_at_the_same_time_are_all_there(
        first in "[甲乙丙]{1,12}",
        second in "[子丑寅]{1,12}",
        (here, there) in (0..=6_usize, 0..=6_usize),
    ) {
        let base = visit("敲门无人应");
        let insert = |number, place: usize, words: &str| {
            let mut phone = copy(&base, number);
            let mut note: Vec<char> = note_of(&phone).chars().collect();
            let place = place.min(note.len());
            note.splice(place..place, words.chars());
            write(&mut phone, &note);
            phone
        };
        let mut mine = insert(2, here, &first);
        let mut theirs = insert(3, there, &second);
        mine.merge(&mut theirs).unwrap();
        let note = note_of(&mine);
        prop_assert!(note.contains(&first), "{} in {}", first, note);
        prop_assert!(note.contains(&second), "{} in {}", second, note);
        prop_assert_eq!(note.chars().count(), 5 + first.chars().count() + second.chars().count());
    }

    #[test]
    fn author_runs_are_the_note_and_name_who_wrote(deeds in vec((0..3_usize, deed()), 1..24)) {
        let document = deliver(all_changes(&play(&deeds)));
        let runs = author_runs(&document, &note());
        let words: String = runs.iter().map(|run| run.text.as_str()).collect();
        prop_assert_eq!(words, note_of(&document));
        prop_assert!(runs.windows(2).all(|pair| pair[0].actor != pair[1].actor));
        prop_assert!(runs.iter().all(|run| DeviceId::of_actor(&run.actor).is_some()));
    }

    #[test]
    fn whatever_phones_do_reads_and_its_fields_are_told(deeds in vec((0..3_usize, deed()), 1..24)) {
        let changes = all_changes(&play(&deeds));
        let document = deliver(changes.clone());
        prop_assert_eq!(reads_as(&document, &Kind::Visit), Ok(()));
        let summary = summarise(&document).unwrap();
        prop_assert_eq!(Summary::from_json(&summary.to_json()).unwrap(), summary);
        for change in &changes {
            prop_assert!(!touched_fields(&document, change).unwrap().is_empty());
        }
    }
}

fn note() -> FieldPath {
    FieldPath::parse("note")
}
