//! `[domains]`: the parts of a project that know nothing of each other, and what may cross.

use super::ConfigError;
use super::pattern::{Pattern, PatternKind};
use super::reader::{Reader, Value, span};
use super::suggest;
use super::unmatched::unmatched;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

pub(super) const KEYS: [&str; 2] = ["paths", "allow"];
pub(super) const ALLOW_KEYS: [&str; 3] = ["from", "to", "reason"];

/// `[domains]`: folders and files that are a domain each.
#[derive(Clone, Debug, Default)]
pub struct Domains {
    /// Each folder or file that one of them matches is a domain.
    pub paths: Vec<Pattern>,
    /// The crossings that are meant.
    pub allow: Vec<Allowance>,
    /// The place of the value of `paths`.
    pub span: Span,
}

/// Stands for every domain.
const EVERY: &str = "*";

/// One `[[domains.allow]]`: code of one domain may name another.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// The domain whose code names the other; `*` for every one.
    pub from: (String, Span),
    /// The domain that is named.
    pub to: (String, Span),
    /// Why that is right.
    pub reason: String,
    /// The place of its header, `[[domains.allow]]`.
    pub span: Span,
}

impl Allowance {
    /// Whether it lets the code of one domain name the other.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        (self.from.0 == EVERY || self.from.0 == from) && self.to.0 == to
    }

    /// Whose code may name the other domain, as people say it.
    pub fn whose(&self) -> String {
        if self.from.0 == EVERY { "another domain".to_owned() } else { format!("`{}`", self.from.0) }
    }
}

impl Domains {
    /// The domain that a file belongs to, by its path: the name of the segment that the last
    /// wildcard of a pattern stands for, or the last segment of a pattern without any. Of several
    /// patterns the last that matches wins. A wildcard does not stand for `src/bin`: like `main.rs`, what is in
    /// there brings the others together.
    pub fn domain_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.paths.iter().rev().find_map(|pattern| {
            let matched = places(path).find(|place| pattern.matches(place))?;
            let behind = behind_name(&pattern.normal);
            let named = (0..behind).try_fold(matched, |path, _| Some(path.rsplit_once('/')?.0))?;
            let pattern_of_name = pattern.normal.rsplit('/').nth(behind)?;
            if pattern_of_name.contains('*') && (named == "src/bin" || named.ends_with("/src/bin")) {
                return None;
            }
            let segment = named.rsplit('/').next()?;
            Some(segment.strip_suffix(".rs").unwrap_or(segment))
        })
    }

    /// What is wrong with the section in a project of these files, apart from what it allows and
    /// nothing uses: patterns without a match, too few domains, names of none.
    pub fn faults(&self, path: &str, files: &[&str]) -> Vec<ConfigError> {
        let places: BTreeSet<&str> = files.iter().flat_map(|file| places(file)).collect();
        let places: Vec<&str> = places.into_iter().collect();
        let mut errors = unmatched(path, "folder or file", &self.paths, &places);
        let names: BTreeSet<&str> = files.iter().filter_map(|file| self.domain_of(file)).collect();
        if errors.is_empty() && names.len() < 2 {
            let found =
                names.first().map_or_else(|| "no domain".to_owned(), |name| format!("only one domain, `{name}`"));
            errors.push(ConfigError {
                message: format!("`paths` makes {found}"),
                help: "each folder that a pattern matches is one domain, as in `src/domains/*`; with fewer than two nothing can cross".to_owned(),
                span: self.span,
                path: path.to_owned(),
            });
        } else if errors.is_empty() {
            let ends = self.allow.iter().flat_map(|allowed| [&allowed.from, &allowed.to]);
            let named = ends.filter(|end| end.0 != EVERY || self.allow.iter().any(|allowed| allowed.to.1 == end.1));
            let strangers = named.filter(|(name, _)| !names.contains(name.as_str()));
            errors.extend(strangers.map(|(name, span)| ConfigError {
                message: format!("there is no domain `{name}`"),
                help: suggest::help(name, names.iter().copied()),
                span: *span,
                path: path.to_owned(),
            }));
        }
        errors
    }
}

