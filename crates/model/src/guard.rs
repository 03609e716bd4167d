//! Keeps a panic of a library that reads foreign bytes from leaving. A thread that
//! never comes back cannot be caught here: the time limit is the shell's.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::Reason;

thread_local! {
    /// How many guards this thread is inside of.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work` on bytes that may have been made to do harm. A panic comes back
/// as [`Reason::Harmful`]; whatever `work` was changing is then to be dropped.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Reason> {
    let inside = Inside::enter();
    // Nothing that `work` has touched is used after a panic: callers build a
    // new value inside, and lose it with the panic.
    let outcome = catch_unwind(AssertUnwindSafe(work));
    drop(inside);
    outcome.map_err(|_| Reason::Harmful)
}

/// Whether this thread is inside [`guarded`]. The shell's panic hook asks, so
/// that a panic that will be caught is not printed as if it were a failure of
/// the program.
pub fn is_guarded() -> bool {
    DEPTH.with(|depth| depth.get() > 0)
}

/// Counts this thread in and, also after a panic, out again.
struct Inside;

impl Inside {
    fn enter() -> Self {
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_comes_back_as_a_reason_and_the_flag_is_down_afterwards() {
        let outcome = guarded(|| {
            let inner = guarded(is_guarded);
            assert_eq!(inner, Ok(true));
            std::panic::panic_any("made by a test");
        });
        assert_eq!(outcome, Err::<(), _>(Reason::Harmful));
        assert!(!is_guarded());
    }
}
