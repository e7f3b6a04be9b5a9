//! Places as editors count them: lines and units of an encoding, both from 0.
//!
//! <https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position>

use baton_core::source::Span;
use gen_lsp_types::{Position, PositionEncodingKind, Range};

/// What a unit of a column is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// A byte.
    Utf8,
    /// A code unit of UTF-16, which every client knows.
    #[default]
    Utf16,
    /// A character.
    Utf32,
}

impl Encoding {
    /// The first of those that a client offers which costs least here.
    pub(super) fn negotiated(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.is_empty() || offered.contains(&PositionEncodingKind::UTF16) {
            Self::Utf16
        } else if offered.contains(&PositionEncodingKind::UTF32) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// The protocol's name of it.
    pub(super) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    const fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// The lines of one text as editors count them: a lone `\r` ends one too.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// The lines of `text`, whose columns are counted in that encoding.
    pub(super) fn new(text: &'t str, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends = (0..bytes.len())
            .filter(|&at| bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        Self { text, encoding, starts: std::iter::once(0).chain(ends.map(|at| at + 1)).collect() }
    }

    /// The position of a byte. One inside a character or past the end is that of the nearest place before it.
    pub(super) fn position(&self, byte: u32) -> Position {
        let mut byte = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.starts.partition_point(|&start| start <= byte).saturating_sub(1);
        let before = self.text.get(self.starts[line]..byte).unwrap_or_default();
        // A place within a line break is the end of its line.
        let before = before.trim_end_matches(['\r', '\n']);
        let units: usize = before.chars().map(|c| self.encoding.units(c)).sum();
        Position { line: line as u32, character: units as u32 }
    }

    /// The range of a span.
    pub(super) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end.max(span.start)) }
    }

    /// The byte of a position. One past the end of a line is its end, one past the last line is the end of the text,
    /// and one inside a character is where that begins.
    pub(super) fn byte(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |&next| next);
        let inside = self.text.get(start..end).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let mut left = position.character as usize;
        for (at, c) in inside.char_indices() {
            let units = self.encoding.units(c);
            if left < units {
                return start + at;
            }
            left -= units;
        }
        start + inside.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "aß𝒳x\r\nb\rc\n";

    fn position(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_are_units_of_the_encoding() {
        let of_x = |encoding| Lines::new(TEXT, encoding).position(7);
        assert_eq!(of_x(Encoding::Utf8), position(0, 7));
        assert_eq!(of_x(Encoding::Utf16), position(0, 4), "the letter beyond the basic plane has two units");
        assert_eq!(of_x(Encoding::Utf32), position(0, 3));
    }

    #[test]
    fn every_character_is_found_again() {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let lines = Lines::new(TEXT, encoding);
            for (at, c) in TEXT.char_indices().filter(|(_, c)| !matches!(c, '\n')) {
                // Behind `\r` is the same place as in front of it, where `\n` follows.
                assert_eq!(lines.byte(lines.position(at as u32)), at, "{c:?} in {encoding:?}");
            }
        }
    }

    #[test]
    fn lines_end_with_any_break() {
        let lines = Lines::new(TEXT, Encoding::Utf16);
        assert_eq!(lines.position(10), position(1, 0), "after CRLF");
        assert_eq!(lines.position(12), position(2, 0), "after a lone CR");
        assert_eq!(lines.position(9), position(0, 5), "between CR and LF is the end of the line");
        assert_eq!(lines.position(999), position(3, 0));
    }

    #[test]
    fn what_is_nowhere_is_moved_to_where_it_may_be() {
        let lines = Lines::new(TEXT, Encoding::Utf16);
        assert_eq!(lines.byte(position(0, 99)), 8, "past the end of a line is its end");
        assert_eq!(lines.byte(position(0, 3)), 3, "inside of a pair is where it begins");
        assert_eq!(lines.byte(position(9, 0)), TEXT.len());
        assert_eq!(Lines::new("", Encoding::Utf16).position(3), position(0, 0));
    }

    #[test]
    fn the_cheapest_encoding_that_is_offered_is_taken() {
        use PositionEncodingKind as Kind;
        assert_eq!(Encoding::negotiated(&[]), Encoding::Utf16);
        assert_eq!(Encoding::negotiated(&[Kind::UTF16, Kind::UTF8]), Encoding::Utf8);
        assert_eq!(Encoding::negotiated(&[Kind::UTF32, Kind::UTF16]), Encoding::Utf16);
        assert_eq!(Encoding::negotiated(&[Kind::UTF32]), Encoding::Utf32);
    }
}
