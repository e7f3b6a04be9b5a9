//! Patterns: how a configuration names files, modules, crates and items.

use super::wildcard;
use crate::facts::types::segments as segments_of;
use crate::source::Span;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// A pattern of the configuration, ready to match.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As it is written.
    pub text: String,
    /// Its place in the configuration's text, quotes included.
    pub span: Span,
    /// What it names.
    pub kind: PatternKind,
    /// The text in its one normal form, by which two spellings of a pattern are the same.
    pub(super) normal: String,
    matcher: Matcher,
}

/// What a pattern names, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternKind {
    /// Files, by their path from the project's root: a glob in which `*` stays within a folder and
    /// `**` crosses folders. A pattern whose last part is a plain name means the file of that name,
    /// or the folder and everything in it.
    Path,
    /// Modules, by their path from the crate, and everything inside them: `*` is one segment, `**`
    /// any number. `crate` stands for every crate of the project.
    Module,
    /// Items, by their name without a path; `*` is any characters.
    Name,
    /// Attributes, by their path as written on an item; `*` is any characters of one segment.
    Attribute,
    /// Packages; `-` and `_` are the same, `*` is any characters.
    Crate,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

#[derive(Clone, Debug)]
enum Matcher {
    Glob(GlobSet),
    Segments(Vec<String>),
    Crate(String),
}

impl Pattern {
    /// Reads `text` as a pattern of that kind.
    ///
    /// # Errors
    ///
    /// A text that the kind does not allow, or that could never match.
    pub fn new(kind: PatternKind, text: &str, span: Span) -> Result<Self, PatternError> {
        if text.trim().is_empty() {
            return Err(error("an empty pattern", "remove it"));
        }
        let (normal, matcher) = match kind {
            PatternKind::Path => path(text)?,
            PatternKind::Module => module(text)?,
            PatternKind::Name => name(text)?,
            PatternKind::Attribute => attribute(text)?,
            PatternKind::Crate => package(text)?,
        };
        Ok(Self { text: text.to_owned(), span, kind, normal, matcher })
    }

    /// Whether `candidate` is one of what the pattern names: a file's path relative to the project
    /// root with `/`, a module's path that begins with its crate's name, an item's name, an
    /// attribute's path, or a package's name.
    pub fn matches(&self, candidate: &str) -> bool {
        match &self.matcher {
            Matcher::Glob(globs) => globs.is_match(candidate),
            Matcher::Segments(segments) => wildcard::segments(segments, &segments_of(candidate).collect::<Vec<_>>()),
            Matcher::Crate(pattern) => wildcard::name(pattern, &candidate.replace('-', "_")),
        }
    }

    /// Whether it is a path or module with a `*` for a name in it, so that it can stand for several.
    pub fn is_group(&self) -> bool {
        self.normal.split(self.kind.separator()).any(|part| part.contains('*') && part != "**")
    }

    /// What of `candidate` it matches as a group: the shortest beginning that is a match by itself,
    /// so `src/domains/billing` of `src/domains/billing/tax.rs` for `src/domains/*`. The file of a
    /// module and its folder are one.
    pub fn group<'c>(&self, candidate: &'c str) -> Option<&'c str> {
        // Most files lie elsewhere.
        if self.kind == PatternKind::Path && !candidate.starts_with(self.fixed()) {
            return None;
        }
        if let (PatternKind::Module, Matcher::Segments(segments)) = (self.kind, &self.matcher) {
            return module_group(segments, candidate);
        }
        let separator = self.kind.separator();
        let ends = candidate.match_indices(separator).map(|(end, _)| end).chain([candidate.len()]);
        let whole = ends.map(|end| &candidate[..end]).find(|start| self.matches(start))?;
        Some(if self.kind == PatternKind::Path { whole.strip_suffix(".rs").unwrap_or(whole) } else { whole })
    }

    /// What every path begins with that it matches: the text before the first of the signs that globs know.
    fn fixed(&self) -> &str {
        self.normal.split(['*', '?', '[', '{']).next().unwrap_or_default()
    }
}

impl PatternKind {
    /// What separates the segments of a candidate.
    pub(super) const fn separator(self) -> &'static str {
        match self {
            Self::Path => "/",
            Self::Module | Self::Name | Self::Attribute | Self::Crate => "::",
        }
    }
}

