//! Documentation: which comments belong to which item, and their first paragraph.
//!
//! The parser makes an attribute with a string of each line of documentation, which is dear where
//! there is much of it. So the comments are taken out before, and are found again by their places.

use super::attributes::literal_text;
use super::places::Places;
use crate::source::Span;
use syn::Meta;

/// The documentation comments of a file.
#[derive(Default)]
pub(super) struct Docs {
    /// Those for what follows, each with the first byte of the token that does, in the order of the text.
    pub(super) outer: Vec<(u32, Span)>,
    /// Those for what is around, each with the first byte of the brace that is.
    pub(super) inner: Vec<(Option<u32>, Span)>,
}

impl Docs {
    /// The first paragraph of what a file says about itself.
    pub(super) fn of_file(&self, places: &Places<'_>, attributes: &[syn::Attribute]) -> String {
        first_paragraph(places, attributes, self.inside(None))
    }

    /// The first paragraph of what is said about an item: in front of its first token, of its
    /// attributes, and inside its braces. `item` is from its first token to its name.
    pub(super) fn of_item(
        &self,
        places: &Places<'_>,
        attributes: &[syn::Attribute],
        item: Span,
        braces: Option<u32>,
    ) -> String {
        let start = attributes.iter().map(|attribute| places.start(attribute.pound_token.span)).min();
        let start = start.map_or(item.start, |start| start.min(item.start));
        let end = self.outer.partition_point(|(next, _)| *next <= item.end);
        // Words such as `async` may stand before what counts as the item's first token.
        let is_its = |next: u32| next >= start || places.text(Span::new(next, start)).chars().all(is_qualifier);
        let before = self.outer[..end].iter().rev().take_while(|(next, _)| is_its(*next)).map(|(_, doc)| *doc);
        let mut comments: Vec<Span> = before.collect();
        comments.reverse();
        comments.extend(braces.into_iter().flat_map(|brace| self.inside(Some(brace))));
        first_paragraph(places, attributes, comments)
    }

    fn inside(&self, brace: Option<u32>) -> Vec<Span> {
        self.inner.iter().filter(|(around, _)| *around == brace).map(|(_, doc)| *doc).collect()
    }
}

fn is_qualifier(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || matches!(c, '_' | '"' | '(' | ')' | '!')
}

/// The first paragraph of comments and `#[doc]` attributes, its lines joined by a space.
fn first_paragraph(places: &Places<'_>, attributes: &[syn::Attribute], comments: Vec<Span>) -> String {
    let written = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => {
            Some((places.start(attribute.pound_token.span), literal_text(&pair.value)?))
        }
        _ => None,
    });
    let comments = comments.into_iter().map(|comment| (comment.start, inside(places.text(comment)).to_owned()));
    let mut texts: Vec<(u32, String)> = comments.chain(written).collect();
    texts.sort_by_key(|(start, _)| *start);
    let mut paragraph = String::new();
    for line in texts.iter().flat_map(|(_, text)| lines(text)) {
        let line = line.trim();
        if line.is_empty() {
            if paragraph.is_empty() {
                continue;
            }
            break;
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(line);
    }
    paragraph
}

/// The text of a documentation comment without its marks.
fn inside(comment: &str) -> &str {
    let text = comment.get(3..).unwrap_or_default();
    if comment.starts_with("/*") { text.strip_suffix("*/").unwrap_or(text) } else { text }
}

/// An empty text is an empty line.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.is_empty().then_some("").into_iter().chain(text.lines())
}
