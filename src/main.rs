//! The binary: everything is in the library, so that all of it can be tested.

use std::process::ExitCode;

fn main() -> ExitCode {
    provider::cli::main(std::env::args_os().collect())
}
