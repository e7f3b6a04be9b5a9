//! The `.rs` files of the tree, as cargo's discovery of targets asks for them.

use super::paths;

/// The paths of all `.rs` files, sorted.
pub(super) struct Files<'a>(Vec<&'a str>);

impl<'a> Files<'a> {
    /// Takes the list; sorts it, which costs next to nothing when it is sorted already.
    pub(super) fn new(files: &'a [String]) -> Self {
        let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
        files.sort_unstable();
        Self(files)
    }

    /// Whether there is a file of that path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.0.binary_search(&path).is_ok()
    }

    /// The crate roots in `folder`: each `name.rs`, and each `name/main.rs`, with that name.
    pub(super) fn roots_in(&self, folder: &str) -> Vec<(&'a str, &'a str)> {
        let prefix = format!("{folder}/");
        let start = self.0.partition_point(|&file| file < prefix.as_str());
        let below = self.0[start..].iter().map_while(|&file| Some((file, file.strip_prefix(&prefix)?)));
        let roots = below.filter_map(|(file, rest)| match rest.split_once('/') {
            None => Some((paths::stem(rest), file)),
            Some((name, "main.rs")) => Some((name, file)),
            Some(_) => None,
        });
        roots.filter(|(name, _)| !name.starts_with('.')).collect()
    }
}
