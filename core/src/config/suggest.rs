//! "Did you mean": the known word that a mistyped one most likely stands for.

/// The word of `known` that is close enough to `word` to be what was meant.
///
/// Close is at most one edit for each three characters, or another case, or `_` for `-`. Failing
/// that, a single known word that `word` begins, or that begins `word`, will do: `warning` is
/// `warn`. Of several that are equally close, the first wins.
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let limit = length / 3;
    let plain = plain(word);
    let mut best: Option<(usize, &str)> = None;
    let mut beginnings = Vec::new();
    for name in known {
        if begins(word, name) || begins(name, word) {
            beginnings.push(name);
        }
        // The distance is at least the difference in length, and costs far more to compute.
        if name.chars().count().abs_diff(length) > limit {
            continue;
        }
        let distance = strsim::osa_distance(&plain, &self::plain(name));
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    match (best, beginnings.as_slice()) {
        (Some((_, name)), _) => Some(name),
        (None, [name]) => Some(name),
        (None, _) => None,
    }
}

/// What to do about the unknown `word`: the suggestion, or all that is known.
pub(super) fn help<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(name) = suggestion(word, known.clone()) {
        return format!("did you mean `{name}`?");
    }
    let names: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "there is nothing to set here".to_owned(),
        names => format!("known here: {}", names.join(", ")),
    }
}

/// Of two letters everything begins with them, so a beginning has three at least.
fn begins(start: &str, word: &str) -> bool {
    start.len() >= 3 && word.starts_with(start)
}

fn plain(word: &str) -> String {
    word.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [&str; 4] = ["impure-core", "core-imports-shell", "too-many-dependencies", "warn"];

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        for (word, expected) in [
            ("impure-cor", Some("impure-core")),
            ("impure_core", Some("impure-core")),
            ("IMPURE-CORE", Some("impure-core")),
            ("imprue-core", Some("impure-core")),
            ("warning", Some("warn")),
            ("too-many", Some("too-many-dependencies")),
            ("to", None),
            ("WARN", Some("warn")),
            ("", None),
            ("error", None),
            ("fat-controller", None),
        ] {
            assert_eq!(suggestion(word, RULES), expected, "{word}");
        }
    }

    #[test]
    fn the_nearest_wins_and_a_shared_beginning_decides_nothing() {
        assert_eq!(suggestion("types", ["type", "types2", "tapes"]), Some("type"));
        assert_eq!(suggestion("b", ["a"]), None, "one letter is not a slip of another");
        assert_eq!(suggestion("core", ["core-imports-shell", "core-exports-shell"]), None);
    }

    #[test]
    fn help_lists_what_is_known_when_nothing_is_near() {
        assert_eq!(help("excludes", ["exclude"]), "did you mean `exclude`?");
        assert_eq!(help("xyz", ["exclude", "include"]), "known here: `exclude`, `include`");
        assert_eq!(help("xyz", []), "there is nothing to set here");
    }
}
