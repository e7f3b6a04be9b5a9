//! The placeholders of format strings.
//!
//! Source: the grammar in the documentation of `std::fmt`.

/// A `{…}` in a format string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placeholder<'t> {
    /// Which argument it shows: by position, or the name of a variable.
    pub(super) position: Result<usize, &'t str>,
    /// The trait that shows it; `None` where it only says how wide or precise something is shown.
    pub(super) shows: Option<&'static str>,
}

/// The placeholders of a format string, as it is written in the source.
pub(super) fn placeholders(text: &str) -> Vec<Placeholder<'_>> {
    let mut found = Vec::new();
    let mut next = 0;
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let behind = &rest[open + 1..];
        if !rest[open..].starts_with('{') || behind.starts_with('{') {
            let doubled = behind.starts_with(['{', '}']);
            rest = if doubled { &behind[1..] } else { behind };
            continue;
        }
        let Some(close) = behind.find('}') else { break };
        let (name, format) = behind[..close].split_once(':').unwrap_or((&behind[..close], ""));
        let name = name.trim();
        if format.contains(".*") {
            found.push(Placeholder { position: Ok(next), shows: None });
            next += 1;
        }
        let position = match name.parse() {
            Ok(position) => Ok(position),
            Err(_) if name.is_empty() => {
                next += 1;
                Ok(next - 1)
            }
            Err(_) => Err(name),
        };
        found.push(Placeholder { position, shows: Some(shows(format)) });
        found.extend(sizes(format).map(|size| Placeholder { position: size.parse().map_err(|_| size), shows: None }));
        rest = &behind[close + 1..];
    }
    found
}

/// What stands before a `$`: the arguments that a width and a precision are taken from.
fn sizes(format: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = format.match_indices('$').map(|(at, _)| &format[..at]);
    before.filter_map(move |text| text.rsplit(|c| !is_word(c)).next()).map(unfilled).filter(|size| !size.is_empty())
}

/// Without the zero that fills the width of a number.
fn unfilled(size: &str) -> &str {
    match size.strip_prefix('0') {
        Some(rest) if !rest.is_empty() => rest,
        _ => size,
    }
}

fn shows(format: &str) -> &'static str {
    match format.trim_end().chars().last() {
        Some('?') => "fmt::Debug",
        Some('x') => "fmt::LowerHex",
        Some('X') => "fmt::UpperHex",
        Some('o') => "fmt::Octal",
        Some('b') => "fmt::Binary",
        Some('e') => "fmt::LowerExp",
        Some('E') => "fmt::UpperExp",
        Some('p') => "fmt::Pointer",
        _ => "fmt::Display",
    }
}

#[cfg(test)]
mod tests {
    use super::{Placeholder, placeholders};

    #[test]
    fn placeholders_count_names_and_double_braces() {
        let shown = |position, shows| Placeholder { position, shows: Some(shows) };
        let expected = [
            shown(Ok(0), "fmt::Display"),
            shown(Err("name"), "fmt::Debug"),
            shown(Ok(1), "fmt::Display"),
            shown(Ok(0), "fmt::LowerHex"),
        ];
        assert_eq!(placeholders("\"{{no}} {} {name:?} {:>8} {0:#x}\""), expected);
        assert_eq!(placeholders("\"no {{}} {\""), []);
    }

    #[test]
    fn widths_and_precisions_are_arguments_that_are_not_shown() {
        let sized = |position| Placeholder { position, shows: None };
        let shown = |position| Placeholder { position, shows: Some("fmt::Display") };
        let expected = [
            shown(Ok(0)),
            sized(Err("wide")),
            sized(Ok(1)),
            sized(Ok(1)),
            shown(Ok(2)),
            shown(Err("t")),
            sized(Err("w")),
        ];
        assert_eq!(placeholders("\"{:>wide$.1$} {:.*} {t:0w$}\""), expected);
    }
}
