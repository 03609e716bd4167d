//! Changing a change where it is a change: inside one of its columns, with the
//! lengths set right; or in what its operations mean. Blind mutation hardly ever
//! gets past the layout.

use std::cell::RefCell;

use automerge::Change;
use sync::hostile::{Attack, Attacker, Prey, body_of};

use super::admission::read;
use super::scene::Scene;
use crate::chance::Chance;
use crate::{mutate as blind, parts};

/// Attackers are dear to make: each carries a bomb.
const ATTACKER_SEED: u64 = 18;

thread_local! {
    static ATTACKER: RefCell<Attacker> = RefCell::new(Attacker::new(ATTACKER_SEED));
}

/// Changes one of the changes of an admission input.
pub fn mutate(input: &mut Vec<u8>, chance: &mut Chance) {
    match chance.below(8) {
        0 => parts::mutate(input, chance, blind::bytes),
        1..=3 => strike(input, chance),
        _ => parts::mutate(input, chance, |part, chance| match part.split_first() {
            Some((0, body)) if !body.is_empty() => {
                let body = changed(body, chance).unwrap_or_else(|| {
                    let mut body = body.to_vec();
                    blind::bytes(&mut body, chance);
                    body
                });
                *part = [vec![0], body].concat();
            }
            _ => blind::bytes(part, chance),
        }),
    }
}

/// Puts an attacker's change in the place of the last one, or behind it.
fn strike(input: &mut Vec<u8>, chance: &mut Chance) {
    let Some((scene, chunks)) = read(input) else {
        return blind::bytes(input, chance);
    };
    let last = chunks.last();
    // One that says it holds 2^60 operations would have the attacker make them all.
    let own = last
        .filter(|chunk| is_bounded(scene, chunk))
        .and_then(|chunk| parsed(chunk));
    let changes: Vec<Change> = scene.honest.iter().cloned().chain(own).collect();
    let prey = Prey {
        changes: &changes,
        document: &scene.document,
        bundle: &scene.bundle,
    };
    // The attacker looks into the changes, and may itself come to grief over one.
    let strike = sync::guarded(|| ATTACKER.with_borrow_mut(|attacker| attacker.strike(prey)));
    let Ok((attack, bytes)) = strike else {
        return blind::bytes(input, chance);
    };
    // A bomb is always the same one, and long.
    if attack == Attack::Bomb {
        return;
    }
    let is_plain = matches!(
        attack,
        Attack::ChangedBytes | Attack::ChangedOperations | Attack::Swollen
    );
    let part = match is_plain {
        true => [&[0], body_of(&bytes)].concat(),
        false => [&[1], &bytes[..]].concat(),
    };
    let mut parts = parts::split(input);
    if parts.len() > 1 && chance.once_in(2) {
        parts.pop();
    }
    parts.push(part);
    *input = parts::join(&parts);
}

/// Whether what the chunk says of itself can be true of so few bytes.
fn is_bounded(scene: &Scene, chunk: &[u8]) -> bool {
    let candidate = scene.candidate(chunk.to_vec());
    sync::guarded(|| sync::inspect(candidate, scene.sender.device).is_ok()).unwrap_or(false)
}

fn parsed(chunk: &[u8]) -> Option<Change> {
    sync::guarded(|| Change::from_bytes(chunk.to_vec()).ok()).ok()?
}

/// A body with one of its columns changed.
fn changed(body: &[u8], chance: &mut Chance) -> Option<Vec<u8>> {
    let mut cut = Cut::of(body)?;
    let at = chance.below(cut.columns.len());
    let other = chance.below(cut.columns.len());
    match chance.below(16) {
        0 => cut.columns.get_mut(at)?.1.clear(),
        1 => cut.columns.get_mut(at)?.1 = cut.columns.get(other)?.1.clone(),
        2 => cut.columns.get_mut(at)?.0 ^= 1 << chance.below(8),
        3 => drop((!cut.columns.is_empty()).then(|| cut.columns.remove(at))),
        4 => blind::place(&mut cut.before, chance),
        _ => blind::place(&mut cut.columns.get_mut(at)?.1, chance),
    }
    Some(cut.joined())
}

/// A change's body, cut apart.
struct Cut {
    /// Everything before the columns.
    before: Vec<u8>,
    columns: Vec<(u64, Vec<u8>)>,
    after: Vec<u8>,
}

impl Cut {
    fn of(body: &[u8]) -> Option<Self> {
        let mut rest = body;
        let dependencies = usize::try_from(number(&mut rest)?).ok()?;
        take(&mut rest, dependencies.checked_mul(32)?)?;
        prefixed(&mut rest)?;
        // Seq, first operation, time: the last is signed, and as long.
        for _ in 0..3 {
            number(&mut rest)?;
        }
        prefixed(&mut rest)?;
        for _ in 0..number(&mut rest)? {
            prefixed(&mut rest)?;
        }
        let before = body[..body.len() - rest.len()].to_vec();
        let mut columns = Vec::new();
        for _ in 0..number(&mut rest)? {
            columns.push((number(&mut rest)?, number(&mut rest)?));
        }
        let columns = columns.into_iter().map(|(column, length)| {
            let bytes = take(&mut rest, usize::try_from(length).ok()?)?;
            Some((column, bytes.to_vec()))
        });
        let columns = columns.collect::<Option<Vec<_>>>()?;
        Some(Self {
            before,
            columns,
            after: rest.to_vec(),
        })
    }

    fn joined(&self) -> Vec<u8> {
        let mut body = self.before.clone();
        write(&mut body, self.columns.len() as u64);
        for (column, bytes) in &self.columns {
            write(&mut body, *column);
            write(&mut body, bytes.len() as u64);
        }
        for (_, bytes) in &self.columns {
            body.extend_from_slice(bytes);
        }
        body.extend_from_slice(&self.after);
        body
    }
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..63).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

fn prefixed<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(number(rest)?).ok()?;
    take(rest, length)
}

fn write(body: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        body.push(value as u8 | 0x80);
        value >>= 7;
    }
    body.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::super::scene::SCENES;
    use super::*;

    #[test]
    fn a_body_that_was_cut_apart_is_joined_again_byte_for_byte() {
        for scene in SCENES.iter() {
            for change in &scene.honest {
                let body = body_of(change.raw_bytes());
                let cut = Cut::of(body).expect("an honest change is laid out as one");
                assert!(!cut.columns.is_empty());
                assert_eq!(cut.joined(), body);
            }
        }
    }
}
