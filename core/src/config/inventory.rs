//! `[inventory]`: where the pages of folders and files lie.

use super::reader::{Reader, Value, span};

pub(super) const KEYS: [&str; 4] = ["file", "out", "files", "index"];

/// `[inventory]`: where the pages of folders and files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryRule {
    /// Whether the section is there.
    pub declared: bool,
    /// The name of a folder's page.
    pub file: String,
    /// The folder that holds all pages in a tree of their own, relative to the project root; without it each
    /// page lies in the folder that it speaks of.
    pub out: Option<String>,
    /// Whether each file of a governed folder has a page too.
    pub files: bool,
    /// The page that lists all folders, relative to the project root.
    pub index: String,
}

impl Default for InventoryRule {
    fn default() -> Self {
        let (file, index) = ("FOLDER.md".to_owned(), "FOLDERS.md".to_owned());
        Self { declared: false, file, out: None, files: true, index }
    }
}

/// Reads the section.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> InventoryRule {
    let mut rule = InventoryRule { declared: true, ..InventoryRule::default() };
    let Some(table) = reader.table("inventory", value) else { return rule };
    let mut index = None;
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "file" => rule.file = page(reader, "file", value, false).unwrap_or(rule.file),
            "out" => rule.out = reader.text("out", value).and_then(|text| folder(reader, text, value)),
            "index" => index = page(reader, "index", value, true),
            "files" => match value.get_ref().as_bool() {
                Some(files) => rule.files = files,
                None => reader.wrong_type("files", value, "a switch", "write `files = false`"),
            },
            _ => reader.unknown_key(key, "`[inventory]`", KEYS),
        }
    }
    rule.index = index.unwrap_or_else(|| match &rule.out {
        // Forges show a file of this name when somebody opens the folder.
        Some(out) => format!("{out}/README.md"),
        None => rule.index,
    });
    rule
}

/// The name of a page, or with `nested` its path.
fn page(reader: &mut Reader<'_>, key: &str, value: &Value<'_>, nested: bool) -> Option<String> {
    let text = reader.text(key, value)?;
    let path = if nested { folder(reader, text, value)? } else { text.to_owned() };
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.strip_suffix(".md").unwrap_or_default();
    let is_name = !stem.is_empty() && !path.contains('\\');
    if !is_name || (!nested && path.contains('/')) {
        let help = if nested { "write `index = \"docs/FOLDERS.md\"`" } else { "write `file = \"FOLDER.md\"`" };
        reader.error(span(&value.span()), format!("`{text}` is not the name of a page"), help);
        return None;
    }
    Some(path)
}

/// A path that stays in the project, without a slash at its end.
fn folder(reader: &mut Reader<'_>, text: &str, value: &Value<'_>) -> Option<String> {
    let path = text.trim_end_matches('/').trim_start_matches("./");
    let is_inside = !path.is_empty()
        && !path.contains(['\\', ':'])
        && path.split('/').all(|part| !part.is_empty() && !matches!(part, "." | ".." | ".git"));
    if !is_inside {
        let help = "write a path below the project's root, such as `docs/folders`";
        reader.error(span(&value.span()), format!("`{text}` is no place in the project"), help);
        return None;
    }
    Some(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, check};
    use expect_test::expect;

    fn rule(section: &str) -> InventoryRule {
        crate::config::parse("baton.toml", &format!("version = 1\n{section}"), LINTS).unwrap().inventory
    }

    #[test]
    fn pages_lie_in_their_folders_or_in_a_tree() {
        let default = rule("");
        assert_eq!((default.declared, default.file.as_str(), default.out.as_deref()), (false, "FOLDER.md", None));
        assert_eq!((default.files, default.index.as_str()), (true, "FOLDERS.md"));
        let tree = rule("[inventory]\nout = \"./docs/folders/\"\nfiles = false");
        assert_eq!((tree.declared, tree.out.as_deref(), tree.files), (true, Some("docs/folders"), false));
        assert_eq!(tree.index, "docs/folders/README.md");
        assert_eq!(rule("[inventory]\nout = \"docs\"\nindex = \"docs/map.md\"").index, "docs/map.md");
    }

    #[test]
    fn names_are_names_and_paths_stay_inside() {
        check(
            r#"version = 1
[inventory]
file = "docs/FOLDER.md"
out = "../docs"
index = ".md"
files = "yes"
fold = 1
"#,
            &expect![[r#"
                file = "docs/FOLDER.md"
                       ^^^^^^^^^^^^^^^^ `docs/FOLDER.md` is not the name of a page
                       help: write `file = "FOLDER.md"`
                out = "../docs"
                      ^^^^^^^^^ `../docs` is no place in the project
                      help: write a path below the project's root, such as `docs/folders`
                index = ".md"
                        ^^^^^ `.md` is not the name of a page
                        help: write `index = "docs/FOLDERS.md"`
                files = "yes"
                        ^^^^^ `files` must be a switch, not a string
                        help: write `files = false`
                fold = 1
                ^^^^ unknown key `fold` in `[inventory]`
                help: known here: `file`, `out`, `files`, `index`
            "#]],
        );
    }
}
