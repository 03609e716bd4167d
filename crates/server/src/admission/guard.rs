//! Threads on which hostile bytes may be applied: a panic is caught, a hang is abandoned.
//!
//! Belongs here: running a closure apart, the time limit, replacing what hung. Does not belong
//! here: what the closure does, and what an answer means for a change.

mod line;
mod thread_clock;

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use self::line::Line;
use self::thread_clock::ThreadClock;

/// Why a closure gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It panicked.
    #[error("it panicked")]
    Panicked,
    /// It used up its time; its thread was abandoned.
    #[error("it took too long")]
    Hung,
    /// So many threads hang that no more is tried. The service says so and takes nothing new.
    #[error("too many threads hang")]
    Exhausted,
}

/// Sizes of a [`Guard`].
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Threads at work at one time.
    pub threads: usize,
    /// Time one closure may run.
    pub time: Duration,
    /// How many times as long a closure is waited for where the machine is busy.
    pub patience: u32,
    /// Hung threads after which nothing more is tried.
    pub hung_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Self {
            threads: cores.clamp(2, 8),
            time: Duration::from_secs(2),
            patience: 5,
            hung_max: 8,
        }
    }
}

/// The stack of a guarded thread. Only what is touched takes memory; nested documents touch much.
const STACK_BYTES: usize = 16 << 20;

type Work = Box<dyn FnOnce() + Send>;
/// Work, and where to say that it has ended.
type Job = (Work, SyncSender<()>);

/// A pool of guarded threads.
pub struct Guard {
    limits: Limits,
    pool: Arc<Pool>,
}

#[derive(Default)]
struct Pool {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Worker>,
    busy: usize,
    hung: usize,
}

struct Worker {
    jobs: SyncSender<Job>,
    clock: ThreadClock,
}

