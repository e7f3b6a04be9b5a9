//! Finds the project that a path belongs to.
#![expect(clippy::disallowed_methods, reason = "this adapter looks for files")]

use crate::error::Failure;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The name of the configuration file.
pub const CONFIG: &str = "baton.toml";

/// Where a project is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The project's root, with every link resolved.
    pub root: PathBuf,
    /// Whether `baton.toml` lies in it.
    pub has_config: bool,
    /// The path that was asked about, relative to the root and with `/`; empty for the root itself.
    pub inside: String,
}

/// Finds projects.
#[derive(Clone, Copy, Debug, Default)]
pub struct Locator;

impl Locator {
    /// The project of the file or folder `start`: the nearest folder from there upwards with a
    /// `baton.toml`; without one, the nearest with a workspace's `Cargo.toml`; without that, the
    /// nearest with any `Cargo.toml`; or else the folder itself.
    ///
    /// # Errors
    ///
    /// There is nothing at `start`.
    pub fn project_of(&self, start: &Path) -> Result<Located, Failure> {
        let path = fs::canonicalize(start).map_err(|error| {
            let message = format!("cannot find `{}`: {}", start.display(), error.kind());
            Failure::new(message, "give the path of a project, or of a file or folder in one")
        })?;
        // A project calls its files as it reaches them, so a link inside it is no other place.
        let given = std::path::absolute(start).unwrap_or_default();
        let leads_back = given.components().any(|part| part == Component::ParentDir);
        let found = if leads_back { None } else { project_around(&given) };
        Ok(found.or_else(|| project_around(&path)).unwrap_or_else(|| {
            let root = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(&path) };
            Located::new(root, false, &path)
        }))
    }

    /// The project of a file or folder, if it is one: with a configuration or a manifest. The file need not exist, as
    /// long as its folder does.
    pub fn package_around(&self, start: &Path) -> Option<Located> {
        let located = match (start.exists(), start.parent(), start.file_name()) {
            (false, Some(folder), Some(name)) => {
                let around = self.project_of(folder).ok()?;
                let name = name.to_string_lossy();
                let inside =
                    if around.inside.is_empty() { name.into_owned() } else { format!("{}/{name}", around.inside) };
                Located { inside, ..around }
            }
            _ => self.project_of(start).ok()?,
        };
        let shows = |name: &str| located.root.join(name).is_file();
        (located.has_config || shows("Cargo.toml")).then_some(located)
    }
}

impl Located {
    fn new(root: &Path, has_config: bool, path: &Path) -> Self {
        let inside = path.strip_prefix(root).unwrap_or(Path::new(""));
        let inside: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        Self { root, has_config, inside: inside.join("/") }
    }
}

/// The project that the folders of `path` show, if any of them has a configuration or a manifest.
fn project_around(path: &Path) -> Option<Located> {
    let folder = if path.is_dir() { path } else { path.parent()? };
    let shows = |folder: &Path, mark: Mark<'_>| match mark {
        Mark::File(name) => folder.join(name).is_file(),
        Mark::Text(name, is_it) => is_it(&fs::read_to_string(folder.join(name)).unwrap_or_default()),
    };
    let (root, has_config) = root_among(&folder.ancestors().collect::<Vec<_>>(), &shows)?;
    Some(Located::new(root, has_config, path))
}

/// What shows that a project begins in a folder.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark<'m> {
    /// A file of that name.
    File(&'m str),
    /// A file of that name with such a text.
    Text(&'m str, fn(&str) -> bool),
}

/// The first of the folders in which a project begins, going by their configurations, then by workspaces, then
/// by packages; and whether it has a configuration. `shows` says whether a folder has a mark.
pub(super) fn root_among<'f>(
    folders: &[&'f Path],
    shows: &dyn Fn(&Path, Mark<'_>) -> bool,
) -> Option<(&'f Path, bool)> {
    let nearest = |mark: Mark<'_>| folders.iter().copied().find(|at| shows(at, mark));
    let configured = nearest(Mark::File(CONFIG));
    let manifest = "Cargo.toml";
    let root = configured
        .or_else(|| nearest(Mark::Text(manifest, declares_workspace)))
        .or_else(|| nearest(Mark::File(manifest)))?;
    Some((root, configured.is_some()))
}

/// Whether a manifest has a `[workspace]`. One that does not parse still counts by its lines: what is
/// wrong with it is told later, with its place.
fn declares_workspace(text: &str) -> bool {
    text.lines().any(|line| {
        let header = line.trim_start().strip_prefix('[').unwrap_or_default().trim_start();
        header.strip_prefix("workspace").is_some_and(|rest| rest.trim_start().starts_with([']', '.']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locate(files: &[(&str, &str)], start: &str) -> (String, bool, String) {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        for (path, text) in files {
            let path = top.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = Locator.project_of(&top.join(start)).unwrap();
        let root = found.root.strip_prefix(&top).unwrap().to_string_lossy().into_owned();
        (root, found.has_config, found.inside)
    }

    #[test]
    fn the_nearest_configuration_wins_over_any_manifest() {
        let files = [
            ("a/baton.toml", ""),
            ("a/Cargo.toml", "[workspace]"),
            ("a/b/Cargo.toml", "[package]"),
            ("a/b/src/lib.rs", ""),
        ];
        assert_eq!(locate(&files, "a/b/src/lib.rs"), ("a".to_owned(), true, "b/src/lib.rs".to_owned()));
        assert_eq!(locate(&files, "a"), ("a".to_owned(), true, String::new()));
    }

    #[test]
    fn without_one_it_is_the_workspace_then_the_package() {
        let workspace = [("Cargo.toml", "[ workspace ]"), ("b/Cargo.toml", "[package]"), ("b/src/lib.rs", "")];
        assert_eq!(locate(&workspace, "b/src"), (String::new(), false, "b/src".to_owned()));
        let metadata = [("Cargo.toml", "[package]\nworkspace = 1"), ("b/Cargo.toml", "[package]")];
        assert_eq!(locate(&metadata, "b"), ("b".to_owned(), false, String::new()), "no workspace above");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_a_project_is_not_where_it_leads() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(top.join("a/real")).unwrap();
        fs::create_dir_all(top.join("out")).unwrap();
        fs::write(top.join("a/baton.toml"), "").unwrap();
        for (target, link) in [("real", "a/src"), ("../out", "a/lib"), ("a/real", "alias"), ("a", "b")] {
            std::os::unix::fs::symlink(target, top.join(link)).unwrap();
        }
        for (start, inside) in [("a/src", "src"), ("a/lib", "lib"), ("alias", "real"), ("b/src", "src"), ("b", "")] {
            let found = Locator.project_of(&top.join(start)).unwrap();
            let expected = Located { root: top.join("a"), has_config: true, inside: inside.to_owned() };
            assert_eq!(found, expected, "{start}");
        }
    }

    #[test]
    fn a_folder_without_a_manifest_is_no_package_and_a_new_file_belongs_to_one() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(top.join("a/src")).unwrap();
        fs::write(top.join("a/Cargo.toml"), "[package]").unwrap();
        let inside = |path: &str| Locator.package_around(&top.join(path)).map(|located| located.inside);
        assert_eq!(inside("a/src/new.rs"), Some("src/new.rs".to_owned()));
        assert_eq!(inside("a/new.rs"), Some("new.rs".to_owned()));
        assert_eq!(inside("a/no/new.rs"), None);
        assert_eq!(inside("x.rs"), None, "nothing says that this folder is a project");
    }

    #[test]
    fn nothing_there_is_a_failure() {
        assert!(Locator.project_of(Path::new("no/such/folder")).is_err());
    }
}
