//! What may happen to phones and an office, in any order: the steps of a story and
//! how likely each is.

use proptest::prelude::*;
use proptest::sample::Index;

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Step {
    Visit {
        phone: Index,
    },
    Note {
        phone: Index,
        document: Index,
        at: Index,
    },
    Review {
        phone: Index,
        document: Index,
    },
    Open {
        phone: Index,
        document: Index,
    },
    Exchange {
        phone: Index,
        request: Line,
        response: Line,
    },
    DeliverLate {
        which: Index,
    },
    Compact {
        document: Index,
    },
    Admit {
        which: Index,
    },
    /// Somebody moves a visit to another grid, where that is the trouble of the day.
    Move {
        document: Index,
    },
    /// Somebody takes a copy of the office's data.
    Copy,
    /// The office's disk is gone, and the newest copy is put in place.
    Restore,
}

/// What goes wrong at the office, if anything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    None,
    /// Visits move to another grid, which these phones do not follow.
    Moving,
    /// The office goes back to a copy, once.
    Restoring,
}

/// How a body gets through.
#[derive(Clone, Debug)]
pub enum Line {
    Whole,
    Cut(Index),
    /// The response comes later, perhaps twice; nothing else waits for it.
    Late,
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        4 => Just(Line::Whole),
        2 => any::<Index>().prop_map(Line::Cut),
        1 => Just(Line::Late),
    ]
}

pub fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    prop_oneof![
        3 => index().prop_map(|phone| Step::Visit { phone }),
        6 => (index(), index(), index())
            .prop_map(|(phone, document, at)| Step::Note { phone, document, at }),
        1 => (index(), index()).prop_map(|(phone, document)| Step::Review { phone, document }),
        2 => (index(), index()).prop_map(|(phone, document)| Step::Open { phone, document }),
        8 => (index(), line(), line())
            .prop_map(|(phone, request, response)| Step::Exchange { phone, request, response }),
        2 => index().prop_map(|which| Step::DeliverLate { which }),
        1 => index().prop_map(|document| Step::Compact { document }),
        1 => index().prop_map(|which| Step::Admit { which }),
        1 => index().prop_map(|document| Step::Move { document }),
        1 => Just(Step::Copy),
        1 => Just(Step::Restore),
    ]
}

pub fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        Just(Trouble::None),
        Just(Trouble::Moving),
        Just(Trouble::Restoring)
    ]
}