/// The shortest beginning of a module's path that a pattern describes, without the `**` at its end, which stands for
/// all that is inside.
fn module_group<'c>(pattern: &[String], candidate: &'c str) -> Option<&'c str> {
    let pattern = pattern.strip_suffix(&["**".to_owned()]).unwrap_or(pattern);
    let path: Vec<&str> = segments_of(candidate).collect();
    let count = (1..=path.len()).find(|&count| wildcard::segments(pattern, &path[..count]))?;
    let separators = "::".len() * (count - 1);
    Some(&candidate[..path[..count].iter().map(|part| part.len()).sum::<usize>() + separators])
}

fn error(message: impl Into<String>, help: impl Into<String>) -> PatternError {
    PatternError { message: message.into(), help: help.into() }
}

fn path(text: &str) -> Result<(String, Matcher), PatternError> {
    check_path(text)?;
    let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
    let normal = parts.collect::<Vec<_>>().join("/");
    if normal.is_empty() {
        return Err(error(format!("`{text}` names no file"), "write `**` for every file of the project"));
    }
    check_recursion(&normal)?;
    let bad = |cause: &globset::Error| {
        error(
            format!("bad glob: {}", cause.kind()),
            "`?`, `*`, `**`, `[ab]` and `{a,b}` are special; write `[*]` for a plain `*`",
        )
    };
    let mut globs = GlobSetBuilder::new();
    let mut add = |glob: &str| {
        let glob = GlobBuilder::new(glob).literal_separator(true).backslash_escape(false).build();
        glob.map(|glob| globs.add(glob)).map(|_| ())
    };
    add(&normal).map_err(|cause| bad(&cause))?;
    if names_folder(&normal) {
        add(&format!("{normal}/**")).map_err(|cause| bad(&cause))?;
    }
    let globs = globs.build().map_err(|cause| bad(&cause))?;
    Ok((normal, Matcher::Glob(globs)))
}

fn check_path(text: &str) -> Result<(), PatternError> {
    let drive = text.as_bytes().get(1) == Some(&b':');
    if text.contains('\\') {
        return Err(error("a `\\` in a path", "separate folders with `/` on every system"));
    }
    if text.starts_with('/') || drive {
        return Err(error("an absolute path", "paths are relative to the project's root, without a leading `/`"));
    }
    if text.starts_with('!') {
        return Err(error(
            "a pattern cannot be negated",
            "the last matching role wins: give the exception a role of its own, further down",
        ));
    }
    if text.split(['/', '{', '}', ',']).any(|part| part == "..") {
        return Err(error(
            "`..` leads out of the project",
            "paths are relative to the project's root; move the file up instead",
        ));
    }
    Ok(())
}

/// `**` next to other characters would silently mean `*`, which is never what its author expects.
fn check_recursion(normal: &str) -> Result<(), PatternError> {
    if normal.contains('{') {
        return Ok(());
    }
    let Some(part) = normal.split('/').find(|part| part.contains("**") && *part != "**") else {
        return Ok(());
    };
    let (start, rest) = part.split_once("**").unwrap_or((part, ""));
    let rest = rest.trim_start_matches('*');
    let before = if start.is_empty() { String::new() } else { format!("{start}*/") };
    let after = if rest.is_empty() { String::new() } else { format!("/*{rest}") };
    let apart = format!("{before}**{after}");
    let whole: Vec<_> = normal.split('/').map(|each| if each == part { &apart } else { each }).collect();
    Err(error("`**` must be a whole part of the path", format!("write `{}`", whole.join("/"))))
}

/// A plain last part may be a folder, and then all that is in it is meant; after a `*` people
/// write what they mean, `*` or `**`.
fn names_folder(normal: &str) -> bool {
    let last = normal.rsplit('/').next().unwrap_or(normal);
    !last.contains(['*', '?', '['])
}

