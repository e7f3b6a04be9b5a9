//! Takes the values out of a TOML table, and keeps the complaints about those that are wrong.

use super::pattern::{Pattern, PatternKind};
use super::{ConfigError, suggest};
use crate::source::Span;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A key of a table, with its place.
pub(super) type Key<'i> = Spanned<DeString<'i>>;
/// A value, with its place.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// Collects what is wrong with one file.
pub(super) struct Reader<'a> {
    path: &'a str,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(path: &'a str) -> Self {
        Self { path, errors: Vec::new() }
    }

    /// Everything that is wrong, in the order of the text.
    pub(super) fn into_errors(mut self) -> Vec<ConfigError> {
        self.errors.sort_by_key(|error| error.span);
        self.errors
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(ConfigError { message: message.into(), help: help.into(), span, path: self.path.to_owned() });
    }

    /// Complains about a key that `place` does not have.
    pub(super) fn unknown_key<'k>(
        &mut self,
        key: &Key<'_>,
        place: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) {
        let name = key.get_ref();
        self.error(span(&key.span()), format!("unknown key `{name}` in {place}"), suggest::help(name, known));
    }

    /// Complains that the value of `key` is not what it must be.
    pub(super) fn wrong_type(&mut self, key: &str, value: &Value<'_>, wanted: &str, help: &str) {
        let found = type_name(value.get_ref());
        self.error(span(&value.span()), format!("`{key}` must be {wanted}, not {found}"), help);
    }

    pub(super) fn text<'v>(&mut self, key: &str, value: &'v Value<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(key, value, "a string", &format!("write `{key} = \"…\"`"));
        }
        text
    }

    pub(super) fn table<'v, 'i>(&mut self, key: &str, value: &'v Value<'i>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, value, "a section", &format!("write `[{key}]`"));
        }
        table
    }

    /// A list of strings, each with its place. The wrong ones are left out.
    pub(super) fn texts<'v>(&mut self, key: &str, value: &'v Value<'_>) -> Vec<(&'v str, Span)> {
        let Some(list) = value.get_ref().as_array() else {
            let help = match value.get_ref().as_str() {
                Some(text) => format!("write `{key} = [{text:?}]`"),
                None => format!("write `{key} = [\"…\"]`"),
            };
            self.wrong_type(key, value, "a list of strings", &help);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for element in list {
            if let Some(text) = element.get_ref().as_str() {
                texts.push((text, span(&element.span())));
            } else {
                let message = format!("`{key}` holds strings, not {}", type_name(element.get_ref()));
                self.error(span(&element.span()), message, "write each element in quotes");
            }
        }
        texts
    }

    /// One pattern.
    pub(super) fn pattern(&mut self, kind: PatternKind, key: &str, value: &Value<'_>) -> Option<Pattern> {
        let text = self.text(key, value)?;
        let place = span(&value.span());
        match Pattern::new(kind, text, place) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.error(place, error.message, error.help);
                None
            }
        }
    }

    /// A list of patterns. The wrong ones are left out, and so is one that stands there already.
    pub(super) fn patterns(&mut self, kind: PatternKind, key: &str, value: &Value<'_>) -> Vec<Pattern> {
        let mut patterns: Vec<Pattern> = Vec::new();
        for (text, place) in self.texts(key, value) {
            match Pattern::new(kind, text, place) {
                Err(error) => self.error(place, error.message, error.help),
                Ok(pattern) if patterns.iter().any(|other| other.normal == pattern.normal) => {
                    self.error(place, format!("`{text}` stands twice in `{key}`"), "remove one of the two");
                }
                Ok(pattern) => patterns.push(pattern),
            }
        }
        patterns
    }
}

/// A byte range of the parser as a span.
pub(super) fn span(range: &Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

/// What a value is, with its article.
fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "a switch",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use crate::config::testing::check;
    use expect_test::expect;

    #[test]
    fn a_list_of_strings_is_nothing_else() {
        check(
            r#"version = 1
source.exclude = ["a.rs", 1, ["b"], "c.rs"]"#,
            &expect![[r#"
                source.exclude = ["a.rs", 1, ["b"], "c.rs"]
                                          ^ `exclude` holds strings, not a whole number
                                          help: write each element in quotes
                                             ^^^^^ `exclude` holds strings, not a list
                                             help: write each element in quotes
            "#]],
        );
        check(
            "version = 1\nsource.exclude = \"a.rs\"",
            &expect![[r#"
            source.exclude = "a.rs"
                             ^^^^^^ `exclude` must be a list of strings, not a string
                             help: write `exclude = ["a.rs"]`
        "#]],
        );
        check(
            "version = 1\nsource.exclude = 2026-01-01",
            &expect![[r#"
            source.exclude = 2026-01-01
                             ^^^^^^^^^^ `exclude` must be a list of strings, not a date
                             help: write `exclude = ["…"]`
        "#]],
        );
    }

    #[test]
    fn a_pattern_that_stands_twice_is_useless() {
        check(
            r#"version = 1
[source]
exclude = ["gen", "./gen/", "gen/**"]"#,
            &expect![[r#"
                exclude = ["gen", "./gen/", "gen/**"]
                                  ^^^^^^^^ `./gen/` stands twice in `exclude`
                                  help: remove one of the two
            "#]],
        );
        check(
            r#"version = 1
[[role]]
name = "shell"
crates = ["aws-sdk", "aws_sdk"]
[[role]]
name = "shell"
crates = ["aws-sdk"]"#,
            &expect![[r#"
                crates = ["aws-sdk", "aws_sdk"]
                                     ^^^^^^^^^ `aws_sdk` stands twice in `crates`
                                     help: remove one of the two
            "#]],
        );
    }
}
