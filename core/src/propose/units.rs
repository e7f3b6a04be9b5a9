//! The folders of a project with the files below them. The file of a module and the folder of its
//! children are one unit: `src/api.rs` and `src/api/` are `src/api`.

use super::look::Look;
use crate::source::FileId;
use std::collections::BTreeMap;

/// Folders, with the files in them and below.
pub(super) struct Units {
    files: BTreeMap<String, Vec<FileId>>,
}

/// The unit that a file is, or whose own file it is.
pub(super) fn unit_of(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    match stem.rsplit_once('/') {
        Some((folder, "mod" | "lib" | "main")) => folder,
        None if matches!(stem, "mod" | "lib" | "main") => "",
        _ => stem,
    }
}

/// The last part of a path.
pub(super) fn name(unit: &str) -> &str {
    unit.rsplit('/').next().unwrap_or(unit)
}

/// The unit around another.
pub(super) fn parent(unit: &str) -> &str {
    unit.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Whether a unit is another, or lies in it.
pub(super) fn is_in(unit: &str, folder: &str) -> bool {
    folder.is_empty() || unit.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Units {
    pub(super) fn new(looks: &BTreeMap<FileId, Look<'_>>) -> Self {
        let mut files: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
        for (id, look) in looks {
            let mut unit = unit_of(look.path);
            while !unit.is_empty() {
                files.entry(unit.to_owned()).or_default().push(*id);
                unit = parent(unit);
            }
        }
        Self { files }
    }

    /// The files in a unit and below.
    pub(super) fn files(&self, unit: &str) -> &[FileId] {
        self.files.get(unit).map_or(&[], Vec::as_slice)
    }

    /// The units directly in a folder.
    pub(super) fn children<'u>(&'u self, folder: &'u str) -> impl Iterator<Item = &'u str> {
        self.files.keys().map(String::as_str).filter(move |unit| !unit.is_empty() && parent(unit) == folder)
    }

    /// All units, those around others first.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}
