//! The cost of a whole cold `check`, as a ratio to a bare parallel parse of the same files.
//!
//! `cargo bench --bench check -- PROJECT [ROUNDS]` prints the median of each and of their ratio,
//! taken pair by pair in one process, so that the machine's speed cancels out. The bare parse
//! walks, reads and parses with `syn` on a pool of the same size, and drops what it parsed.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads files, watches the clock and prints"
)]

use baton::adapters::terminal::{ColorMode, Terminal};
use baton::orchestrators::{Check, Outcome, Request};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let project = arguments.first().map_or_else(|| PathBuf::from("."), PathBuf::from);
    let rounds = arguments.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(7);
    let (files, bytes) = bare(&project).1;
    let mut pairs = Vec::new();
    for _ in 0..rounds {
        pairs.push((bare(&project).0, check(&project)));
    }
    let millis = |duration: Duration| duration.as_secs_f64() * 1000.0;
    let bare = median(pairs.iter().map(|pair| millis(pair.0)).collect());
    let whole = median(pairs.iter().map(|pair| millis(pair.1)).collect());
    let ratio = median(pairs.iter().map(|pair| millis(pair.1) / millis(pair.0)).collect());
    println!("{files} files, {} MB, {rounds} rounds, {} threads", bytes / 1_000_000, rayon::current_num_threads());
    println!("bare parse {bare:.0} ms, whole check {whole:.0} ms, ratio {ratio:.2}");
}

/// Walks, reads and parses; yields the time, and the number of files and bytes.
fn bare(project: &Path) -> (Duration, (usize, usize)) {
    let begun = Instant::now();
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
    let bytes = pool.map_or(0, |pool| pool.install(|| files.par_iter().map(parse).sum()));
    (begun.elapsed(), (files.len(), bytes))
}

fn check(project: &Path) -> Duration {
    let terminal = Terminal::new(ColorMode::Never);
    let begun = Instant::now();
    let outcome = Check::new(&terminal).run(&Request { paths: vec![project.to_owned()], ..Request::default() });
    if let Ok(Outcome::Report(report)) = &outcome {
        let rendered = baton::render::report(report, baton::render::Format::Concise, baton::render::Style::Plain);
        std::hint::black_box(rendered.is_ok());
    }
    drop(outcome);
    begun.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
