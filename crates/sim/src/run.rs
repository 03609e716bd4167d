//! One story from beginning to end, and what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ending::Outcome;
use crate::promises::{Broken, Promise};
use crate::story::Story;
use crate::world::{Clocks, World};

/// One story in so many is also told with all clocks right.
const TOLD_TWICE_EVERY: u64 = 5;

/// What came of a story.
pub struct Told {
    /// What happened, in words.
    pub log: Vec<String>,
    /// How it ended.
    pub ending: Result<Outcome, Broken>,
}

/// Lets a story happen, with what its clocks say.
pub fn tell(story: &Story, clocks: Clocks) -> Told {
    let mut log = Vec::new();
    let told = catch_unwind(AssertUnwindSafe(|| live(story, clocks, &mut log)));
    let ending = told.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned().or_else(|| {
            panic
                .downcast_ref::<&str>()
                .map(|words| (*words).to_owned())
        });
        let words = words.unwrap_or_else(|| "without words".to_owned());
        Err(Promise::ItEnds.broken(format!("something panicked: {words}")))
    });
    Told { log, ending }
}

fn live(story: &Story, clocks: Clocks, log: &mut Vec<String>) -> Result<Outcome, Broken> {
    let mut world = World::new(story, clocks)?;
    let mut ending = Ok(());
    for event in &story.events {
        ending = world.happen(event);
        if ending.is_err() {
            break;
        }
    }
    let ending = ending.and_then(|()| world.end());
    *log = std::mem::take(&mut world.log);
    ending
}

/// Lets a story happen and holds it to every promise.
pub fn try_story(story: &Story) -> Result<(), Broken> {
    let outcome = tell(story, Clocks::AsTold).ending?;
    if !story.seed.is_multiple_of(TOLD_TWICE_EVERY) {
        return Ok(());
    }
    let with_right_clocks = tell(story, Clocks::True).ending?;
    Promise::ClocksDecideNothing.hold(outcome == with_right_clocks, || {
        format!("with wrong clocks {outcome:?}, with right ones {with_right_clocks:?}")
    })
}