fn module(text: &str) -> Result<(String, Matcher), PatternError> {
    let valid = |(at, part): (usize, &str)| {
        let dashes = at == 0;
        is_word(wildcard::cooked(part), |letter| dashes && letter == '-')
            && !matches!(part, "self" | "super")
            && (at == 0 || part != "crate")
    };
    if !text.split("::").enumerate().all(valid) {
        let help = if text.contains(['/', '.']) {
            "files are named by `paths`; modules are written `crate::core`"
        } else {
            "write `crate::core`, with `*` for one segment and `**` for any number"
        };
        return Err(error(format!("`{text}` is not a module path"), help));
    }
    let mut segments: Vec<_> = text.split("::").map(|part| wildcard::cooked(part).to_owned()).collect();
    if let Some(first) = segments.first_mut() {
        *first = first.replace('-', "_");
    }
    let normal = segments.join("::");
    if let Some(first) = segments.first_mut()
        && first == "crate"
    {
        "*".clone_into(first);
    }
    segments.push("**".to_owned());
    Ok((normal, Matcher::Segments(segments)))
}

fn name(text: &str) -> Result<(String, Matcher), PatternError> {
    if !is_word(text, |_| false) {
        let help = if text.contains("::") {
            "write the name alone: say where it stands with `paths` or `modules`"
        } else {
            "write a name, with `*` for any characters: `*Orchestrator`"
        };
        return Err(error(format!("`{text}` is not a name"), help));
    }
    Ok((text.to_owned(), Matcher::Segments(vec![text.to_owned()])))
}

fn attribute(text: &str) -> Result<(String, Matcher), PatternError> {
    if !text.split("::").all(|part| is_word(part, |_| false)) {
        return Err(error(
            format!("`{text}` is not the path of an attribute"),
            "write it without `#[…]` and arguments: `baton::orchestrator`",
        ));
    }
    Ok((text.to_owned(), Matcher::Segments(text.split("::").map(str::to_owned).collect())))
}

fn package(text: &str) -> Result<(String, Matcher), PatternError> {
    if !is_word(text, |letter| letter == '-') {
        return Err(error(
            format!("`{text}` is not the name of a package"),
            "write it as in `Cargo.toml`, with `*` for any characters: `aws-sdk-*`",
        ));
    }
    let normal = text.replace('-', "_");
    Ok((normal.clone(), Matcher::Crate(normal)))
}

