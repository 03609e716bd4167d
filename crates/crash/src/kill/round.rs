//! One round: load, a kill, a start, and the receipts of the round.

use std::thread;
use std::time::Duration;

use bench::program::Program;

use super::points::{Needs, Point};
use super::{Killing, Way};
use crate::CrashError;

/// Load lasts so long before it is killed, in milliseconds.
const LOAD_MS: std::ops::Range<usize> = 20..350;
/// A point that is not reached by then will not be.
const POINT_MAX: Duration = Duration::from_secs(20);
/// Load before a start is killed.
const SHORT_LOAD: Duration = Duration::from_millis(30);

impl Killing<'_> {
    /// A round.
    pub(super) fn round(&mut self, way: Way) -> Result<(), CrashError> {
        let before = self.heard.receipts.len();
        match way {
            Way::Load => {
                let time = self.chance.within(LOAD_MS);
                self.kill_under_load(Duration::from_millis(time as u64))?;
                self.count("under_load", true);
            }
            Way::Start => {
                self.kill_under_load(SHORT_LOAD)?;
                self.kill_start()?;
                self.kill_start()?;
            }
            Way::Point(point) => self.kill_at(point)?,
        }
        self.restart()?;
        self.check(before)
    }

    fn count(&mut self, name: &str, is_reached: bool) {
        let counts = match is_reached {
            true => &mut self.reached,
            false => &mut self.missed,
        };
        *counts.entry(name.to_owned()).or_default() += 1;
    }

    fn kill_under_load(&mut self, time: Duration) -> Result<(), CrashError> {
        let program = self.running()?;
        let address = program.address.clone();
        let push = self.fleet.push(&address, || {
            thread::sleep(time);
            program.kill()
        });
        // The phones were cut off: that is the point.
        self.heard.append(push.heard);
        Ok(push.outcome?)
    }

    fn kill_start(&mut self) -> Result<(), CrashError> {
        let program = self.office.spawn(&[])?;
        let usual = self.start.as_millis() as usize;
        let time = self.chance.within(0..usual + usual / 4 + 1);
        thread::sleep(Duration::from_millis(time as u64));
        program.kill()?;
        self.count("while_starting", true);
        Ok(())
    }

    fn kill_at(&mut self, point: Point) -> Result<(), CrashError> {
        self.kill_under_load(SHORT_LOAD)?;
        point.prepare(&self.office)?;
        self.is_rebuilding = point.needs == Needs::Rebuild;
        self.has_full_segments |= point.needs == Needs::FullSegment;
        let trace = self.office.trace();
        let words = point.words(&self.office, &trace, &mut self.chance)?;
        let mut program = self.office.spawn(&words)?;
        // Killed in its start it never says that it is ready.
        let is_ready = program.wait_until_ready().is_ok();
        let needs_load = matches!(point.needs, Needs::Load | Needs::FullSegment);
        let is_reached = if is_ready && needs_load {
            let address = program.address.clone();
            let push = self.fleet.push(&address, || end_of(program));
            self.heard.append(push.heard);
            push.outcome?
        } else if is_ready {
            program.kill()?;
            false
        } else {
            end_of(program)?
        };
        self.count(point.name, is_reached);
        Ok(())
    }
}

/// Waits until the program has been killed at its point; kills it otherwise, and
/// says which.
fn end_of(mut program: Program) -> Result<bool, CrashError> {
    if program.wait_for_end(POINT_MAX)?.is_some() {
        return Ok(true);
    }
    program.kill()?;
    Ok(false)
}
