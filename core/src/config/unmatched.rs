//! Patterns that match nothing: the configuration speaks of what is not there.

use super::pattern::{Pattern, PatternKind};
use super::{ConfigError, suggestion, wildcard};
use std::collections::BTreeSet;

/// The errors of those `patterns` that match none of the `candidates`, in the order of the text.
///
/// `path` is the configuration's file, `what` says what is sought (`file`, `module`, `type`), and
/// the candidates are all there are: whatever [`Pattern::matches`] asks for. Each error suggests
/// the nearest pattern that would match, or says how far the pattern leads.
pub fn unmatched<'a, S: AsRef<str>>(
    path: &str,
    what: &str,
    patterns: impl IntoIterator<Item = &'a Pattern>,
    candidates: &[S],
) -> Vec<ConfigError> {
    let lonely = |pattern: &&Pattern| !candidates.iter().any(|candidate| pattern.matches(candidate.as_ref()));
    let mut errors: Vec<_> = patterns
        .into_iter()
        .filter(lonely)
        .map(|pattern| ConfigError {
            message: format!("`{}` matches no {what}", pattern.text),
            help: help(pattern, what, candidates),
            span: pattern.span,
            path: path.to_owned(),
        })
        .collect();
    errors.sort_by_key(|error| error.span);
    errors
}

fn help<S: AsRef<str>>(pattern: &Pattern, what: &str, candidates: &[S]) -> String {
    if candidates.is_empty() {
        return format!("the project has no {what} at all");
    }
    match nearest(pattern, candidates) {
        Some(near) => format!("did you mean `{near}`?"),
        None => reached(pattern, candidates),
    }
}

/// The pattern that a pattern which matches none of the `candidates` most likely stands for.
pub fn nearest<S: AsRef<str>>(pattern: &Pattern, candidates: &[S]) -> Option<String> {
    match pattern.kind {
        PatternKind::Path | PatternKind::Module => {
            corrected(pattern, candidates).or_else(|| moved(pattern, candidates))
        }
        PatternKind::Name | PatternKind::Attribute | PatternKind::Crate => respelled(pattern, candidates),
    }
}

/// The pattern with every segment that leads nowhere replaced by the nearest one that exists
/// there, if that matches something.
fn corrected<S: AsRef<str>>(pattern: &Pattern, candidates: &[S]) -> Option<String> {
    let separator = pattern.kind.separator();
    let mut rests: Vec<&str> = candidates.iter().map(AsRef::as_ref).collect();
    let mut segments: Vec<&str> = pattern.normal.split(separator).collect();
    for (at, segment) in segments.iter_mut().enumerate() {
        if !is_plain(pattern.kind, segment) {
            break;
        }
        let mut next = descend(pattern.kind, at, segment, &rests);
        if next.is_empty() {
            *segment = suggestion(segment, rests.iter().map(|rest| head(separator, rest)))?;
            next = descend(pattern.kind, at, segment, &rests);
        }
        rests = next;
    }
    matching(pattern, segments.join(separator), candidates)
}

/// Whether a segment can be compared with names: it stands for one, and has no glob but `*`.
fn is_plain(kind: PatternKind, segment: &str) -> bool {
    segment != "**" && (kind != PatternKind::Path || !segment.contains(['?', '[', ']', '{', '}']))
}

/// What follows the segment in each path that begins with it.
fn descend<'c>(kind: PatternKind, at: usize, segment: &str, rests: &[&'c str]) -> Vec<&'c str> {
    let separator = kind.separator();
    let any = kind == PatternKind::Module && at == 0 && segment == "crate";
    let inside = |rest: &&'c str| any || wildcard::name(segment, wildcard::cooked(head(separator, rest)));
    let after = |rest: &'c str| rest.split_once(separator).map_or("", |(_, after)| after);
    rests.iter().filter(|rest| !rest.is_empty()).copied().filter(inside).map(after).collect()
}

fn head<'c>(separator: &str, rest: &'c str) -> &'c str {
    rest.split_once(separator).map_or(rest, |(head, _)| head)
}

/// The pattern further down, as in `src/core` for `core`, if that matches something. Where it
/// matches in a single place, that place; else everywhere, with `**`.
fn moved<S: AsRef<str>>(pattern: &Pattern, candidates: &[S]) -> Option<String> {
    let separator = pattern.kind.separator();
    let text = match pattern.kind {
        PatternKind::Module => pattern.normal.strip_prefix("crate::").unwrap_or(&pattern.normal),
        _ => &pattern.normal,
    };
    let start = if pattern.kind == PatternKind::Module { "crate::" } else { "" };
    let below =
        |place: &str| Pattern::new(pattern.kind, &format!("{start}{place}{separator}{text}"), pattern.span).ok();
    let anywhere = below("**")?;
    let hits: Vec<_> = candidates.iter().map(AsRef::as_ref).filter(|hit| anywhere.matches(hit)).collect();
    let first = *hits.first()?;
    if pattern.kind == PatternKind::Module {
        let direct = Pattern::new(pattern.kind, &format!("crate::{text}"), pattern.span).ok()?;
        let found = if hits.iter().all(|hit| direct.matches(hit)) { direct } else { anywhere };
        return Some(found.text);
    }
    let ends = first.match_indices('/').map(|(end, _)| &first[..end]);
    let place = ends.filter_map(below).find(|place| place.matches(first));
    Some(place.filter(|place| hits.iter().all(|hit| place.matches(hit))).unwrap_or(anywhere).text)
}

