//! The one wildcard matcher behind names, crates and module paths.

/// Whether `pattern` describes the whole of `text`, where the parts for which `is_star` holds
/// stand for any number of elements and every other part must be `equal` to one element.
///
/// It goes back to the latest star only, which is enough because an earlier star could at best
/// give the later one less to choose from: the time is a product of the lengths, never more.
pub(super) fn matches<P, T>(
    pattern: &[P],
    text: &[T],
    is_star: impl Fn(&P) -> bool,
    equal: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut reached) = (0, 0);
    let mut retry = None;
    while let Some(element) = text.get(reached) {
        match pattern.get(at) {
            Some(part) if is_star(part) => {
                at += 1;
                retry = Some((at, reached));
            }
            Some(part) if equal(part, element) => {
                at += 1;
                reached += 1;
            }
            _ => {
                let Some((after, from)) = retry else {
                    return false;
                };
                retry = Some((after, from + 1));
                at = after;
                reached = from + 1;
            }
        }
    }
    pattern[at..].iter().all(is_star)
}

/// Whether `name` is what `pattern` says, where `*` stands for any characters.
pub(super) fn name(pattern: &str, name: &str) -> bool {
    matches(pattern.as_bytes(), name.as_bytes(), |&byte| byte == b'*', |a, b| a == b)
}

/// Whether `path` is what `pattern` says, segment by segment: `*` stands for any characters of
/// one segment, `**` for any number of segments. `r#` makes no difference.
pub(super) fn segments(pattern: &[String], path: &[&str]) -> bool {
    matches(pattern, path, |part| part == "**", |part, segment| name(part, cooked(segment)))
}

/// A name without the `r#` that lets it be a keyword.
pub(super) fn cooked(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_characters() {
        for (pattern, text, expected) in [
            ("*Service", "BookService", true),
            ("*Service", "Service", true),
            ("*Service", "BookServices", false),
            ("Default*Service", "DefaultBookService", true),
            ("Default*Service", "BookService", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("*", "", true),
            ("", "a", false),
            ("größe*", "größen", true),
        ] {
            assert_eq!(name(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn two_stars_are_any_number_of_segments() {
        let on = |pattern: &str, path: &str| {
            let pattern: Vec<_> = pattern.split("::").map(str::to_owned).collect();
            segments(&pattern, &path.split("::").collect::<Vec<_>>())
        };
        assert!(on("a::**::c", "a::c"));
        assert!(on("a::**::c", "a::b::b::c"));
        assert!(!on("a::**::c", "a::b::b"));
        assert!(on("a::*::c", "a::b::c"));
        assert!(!on("a::*::c", "a::c"), "one star is exactly one segment");
        assert!(on("a::type", "a::r#type"));
    }

    #[test]
    fn many_stars_on_a_long_name_end_soon() {
        let pattern = "*a".repeat(200);
        assert!(!name(&pattern, &format!("{}b", "a".repeat(5_000))));
    }
}
