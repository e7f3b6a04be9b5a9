//! One line of source as it is shown: cleaned, and no longer than a screen is wide.

use super::clean::Shown;

/// The most columns of a source line that are shown.
pub(super) const WIDTH: usize = 160;

/// The columns before the place of interest that are shown of a longer line.
const LEAD: usize = 40;

/// Stands where a line was cut.
const CUT: char = '…';

/// A line, ready to be shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The text to show.
    pub(super) text: String,
    /// The shown part of the line, in bytes of the line, with the bytes of `text` at which each
    /// character begins. The last entry is the end.
    at: Vec<(usize, usize)>,
}

impl Excerpt {
    /// The excerpt of `line`, which has no line break, around byte `focus`.
    pub(super) fn new(line: &str, focus: usize) -> Self {
        let (start, end) = window(line, focus);
        let mut text = String::new();
        let mut at = Vec::new();
        if start > 0 {
            text.push(CUT);
        }
        let shown = line.get(start..end).unwrap_or_default();
        for (offset, c) in shown.char_indices() {
            at.push((start + offset, text.len()));
            Shown::of(c).push(&mut text);
        }
        at.push((end, text.len()));
        if end < line.len() {
            text.push(CUT);
        }
        Self { text, at }
    }

    /// Where byte `offset` of the line is in the text. What was cut off is where the cut is.
    pub(super) fn place(&self, offset: usize) -> usize {
        let first = self.at.first().map_or(0, |&(raw, _)| raw);
        if offset < first {
            return 0;
        }
        let index = self.at.partition_point(|&(raw, _)| raw < offset);
        self.at.get(index).or(self.at.last()).map_or(0, |&(_, shown)| shown)
    }
}

/// The bytes of `line` to show: all of a line that fits, else as much as fits around `focus`.
fn window(line: &str, focus: usize) -> (usize, usize) {
    if fit(line.chars(), WIDTH).0 == line.len() {
        return (0, line.len());
    }
    let mut focus = focus.min(line.len());
    while !line.is_char_boundary(focus) {
        focus -= 1;
    }
    let (before, after) = line.split_at(focus);
    // Where one side is short, the other takes what it leaves.
    let (_, ahead) = fit(after.chars(), WIDTH - LEAD);
    let (back, behind) = fit(before.chars().rev(), WIDTH - ahead);
    let (forth, _) = fit(after.chars(), WIDTH - behind);
    (focus - back, focus + forth)
}

/// How much of `chars` fits into so many columns: the bytes, and the columns they take.
fn fit(chars: impl Iterator<Item = char>, columns: usize) -> (usize, usize) {
    let mut taken = (0, 0);
    for c in chars {
        let width = Shown::of(c).width();
        if taken.1 + width > columns {
            break;
        }
        taken = (taken.0 + c.len_utf8(), taken.1 + width);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_fits_is_shown_whole() {
        let line = "x".repeat(WIDTH);
        assert_eq!(Excerpt::new(&line, 100).text, line);
        assert_eq!(Excerpt::new("", 0).text, "");
        assert_eq!(Excerpt::new("", 7).place(7), 0, "there is no such place, but it is shown somewhere");
    }

    #[test]
    fn a_longer_line_is_cut_around_the_focus() {
        let words: Vec<_> = (0..400).map(|n| format!("{:<10}", n * 10)).collect();
        let line = words.concat();
        let shown = |focus| Excerpt::new(&line, focus).text;
        let ends = |focus| {
            let text = shown(focus);
            let count = text.chars().count();
            (text.chars().take(8).collect::<String>(), text.chars().skip(count - 12).collect::<String>())
        };
        assert_eq!(ends(0), ("0       ".to_owned(), " 150       …".to_owned()));
        assert_eq!(ends(2000), ("…1960   ".to_owned(), " 2110      …".to_owned()));
        assert_eq!(ends(4000), ("…3840   ".to_owned(), "  3990      ".to_owned()));
    }

    #[test]
    fn places_follow_their_characters() {
        let line = "a\u{1b}ß\u{202e}b";
        let excerpt = Excerpt::new(line, 0);
        assert_eq!(excerpt.text, "a␛ß\\u{202e}b");
        let shown = |offset| &excerpt.text[excerpt.place(offset)..];
        assert_eq!(shown(1), "␛ß\\u{202e}b");
        assert_eq!(shown(4), "\\u{202e}b");
        assert_eq!(shown(5), "b", "inside a character: the next one");
        assert_eq!(shown(7), "b");
        assert_eq!(shown(8), "");
        assert_eq!(shown(99), "");
    }

    #[test]
    fn places_beyond_the_cut_are_at_the_cut() {
        let line = "é".repeat(1000);
        let excerpt = Excerpt::new(&line, 1001);
        assert_eq!(excerpt.place(0), 0);
        assert_eq!(&excerpt.text[excerpt.place(1999)..], "…");
        assert!(excerpt.text.chars().count() <= WIDTH + 2);
    }
}
