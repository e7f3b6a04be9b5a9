//! Where the pages of folders and files lie, and how one leads to another.

use baton_core::config::InventoryRule;

/// Where pages lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout<'a> {
    rule: &'a InventoryRule,
}

impl<'a> Layout<'a> {
    pub(super) const fn new(rule: &'a InventoryRule) -> Self {
        Self { rule }
    }

    /// The page of a folder.
    pub(super) fn folder(self, folder: &str) -> String {
        self.inside(folder, &self.rule.file)
    }

    /// The page of a file, which has the file's name with another ending.
    pub(super) fn file(self, path: &str) -> String {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        self.inside(folder, &format!("{}.md", name.strip_suffix(".rs").unwrap_or(name)))
    }

    /// What a link to a file should lead to: its page, or itself where files have none.
    pub(super) fn shown_file(self, path: &str) -> String {
        if self.rule.files { self.file(path) } else { path.to_owned() }
    }

    /// The page over all folders.
    pub(super) fn index(self) -> &'a str {
        &self.rule.index
    }

    /// Whether files have pages.
    pub(super) const fn has_files(self) -> bool {
        self.rule.files
    }

    fn inside(self, folder: &str, name: &str) -> String {
        let root = self.rule.out.as_deref();
        let parts = root.into_iter().chain(Some(folder).filter(|folder| *folder != ".")).chain([name]);
        parts.collect::<Vec<_>>().join("/")
    }
}

/// The address of one path as seen from another, both relative to the project root, as a link has it.
pub(super) fn link(from: &str, to: &str) -> String {
    let around = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let (here, target) = (around(from), to);
    let here: Vec<&str> = here.split('/').filter(|part| !part.is_empty()).collect();
    let there: Vec<&str> = target.split('/').collect();
    let last = there.len().saturating_sub(1);
    let common = here.iter().zip(&there[..last]).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", here.len() - common);
    up.chain(there[common..].iter().copied()).map(encoded).collect::<Vec<_>>().join("/")
}

/// A segment of a path as an address has it: what would end or change a link is spelt as a number.
fn encoded(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for c in segment.chars() {
        if c.is_alphanumeric() || "-_.~".contains(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lie_beside_the_code_or_in_a_tree() {
        let beside = InventoryRule::default();
        let layout = Layout::new(&beside);
        assert_eq!(layout.folder("src/app"), "src/app/FOLDER.md");
        assert_eq!(layout.folder("."), "FOLDER.md");
        assert_eq!(layout.file("src/app/pay.rs"), "src/app/pay.md");
        let tree = InventoryRule { out: Some("docs/folders".to_owned()), files: false, ..InventoryRule::default() };
        let layout = Layout::new(&tree);
        assert_eq!(layout.folder("src/app"), "docs/folders/src/app/FOLDER.md");
        assert_eq!(layout.shown_file("src/app/pay.rs"), "src/app/pay.rs");
    }

    #[test]
    fn links_lead_from_page_to_page() {
        assert_eq!(link("src/app/FOLDER.md", "src/app/pay.md"), "pay.md");
        assert_eq!(link("src/app/FOLDER.md", "src/core/FOLDER.md"), "../core/FOLDER.md");
        assert_eq!(link("FOLDERS.md", "src/app/FOLDER.md"), "src/app/FOLDER.md");
        assert_eq!(link("docs/src/app/FOLDER.md", "src/app/pay.rs"), "../../../src/app/pay.rs");
        assert_eq!(link("a/F.md", "a/b (c)/ß#.md"), "b%20%28c%29/ß%23.md");
    }
}
