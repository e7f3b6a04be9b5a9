//! Text of others, made safe to look at: nothing in it moves the cursor, reverses the reading
//! order or stays invisible.

use std::borrow::Cow;
use std::fmt::Write;

/// How a character is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is.
    Plain(char),
    /// As the picture of a control character.
    Picture(char),
    /// As its number, `\u{202e}`.
    Escape(char),
}

impl Shown {
    /// How `c` is shown.
    pub(super) fn of(c: char) -> Self {
        match c {
            '\t' | ' '..='~' => Self::Plain(c),
            '\0'..='\u{1f}' => Self::Picture(char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}')),
            '\u{7f}' => Self::Picture('\u{2421}'),
            _ if is_deceptive(c) => Self::Escape(c),
            _ => Self::Plain(c),
        }
    }

    /// How many columns it takes, tabs at their widest. Wide characters count as one: this is a
    /// measure of how much is shown, not of where.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Plain('\t') => 4,
            Self::Plain(_) | Self::Picture(_) => 1,
            Self::Escape(c) => c.escape_unicode().count(),
        }
    }

    /// Appends it to `out`.
    pub(super) fn push(self, out: &mut String) {
        match self {
            Self::Plain(c) | Self::Picture(c) => out.push(c),
            Self::Escape(c) => out.extend(c.escape_unicode()),
        }
    }
}

/// Whether `c` is a control character beyond ASCII, changes the direction of text, or is
/// invisible while not being a space, or is no character at all.
const fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` in one line. A tab becomes a space: there is no column to align with.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| Shown::of(c) == Shown::Plain(c) && c != '\t') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        Shown::of(if c == '\t' { ' ' } else { c }).push(&mut out);
    }
    Cow::Owned(out)
}

/// `text` with its lines kept, each cleaned.
pub(crate) fn lines(text: &str) -> String {
    let cleaned: Vec<_> = text.lines().map(line).collect();
    cleaned.join("\n")
}

/// A path as the address of a file: whatever could mean something else there is spelled as bytes.
pub(crate) fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_spelled_out() {
        assert_eq!(line("a\x1b[31mb\r\n\0\x7f"), "a␛[31mb␍␊␀␡");
        assert_eq!(line("user\u{202e} \u{2066}// admin"), "user\\u{202e} \\u{2066}// admin");
        assert_eq!(line("a\u{200b}b\u{9b}c\u{feff}"), "a\\u{200b}b\\u{9b}c\\u{feff}");
    }

    #[test]
    fn what_can_be_seen_stays() {
        for text in ["plain `text`", "ßé 漢字 עברית 👍🏽 → ␛", "no\u{a0}break", ""] {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text));
        }
        assert_eq!(line("a\tb"), "a b");
        assert_eq!(lines("a\nb\x07\n"), "a\nb␇");
    }

    #[test]
    fn an_address_holds_nothing_but_names_and_slashes() {
        assert_eq!(address("src/a-b.rs"), "src/a-b.rs");
        assert_eq!(address("a:b/ß%20(c) #?.rs"), "a%3Ab/%C3%9F%2520%28c%29%20%23%3F.rs");
    }
}
