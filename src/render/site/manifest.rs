//! Which files of a folder are a site's own. The list lies in the folder itself and marks it as a site of ours.

use super::SiteFile;
use crate::error::Failure;
use crate::render::fault;
use baton_core::hash::digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the list.
pub const MANIFEST: &str = "baton-site.json";

/// The files that a site consists of, without the list itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Changes when an older version could not tell from the list what belongs to the site.
    version: u32,
    /// The path of each file, and a hash of its text as it was written.
    files: BTreeMap<String, String>,
}

const VERSION: u32 = 1;

impl Manifest {
    /// The list of those files.
    pub fn of(files: &[SiteFile]) -> Self {
        let files = files.iter().map(|file| (file.path.clone(), digest(&file.text))).collect();
        Self { version: VERSION, files }
    }

    /// Reads a list; `None` where the text is none, or names files outside of the site's folder.
    fn read(text: &str) -> Option<Self> {
        let manifest: Self = serde_json::from_str(text).ok()?;
        let is_inside = |path: &String| {
            let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':']);
            path.split('/').all(is_name)
        };
        (manifest.version == VERSION && manifest.files.keys().all(is_inside)).then_some(manifest)
    }

    /// The list as text.
    ///
    /// # Errors
    ///
    /// The writer failed, which is a fault of this program.
    pub fn text(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|error| fault(&error))?;
        Ok(format!("{text}\n"))
    }

    /// Whether a file is on the list.
    fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// The list of all files that are on one of both.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        let files = other.files.clone().into_iter().chain(self.files.clone()).collect();
        Self { version: VERSION, files }
    }

    /// The files of this list that are not on the other one.
    pub fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        self.files.keys().filter(|path| !other.has(path)).map(String::as_str)
    }

    /// Whether a file of the list still has the text that was written.
    fn is_as_written(&self, path: &str, text: &str) -> bool {
        self.files.get(path).is_some_and(|hash| *hash == digest(text))
    }

    /// The list of the folder `shown`, which lies there as `text` if there is one: in an empty folder nothing is on
    /// it.
    ///
    /// # Errors
    ///
    /// The folder belongs to somebody else, or nobody can tell.
    pub fn known(text: Option<&str>, is_empty: bool, shown: &str) -> Result<Self, Failure> {
        match text {
            None if is_empty => Ok(Self::of(&[])),
            None => Err(Failure::new(
                format!("the folder `{shown}` holds other things than a site"),
                "give an empty folder or a new one with `--output`, or one that `baton inventory` wrote a site to",
            )),
            Some(text) => Self::read(text).ok_or_else(|| {
                let hint = "nobody can tell what belongs to the site: remove the folder, or choose another one";
                Failure::new(format!("the list of files `{MANIFEST}` in `{shown}` cannot be understood"), hint)
            }),
        }
    }

    /// Nothing, if none of the files that are not on a list exists.
    ///
    /// # Errors
    ///
    /// One is there, and would be written over.
    pub fn without_strangers(existing: &[(&str, String)], shown: &str) -> Result<(), Failure> {
        existing.first().map_or(Ok(()), |(path, _)| {
            let message = format!("`{shown}/{path}` is in the way and belongs to somebody else");
            Err(Failure::new(message, "move it away, or choose another folder with `--output`"))
        })
    }

    /// Of the files that exist and are no pages any more those that may go, and those that somebody changed.
    pub fn left_over<'a>(&self, existing: &[(&'a str, String)]) -> LeftOver<'a> {
        let (ours, changed): (Vec<_>, Vec<_>) =
            existing.iter().partition(|(path, text)| self.is_as_written(path, text));
        let paths = |files: Vec<&(&'a str, String)>| files.into_iter().map(|(path, _)| *path).collect();
        LeftOver { ours: paths(ours), changed: paths(changed) }
    }
}

/// Files of an earlier run that are no pages any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOver<'a> {
    /// Those that are as they were written.
    pub ours: Vec<&'a str>,
    /// Those that somebody changed.
    pub changed: Vec<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(files: &[(&str, &str)]) -> Manifest {
        let file = |(path, text): &(&str, &str)| SiteFile { path: (*path).to_owned(), text: (*text).to_owned() };
        Manifest::of(&files.iter().map(file).collect::<Vec<_>>())
    }

    #[test]
    fn a_list_is_written_and_read_back() {
        let list = manifest(&[("a/b.html", "text"), ("index.html", "")]);
        let text = list.text().unwrap();
        assert_eq!(Manifest::read(&text), Some(list.clone()));
        assert!(list.has("index.html") && !list.has("a"));
        assert!(list.is_as_written("a/b.html", "text") && !list.is_as_written("a/b.html", "other"));
    }

    #[test]
    fn what_is_left_over_is_told() {
        let (old, new) = (manifest(&[("a", "1"), ("b", "1")]), manifest(&[("b", "2"), ("c", "2")]));
        assert_eq!(old.without(&new).collect::<Vec<_>>(), ["a"]);
        let both = new.with(&old);
        assert!(both.has("a") && both.has("c") && both.is_as_written("b", "2"));
    }

    #[test]
    fn only_what_is_as_it_was_written_goes() {
        let old = manifest(&[("a", "1"), ("b", "1")]);
        let existing = [("a", "1".to_owned()), ("b", "changed".to_owned())];
        assert_eq!(old.left_over(&existing), LeftOver { ours: vec!["a"], changed: vec!["b"] });
        assert!(Manifest::without_strangers(&[], "site").is_ok());
        let failure = Manifest::without_strangers(&existing, "site").unwrap_err();
        assert_eq!(failure.message, "`site/a` is in the way and belongs to somebody else");
    }

    #[test]
    fn a_folder_is_ours_or_new() {
        let known = |text, is_empty| Manifest::known(text, is_empty, "site").map_err(|failure| failure.message);
        assert_eq!(known(None, true), Ok(manifest(&[])));
        let text = manifest(&[("a", "1")]).text().unwrap();
        assert_eq!(known(Some(&text), false), Ok(manifest(&[("a", "1")])));
        assert_eq!(known(None, false), Err("the folder `site` holds other things than a site".to_owned()));
        let expected = "the list of files `baton-site.json` in `site` cannot be understood";
        assert_eq!(known(Some("{"), false), Err(expected.to_owned()));
    }

    #[test]
    fn nothing_outside_of_the_folder_is_ever_on_a_list() {
        for path in ["../a", "/etc/passwd", "a/../../b", "a//b", "C:/a", "a\\..\\b", "", "."] {
            let text = manifest(&[(path, "")]).text().unwrap();
            assert_eq!(Manifest::read(&text), None, "{path}");
        }
        assert_eq!(Manifest::read("{}"), None);
        assert_eq!(Manifest::read("{\"version\": 2, \"files\": {}}"), None);
    }
}
