//! Small trees in one text, and what [`read`](super::read) makes of them.

#![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

mod faults;
mod packages;
mod targets;

use super::model::{ManifestError, Workspace};
use super::read;
use crate::source::LineIndex;
use expect_test::Expect;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Reads a tree written as `//- path` lines, each followed by the text of that file.
#[track_caller]
fn check(tree: &str, expected: &Expect) {
    let mut manifests = BTreeMap::new();
    let mut files = Vec::new();
    for part in tree.split("//- ").skip(1) {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        if path.ends_with("Cargo.toml") {
            manifests.insert(path.to_owned(), text.to_owned());
        } else {
            files.push(path.to_owned());
        }
    }
    let shown = match read(&manifests, &files) {
        Ok(workspace) => dump(&workspace),
        Err(errors) => errors.iter().map(|error| caret(error, &manifests)).collect(),
    };
    expected.assert_eq(&shown);
}

fn dump(workspace: &Workspace) -> String {
    let mut out = String::new();
    for package in &workspace.packages {
        let place = if package.member { "" } else { ", no member" };
        let (name, year) = (&package.name, package.edition.year());
        let _ = writeln!(out, "{}: {name} {year}{place}", package.manifest);
        for target in &package.targets {
            let _ = writeln!(out, "  {} {}: {}", target.kind.name(), target.name, target.root);
        }
        for dependency in &package.dependencies {
            let _ = write!(out, "  {:?} {} = {}", dependency.kind, dependency.crate_name, dependency.package);
            let path = dependency.path.as_ref().map(|path| format!(" in `{path}`"));
            let platform = dependency.target_cfg.as_ref().map(|platform| format!(" for {platform}"));
            let optional = dependency.optional.then(|| " optional".to_owned());
            let _ = writeln!(out, "{}", [path, platform, optional].into_iter().flatten().collect::<String>());
        }
        if !package.features.is_empty() {
            let _ = writeln!(out, "  features {}", package.features.join(" "));
        }
    }
    for notice in &workspace.notices {
        let _ = writeln!(out, "! {notice}");
    }
    out
}

fn caret(error: &ManifestError, manifests: &BTreeMap<String, String>) -> String {
    let text = manifests.get(&error.path).map_or("", String::as_str);
    let place = LineIndex::new(text).line_column(text, error.span.start);
    let line = text.lines().nth(place.line as usize - 1).unwrap_or_default();
    let before = place.column as usize - 1;
    let width = ((error.span.end - error.span.start) as usize).clamp(1, (line.len() - before).max(1));
    format!(
        "{}\n{}{} {}\n  at {}:{}:{}, help: {}\n",
        line,
        " ".repeat(before),
        "^".repeat(width),
        error.message,
        error.path,
        place.line,
        place.column,
        error.help
    )
}
