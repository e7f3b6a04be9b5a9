//! The cost of a whole cold `check`, as a ratio to a bare parallel parse of the same files.
//!
//! `cargo bench --bench check -- PROJECT [ROUNDS]` prints the median of each and of their ratio,
//! taken pair by pair, so that the machine's speed cancels out. Each is a process of its own, as for
//! users: a check ends with its process and leaves its memory to the system. The bare parse walks,
//! reads and parses with `syn` on a pool of the same size, and drops what it parsed.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a benchmark reads files, starts programs, watches the clock and prints"
)]

use rayon::prelude::*;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let project = arguments.first().map_or_else(|| PathBuf::from("."), PathBuf::from);
    match arguments.get(1).map(String::as_str) {
        Some("bare") => println!("{}", bare(&project)),
        rounds => compare(&project, rounds.and_then(|rounds| rounds.parse().ok()).unwrap_or(9)),
    }
}

/// Runs the two in turn and prints the medians.
fn compare(project: &Path, rounds: usize) {
    let parse = || time(std::env::current_exe().map(Command::new), &[project, Path::new("bare")]);
    let check = || time(Ok(Command::new(env!("CARGO_BIN_EXE_baton"))), &[Path::new("check"), project]);
    let pairs: Vec<_> = (0..=rounds).map(|_| (parse(), check())).skip(1).collect();
    let bare_parse = median(pairs.iter().map(|pair| pair.0).collect());
    let whole = median(pairs.iter().map(|pair| pair.1).collect());
    let ratio = median(pairs.iter().map(|pair| pair.1 / pair.0).collect());
    println!("{} bytes, {rounds} rounds, {} threads", bare(project), rayon::current_num_threads());
    println!("bare parse {bare_parse:.0} ms, whole check {whole:.0} ms, ratio {ratio:.2}");
}

/// The milliseconds that a program takes, from its start to its end.
fn time(program: io::Result<Command>, arguments: &[&Path]) -> f64 {
    let begun = Instant::now();
    let done = program.and_then(|mut program| program.args(arguments).output());
    assert!(done.is_ok(), "{arguments:?} did not start");
    begun.elapsed().as_secs_f64() * 1000.0
}

/// Walks, reads and parses; yields how many bytes were parsed.
fn bare(project: &Path) -> usize {
    let skipped = |name: &str| name.starts_with('.') || name == "target" || name == "vendor";
    let walk = walkdir::WalkDir::new(project).into_iter();
    let walk = walk.filter_entry(|entry| entry.depth() == 0 || !skipped(&entry.file_name().to_string_lossy()));
    let entries = walk.filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    let files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(64 << 20).build();
    let parse = |path: &PathBuf| {
        let Ok(text) = std::fs::read_to_string(path) else { return 0 };
        let parsed = syn::parse_file(&text).is_ok();
        proc_macro2::extra::invalidate_current_thread_spans();
        if parsed { text.len() } else { 0 }
    };
    pool.map_or(0, |pool| pool.install(|| files.par_iter().map(parse).sum()))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
