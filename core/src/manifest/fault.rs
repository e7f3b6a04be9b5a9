//! Faults, collected while reading and weighed at the end: the same fault is an error in a member
//! and a notice elsewhere, and who is a member is known only when all manifests have been seen.

use super::members::Membership;
use super::model::ManifestError;
use super::tree::Tree;
use crate::source::Span;

/// The faults found so far.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

/// One fault.
#[derive(PartialEq, Eq)]
pub(super) struct Fault {
    /// The number of the manifest.
    pub(super) manifest: usize,
    /// Where in it.
    pub(super) span: Span,
    /// What is wrong.
    pub(super) message: String,
    /// What to do about it; nothing for what is never more than a notice.
    pub(super) help: Option<String>,
}

impl Faults {
    /// Adds a fault that is an error in a member.
    pub(super) fn fault(&mut self, manifest: usize, span: Span, message: String, help: String) {
        self.0.push(Fault { manifest, span, message, help: Some(help) });
    }

    /// Adds what is worth a sentence but never an error.
    pub(super) fn notice(&mut self, manifest: usize, span: Span, message: String) {
        self.0.push(Fault { manifest, span, message, help: None });
    }

    /// Weighs all faults: the notices, or else the errors of the members.
    pub(super) fn settle(
        mut self,
        tree: &Tree<'_>,
        membership: &Membership,
    ) -> Result<Vec<String>, Vec<ManifestError>> {
        self.0.sort_by(|a, b| (a.manifest, a.span, &a.message).cmp(&(b.manifest, b.span, &b.message)));
        // What a workspace says wrongly, each of its members may inherit.
        self.0.dedup();
        let (errors, notices): (Vec<_>, Vec<_>) =
            (self.0.into_iter()).partition(|fault| fault.help.is_some() && membership.includes(fault.manifest));
        if errors.is_empty() {
            let notices = notices.into_iter();
            return Ok(notices
                .map(|fault| format!("{}: {}", tree.document(fault.manifest).path, fault.message))
                .collect());
        }
        let errors = errors.into_iter().map(|Fault { manifest, span, message, help }| ManifestError {
            path: tree.document(manifest).path.to_owned(),
            message,
            help: help.unwrap_or_default(),
            span,
        });
        Err(errors.collect())
    }
}

/// The candidate that `name` is most likely a slip of, if any is close enough.
pub(super) fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (name.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}
