//! What the rules cost: the share of a whole cold `check` that is gone when every rule is off.
//!
//! `cargo bench --bench rules -- PROJECT [ROUNDS]` declares all of the project an orchestrator, which is
//! the most that rules can have to do, and runs the program in turn with every rule at its level and
//! with none. It prints the medians, and the median of the share, taken pair by pair.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark writes files, starts programs, watches the clock and prints"
)]

use baton_lints::LINTS;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const EVERYTHING: &str = "version = 1\n[[role]]\nname = \"orchestrator\"\npaths = [\"**\"]\n";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let project = arguments.first().map_or_else(|| PathBuf::from("."), PathBuf::from);
    let rounds = arguments.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(9);
    let folder = tempfile::tempdir().expect("a folder for the configurations");
    let config = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a configuration is written");
        path
    };
    let mut off = format!("{EVERYTHING}[rules]\n");
    for lint in LINTS {
        let _ = writeln!(off, "{} = \"allow\"", lint.name);
    }
    let (on, off) = (config("on.toml", EVERYTHING), config("off.toml", &off));
    let pairs: Vec<_> = (0..=rounds).map(|_| (time(&project, &off), time(&project, &on))).skip(1).collect();
    let without = median(pairs.iter().map(|pair| pair.0).collect());
    let with = median(pairs.iter().map(|pair| pair.1).collect());
    let share = median(pairs.iter().map(|pair| 1.0 - pair.0 / pair.1).collect()) * 100.0;
    println!("{rounds} rounds: without rules {without:.0} ms, with all rules {with:.0} ms, rules {share:.0} %");
}

/// The milliseconds that a check takes, from its start to its end.
fn time(project: &Path, config: &Path) -> f64 {
    let begun = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_baton"));
    let done = program.args(["check", "--format", "concise", "--config"]).arg(config).arg(project).output();
    done.expect("the program starts");
    begun.elapsed().as_secs_f64() * 1000.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
