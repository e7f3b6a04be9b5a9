//! The `baton` command.
#![expect(clippy::disallowed_methods, reason = "arguments enter the program here and nowhere else")]

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    baton::cli::run(&baton::cli::BATON, std::env::args_os())
}
