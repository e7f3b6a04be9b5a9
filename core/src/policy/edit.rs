//! Changes of a text, told apart from making them: whoever shows them needs the places.

use crate::source::Span;

/// One change of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is taken out; empty where something is only put in.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

/// The text with the edits made, and how many of them were. They speak of the text as it was; those that are
/// the same are made once, and of two that change the same bytes only the first is made.
pub fn edited(text: &str, edits: impl IntoIterator<Item = Edit>) -> (String, usize) {
    let mut edits: Vec<Edit> = edits.into_iter().collect();
    edits.sort();
    edits.dedup();
    let mut out = String::with_capacity(text.len());
    let (mut done, mut made) = (0, 0);
    for Edit { span, text: new } in edits {
        let between = text.get(done..span.start as usize);
        let Some(between) = between.filter(|_| text.is_char_boundary(span.end as usize)) else { continue };
        out.push_str(between);
        out.push_str(&new);
        done = span.end as usize;
        made += 1;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (out, made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_are_made_in_their_order_and_once() {
        let edits = [edit(4, 6, ""), edit(0, 0, "b"), edit(0, 0, "a"), edit(0, 0, "b")];
        assert_eq!(edited("0123456789", edits), ("ab01236789".to_owned(), 3));
    }

    #[test]
    fn what_overlaps_or_lies_outside_is_left() {
        let edits = [edit(0, 3, "x"), edit(2, 5, "y"), edit(3, 3, "z"), edit(9, 99, "w")];
        assert_eq!(edited("0123456789", edits), ("xz3456789".to_owned(), 2));
        assert_eq!(edited("ß", [edit(0, 1, "")]), ("ß".to_owned(), 0));
    }
}
