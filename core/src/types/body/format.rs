//! The placeholders of format strings.
//!
//! Source: the grammar in the documentation of `std::fmt`.

/// A `{…}` in a format string.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placeholder<'t> {
    /// Which argument it shows: by position, or the name of a variable.
    pub(super) position: Result<usize, &'t str>,
    /// The trait that shows it.
    pub(super) shows: &'static str,
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
        found.push(Placeholder { position, shows: shows(format) });
        rest = &behind[close + 1..];
    }
    found
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
        let shown = |position, shows| Placeholder { position, shows };
        let expected = [
            shown(Ok(0), "fmt::Display"),
            shown(Err("name"), "fmt::Debug"),
            shown(Ok(1), "fmt::Display"),
            shown(Ok(0), "fmt::LowerHex"),
        ];
        assert_eq!(placeholders("\"{{no}} {} {name:?} {:>8} {0:#x}\""), expected);
        assert_eq!(placeholders("\"no {{}} {\""), []);
    }
}
