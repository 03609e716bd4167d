//! Jobs that wait for one guarded thread, and the answers of those that are done. Whoever gives the
//! thread up closes the line, so that a thread that comes back late finds nothing more to do.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Fault;

/// Jobs and answers, in one order.
pub(super) struct Line<T, J> {
    state: Mutex<State<T, J>>,
}

struct State<T, J> {
    waiting: VecDeque<J>,
    /// A job was taken out and has not answered.
    in_hand: bool,
    answers: Vec<Result<T, Fault>>,
}

impl<T, J: FnOnce() -> T> Line<T, J> {
    pub fn of(jobs: Vec<J>) -> Self {
        let state = State {
            waiting: jobs.into(),
            in_hand: false,
            answers: Vec::new(),
        };
        Self {
            state: Mutex::new(state),
        }
    }

    /// Does what waits, until nothing does.
    pub fn work(&self) {
        while let Some(job) = self.next() {
            let answer = catch_unwind(AssertUnwindSafe(job)).map_err(|_| Fault::Panicked);
            let mut state = self.lock();
            if state.in_hand {
                state.in_hand = false;
                state.answers.push(answer);
            }
        }
    }

    /// How many jobs have answered.
    pub fn answered(&self) -> usize {
        self.lock().answers.len()
    }

    /// Takes everything out: the answers, the jobs that were not begun, and whether one was begun
    /// and has not answered.
    pub fn close(&self) -> (Vec<Result<T, Fault>>, Vec<J>, bool) {
        let mut state = self.lock();
        let answers = std::mem::take(&mut state.answers);
        let waiting = std::mem::take(&mut state.waiting);
        (answers, waiting.into(), std::mem::take(&mut state.in_hand))
    }

    fn next(&self) -> Option<J> {
        let mut state = self.lock();
        let job = state.waiting.pop_front();
        state.in_hand = job.is_some();
        job
    }

    fn lock(&self) -> MutexGuard<'_, State<T, J>> {
        // No job runs while the lock is held, so poison means nothing here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
