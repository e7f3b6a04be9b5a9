//! What the options of lints speak of: crates, and paths as code names them.
//!
//! A lint only compares these texts with what it finds, so one with a slip in it would add nothing, and
//! nobody would say so. Here their form is checked, and each is kept with its place: whether there is
//! such a thing is known once the project is linked.

use super::pattern::PatternError;
use crate::source::Span;

/// Something that an option of a lint speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// As it is written.
    pub text: String,
    /// Where.
    pub span: Span,
    /// What it should be.
    pub kind: MentionKind,
}

/// What an option may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MentionKind {
    /// A package that the project depends on.
    Crate,
    /// A path as code names it, or a crate.
    Path,
}

impl Mention {
    /// The path without what stands around it, as in `Box<dyn Error>`, and without a `*` at its end.
    pub(crate) fn path(&self) -> &str {
        let (path, _) = open(bare(&self.text));
        path
    }

    /// Whether it stands for everything behind its path.
    pub(crate) fn is_open(&self) -> bool {
        open(bare(&self.text)).1
    }

    /// Whether it is more than a path: `static mut`, `dyn Any`.
    pub(crate) fn is_phrase(&self) -> bool {
        bare(&self.text) != self.text
    }
}

/// Whether a path of an option means `what`, a path with its crate in front: as a whole, as its end, by a
/// `*`, or as its crate.
pub fn means(option: &str, what: &str) -> bool {
    if let Some(start) = option.strip_suffix('*') {
        return what.starts_with(start);
    }
    let is_end = what.strip_suffix(option).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"));
    is_end || what.split("::").next() == Some(&option.replace('-', "_"))
}

/// Whether a text can be what is meant.
///
/// # Errors
///
/// It is no path, or no name of a crate.
pub(super) fn check(kind: MentionKind, text: &str) -> Result<(), PatternError> {
    let error = |message: String, help: &str| Err(PatternError { message, help: help.to_owned() });
    if text.trim().is_empty() {
        return error("an empty text".to_owned(), "remove it");
    }
    if kind == MentionKind::Crate {
        let fine = is_name(text, "-");
        return if fine {
            Ok(())
        } else {
            error(format!("`{text}` is not the name of a crate"), "write the name alone, as `Cargo.toml` does")
        };
    }
    let (path, _) = open(bare(text));
    let mut segments = path.split("::");
    let first = segments.next().is_some_and(|first| is_name(first, "-"));
    if first && segments.all(|segment| is_name(segment, "")) {
        return Ok(());
    }
    error(
        format!("`{text}` is not a path"),
        "write it as code names it, such as `std::env::var`; a `*` at its end stands for any rest",
    )
}

/// A text without what may stand around a path in it.
fn bare(text: &str) -> &str {
    let text = text.strip_prefix("Box<").and_then(|inner| inner.strip_suffix('>')).unwrap_or(text);
    let start = ["dyn ", "static ", "extern fn "].iter().find_map(|start| text.strip_prefix(start));
    start.unwrap_or(text).trim_end_matches('!')
}

/// A path without a `*` at its end, and whether it had one.
fn open(path: &str) -> (&str, bool) {
    match path.strip_suffix('*') {
        Some(start) => (start.strip_suffix("::").unwrap_or(start), true),
        None => (path, false),
    }
}

fn is_name(text: &str, besides: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || besides.contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_means_the_whole_the_end_a_beginning_or_a_crate() {
        let what = "uuid::Uuid::new_v4";
        for option in [what, "Uuid::new_v4", "new_v4", "uuid::*", "uuid::Uuid::*", "uuid::Uuid::new*", "uuid"] {
            assert!(means(option, what), "{option}");
        }
        for option in ["uuid::Uuid", "Uuid", "v4", "uid::*", "uuid::Uuid::new_v7", "Uuid::*", ""] {
            assert!(!means(option, what), "{option}");
        }
        assert!(means("acme-client", "acme_client::CallError"));
    }
}
