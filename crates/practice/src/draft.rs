//! What a worker writes down at a door: purpose, outcome, note, checks, whom they
//! met. What becomes of it later is the story's.

use std::collections::BTreeMap;

use model::edit::VisitDraft;
use model::{DocumentId, PersonId};

use crate::calendar::is_evening;
use crate::chance::Chance;
use crate::household::Household;
use crate::notes;

/// When a visit is made, and why.
pub struct Moment {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Whether it is one of the monthly care visits.
    pub care: bool,
}

/// A visit at a door with this household.
pub fn draft(
    chance: &mut Chance,
    moment: &Moment,
    (door, household): (DocumentId, &Household),
    by: PersonId,
) -> VisitDraft {
    let outcome = outcome(chance, moment, household);
    let note = notes::note(chance, outcome, household);
    VisitDraft {
        door,
        at: moment.at,
        by,
        purpose: purpose(chance, moment.care).to_owned(),
        outcome: outcome.to_owned(),
        note,
        checks: checks(chance, outcome),
        met: notes::met_residents(chance, outcome, household)
            .into_iter()
            .collect(),
    }
}

fn outcome(chance: &mut Chance, moment: &Moment, household: &Household) -> &'static str {
    const VACANT: [u64; 6] = [0, 95, 5, 0, 0, 0];
    const CARE: [u64; 6] = [66, 9, 13, 2, 4, 6];
    const EVENING: [u64; 6] = [52, 14, 6, 6, 14, 8];
    const DAYTIME: [u64; 6] = [40, 34, 6, 4, 9, 7];
    const CODES: [&str; 6] = [
        "met",
        "no_answer",
        "phone",
        "declined",
        "no_need",
        "has_matter",
    ];
    let weights = if household.residents.is_empty() {
        VACANT
    } else if moment.care {
        CARE
    } else if is_evening(moment.at) {
        EVENING
    } else {
        DAYTIME
    };
    let choices: Vec<(u64, &str)> = weights.into_iter().zip(CODES).collect();
    chance.weighted(&choices)
}

fn purpose(chance: &mut Chance, care: bool) -> &'static str {
    if care {
        return chance.weighted(&[(88, "care"), (6, "follow_up"), (6, "safety")]);
    }
    chance.weighted(&[
        (68, "routine"),
        (15, "safety"),
        (11, "survey"),
        (6, "follow_up"),
    ])
}

fn checks(chance: &mut Chance, outcome: &str) -> BTreeMap<String, String> {
    let mut checks = BTreeMap::new();
    if !matches!(outcome, "met" | "has_matter") || !chance.in_thousand(400) {
        return checks;
    }
    for code in ["gas", "wiring", "fire_exit", "water"] {
        if chance.in_thousand(550) {
            let value = chance.weighted(&[(92, "ok"), (6, "problem"), (2, "未能查看")]);
            checks.insert(code.to_owned(), value.to_owned());
        }
    }
    checks
}
