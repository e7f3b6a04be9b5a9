//! Linking, on projects written as one text: `//- path` begins a file.

mod closer;
mod domains;
mod edges;
mod names;
mod orchestrators;
mod order;
mod paths;
mod roles;
mod tree;

use super::{Content, Project, SourceFile, Target, link};
use crate::config::{self, Config, ConfigError};
use crate::manifest;
use crate::parse::{Failure, Need, Parsed, parse_file};
use crate::source::LineIndex;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The files of a fixture, sorted by path. Without a manifest it is the package `app`.
fn files(fixture: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut current = "src/lib.rs";
    for line in fixture.lines() {
        if let Some(path) = line.strip_prefix("//- ") {
            current = path;
            files.entry(path.to_owned()).or_default();
        } else if !line.trim().is_empty() {
            let text = files.entry(current.to_owned()).or_default();
            text.push_str(line);
            text.push('\n');
        }
    }
    if !files.keys().any(|path| path.ends_with("Cargo.toml")) {
        files.insert("Cargo.toml".to_owned(), "[package]\nname = \"app\"\nedition = \"2021\"\n".to_owned());
    }
    files
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// Links a fixture, with what is wrong with its configuration.
fn try_project(fixture: &str) -> Result<Project, Vec<ConfigError>> {
    let files = files(fixture);
    let is_manifest = |path: &str| path == "Cargo.toml" || path.ends_with("/Cargo.toml");
    let manifests = files.iter().filter(|(path, _)| is_manifest(path)).map(|(path, text)| (path.clone(), text.clone()));
    let sources: Vec<(&String, &String)> = files.iter().filter(|(path, _)| is_rust(path)).collect();
    let paths: Vec<String> = sources.iter().map(|(path, _)| (*path).clone()).collect();
    let workspace = manifest::read(&manifests.collect(), &paths).unwrap();
    let config = match files.get("baton.toml") {
        Some(text) => config::parse("baton.toml", text, &[])?,
        None => Config::default(),
    };
    let sources = sources.into_iter().map(|(path, text)| source(path, text)).collect();
    link(sources, &workspace, &config)
}

fn source(path: &str, text: &str) -> SourceFile {
    let content = match parse_file(text, &LineIndex::new(text), Need::Bodies) {
        Parsed::Facts(facts) => Content::Facts(Arc::new(facts)),
        Parsed::Generated => Content::Generated,
        Parsed::Failed(Failure { message, help, span }) => Content::Failed(Failure { message, help, span }),
    };
    SourceFile { path: path.to_owned(), content }
}

/// Links a fixture whose configuration is right.
#[track_caller]
pub(crate) fn project(fixture: &str) -> Project {
    try_project(fixture).unwrap()
}

/// What a path leads to, as short text.
fn shown(project: &Project, target: &Target) -> String {
    match target {
        Target::Module(module) => format!("mod {}", qualified(project, *module, "")),
        Target::Item(item) => qualified(project, item.module, &project.item(*item).name),
        Target::Outside(package, path) if path.is_empty() => format!("outside {package}"),
        Target::Outside(package, path) => format!("outside {package}: {path}"),
        Target::Unknown => "unknown".to_owned(),
    }
}

/// A name with its module and crate.
fn qualified(project: &Project, module: super::ModuleId, name: &str) -> String {
    let krate = &project.krate(project.module(module).krate).name;
    let path = project.path_in(module, name);
    if path.is_empty() { krate.clone() } else { format!("{krate}::{path}") }
}
