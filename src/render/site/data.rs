//! What the scripts know: files that assign it to a variable, because a page from a disk may fetch nothing.

use super::{Site, words};
use crate::error::Failure;
use crate::render::fault;
use baton_core::finding::Level;
use serde::Serialize;
use std::collections::BTreeMap;

/// Folders, files and rules, for the tree and the search.
#[derive(Serialize)]
struct Pages<'a> {
    /// The path, how many findings stand in it and how many of them deny.
    folders: Vec<(&'a str, usize, usize)>,
    /// The position of the folder that it is shown in, or -1; the path, its kind, its findings and how many of
    /// them deny.
    files: Vec<(i64, &'a str, &'a str, usize, usize)>,
    /// The name, and how many findings it has.
    rules: Vec<(&'a str, usize)>,
}

/// The script that says which pages there are.
pub(super) fn pages(site: &Site<'_>) -> Result<String, Failure> {
    let inventory = site.inventory;
    let numbers: BTreeMap<&str, i64> = inventory.folders.iter().map(|folder| folder.path.as_str()).zip(0..).collect();
    let mut below: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for finding in &inventory.findings {
        let mut inner = finding.file.as_str();
        while let Some(folder) = site.folder_around(inner) {
            let counts = below.entry(&folder.path).or_default();
            counts.0 += 1;
            counts.1 += usize::from(finding.level == Level::Deny);
            inner = &folder.path;
        }
    }
    let folders = inventory.folders.iter().map(|folder| {
        let (all, deny) = below.get(folder.path.as_str()).copied().unwrap_or_default();
        (folder.path.as_str(), all, deny)
    });
    let files = inventory.files.iter().map(|file| {
        let around = site.folder_around(&file.path).and_then(|folder| numbers.get(folder.path.as_str()));
        let deny = words::denied(site, &file.findings);
        (around.copied().unwrap_or(-1), file.path.as_str(), file.kind, file.findings.len(), deny)
    });
    let rules = site.report.rules.iter().map(|row| (row.rule, row.findings));
    assigned("batonPages", &Pages { folders: folders.collect(), files: files.collect(), rules: rules.collect() })
}

/// The script that says which public items there are: the position of the file, the name with its owner, and the
/// line. It is read when somebody searches.
pub(super) fn items(site: &Site<'_>) -> Result<String, Failure> {
    let mut items: Vec<(usize, String, u32)> = Vec::new();
    for (number, file) in site.inventory.files.iter().enumerate() {
        items.extend(file.public.iter().map(|item| {
            let owner = if item.owner.is_empty() { String::new() } else { format!("{}::", item.owner) };
            (number, format!("{owner}{}", item.name), item.line)
        }));
    }
    assigned("batonItems", &items)
}

fn assigned(name: &str, value: &impl Serialize) -> Result<String, Failure> {
    let json = serde_json::to_string(value).map_err(|error| fault(&error))?;
    Ok(format!("window.{name} = {json};\n"))
}
