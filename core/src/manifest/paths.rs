//! Paths as text: relative to the project root, with `/`, without `.` and `..` wherever possible.

/// `path` seen from the folder `dir`, normalised. Steps that lead out of the project root stay as
/// leading `..`, and an absolute path stays what it is: neither can name anything in the tree.
pub(super) fn join(dir: &str, path: &str) -> String {
    let path = path.replace('\\', "/");
    if path.starts_with('/') || path.get(1..3) == Some(":/") {
        return path;
    }
    let mut steps: Vec<&str> = Vec::new();
    for step in dir.split('/').chain(path.split('/')) {
        match (step, steps.last()) {
            ("" | ".", _) => {}
            ("..", Some(&last)) if last != ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

/// Whether `path` is the folder `dir` or lies in it.
pub(super) fn within(path: &str, dir: &str) -> bool {
    if dir.is_empty() {
        return !is_outside(path);
    }
    path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a joined path leads out of the project root.
pub(super) fn is_outside(path: &str) -> bool {
    path == ".." || path.starts_with("../") || path.starts_with('/') || path.get(1..3) == Some(":/")
}

/// The folder that holds `path`, empty for the project root.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// The folders above `dir`, nearest first, down to the project root; `dir` itself is not among them.
pub(super) fn above(dir: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(dir), |dir| (!dir.is_empty()).then(|| parent(dir))).skip(1)
}

/// The name of a `.rs` file without its extension.
pub(super) fn stem(path: &str) -> &str {
    let file = path.rsplit_once('/').map_or(path, |(_, file)| file);
    file.strip_suffix(".rs").unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_normalises_and_never_invents_a_place_in_the_tree() {
        assert_eq!(join("", "src/lib.rs"), "src/lib.rs");
        assert_eq!(join("a/b", "../c/./d/"), "a/c/d");
        assert_eq!(join("a", ".."), "");
        assert_eq!(join("a", "../../x"), "../x");
        assert_eq!(join("a", "../../../x"), "../../x");
        assert_eq!(join("a", "b\\c"), "a/b/c");
        assert_eq!(join("a", "/etc"), "/etc");
    }

    #[test]
    fn a_folder_holds_itself_and_what_is_below_but_not_its_namesakes() {
        assert!(within("a/b", "a") && within("a", "a") && within("a", ""));
        assert!(!within("ab", "a") && !within("", "a") && !within("../a", "") && !within("/a", ""));
        assert_eq!(above("a/b").collect::<Vec<_>>(), ["a", ""]);
        assert_eq!(above("").count(), 0);
    }
}
