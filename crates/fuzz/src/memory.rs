//! A bound on memory that counts what is asked for, not what is touched: an
//! allocation beyond it ends the process, as too little memory would.

use std::alloc::System;

use cap::Cap;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Runs `work`, which may hold at most `bytes` more than what is held now.
pub fn bounded<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    let limit = ALLOCATOR.allocated().saturating_add(bytes);
    // A limit below what is held is refused; what other threads took meanwhile is theirs.
    let _ = ALLOCATOR.set_limit(limit);
    let outcome = work();
    let _ = ALLOCATOR.set_limit(usize::MAX);
    outcome
}
