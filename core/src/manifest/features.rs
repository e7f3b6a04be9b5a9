//! The names of a package's features.

use super::dependencies::Declared;
use super::document::{Document, Node};
use std::collections::BTreeSet;

/// The declared features, and one for each optional dependency that no feature names as `dep:`.
pub(super) fn names(document: &Document<'_>, declared: &[Declared]) -> Vec<String> {
    let table = document.get("features");
    let entries = || table.into_iter().flat_map(Node::entries);
    let mut names: BTreeSet<&str> = entries().map(|entry| entry.key).collect();
    let switched = entries().flat_map(|entry| entry.value.items()).filter_map(Node::text);
    let hidden: BTreeSet<&str> = switched.filter_map(|text| text.strip_prefix("dep:")).collect();
    let optional = declared.iter().filter(|declared| declared.dependency.optional);
    names.extend(optional.map(|declared| declared.key.as_str()).filter(|key| !hidden.contains(key)));
    names.into_iter().map(str::to_owned).collect()
}