/// The folders that a file lies in, outermost first, and the file, with and without its ending. A
/// file that holds a folder's or crate's own code is no part of that folder to be named apart.
fn places(path: &str) -> impl Iterator<Item = &str> {
    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    let name = path.rsplit('/').next().unwrap_or(path);
    let own = matches!(name, "mod.rs" | "lib.rs" | "main.rs");
    let file = [path.strip_suffix(".rs").unwrap_or(path), path].into_iter().filter(move |_| !own);
    folders.chain(file)
}

/// How many segments follow the one that names the domain.
fn behind_name(pattern: &str) -> usize {
    pattern.rsplit('/').position(|part| part != "**" && is_wild(part)).unwrap_or(0)
}

fn is_wild(part: &str) -> bool {
    part.contains(['*', '?', '[', '{'])
}

/// Reads the section.
pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Domains> {
    let table = reader.table("domains", value)?;
    let mut domains = Domains::default();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "paths" => {
                domains.span = span(&value.span());
                domains.paths = reader.patterns(PatternKind::Path, "paths", value);
                if value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
                    reader.error(domains.span, "`paths` names no folder", "write `paths = [\"src/domains/*\"]`");
                }
            }
            "allow" => domains.allow = allowances(reader, value),
            _ => reader.unknown_key(key, "`[domains]`", KEYS),
        }
    }
    if !table.contains_key("paths") {
        let help = "write `paths = [\"src/domains/*\"]`: each folder or file that matches is one domain";
        reader.error(span(&value.span()), "`[domains]` without `paths`", help);
    }
    for pattern in &domains.paths {
        check_name(reader, pattern);
    }
    Some(domains)
}

/// `**` stands for any number of folders, so nothing behind it tells which of them is the domain.
fn check_name(reader: &mut Reader<'_>, pattern: &Pattern) {
    let behind = behind_name(&pattern.normal);
    let named = pattern.normal.split('/').any(|part| part != "**" && is_wild(part));
    let mut after = pattern.normal.rsplit('/').take(if named { behind } else { 1 });
    if after.any(|part| part == "**") {
        let help = match pattern.normal.strip_suffix("/**") {
            Some(folder) => format!("write `{folder}/*`"),
            None => "end the pattern with the part that names the domain, as in `src/domains/*`".to_owned(),
        };
        reader.error(pattern.span, "`**` does not say which folder is the domain", help);
    }
}

fn allowances(reader: &mut Reader<'_>, value: &Value<'_>) -> Vec<Allowance> {
    const HELP: &str = "write `[[domains.allow]]`, once for each crossing";
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_type("allow", value, "a list of sections", HELP);
        return Vec::new();
    };
    let mut allowed: Vec<Allowance> = Vec::new();
    let mut known: BTreeMap<(String, String), Span> = BTreeMap::new();
    for element in list {
        let Some(table) = element.get_ref().as_table() else {
            reader.wrong_type("allow", element, "a list of sections", HELP);
            continue;
        };
        let Some(one) = allowance(reader, table, span(&element.span())) else { continue };
        let pair = (one.from.0.clone(), one.to.0.clone());
        if known.insert(pair, one.span).is_some() {
            let message = format!("`{}` to `{}` stands twice", one.from.0, one.to.0);
            reader.error(one.span, message, "remove one of the two");
            continue;
        }
        allowed.push(one);
    }
    allowed
}

