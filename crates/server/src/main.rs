//! The program `stairwell`. Everything it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::program::main()
}
