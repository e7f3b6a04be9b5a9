//! The `cargo baton` command: the same program under the name by which cargo finds it.
#![expect(clippy::disallowed_methods, reason = "arguments enter the program here and nowhere else")]

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    baton::cli::run(&baton::cli::CARGO_BATON, std::env::args_os())
}