/// The pattern with another name between its stars.
fn respelled<S: AsRef<str>>(pattern: &Pattern, candidates: &[S]) -> Option<String> {
    let text = pattern.normal.as_str();
    let word = text.trim_matches('*');
    if word.is_empty() || word.contains('*') {
        return None;
    }
    let (before, after) = text.split_once(word)?;
    let names: Vec<String> = candidates.iter().map(|name| spelled(pattern.kind, name.as_ref())).collect();
    let mut parts = BTreeSet::new();
    for name in &names {
        let bounds = boundaries(name);
        let starts = if before.is_empty() { &bounds[..1] } else { &bounds[..] };
        for &start in starts {
            let ends = if after.is_empty() { &bounds[bounds.len() - 1..] } else { &bounds[..] };
            parts.extend(ends.iter().filter_map(|&end| name.get(start..end)).filter(|part| !part.is_empty()));
        }
    }
    let near = format!("{before}{}{after}", suggestion(word, parts)?);
    // Compared with `_`, but people write packages as `Cargo.toml` does.
    let near = if pattern.text.contains('-') { near.replace('_', "-") } else { near };
    matching(pattern, near, candidates)
}

/// A name as patterns of that kind compare it.
fn spelled(kind: PatternKind, name: &str) -> String {
    if kind == PatternKind::Crate { name.replace('-', "_") } else { name.to_owned() }
}

/// Where words begin in a name, `|Book|Service|`, `|DAG|Executor|` and `|run_|all|`, with its start and end.
fn boundaries(name: &str) -> Vec<usize> {
    let mut bounds = vec![0];
    let mut before = '_';
    let mut letters = name.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let word_follows = letters.peek().is_some_and(|(_, next)| next.is_lowercase());
        let capital = letter.is_uppercase() && (!before.is_uppercase() || word_follows);
        if at > 0 && (before == '_' || capital) {
            bounds.push(at);
        }
        before = letter;
    }
    bounds.push(name.len());
    bounds
}

/// `text` if it is a pattern that matches something.
fn matching<S: AsRef<str>>(pattern: &Pattern, text: String, candidates: &[S]) -> Option<String> {
    let near = Pattern::new(pattern.kind, &text, pattern.span).ok()?;
    candidates.iter().any(|candidate| near.matches(candidate.as_ref())).then_some(text)
}

/// How far the pattern leads before there is nothing.
fn reached<S: AsRef<str>>(pattern: &Pattern, candidates: &[S]) -> String {
    let separator = pattern.kind.separator();
    let mut rests: Vec<&str> = candidates.iter().map(AsRef::as_ref).collect();
    let mut exists = Vec::new();
    for (at, segment) in pattern.normal.split(separator).enumerate() {
        let next =
            if is_plain(pattern.kind, segment) { descend(pattern.kind, at, segment, &rests) } else { Vec::new() };
        if next.is_empty() {
            break;
        }
        exists.push(segment);
        rests = next;
    }
    match pattern.kind {
        PatternKind::Path | PatternKind::Module if !exists.is_empty() => {
            let exists = exists.join(separator);
            format!("`{exists}` exists, but the rest of the pattern matches nothing in it; correct or remove it")
        }
        PatternKind::Path => "correct or remove it; patterns are relative to the project's root".to_owned(),
        _ => "correct or remove it".to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::needless_raw_string_hashes, reason = "the update of the snapshots writes them")]
mod tests {
    use super::*;
    use crate::source::Span;
    use PatternKind::{Crate, Module, Name, Path};
    use expect_test::{Expect, expect};

    const FILES: [&str; 6] = [
        "src/core/mod.rs",
        "src/core/price/tax.rs",
        "src/main.rs",
        "src/shell/db.rs",
        "crates/a/src/domain/x.rs",
        "crates/b/src/domain/y.rs",
    ];
    const MODULES: [&str; 5] = ["app", "app::core", "app::core::price", "app::shell::ports", "tool::shell::ports"];
    const TYPES: [&str; 4] = ["BookOrchestrator", "OrchestratorHandle", "run_all", "DAGExecutor"];

