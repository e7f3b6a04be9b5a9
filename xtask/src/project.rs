//! A project from the texts of its files, as the tools that measure link one.

use crate::Refusal;
use baton_core::link::{Content, SourceFile};
use baton_core::manifest::{self, Workspace};
use baton_core::parse::{self, Need, Parsed};
use baton_core::source::LineIndex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads manifests and parses Rust files, each by its path, with all bodies.
///
/// # Errors
///
/// A manifest is wrong.
pub(crate) fn parsed(sources: BTreeMap<String, String>) -> Result<(Workspace, Vec<SourceFile>), Refusal> {
    let (manifests, sources): (BTreeMap<_, _>, BTreeMap<_, _>) =
        sources.into_iter().partition(|(path, _)| path == "Cargo.toml" || path.ends_with("/Cargo.toml"));
    let paths: Vec<String> = sources.keys().cloned().collect();
    let workspace = manifest::read(&manifests, &paths)
        .map_err(|errors| Refusal(errors.first().map(|error| error.message.clone()).unwrap_or_default()))?;
    let files = sources.into_iter().map(|(path, text)| {
        let content = match parse::parse_file(&text, &LineIndex::new(&text), Need::Bodies) {
            Parsed::Facts(facts) => Content::Facts(Arc::new(facts)),
            Parsed::Generated => Content::Generated,
            Parsed::Failed(failure) => Content::Failed(failure),
        };
        SourceFile { path, content }
    });
    Ok((workspace, files.collect()))
}
