//! Making a story that breaks a promise as short as it can be: events are dropped, large pieces
//! first, as long as the same promise is still broken.

use crate::promises::Broken;
use crate::run::try_story;
use crate::story::Story;

/// A story without what it does not need to break the promise it broke, and how it breaks it.
pub fn shrink(story: &Story, broken: &Broken) -> (Story, Broken) {
    shrink_with(story, broken, &|story| try_story(story).err())
}

/// The same, with any way of trying a story.
pub fn shrink_with(
    story: &Story,
    broken: &Broken,
    attempt: &dyn Fn(&Story) -> Option<Broken>,
) -> (Story, Broken) {
    let (mut story, mut broken) = (story.clone(), broken.clone());
    let mut size = story.events.len().div_ceil(2).max(1);
    loop {
        let mut dropped_any = false;
        let mut at = 0;
        while at < story.events.len() {
            let mut shorter = story.clone();
            let end = (at + size).min(shorter.events.len());
            shorter.events.drain(at..end);
            match attempt(&shorter).filter(|found| found.promise == broken.promise) {
                Some(found) => {
                    (story, broken) = (shorter, found);
                    dropped_any = true;
                }
                None => at = end,
            }
        }
        match (size, dropped_any) {
            (1, false) => return (story, broken),
            (1, true) => {}
            _ => size = size.div_ceil(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promises::Promise;
    use crate::story::Event;

    #[test]
    fn what_is_left_is_what_it_takes() {
        let story = Story::of_seed(7);
        let needs = [story.events[3].clone(), story.events[11].clone()];
        let attempt = |story: &Story| {
            let has = |event: &Event| story.events.contains(event);
            let breaks = needs.iter().all(has);
            breaks.then(|| Promise::ItEnds.broken("both are there"))
        };
        let broken = attempt(&story).unwrap();
        let (shrunk, _) = shrink_with(&story, &broken, &attempt);
        assert_eq!(shrunk.events, needs);
    }
}