    #[track_caller]
    fn check(kind: PatternKind, what: &str, texts: &[&str], candidates: &[&str], expected: &Expect) {
        let pattern = |(at, text): (usize, &&str)| Pattern::new(kind, text, Span::new(at as u32, at as u32)).unwrap();
        let patterns: Vec<_> = texts.iter().enumerate().map(pattern).collect();
        let errors = unmatched("baton.toml", what, &patterns, candidates);
        let lines: Vec<_> = errors.iter().map(|error| format!("{}; {}", error.message, error.help)).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn what_matches_is_fine() {
        check(Path, "file", &["src/core", "src/*.rs", "**/domain/**"], &FILES, &expect![[""]]);
        check(Module, "module", &["crate::core", "app", "crate::**::ports"], &MODULES, &expect![[""]]);
        check(Name, "type", &["*Orchestrator", "Orchestrator*"], &TYPES, &expect![[""]]);
        check(Crate, "dependency", &["aws-sdk-*"], &["aws_sdk_s3"], &expect![[""]]);
    }

    #[test]
    fn a_path_leads_to_the_nearest_folder() {
        let texts = [
            "src/cor/**",
            "scr/cor/pric/**",
            "src/core/prices",
            "src/Core",
            "src/mian.rs",
            "core/price/**",
            "domain/**",
            "crates/c/src/domain",
            "src/core/*.txt",
            "crates/**/domian",
            "./src/cor",
            "lib/engine/**",
            "src/engine",
            "sr?/core",
        ];
        check(
            Path,
            "file",
            &texts,
            &FILES,
            &expect![[r#"
                `src/cor/**` matches no file; did you mean `src/core/**`?
                `scr/cor/pric/**` matches no file; did you mean `src/core/price/**`?
                `src/core/prices` matches no file; did you mean `src/core/price`?
                `src/Core` matches no file; did you mean `src/core`?
                `src/mian.rs` matches no file; did you mean `src/main.rs`?
                `core/price/**` matches no file; did you mean `src/core/price/**`?
                `domain/**` matches no file; did you mean `**/domain/**`?
                `crates/c/src/domain` matches no file; `crates` exists, but the rest of the pattern matches nothing in it; correct or remove it
                `src/core/*.txt` matches no file; `src/core` exists, but the rest of the pattern matches nothing in it; correct or remove it
                `crates/**/domian` matches no file; `crates` exists, but the rest of the pattern matches nothing in it; correct or remove it
                `./src/cor` matches no file; did you mean `src/core`?
                `lib/engine/**` matches no file; correct or remove it; patterns are relative to the project's root
                `src/engine` matches no file; `src` exists, but the rest of the pattern matches nothing in it; correct or remove it"#]],
        );
    }

    #[test]
    fn a_module_leads_to_the_nearest_module() {
        let texts =
            ["crate::cor", "core::price", "core", "crate::ports", "crate::core::prices", "apps::core", "crate::engine"];
        check(
            Module,
            "module",
            &texts,
            &MODULES,
            &expect![[r#"
            `crate::cor` matches no module; did you mean `crate::core`?
            `core::price` matches no module; did you mean `crate::core::price`?
            `core` matches no module; did you mean `crate::core`?
            `crate::ports` matches no module; did you mean `crate::**::ports`?
            `crate::core::prices` matches no module; did you mean `crate::core::price`?
            `apps::core` matches no module; did you mean `app::core`?
            `crate::engine` matches no module; `crate` exists, but the rest of the pattern matches nothing in it; correct or remove it"#]],
        );
    }

    #[test]
    fn a_name_leads_to_the_nearest_name() {
        let texts = ["*Orchestator", "Orchestartor*", "BookOrchestrators", "runn_*", "*Exekutor", "*UseCase", "*a*b*"];
        check(
            Name,
            "type",
            &texts,
            &TYPES,
            &expect![[r#"
                `*Orchestator` matches no type; did you mean `*Orchestrator`?
                `Orchestartor*` matches no type; did you mean `Orchestrator*`?
                `BookOrchestrators` matches no type; did you mean `BookOrchestrator`?
                `runn_*` matches no type; did you mean `run_*`?
                `*Exekutor` matches no type; did you mean `*Executor`?
                `*UseCase` matches no type; correct or remove it
                `*a*b*` matches no type; correct or remove it"#]],
        );
        check(
            Crate,
            "dependency",
            &["sqlxx", "aws-skd-*", "diesel"],
            &["sqlx", "aws-sdk-s3"],
            &expect![[r#"
                `sqlxx` matches no dependency; did you mean `sqlx`?
                `aws-skd-*` matches no dependency; did you mean `aws-sdk-*`?
                `diesel` matches no dependency; correct or remove it"#]],
        );
    }

    #[test]
    fn a_project_without_any_is_told_so() {
        check(Name, "type", &["*Service"], &[], &expect!["`*Service` matches no type; the project has no type at all"]);
    }

    #[test]
    fn many_candidates_are_no_burden() {
        let files: Vec<_> = (0..50_000).map(|n| format!("src/part{}/folder{}/file{n}.rs", n % 50, n % 1000)).collect();
        let texts: Vec<_> = (0..10).map(|n| format!("src/prat{n}/**")).collect();
        let patterns: Vec<_> = texts.iter().map(|text| Pattern::new(Path, text, Span::default()).unwrap()).collect();
        let errors = unmatched("baton.toml", "file", &patterns, &files);
        assert_eq!(errors.len(), 10);
        assert_eq!(errors[7].help, "did you mean `src/part7/**`?");
    }
}
