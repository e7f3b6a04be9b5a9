//! The members of a contract: how it names a part of the project.

use crate::config::{Pattern, PatternError, PatternKind};
use crate::source::Span;
use std::path::Path;

/// A part of the project, as a contract names it.
#[derive(Clone, Debug)]
pub struct Member {
    /// As it is written.
    pub text: String,
    /// Its place in the configuration's text.
    pub span: Span,
    /// What it names.
    pub kind: MemberKind,
}

/// What a member names.
#[derive(Clone, Debug)]
pub enum MemberKind {
    /// A word: a role, or else a crate or package of the project.
    Word(String),
    /// A role.
    Role(String),
    /// A crate or package of the project.
    Crate(String),
    /// Modules with all inside them.
    Module(Pattern),
    /// Files.
    Path(Pattern),
    /// Packages from outside.
    Package(Pattern),
    /// A domain.
    Domain(String),
    /// What lies in a container under that path, as its segments.
    Inside(Vec<String>),
}

impl Member {
    /// Reads a member. `role:`, `crate:`, `module:`, `path:`, `package:` (or `outside:`) and `domain:`
    /// say what is named; without them, `::` makes a module, `/` or `*` a path, and any other word is a role or a crate.
    ///
    /// # Errors
    ///
    /// A text that names nothing, or in a way that its kind does not allow.
    pub fn new(text: &str, span: Span) -> Result<Self, PatternError> {
        let pattern = |kind, text: &str| Pattern::new(kind, text, span);
        let kind = match prefixed(text) {
            _ if text.is_empty() => return Err(error("an empty member", "name a role, a module, a folder or a crate")),
            Some((prefix, "")) => return Err(error(format!("`{prefix}:` names nothing"), "write a name behind it")),
            Some(("role", name)) => MemberKind::Role(name.to_owned()),
            Some(("domain", name)) => MemberKind::Domain(name.to_owned()),
            Some(("module", path)) => MemberKind::Module(pattern(PatternKind::Module, path)?),
            Some(("path", path)) => MemberKind::Path(pattern(PatternKind::Path, path)?),
            Some(("crate", name)) => MemberKind::Crate(name.to_owned()),
            Some(("package" | "outside", name)) => MemberKind::Package(pattern(PatternKind::Crate, name)?),
            Some((prefix, _)) => {
                let help = format!(
                    "known are {}; a module is written with `::`",
                    PREFIXES.map(|one| format!("`{one}:`")).join(", ")
                );
                return Err(error(format!("`{prefix}:` says nothing of what is named"), help));
            }
            None if text.contains("::") || text == "crate" => MemberKind::Module(pattern(PatternKind::Module, text)?),
            None if text.contains(['/', '*', '{', '[', '?']) || Path::new(text).extension().is_some() => {
                MemberKind::Path(pattern(PatternKind::Path, text)?)
            }
            None if is_word(text) => MemberKind::Word(text.to_owned()),
            None => return Err(no_word(text)),
        };
        Ok(Self { text: text.to_owned(), span, kind })
    }

    /// Reads a layer of a container: a path inside of it, or a role with its prefix.
    ///
    /// # Errors
    ///
    /// A text that is neither.
    pub fn relative(text: &str, span: Span) -> Result<Self, PatternError> {
        if let Some(("role", name)) = prefixed(text)
            && !name.is_empty()
        {
            return Ok(Self { text: text.to_owned(), span, kind: MemberKind::Role(name.to_owned()) });
        }
        let segments: Vec<String> = text.split('/').flat_map(|part| part.split("::")).map(str::to_owned).collect();
        if let Some(rest) = text.strip_prefix("crate::") {
            let help = format!("write `{rest}`, from the container on, or leave out `containers`");
            return Err(error(format!("`{text}` is no path inside of a container"), help));
        }
        if !segments.iter().all(|segment| is_word(segment)) {
            let help = "layers of containers are names inside of them: `api`, `api::http`; or roles: `role:core`";
            return Err(error(format!("`{text}` is no path inside of a container"), help));
        }
        Ok(Self { text: text.to_owned(), span, kind: MemberKind::Inside(segments) })
    }

    /// Whether it stands for several members where that makes a difference: a pattern with a `*`.
    pub fn is_group(&self) -> bool {
        match &self.kind {
            MemberKind::Module(pattern) | MemberKind::Path(pattern) => pattern.is_group(),
            MemberKind::Domain(name) => name == "*",
            _ => false,
        }
    }
}

/// `outside` stands for `package` too, as it does in the graph.
const PREFIXES: [&str; 6] = ["role", "crate", "module", "path", "package", "domain"];

/// What stands before a single colon, and what behind it.
pub(crate) fn prefixed(text: &str) -> Option<(&str, &str)> {
    let (prefix, rest) = text.split_once(':')?;
    (!rest.starts_with(':') && is_word(prefix)).then_some((prefix, rest.trim()))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '#'))
}

fn no_word(text: &str) -> PatternError {
    let help = "name a role or a crate, a module as `crate::core`, files as `src/core/**`, or `package:sqlx`";
    error(format!("`{text}` names nothing"), help)
}

fn error(message: impl Into<String>, help: impl Into<String>) -> PatternError {
    PatternError { message: message.into(), help: help.into() }
}
