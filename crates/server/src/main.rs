//! The program `stairwell`. Everything it does is in the library beside it.

use std::process::ExitCode;

/// Changes are parsed on one thread, kept on another and answered for on a third; the system's
/// allocator takes a lock for each piece that is let go elsewhere than it was taken.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::program::main()
}
