//! Writing the practice visits on all processors at once. They still come in their order, so what
//! is made does not depend on how many hands made it.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Scope, available_parallelism};

use model::edit::EditError;
use practice::{Item, Practice};

/// Visits that one hand writes before another's turn comes.
const TURN: usize = 256;
/// Turns that a hand may be ahead.
const TURNS_AHEAD: usize = 4;

type Told = Result<Vec<Item>, EditError>;

/// What [`Practice::visit`] gives for each number. The hands end with `scope`, or when nobody
/// takes what they write.
pub fn visits<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    practice: &'env Practice,
) -> impl Iterator<Item = Told> + use<> {
    let hands = available_parallelism().map_or(1, NonZeroUsize::get);
    let turns = practice.visit_count().div_ceil(TURN);
    let written: Vec<Receiver<Vec<Told>>> = (0..hands)
        .map(|hand| {
            let (sender, written) = sync_channel(TURNS_AHEAD);
            scope.spawn(move || {
                for turn in (hand..turns).step_by(hands) {
                    let numbers = turn * TURN..practice.visit_count().min((turn + 1) * TURN);
                    let visits = numbers.map(|number| practice.visit(number)).collect();
                    if sender.send(visits).is_err() {
                        return;
                    }
                }
            });
            written
        })
        .collect();
    // A hand that panicked sends nothing more, and the scope passes its panic on.
    (0..turns).flat_map(move |turn| written[turn % hands].recv().unwrap_or_default())
}
