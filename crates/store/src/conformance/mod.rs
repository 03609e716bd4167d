//! What every store must do, as claims that any of them can be run against.
//!
//! This is test code that several crates share, so it asserts and unwraps. What
//! only one kind of store can do (crash, be rebuilt) is tested with that store.

mod appends;
mod documents;
mod feeds;
mod portrait;
pub mod sample;
mod side;

pub use portrait::{Portrait, portrait};

use crate::Store;

/// One claim: its name, and the test that fails if it is not so.
pub type Claim = (&'static str, fn(&dyn Store));

/// Runs every claim against a store of its own.
pub fn run(make: impl Fn() -> Box<dyn Store>) {
    let claims = [
        appends::CLAIMS,
        feeds::CLAIMS,
        documents::CLAIMS,
        side::CLAIMS,
    ];
    for (name, test) in claims.into_iter().flatten() {
        // The name stands in the captured output of a failing test.
        println!("claim: {name}");
        test(&*make());
    }
}

/// A list of claims, each named as its function is.
macro_rules! claims {
    ($($test:ident),* $(,)?) => {
        pub(super) const CLAIMS: &[super::Claim] = &[$((stringify!($test), $test)),*];
    };
}
use claims;