/// Letters of an identifier, `*`, and what `also` allows; at least one.
fn is_word(text: &str, also: impl Fn(char) -> bool) -> bool {
    !text.is_empty()
        && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '*') || also(letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use PatternKind::{Attribute, Crate, Module, Name, Path};
    use expect_test::{Expect, expect};

    #[track_caller]
    fn matching(kind: PatternKind, text: &str, yes: &[&str], no: &[&str]) {
        let pattern = Pattern::new(kind, text, Span::default()).unwrap();
        for candidate in yes {
            assert!(pattern.matches(candidate), "`{text}` should match {candidate}");
        }
        for candidate in no {
            assert!(!pattern.matches(candidate), "`{text}` should not match {candidate}");
        }
    }

    #[track_caller]
    fn check(kind: PatternKind, texts: &[&str], expected: &Expect) {
        let line = |text: &&str| match Pattern::new(kind, text, Span::default()) {
            Ok(pattern) => format!("{text:?} is {}\n", pattern.normal),
            Err(error) => format!("{text:?}: {}; {}\n", error.message, error.help),
        };
        expected.assert_eq(&texts.iter().map(line).collect::<String>());
    }

    #[test]
    fn a_plain_path_is_a_file_or_a_folder_with_all_in_it() {
        let inside = ["src/core", "src/core/a.rs", "src/core/b/c.rs"];
        let outside = ["src/core2/a.rs", "src/cor", "x/src/core/a.rs", "src/Core/a.rs"];
        for text in ["src/core", "./src/core", "src/core/", "src//core"] {
            matching(Path, text, &inside, &outside);
        }
        matching(Path, "src/main.rs", &["src/main.rs"], &["src/main.rsx", "src/bin/main.rs"]);
        matching(Path, "crates/*/src/core", &["crates/a/src/core/b/c.rs"], &["crates/a/b/src/core/c.rs"]);
        matching(Path, "src/{core,domain}", &["src/core/a.rs", "src/domain/b/c.rs"], &["src/shell/a.rs"]);
    }

    #[test]
    fn a_star_stays_in_its_folder_and_two_stars_do_not() {
        matching(Path, "src/*", &["src/a.rs"], &["src/a/b.rs"]);
        matching(Path, "src/**", &["src/a.rs", "src/a/b.rs"], &["src", "lib/a.rs"]);
        matching(Path, "**/generated/**", &["generated/a.rs", "src/x/generated/a/b.rs"], &["src/generated.rs"]);
        matching(Path, "src/**/service.rs", &["src/service.rs", "src/a/b/service.rs"], &["src/a/services.rs"]);
        matching(Path, "src/[*].rs", &["src/*.rs"], &["src/a.rs"]);
        matching(Path, "**", &["a.rs", "a/b/c.rs"], &[]);
    }

    #[test]
    fn a_module_holds_what_is_in_it_in_every_crate() {
        matching(
            Module,
            "crate::core",
            &["app::core", "app::core::price", "other::core"],
            &["app::core2", "app", "app::a::core"],
        );
        matching(Module, "my-app::core", &["my_app::core::price"], &["other::core"]);
        matching(Module, "crate::*::domain", &["app::books::domain::a"], &["app::domain", "app::a::b::domain"]);
        matching(Module, "crate::**::domain", &["app::domain", "app::a::b::domain::c"], &["app::domains"]);
        matching(Module, "crate::r#type", &["app::type", "app::r#type::a"], &["app::types"]);
        matching(Module, "crate", &["app", "app::a"], &[]);
    }

    #[test]
    fn a_group_is_the_shortest_beginning_that_matches() {
        let group = |kind, text: &str, candidate: &'static str| {
            Pattern::new(kind, text, Span::default()).unwrap().group(candidate)
        };
        assert_eq!(group(Path, "src/domains/*", "src/domains/billing/tax.rs"), Some("src/domains/billing"));
        assert_eq!(group(Path, "src/domains/*", "src/domains/billing.rs"), Some("src/domains/billing"));
        assert_eq!(group(Path, "src/domains/*", "src/other/billing.rs"), None);
        assert_eq!(group(Path, "crates/*/src", "crates/a/src/lib.rs"), Some("crates/a/src"));
        assert_eq!(group(Module, "crate::*", "app::billing::tax"), Some("app::billing"));
        assert_eq!(group(Module, "crate::*::domain", "app::billing::domain::tax"), Some("app::billing::domain"));
        assert_eq!(group(Module, "crate::*", "app"), None);
        let is_group = |kind, text| Pattern::new(kind, text, Span::default()).unwrap().is_group();
        assert!(is_group(Path, "src/domains/*") && is_group(Module, "crate::*::domain"));
        assert!(!is_group(Path, "src/**") && !is_group(Module, "crate::core::**"));
    }

    #[test]
    fn names_attributes_and_packages_have_stars() {
        matching(Name, "*Service", &["BookService", "Service"], &["BookServices", "service"]);
        matching(Attribute, "baton::*", &["baton::orchestrator"], &["orchestrator", "baton::a::b"]);
        matching(Crate, "aws-sdk-*", &["aws-sdk-s3", "aws_sdk_s3"], &["aws-config"]);
        matching(Crate, "tokio_postgres", &["tokio-postgres", "tokio_postgres"], &["tokio-postgres-rustls"]);
    }

    #[test]
    fn a_path_that_could_never_match_is_refused() {
        let texts = [
            "",
            " ",
            "./",
            "/src",
            "C:/src",
            "src\\core",
            "../other",
            "src/{..,a}/b",
            "src/..a",
            "!src/a.rs",
            "src/**.rs",
            "src/a**",
            "a***",
            "***",
            "src/a**b",
            "src/{a",
            "src/a}",
            "src/[a",
            "src/[z-a]",
            "src/a?.rs",
        ];
        check(
            Path,
            &texts,
            &expect![[r#"
                "": an empty pattern; remove it
                " ": an empty pattern; remove it
                "./": `./` names no file; write `**` for every file of the project
                "/src": an absolute path; paths are relative to the project's root, without a leading `/`
                "C:/src": an absolute path; paths are relative to the project's root, without a leading `/`
                "src\\core": a `\` in a path; separate folders with `/` on every system
                "../other": `..` leads out of the project; paths are relative to the project's root; move the file up instead
                "src/{..,a}/b": `..` leads out of the project; paths are relative to the project's root; move the file up instead
                "src/..a" is src/..a
                "!src/a.rs": a pattern cannot be negated; the last matching role wins: give the exception a role of its own, further down
                "src/**.rs": `**` must be a whole part of the path; write `src/**/*.rs`
                "src/a**": `**` must be a whole part of the path; write `src/a*/**`
                "a***": `**` must be a whole part of the path; write `a*/**`
                "***": `**` must be a whole part of the path; write `**`
                "src/a**b": `**` must be a whole part of the path; write `src/a*/**/*b`
                "src/{a": bad glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?); `?`, `*`, `**`, `[ab]` and `{a,b}` are special; write `[*]` for a plain `*`
                "src/a}": bad glob: unopened alternate group; missing '{' (maybe escape '}' with '[}]'?); `?`, `*`, `**`, `[ab]` and `{a,b}` are special; write `[*]` for a plain `*`
                "src/[a": bad glob: unclosed character class; missing ']'; `?`, `*`, `**`, `[ab]` and `{a,b}` are special; write `[*]` for a plain `*`
                "src/[z-a]": bad glob: invalid range; 'z' > 'a'; `?`, `*`, `**`, `[ab]` and `{a,b}` are special; write `[*]` for a plain `*`
                "src/a?.rs" is src/a?.rs
            "#]],
        );
    }

    #[test]
    fn what_is_no_module_is_refused() {
        let texts = [
            "crate::",
            "::core",
            "src/core",
            "core.rs",
            "crate:core",
            "self::core",
            "crate::super::a",
            "a::crate",
            "crate::a-b",
            "a-b::c",
            "crate::co*",
        ];
        check(
            Module,
            &texts,
            &expect![[r#"
            "crate::": `crate::` is not a module path; write `crate::core`, with `*` for one segment and `**` for any number
            "::core": `::core` is not a module path; write `crate::core`, with `*` for one segment and `**` for any number
            "src/core": `src/core` is not a module path; files are named by `paths`; modules are written `crate::core`
            "core.rs": `core.rs` is not a module path; files are named by `paths`; modules are written `crate::core`
            "crate:core": `crate:core` is not a module path; write `crate::core`, with `*` for one segment and `**` for any number
            "self::core": `self::core` is not a module path; write `crate::core`, with `*` for one segment and `**` for any number
            "crate::super::a": `crate::super::a` is not a module path; write `crate::core`, with `*` for one segment and `**` for any number
            "a::crate": `a::crate` is not a module path; write `crate::core`, with `*` for one segment and `**` for any number
            "crate::a-b": `crate::a-b` is not a module path; write `crate::core`, with `*` for one segment and `**` for any number
            "a-b::c" is a_b::c
            "crate::co*" is crate::co*
        "#]],
        );
    }

    #[test]
    fn what_is_no_name_is_refused() {
        check(
            Name,
            &["crate::A", "A<T>", "[AB]", "A b", "*A*"],
            &expect![[r#"
            "crate::A": `crate::A` is not a name; write the name alone: say where it stands with `paths` or `modules`
            "A<T>": `A<T>` is not a name; write a name, with `*` for any characters: `*Orchestrator`
            "[AB]": `[AB]` is not a name; write a name, with `*` for any characters: `*Orchestrator`
            "A b": `A b` is not a name; write a name, with `*` for any characters: `*Orchestrator`
            "*A*" is *A*
        "#]],
        );
        check(
            Attribute,
            &["#[baton]", "baton::", "baton(x)", "baton::*"],
            &expect![[r##"
            "#[baton]": `#[baton]` is not the path of an attribute; write it without `#[…]` and arguments: `baton::orchestrator`
            "baton::": `baton::` is not the path of an attribute; write it without `#[…]` and arguments: `baton::orchestrator`
            "baton(x)": `baton(x)` is not the path of an attribute; write it without `#[…]` and arguments: `baton::orchestrator`
            "baton::*" is baton::*
        "##]],
        );
        check(
            Crate,
            &["sqlx::Pool", "sqlx = 1", "sqlx-*"],
            &expect![[r#"
            "sqlx::Pool": `sqlx::Pool` is not the name of a package; write it as in `Cargo.toml`, with `*` for any characters: `aws-sdk-*`
            "sqlx = 1": `sqlx = 1` is not the name of a package; write it as in `Cargo.toml`, with `*` for any characters: `aws-sdk-*`
            "sqlx-*" is sqlx_*
        "#]],
        );
    }
}
