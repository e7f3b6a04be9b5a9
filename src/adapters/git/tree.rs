//! The folders of a state that git keeps, with links followed as a disk would follow them.

use super::listing::{Listed, Mode};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// How many links one path may lead through. More are a loop, as for the kernel.
const LINKS: usize = 40;

/// The content of a file: an object in one of the repositories.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Blob {
    /// The number of the repository.
    pub(super) store: usize,
    /// The object's name.
    pub(super) object: String,
}

/// What stands in a folder.
#[derive(Debug)]
pub(super) enum Node {
    /// A regular file.
    File(Blob),
    /// A link, with where it leads.
    Link(Vec<u8>),
    /// A folder.
    Folder(Folder),
}

/// A folder.
#[derive(Debug, Default)]
pub(super) struct Folder(pub(super) BTreeMap<OsString, Node>);

/// What a path leads to, links followed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'t> {
    /// A file.
    File(&'t Blob),
    /// A folder.
    Folder(&'t Folder),
}

impl Folder {
    /// Adds an entry; `target` is where it leads, if it is a link. A submodule is a folder, empty at first.
    pub(super) fn add(&mut self, entry: Listed, store: usize, target: Option<Vec<u8>>) {
        let Listed { mode, object, path } = entry;
        let mut parts: Vec<OsString> = path.split(|&byte| byte == b'/').map(name).collect();
        let Some(last) = parts.pop() else { return };
        let Some(folder) = self.make(parts) else { return };
        let node = match (mode, target) {
            (Mode::Submodule, _) => Node::Folder(Self::default()),
            (Mode::Link, target) => Node::Link(target.unwrap_or_default()),
            (Mode::File, _) => Node::File(Blob { store, object }),
        };
        folder.0.insert(last, node);
    }

    /// The folder at that path, made where it is missing.
    fn make(&mut self, parts: Vec<OsString>) -> Option<&mut Self> {
        let mut at = self;
        for part in parts {
            match at.0.entry(part).or_insert_with(|| Node::Folder(Self::default())) {
                Node::Folder(folder) => at = folder,
                Node::File(_) | Node::Link(_) => return None,
            }
        }
        Some(at)
    }

    /// What the path leads to, and the path without links that leads there too. `self` is the top of a
    /// repository, and what lies outside of it is not known.
    pub(super) fn find(&self, path: &str) -> Option<(Found<'_>, Vec<OsString>)> {
        let mut open: Vec<OsString> = path.split('/').rev().map(OsString::from).collect();
        let mut trail: Vec<(&OsStr, &Self)> = Vec::new();
        let mut left = LINKS;
        while let Some(part) = open.pop() {
            if part.is_empty() || part == "." {
                continue;
            }
            if part == ".." {
                trail.pop()?;
                continue;
            }
            let here = trail.last().map_or(self, |(_, folder)| folder);
            let (name, node) = here.0.get_key_value(&part)?;
            match node {
                Node::Folder(folder) => trail.push((name, folder)),
                Node::File(blob) => {
                    let done = open.iter().all(|rest| rest.is_empty());
                    let mut real: Vec<_> = trail.iter().map(|(name, _)| (*name).to_owned()).collect();
                    real.push(name.clone());
                    return done.then_some((Found::File(blob), real));
                }
                Node::Link(target) => {
                    left = left.checked_sub(1)?;
                    if target.first() == Some(&b'/') {
                        return None;
                    }
                    open.extend(target.split(|&byte| byte == b'/').rev().map(self::name));
                }
            }
        }
        let real = trail.iter().map(|(name, _)| (*name).to_owned()).collect();
        Some((Found::Folder(trail.last().map_or(self, |(_, folder)| folder)), real))
    }
}

#[cfg(unix)]
fn name(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes.to_vec())
}

/// Elsewhere git keeps names as UTF-8.
#[cfg(not(unix))]
fn name(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, &str)]) -> Folder {
        let mut top = Folder::default();
        for (path, target) in entries {
            let mode = if target.is_empty() { Mode::File } else { Mode::Link };
            let listed = Listed { mode, object: (*path).to_owned(), path: path.as_bytes().to_vec() };
            top.add(listed, 0, Some(target.as_bytes().to_vec()));
        }
        top
    }

    fn find(top: &Folder, path: &str) -> String {
        match top.find(path) {
            Some((Found::File(blob), _)) => blob.object.clone(),
            Some((Found::Folder(folder), real)) => {
                let real: Vec<_> = real.iter().map(|part| part.to_string_lossy()).collect();
                format!("{}/ with {}", real.join("/"), folder.0.len())
            }
            None => "nothing".to_owned(),
        }
    }

    #[test]
    fn links_lead_where_a_disk_would_lead() {
        let top = tree(&[
            ("a/b/c.rs", ""),
            ("a/d.rs", ""),
            ("x/up", "../a/b"),
            ("x/twice", "up"),
            ("x/file.rs", "up/../d.rs"),
            ("out", "../other"),
            ("away", "/etc"),
            ("loop", "loop"),
            ("here", "."),
        ]);
        assert_eq!(find(&top, "a/d.rs"), "a/d.rs");
        assert_eq!(find(&top, "x/twice/c.rs"), "a/b/c.rs");
        assert_eq!(find(&top, "x/file.rs"), "a/d.rs");
        assert_eq!(find(&top, "x/up"), "a/b/ with 1");
        assert_eq!(find(&top, ""), "/ with 6");
        assert_eq!(find(&top, "here/a"), "a/ with 2");
        for path in ["out", "away", "loop", "a/d.rs/e", "a/missing.rs"] {
            assert_eq!(find(&top, path), "nothing", "{path}");
        }
    }
}