impl Guard {
    /// A pool that starts its threads when they are first needed.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            pool: Arc::default(),
        }
    }

    /// Runs `work` apart and waits for its answer. Blocks; call it from a blocking thread.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let (mut answers, _) = self.run_all(vec![work]);
        // One job has one answer; without any, the thread never began.
        answers.pop().unwrap_or(Err(Fault::Exhausted))
    }

    /// Runs jobs apart, one after the other on one thread, and waits for their answers. Each has
    /// the whole time limit. A panic spoils no other job. A hang, or the lack of a thread, is the
    /// last answer; the jobs that were not begun come back.
    pub fn run_all<T, J>(&self, jobs: Vec<J>) -> (Vec<Result<T, Fault>>, Vec<J>)
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        let line = Arc::new(Line::of(jobs));
        let outcome = self.run_line(&line);
        let (mut answers, rest, in_hand) = line.close();
        match outcome {
            Err(Fault::Exhausted) => answers.push(Err(Fault::Exhausted)),
            // It may have finished in the very moment it was given up.
            Err(fault) if in_hand => answers.push(Err(fault)),
            _ => {}
        }
        (answers, rest)
    }

    fn run_line<T, J>(&self, line: &Arc<Line<T, J>>) -> Result<(), Fault>
    where
        T: Send + 'static,
        J: FnOnce() -> T + Send + 'static,
    {
        let worker = self.take_worker()?;
        let (ended, end) = mpsc::sync_channel(1);
        let work: Work = {
            let line = Arc::clone(line);
            Box::new(move || line.work())
        };
        if worker.jobs.send((work, ended)).is_err() {
            // The thread is gone, which its loop never does while its channel is open.
            self.put_back(None);
            return Err(Fault::Exhausted);
        }
        match self.wait(&end, &worker.clock, &|| line.answered()) {
            Ok(()) => {
                self.put_back(Some(worker));
                Ok(())
            }
            Err(fault) => {
                self.abandon(worker, end);
                Err(fault)
            }
        }
    }

    /// Threads that hang at this moment.
    pub fn hung(&self) -> usize {
        self.pool.lock().hung
    }

    /// Whether so many threads hang that nothing more is tried.
    pub fn is_exhausted(&self) -> bool {
        self.hung() >= self.limits.hung_max
    }

    /// Waits for the end. The limit is each job's own, and counts time the thread has really run,
    /// so that a busy machine does not make an honest change look like a hang; `patience` ends it
    /// anyhow.
    fn wait(
        &self,
        end: &Receiver<()>,
        clock: &ThreadClock,
        answered: &dyn Fn() -> usize,
    ) -> Result<(), Fault> {
        let (mut before, mut started, mut waits) = (answered(), clock.run_time(), 0);
        loop {
            match end.recv_timeout(self.limits.time) {
                Ok(()) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err(Fault::Panicked),
                Err(RecvTimeoutError::Timeout) => {}
            }
            waits += 1;
            let now = (answered(), clock.run_time());
            if now.0 > before {
                (before, started, waits) = (now.0, now.1, 0);
                continue;
            }
            let (Some(started), Some(now)) = (started, now.1) else {
                return Err(Fault::Hung);
            };
            if waits >= self.limits.patience || now.saturating_sub(started) >= self.limits.time / 2
            {
                return Err(Fault::Hung);
            }
        }
    }

    fn take_worker(&self) -> Result<Worker, Fault> {
        let mut state = self.pool.lock();
        loop {
            if state.hung >= self.limits.hung_max {
                return Err(Fault::Exhausted);
            }
            if state.busy < self.limits.threads {
                state.busy += 1;
                if let Some(worker) = state.idle.pop() {
                    return Ok(worker);
                }
                drop(state);
                return Worker::start().map_err(|_| {
                    self.put_back(None);
                    Fault::Exhausted
                });
            }
            state = self
                .pool
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn put_back(&self, worker: Option<Worker>) {
        let mut state = self.pool.lock();
        state.busy -= 1;
        state.idle.extend(worker);
        self.pool.freed.notify_one();
    }

    /// Leaves a hung thread alone and lets a new one take its place. Should it ever finish, it is
    /// no longer counted.
    fn abandon(&self, worker: Worker, end: Receiver<()>) {
        self.pool.lock().hung += 1;
        self.put_back(None);
        // The waiting thread holds the channel, so that the end of the hung one is noticed.
        let pool = Arc::clone(&self.pool);
        let watch = move || {
            let _ = end.recv();
            drop(worker);
            pool.lock().hung -= 1;
            pool.freed.notify_all();
        };
        if thread::Builder::new()
            .name("guard-watch".into())
            .stack_size(64 << 10)
            .spawn(watch)
            .is_err()
        {
            // Without a watcher the thread stays counted as hung, which errs to the safe side.
            tracing::warn!("a hung thread cannot be watched");
        }
        self.pool.freed.notify_all();
    }
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is three plain numbers, whole after every step, so poison means nothing here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    fn start() -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::sync_channel::<Job>(1);
        let (clocks, clock) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("guarded".into())
            .stack_size(STACK_BYTES)
            .spawn(move || {
                let _ = clocks.send(ThreadClock::of_this_thread());
                for (work, ended) in inbox {
                    work();
                    // Whoever gave it up does not listen any more.
                    let _ = ended.send(());
                }
            })?;
        Ok(Self {
            jobs,
            clock: clock.recv().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn small() -> Guard {
        Guard::new(Limits {
            threads: 1,
            time: Duration::from_millis(40),
            patience: u32::MAX,
            hung_max: 2,
        })
    }

    fn spin(until: &AtomicBool) {
        while !until.load(Ordering::Relaxed) {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn an_answer_comes_back() {
        assert_eq!(small().run(|| 6 * 7), Ok(42));
    }

    #[test]
    fn a_panic_is_caught_and_the_next_job_runs() {
        let guard = small();
        // Unwinds like a panic, without the hook that prints.
        let unwind = || std::panic::resume_unwind(Box::new("on purpose"));
        assert_eq!(guard.run(unwind), Err::<(), _>(Fault::Panicked));
        assert_eq!(guard.run(|| 1), Ok(1));
        assert_eq!(guard.hung(), 0);
    }

    #[test]
    fn jobs_in_one_line_spoil_each_other_neither_by_a_panic_nor_by_a_hang() {
        let guard = small();
        let release = Arc::new(AtomicBool::new(false));
        let hang = Arc::clone(&release);
        let jobs: Vec<Box<dyn FnOnce() -> u32 + Send>> = vec![
            Box::new(|| 1),
            Box::new(|| std::panic::resume_unwind(Box::new("on purpose"))),
            Box::new(|| 3),
            Box::new(move || {
                spin(&hang);
                4
            }),
            Box::new(|| 5),
        ];
        let (answers, rest) = guard.run_all(jobs);
        let hung = Err(Fault::Hung);
        assert_eq!(answers, [Ok(1), Err(Fault::Panicked), Ok(3), hung]);
        let (answers, rest) = guard.run_all(rest);
        assert_eq!((answers, rest.len()), (vec![Ok(5)], 0));
        assert_eq!(guard.hung(), 1);
        release.store(true, Ordering::Relaxed);
    }

    #[test]
    fn a_hung_thread_is_replaced_and_too_many_of_them_stop_the_guard_not_the_program() {
        let guard = small();
        let release = Arc::new(AtomicBool::new(false));
        for _ in 0..2 {
            assert_eq!(guard.run(|| 1), Ok(1));
            let release = Arc::clone(&release);
            assert_eq!(guard.run(move || spin(&release)), Err(Fault::Hung));
        }
        assert!(guard.is_exhausted());
        assert_eq!(guard.run(|| 1), Err(Fault::Exhausted));

        release.store(true, Ordering::Relaxed);
        while guard.hung() > 0 {
            thread::yield_now();
        }
        assert_eq!(guard.run(|| 1), Ok(1));
    }

    #[test]
    fn a_thread_that_waits_for_a_turn_is_not_taken_for_hung() {
        let guard = Arc::new(Guard::new(Limits {
            threads: 1,
            time: Duration::from_millis(200),
            patience: u32::MAX,
            hung_max: 2,
        }));
        let barrier = Arc::new(Barrier::new(2));
        let other = {
            let (guard, barrier) = (Arc::clone(&guard), Arc::clone(&barrier));
            thread::spawn(move || {
                guard.run(move || {
                    barrier.wait();
                })
            })
        };
        barrier.wait();
        assert_eq!(guard.run(|| 2), Ok(2));
        assert_eq!(other.join().unwrap(), Ok(()));
    }
}
