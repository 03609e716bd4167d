//! Putting the answers of one examination back to the places of what was asked.

use model::Reason;
use sync::admission::{Examined, Inspected};

/// Gives those that passed inspection to `examine`, and puts its answers back to their places among
/// the others.
pub(super) fn spread(
    inspected: Vec<Result<Inspected, Reason>>,
    examine: impl FnOnce(Vec<Inspected>) -> Examined,
) -> Examined {
    let mut places = Vec::new();
    let mut passed = Vec::new();
    let mut verdicts = Vec::new();
    for (place, inspected) in inspected.into_iter().enumerate() {
        match inspected {
            Ok(inspected) => {
                places.push(place);
                passed.push(inspected);
                verdicts.push(Err(Reason::Waits));
            }
            Err(reason) => verdicts.push(Err(reason)),
        }
    }
    if passed.is_empty() {
        return Examined {
            verdicts,
            order: Vec::new(),
            outcome: None,
        };
    }
    let examined = examine(passed);
    for (place, verdict) in places.iter().zip(examined.verdicts) {
        verdicts[*place] = verdict;
    }
    let order = examined
        .order
        .into_iter()
        .map(|place| places[place])
        .collect();
    Examined {
        verdicts,
        order,
        outcome: examined.outcome,
    }
}
