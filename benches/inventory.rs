//! The cost of pages, as ratios to a whole check of the same project.
//!
//! `cargo bench --bench inventory -- [PROJECT] [ROUNDS]` prints the medians, pair by pair, of `check`, of
//! `inventory --check` where all pages are current, and of `inventory` where there are none yet. The project
//! has to have contracts for its folders; its pages are removed and written again. Without a project, one of
//! 500 files is made.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a benchmark writes files, starts programs, watches the clock and prints"
)]

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The folders of the made project, with how many files each has.
const FOLDERS: [(&str, usize); 4] = [("core", 200), ("db", 120), ("app", 120), ("api", 60)];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let made = tempfile::tempdir()?;
    let project = match arguments.first() {
        Some(path) => PathBuf::from(path),
        None => make(made.path()).map(|()| made.path().to_owned())?,
    };
    let rounds = arguments.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(9);
    compare(&project, rounds)
}

/// Runs the three in turn and prints the medians.
fn compare(project: &Path, rounds: usize) -> io::Result<()> {
    let mut times = Vec::new();
    for _ in 0..=rounds {
        for page in pages(project) {
            fs::remove_file(page)?;
        }
        let write = time(project, &["inventory"])?;
        let check = time(project, &["check"])?;
        let compare = time(project, &["inventory", "--check"])?;
        times.push((check, compare / check, write / check));
    }
    // The first round warms the disk.
    times.remove(0);
    let of = |value: fn(&(f64, f64, f64)) -> f64| median(times.iter().map(value).collect());
    let (check, compare, write) = (of(|time| time.0), of(|time| time.1), of(|time| time.2));
    println!("{} pages, {rounds} rounds", pages(project).len());
    println!("check {check:.0} ms; `inventory --check` {compare:.2} of it, writing all pages {write:.2}");
    Ok(())
}

/// The milliseconds that the program takes, from its start to its end.
fn time(project: &Path, arguments: &[&str]) -> io::Result<f64> {
    let begun = Instant::now();
    Command::new(env!("CARGO_BIN_EXE_baton")).args(arguments).current_dir(project).output()?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}

/// The pages in a project: what has a marker.
fn pages(project: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(project).into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    let markdown = entries.filter(|path| path.extension().is_some_and(|end| end == "md"));
    markdown.filter(|path| fs::read_to_string(path).is_ok_and(|text| text.contains("<!-- baton:begin "))).collect()
}

/// Makes a project whose files import each other across its folders.
fn make(root: &Path) -> io::Result<()> {
    let mut config = String::from("version = 1\n");
    for (folder, role) in [("core", "core"), ("db", "shell"), ("app", "orchestrator"), ("api", "entry")] {
        let _ = write!(config, "[[role]]\nname = \"{role}\"\npaths = [\"src/{folder}/**\"]\n");
        let _ = write!(config, "[[folder]]\npath = \"src/{folder}\"\npurpose = \"The {role} of it.\"\n");
    }
    write(root, "baton.toml", &config)?;
    write(root, "Cargo.toml", "[package]\nname = \"made\"\nedition = \"2024\"\n")?;
    let modules: String = FOLDERS.iter().flat_map(|(folder, _)| ["pub mod ", folder, ";\n"]).collect();
    write(root, "src/lib.rs", &modules)?;
    for (folder, files) in FOLDERS {
        let mut declared = String::new();
        for number in 0..files {
            let _ = writeln!(declared, "pub mod m{number};");
            write(root, &format!("src/{folder}/m{number}.rs"), &module(folder, number))?;
        }
        write(root, &format!("src/{folder}/mod.rs"), &declared)?;
    }
    Ok(())
}

/// A module of some length.
fn module(folder: &str, number: usize) -> String {
    let mut text = format!("//! The module {number} of `{folder}`. It has a few functions.\n\n");
    let _ = write!(
        text,
        "use crate::core::m{}::Item as Other;\n\n/// An item.\npub struct Item {{ pub value: u64 }}\n",
        (number + 1) % 200
    );
    for function in 0..12 {
        let _ = write!(
            text,
            "\n/// Does the step {function}.\npub fn step_{function}(item: &Item, others: &[Other]) -> Result<u64, String> {{\n    let sum: u64 = others.iter().map(|other| other.value).sum();\n    if sum > item.value {{ Err(format!(\"too much: {{sum}}\")) }} else {{ Ok(item.value - sum) }}\n}}\n"
        );
    }
    text
}

fn write(root: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = root.join(path);
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
