//! One manifest as a tree of values with their places.

use super::paths;
use crate::source::Span;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One manifest.
pub(super) struct Document<'a> {
    /// Its path.
    pub(super) path: &'a str,
    /// The folder it lies in.
    pub(super) dir: &'a str,
    root: Option<Spanned<DeValue<'a>>>,
}

/// Why a text is not TOML.
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) span: Span,
}

impl<'a> Document<'a> {
    /// Parses `text`. A text that is no TOML yields a document without content, and the reason.
    pub(super) fn parse(path: &'a str, text: &'a str) -> (Self, Option<SyntaxError>) {
        let (root, error) = match DeTable::parse(text) {
            Ok(table) => {
                let span = table.span();
                (Some(Spanned::new(span, DeValue::Table(table.into_inner()))), None)
            }
            Err(error) => {
                let message = error.message().lines().collect::<Vec<_>>().join(", ");
                let span = error.span().map(span).unwrap_or_default();
                (None, Some(SyntaxError { message, span }))
            }
        };
        (Self { path, dir: paths::parent(path), root }, error)
    }

    /// Whether the text was TOML.
    pub(super) const fn is_readable(&self) -> bool {
        self.root.is_some()
    }

    /// The section of that name.
    pub(super) fn get(&self, key: &str) -> Option<Node<'_>> {
        self.node()?.get(key)
    }

    /// The whole document.
    pub(super) fn node(&self) -> Option<Node<'_>> {
        self.root.as_ref().map(Node)
    }

    /// The `[package]` section, under its present or its old name.
    pub(super) fn package(&self) -> Option<Node<'_>> {
        self.get("package").or_else(|| self.get("project")).filter(|node| node.is_table())
    }

    /// The `[workspace]` section.
    pub(super) fn workspace(&self) -> Option<Node<'_>> {
        self.get("workspace").filter(|node| node.is_table())
    }
}

/// One value of a manifest. Asked for what it is not, it answers with nothing: values of a wrong
/// type are cargo's to refuse.
#[derive(Clone, Copy)]
pub(super) struct Node<'d>(&'d Spanned<DeValue<'d>>);

/// One key of a table, with its value.
#[derive(Clone, Copy)]
pub(super) struct Entry<'d> {
    pub(super) key: &'d str,
    pub(super) key_span: Span,
    pub(super) value: Node<'d>,
}

impl<'d> Node<'d> {
    /// The value under `key`.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        self.0.get_ref().as_table()?.get(key).map(Node)
    }

    /// The value under the first of `keys` that there is: a name and its old spelling.
    pub(super) fn get_any(self, keys: &[&str]) -> Option<Self> {
        keys.iter().find_map(|key| self.get(key))
    }

    /// The text.
    pub(super) fn text(self) -> Option<&'d str> {
        self.0.get_ref().as_str()
    }

    /// The switch.
    pub(super) fn flag(self) -> Option<bool> {
        self.0.get_ref().as_bool()
    }

    /// Whether this is a table.
    pub(super) fn is_table(self) -> bool {
        self.0.get_ref().is_table()
    }

    /// Whether this is an array.
    pub(super) fn is_array(self) -> bool {
        self.0.get_ref().is_array()
    }

    /// The text under `key`.
    pub(super) fn text_of(self, key: &str) -> Option<&'d str> {
        self.get(key)?.text()
    }

    /// The switch under `key`.
    pub(super) fn flag_of(self, key: &str) -> Option<bool> {
        self.get(key)?.flag()
    }

    /// The elements of an array.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        self.0.get_ref().as_array().into_iter().flat_map(|array| array.iter()).map(Node)
    }

    /// The entries of a table, sorted by key.
    pub(super) fn entries(self) -> impl Iterator<Item = Entry<'d>> {
        let table = self.0.get_ref().as_table().into_iter();
        table.flat_map(|table| table.iter()).map(|(key, value)| Entry {
            key: key.get_ref().as_ref(),
            key_span: span(key.span()),
            value: Node(value),
        })
    }

    /// Where the value stands.
    pub(super) fn span(self) -> Span {
        span(self.0.span())
    }

    /// Whether the value is taken over from the workspace: `{ workspace = true }`.
    pub(super) fn is_inherited(self) -> bool {
        self.flag_of("workspace") == Some(true)
    }
}

const fn span(range: Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}
