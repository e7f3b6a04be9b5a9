//! What a walk leaves out, and how it says so.

use super::Scan;

/// A folder or file that a walk left out. Nothing below a folder was looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Its path, relative to the root.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why something was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// A `.gitignore`, a `.ignore` or git's own list of exclusions matches it.
    Ignored,
    /// Its name begins with a dot.
    Hidden,
    /// It holds what cargo built: a `target` beside a manifest, or a folder tagged as a cache.
    BuildOutput,
    /// It holds copies of other people's packages.
    Vendored,
    /// It is a `node_modules`.
    NodeModules,
    /// It is a link to a folder that holds it.
    LinkLoop,
    /// It is a link to nothing.
    DeadLink,
    /// It is one link to a folder too many.
    TooManyLinks,
    /// It is a submodule, and git does not have the commit that the repository wants of it.
    Submodule,
}

/// The reasons that a reader may want to know about, with what one and several such paths are
/// called. Hidden files, build output and `node_modules` are left out everywhere and by everyone.
const WORTH_A_WORD: [(SkipReason, &str, &str); 6] = [
    (SkipReason::Ignored, "path that an ignore file names", "paths that ignore files name"),
    (SkipReason::Vendored, "folder of vendored code", "folders of vendored code"),
    (SkipReason::LinkLoop, "link that leads back to itself", "links that lead back to themselves"),
    (SkipReason::DeadLink, "link that leads nowhere", "links that lead nowhere"),
    (SkipReason::TooManyLinks, "link to a folder beyond the limit", "links to folders beyond the limit"),
    (SkipReason::Submodule, "submodule that is not here", "submodules that are not here"),
];

impl Scan {
    /// Adds what somebody else left out.
    pub(in crate::adapters) fn skip(&mut self, skipped: impl Iterator<Item = Skipped>) {
        self.skipped.extend(skipped);
        self.skipped.sort_unstable();
    }

    /// How many paths were left out for `reason`.
    pub fn count(&self, reason: SkipReason) -> usize {
        self.skipped.iter().filter(|skipped| skipped.reason == reason).count()
    }

    /// What a reader of the report should know about the walk, a sentence each. What could not
    /// be read is not among it: that is a finding for each path.
    pub fn notices(&self) -> Vec<String> {
        let skipped = WORTH_A_WORD.into_iter().filter_map(|(reason, one, several)| {
            let first = &self.skipped.iter().find(|skipped| skipped.reason == reason)?.path;
            Some(match self.count(reason) {
                1 => format!("skipped 1 {one}: `{first}`"),
                count => format!("skipped {count} {several}, the first being `{first}`"),
            })
        });
        let faulty = self.faulty_ignore_files.iter();
        let faulty = faulty.map(|path| format!("a line of `{path}` is no pattern and was passed over"));
        skipped.chain(faulty).collect()
    }
}
