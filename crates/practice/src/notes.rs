//! Putting notes together from phrases.

use model::PersonId;

use crate::chance::Chance;
use crate::household::{Household, Resident};
use crate::phrases;

/// The note of a visit with this outcome at this household.
pub fn note(chance: &mut Chance, outcome: &str, household: &Household) -> String {
    let spoken_with = spoken_with(chance, household);
    let old = spoken_with.is_some_and(|resident| resident.age >= 60);
    let who = spoken_with.map_or_else(|| "住户".to_owned(), address);
    let mut note = String::new();
    match outcome {
        "met" => met(chance, household, old, &mut note),
        "no_need" => note += chance.pick(phrases::NO_NEED),
        "phone" if old => note += chance.pick(phrases::PHONE_ELDER),
        "phone" => note += chance.pick(phrases::PHONE_ADULT),
        "declined" => note += chance.pick(phrases::DECLINED),
        "has_matter" => note += chance.pick(phrases::MATTER),
        _ => note += chance.pick(phrases::NO_ANSWER),
    }
    match outcome {
        "met" => note += chance.pick(phrases::CLOSING),
        "has_matter" => note += chance.pick(phrases::MATTER_CLOSING),
        _ => {}
    }
    note.replace("{who}", &who)
}

/// The residents a visit with this outcome met.
pub fn met_residents(chance: &mut Chance, outcome: &str, household: &Household) -> Vec<PersonId> {
    if !matches!(outcome, "met" | "no_need" | "has_matter") {
        return Vec::new();
    }
    let mut met: Vec<PersonId> = household
        .residents
        .iter()
        .filter(|_| chance.in_thousand(450))
        .map(|resident| resident.id)
        .collect();
    if met.is_empty() {
        met.extend(household.residents.first().map(|resident| resident.id));
    }
    met
}

fn met(chance: &mut Chance, household: &Household, old: bool, note: &mut String) {
    *note += chance.pick(if old { phrases::ELDER } else { phrases::ADULT });
    if let Some(child) = household.child()
        && chance.in_thousand(300)
    {
        *note += &chance.pick(phrases::CHILD).replace("{child}", &child.name);
    }
    let disabled = household
        .residents
        .iter()
        .any(|resident| resident.tags.contains("disabled"));
    if disabled && chance.in_thousand(500) {
        *note += chance.pick(phrases::DISABLED);
    }
    if chance.in_thousand(450) {
        *note += chance.pick(phrases::CHECKED);
    }
}

fn spoken_with<'a>(chance: &mut Chance, household: &'a Household) -> Option<&'a Resident> {
    match household.elder() {
        Some(elder) if chance.in_thousand(750) => Some(elder),
        _ => household
            .residents
            .iter()
            .find(|resident| resident.age >= 18),
    }
}

/// How a worker speaks of a resident: elders by family name, others in full.
fn address(resident: &Resident) -> String {
    let family: String = resident.name.chars().take(1).collect();
    // The names do not tell; the id decides, so that it is the same each time.
    let woman = resident.id.as_bytes()[15].is_multiple_of(2);
    match (resident.age, woman) {
        (75.., true) => format!("{family}奶奶"),
        (75.., false) => format!("{family}爷爷"),
        (60.., true) => format!("{family}阿姨"),
        (60.., false) => format!("{family}叔"),
        _ => resident.name.clone(),
    }
}
