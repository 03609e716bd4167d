//! A change on its way in. A panic of Automerge inside the guard is an answer; what
//! must not be is a panic outside of it, and an adopted change after which the
//! document does not load, summarise and save, or does not know the change again.

use automerge::Automerge;
use model::{ChangeHash, FieldPath, Kind};
use sync::admission::{Examined, Known, Outcome};
use sync::lean::NoNames;
use sync::pack::{FrameReader, FrameWriter};
use sync::{ChangeFrame, Frame, examine, inspect};

use super::columns;
use super::fixtures;
use super::scene::{SCENES, Scene};
use crate::{Target, parts};

/// Parts: the first has one byte, the scene. Each other is a change: one byte, 0
/// if the rest is the body of a plain change, which gets its right header here,
/// else the rest is what comes.
pub const TARGET: Target = Target {
    name: "admission",
    run,
    seeds,
    mutate: columns::mutate,
    memory_bytes: 256 << 20,
    mutations: 800,
};

/// Changes that one input may send at once.
const CHANGES_MAX: usize = 4;

fn run(input: &[u8]) {
    let Some((scene, chunks)) = read(input) else {
        return;
    };
    let candidates = chunks.into_iter().map(|chunk| scene.candidate(chunk));
    let inspected: Vec<_> = candidates
        .filter_map(|candidate| inspect(candidate, scene.sender.device).ok())
        .collect();
    if inspected.is_empty() {
        return;
    }
    let examined = examine(scene.known.as_ref(), inspected.clone(), &scene.permit);
    assert_eq!(examined.verdicts.len(), inspected.len());
    let Some(outcome) = &examined.outcome else {
        assert!(
            examined.order.is_empty(),
            "nothing is adopted without a document"
        );
        return;
    };
    let adopted = adopted(&examined);
    let known = scene.with(&adopted);
    holds(scene, &known, outcome);
    let again = examine(Some(&known), inspected, &scene.permit);
    for (first, again) in examined.verdicts.iter().zip(&again.verdicts) {
        if let Ok(first) = first {
            let again = again
                .as_ref()
                .expect("what was adopted once is adopted again");
            assert!(again.already && again.hash == first.hash, "and is known");
        }
    }
    for bytes in adopted {
        travels(scene, bytes);
    }
}

/// The scene, and the chunks as they come.
pub(super) fn read(input: &[u8]) -> Option<(&'static Scene, Vec<Vec<u8>>)> {
    let mut parts = parts::split(input).into_iter();
    let place = usize::from(*parts.next()?.first()?);
    let scene = &SCENES[place % SCENES.len()];
    let chunks = parts.take(CHANGES_MAX).filter_map(|part| {
        let (tag, rest) = part.split_first()?;
        Some(match tag {
            0 => sync::hostile::chunk(1, rest),
            _ => rest.to_vec(),
        })
    });
    Some((scene, chunks.collect()))
}

/// The adopted bytes, in the order in which they are to be stored.
fn adopted(examined: &Examined) -> Vec<&[u8]> {
    let verdict = |place: &usize| &examined.verdicts[*place];
    let adopted = examined.order.iter().map(verdict);
    adopted
        .map(|verdict| {
            &verdict
                .as_ref()
                .expect("what has an order is adopted")
                .bytes[..]
        })
        .collect()
}

/// The document opens, is what admission said it is, and survives being saved.
fn holds(scene: &Scene, known: &Known, outcome: &Outcome) {
    let document = sync::document::open(scene.permit.kind(), &known.chunks).expect("it opens");
    assert_eq!(heads(&document), outcome.heads);
    model::reads_as(&document, scene.permit.kind()).expect("it reads as its kind");
    let summary = model::summarise(&document).expect("it has a summary");
    assert_eq!(summary, outcome.summary);
    let json = summary.to_json();
    assert_eq!(model::Summary::from_json(&json).ok(), Some(summary));
    let saved = Automerge::load(&document.save()).expect("it loads as a snapshot");
    assert_eq!(heads(&saved), outcome.heads);
    if *scene.permit.kind() == Kind::Visit {
        model::author_runs(&saved, &FieldPath::parse("note"));
    }
}

fn heads(document: &Automerge) -> Vec<ChangeHash> {
    let heads = document.get_heads().into_iter().map(ChangeHash::from);
    let mut heads: Vec<ChangeHash> = heads.collect();
    heads.sort_unstable();
    heads
}

/// The adopted change comes out of a lean pack as it went in.
fn travels(scene: &Scene, bytes: &[u8]) {
    let common = sync::lean::Common {
        device: scene.sender.device,
        ..fixtures::common()
    };
    let candidate = scene.candidate(bytes.to_vec());
    let change = ChangeFrame {
        document: candidate.document,
        kind: candidate.kind,
        feed: candidate.feed,
        bytes: candidate.bytes,
    };
    let mut writer = FrameWriter::in_terms_of(Some(common.clone()), Vec::new());
    writer.push_change(change.clone(), &NoNames);
    let mut reader = FrameReader::for_response(Some(common));
    reader.push(&writer.into_bytes());
    let read = reader.next_frame().expect("it reads");
    assert_eq!(read, Some(Frame::Change(change)));
}

fn seeds() -> Vec<Vec<u8>> {
    let seed = |(place, scene): (usize, &Scene)| {
        let fresh = &scene.honest[scene.honest.len() - scene.fresh..];
        let changes = fresh.iter().map(|change| {
            let body = sync::hostile::body_of(change.raw_bytes());
            [&[0], body].concat()
        });
        let parts: Vec<Vec<u8>> = [vec![place as u8]].into_iter().chain(changes).collect();
        parts::join(&parts)
    };
    SCENES.iter().enumerate().map(seed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_honest_change_is_adopted_or_what_mutation_starts_from_is_worth_little() {
        for (place, seed) in seeds().iter().enumerate() {
            let (scene, chunks) = read(seed).expect("a scene");
            let inspected: Vec<_> = chunks
                .into_iter()
                .map(|chunk| inspect(scene.candidate(chunk), scene.sender.device).expect("sound"))
                .collect();
            let examined = examine(scene.known.as_ref(), inspected, &scene.permit);
            for verdict in examined.verdicts {
                assert_eq!(verdict.err(), None, "scene {place}");
            }
        }
    }
}