fn allowance(reader: &mut Reader<'_>, table: &DeTable<'_>, place: Span) -> Option<Allowance> {
    for key in table.keys().filter(|key| !ALLOW_KEYS.contains(&key.get_ref().as_ref())) {
        reader.unknown_key(key, "`[[domains.allow]]`", ALLOW_KEYS);
    }
    let mut word = |key: &str, help: &str| -> Option<(String, Span)> {
        let Some(value) = table.get(key) else {
            reader.error(place, format!("`[[domains.allow]]` without `{key}`"), help);
            return None;
        };
        let at = span(&value.span());
        let text = reader.text(key, value)?.trim();
        if text.is_empty() {
            reader.error(at, format!("`{key}` is empty"), help);
            return None;
        }
        Some((text.to_owned(), at))
    };
    let from = word("from", "name the domain whose code may name the other");
    let to = word("to", "name the domain that may be named");
    let reason = word("reason", "say why the crossing is right: whoever reads it next has to know");
    let (from, to, (reason, _)) = (from?, to?, reason?);
    if from.0 == to.0 {
        reader.error(to.1, format!("`{}` is the same domain", to.0), "code of one domain may name itself");
        return None;
    }
    Some(Allowance { from, to, reason, span: place })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{LINTS, check, render};
    use expect_test::{Expect, expect};

    fn domains(paths: &[&str]) -> Domains {
        let paths = paths.iter().map(|path| Pattern::new(PatternKind::Path, path, Span::default()).unwrap());
        Domains { paths: paths.collect(), ..Domains::default() }
    }

    /// What is wrong with a configuration in a project of these files.
    #[track_caller]
    fn faults(text: &str, files: &[&str], expected: &Expect) {
        let config = crate::config::parse("baton.toml", text, LINTS).unwrap();
        expected.assert_eq(&render(text, &config.domains.unwrap().faults("baton.toml", files)));
    }

    #[test]
    fn a_file_belongs_to_the_domain_that_its_path_names() {
        for (paths, file, expected) in [
            (&["src/domains/*"][..], "src/domains/billing/a/b.rs", Some("billing")),
            (&["src/domains/*"], "src/domains/billing.rs", Some("billing")),
            (&["src/domains/*"], "src/domains/billing/mod.rs", Some("billing")),
            (&["src/domains/*"], "src/domains/mod.rs", None),
            (&["src/domains/*"], "src/domains.rs", None),
            (&["src/domains/*"], "src/shared/money.rs", None),
            (&["src/domains/billing", "src/domains/orders"], "src/domains/orders/a.rs", Some("orders")),
            (&["src/domains/billing", "src/domains/orders"], "src/domains/orders.rs", Some("orders")),
            (&["src/{billing,orders}"], "src/orders/a.rs", Some("orders")),
            (&["src/*/domain"], "src/billing/domain/a.rs", Some("billing")),
            (&["src/*/domain"], "src/billing/domain.rs", Some("billing")),
            (&["src/*/domain"], "src/billing/shell.rs", None),
            (&["**/domains/*"], "crates/a/src/domains/billing/a.rs", Some("billing")),
            (&["crates/*"], "crates/billing/src/lib.rs", Some("billing")),
            (&["src/*", "src/domains/*"], "src/domains/billing/a.rs", Some("billing")),
            (&["src/*"], "src/bin/tool.rs", None),
            (&["crates/a/src/*"], "crates/a/src/bin/tool/main.rs", None),
            (&["src/bin"], "src/bin/tool.rs", Some("bin")),
            (&["src/bin/*"], "src/bin/tool.rs", Some("tool")),
            (&["src/*"], "src/bind/tool.rs", Some("bind")),
            (&["lib/*"], "lib/bin/tool.rs", Some("bin")),
            (&["src/domains/*", "src/domains/shared/*"], "src/domains/shared/x/y.rs", Some("x")),
        ] {
            assert_eq!(domains(paths).domain_of(file), expected, "{file} by {paths:?}");
        }
    }

    #[test]
    fn a_section_is_read() {
        let text = r#"version = 1
[domains]
paths = ["src/domains/*"]
[[domains.allow]]
from = "orders"
to = "billing"
reason = "an order is billed at once"
"#;
        check(text, &expect!["fine"]);
        let domains = crate::config::parse("baton.toml", text, LINTS).unwrap().domains.unwrap();
        let [allowed] = domains.allow.as_slice() else { panic!("{domains:?}") };
        assert_eq!((allowed.from.0.as_str(), allowed.to.0.as_str()), ("orders", "billing"));
        assert_eq!(allowed.reason, "an order is billed at once");
        assert_eq!(&text[allowed.to.1.start as usize..allowed.to.1.end as usize], "\"billing\"");
        assert_eq!(&text[allowed.span.start as usize..allowed.span.end as usize], "[[domains.allow]]");
    }

    #[test]
    fn keys_are_known_and_complete() {
        check(
            r#"version = 1
[domains]
path = ["src/domains/*"]
[[domains.allow]]
from = "orders"
too = "billing"
reason = " "
[[domains.allow]]
from = "orders"
to = "orders"
reason = "r"
[[domains.allow]]
from = "orders"
to = "billing"
reason = "r"
[[domains.allow]]
from = "orders"
to = "billing"
reason = "r"
"#,
            &expect![[r#"
                [domains]
                ^^^^^^^^^ `[domains]` without `paths`
                help: write `paths = ["src/domains/*"]`: each folder or file that matches is one domain
                path = ["src/domains/*"]
                ^^^^ unknown key `path` in `[domains]`
                help: did you mean `paths`?
                [[domains.allow]]
                ^^^^^^^^^^^^^^^^^ `[[domains.allow]]` without `to`
                help: name the domain that may be named
                too = "billing"
                ^^^ unknown key `too` in `[[domains.allow]]`
                help: did you mean `to`?
                reason = " "
                         ^^^ `reason` is empty
                         help: say why the crossing is right: whoever reads it next has to know
                to = "orders"
                     ^^^^^^^^ `orders` is the same domain
                     help: code of one domain may name itself
                [[domains.allow]]
                ^^^^^^^^^^^^^^^^^ `orders` to `billing` stands twice
                help: remove one of the two
            "#]],
        );
        check(
            "version = 1\ndomains = [\"src/*\"]",
            &expect![[r#"
            domains = ["src/*"]
                      ^^^^^^^^^ `domains` must be a section, not a list
                      help: write `[domains]`
        "#]],
        );
        check(
            "version = 1\n[domains]\npaths = []\nallow = \"orders\"",
            &expect![[r#"
            paths = []
                    ^^ `paths` names no folder
                    help: write `paths = ["src/domains/*"]`
            allow = "orders"
                    ^^^^^^^^ `allow` must be a list of sections, not a string
                    help: write `[[domains.allow]]`, once for each crossing
        "#]],
        );
    }

    #[test]
    fn a_pattern_says_which_folder_is_the_domain() {
        check(
            "version = 1\n[domains]\npaths = [\"src/domains/**\", \"src/*/**/api\", \"**\"]",
            &expect![[r#"
            paths = ["src/domains/**", "src/*/**/api", "**"]
                     ^^^^^^^^^^^^^^^^ `**` does not say which folder is the domain
                     help: write `src/domains/*`
                                       ^^^^^^^^^^^^^^ `**` does not say which folder is the domain
                                       help: end the pattern with the part that names the domain, as in `src/domains/*`
                                                       ^^^^ `**` does not say which folder is the domain
                                                       help: end the pattern with the part that names the domain, as in `src/domains/*`
        "#]],
        );
        check("version = 1\n[domains]\npaths = [\"**/domains/*\", \"**/billing\"]", &expect![["fine"]]);
    }

    #[test]
    fn the_project_has_the_domains_that_are_named() {
        let files = ["src/domains/billing/a.rs", "src/domains/mod.rs", "src/domains/orders.rs", "src/lib.rs"];
        let allow = |from: &str, to: &str| {
            format!(
                "version = 1\n[domains]\npaths = [\"src/domains/*\"]\n[[domains.allow]]\nfrom = \"{from}\"\nto = \"{to}\"\nreason = \"r\""
            )
        };
        faults(&allow("orders", "billing"), &files, &expect!["fine"]);
        faults(
            &allow("order", "shipping"),
            &files,
            &expect![[r#"
            from = "order"
                   ^^^^^^^ there is no domain `order`
                   help: did you mean `orders`?
            to = "shipping"
                 ^^^^^^^^^^ there is no domain `shipping`
                 help: known here: `billing`, `orders`
        "#]],
        );
        let paths = |paths: &str| format!("version = 1\n[domains]\npaths = [{paths}]");
        faults(
            &paths("\"src/domain/*\""),
            &files,
            &expect![[r#"
            paths = ["src/domain/*"]
                     ^^^^^^^^^^^^^^ `src/domain/*` matches no folder or file
                     help: did you mean `src/domains/*`?
        "#]],
        );
        faults(
            &paths("\"src/domains\""),
            &files,
            &expect![[r#"
            paths = ["src/domains"]
                    ^^^^^^^^^^^^^^^ `paths` makes only one domain, `domains`
                    help: each folder that a pattern matches is one domain, as in `src/domains/*`; with fewer than two nothing can cross
        "#]],
        );
        faults(
            &paths("\"src/mod*\", \"src/domains/orders\""),
            &files,
            &expect![[r#"
            paths = ["src/mod*", "src/domains/orders"]
                     ^^^^^^^^^^ `src/mod*` matches no folder or file
                     help: `src` exists, but the rest of the pattern matches nothing in it; correct or remove it
        "#]],
        );
    }
}
