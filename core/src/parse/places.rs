//! From the parser's spans to byte offsets.
//!
//! The parser keeps characters, and turns them into bytes through a table that grows with every
//! question. Its lines and columns are a plain binary search, and the line index of the text is
//! at hand anyway, so the bytes come from there.

use super::attributes::{ident_text, path_text};
use crate::source::{LineIndex, Span};
use proc_macro2::{Ident, LineColumn, TokenStream, TokenTree};
use smol_str::SmolStr;
use std::str::FromStr;

/// Turns the spans of one text into byte offsets.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    text: &'a str,
    /// What the parser sees, byte for byte as long as the text.
    parsed: &'a str,
    lines: &'a LineIndex,
    ascii: bool,
    /// The macro call that the tokens at hand come from: all of them stand there, and their text is their own.
    call: Option<Span>,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str, parsed: &'a str, lines: &'a LineIndex) -> Self {
        Self { text, parsed, lines, ascii: parsed.is_ascii(), call: None }
    }

    /// The places of tokens that a macro call at that place makes.
    pub(super) const fn in_call(self, call: Span) -> Self {
        Self { call: Some(call), ..self }
    }

    /// Whether the tokens at hand are made by a macro call.
    pub(super) const fn is_in_call(&self) -> bool {
        self.call.is_some()
    }

    /// The bytes of one token, or of a group with its delimiters.
    pub(super) fn span(&self, span: proc_macro2::Span) -> Span {
        Span::new(self.start(span), self.end(span))
    }

    /// The first byte of a token.
    pub(super) fn start(&self, span: proc_macro2::Span) -> u32 {
        self.call.map_or_else(|| self.offset(span.start()), |call| call.start)
    }

    /// One past the last byte of a token.
    pub(super) fn end(&self, span: proc_macro2::Span) -> u32 {
        self.call.map_or_else(|| self.offset(span.end()), |call| call.end)
    }

    /// From the first byte of one token to the last of another.
    pub(super) fn between(&self, first: proc_macro2::Span, last: proc_macro2::Span) -> Span {
        Span::new(self.start(first), self.end(last))
    }

    /// The whole text.
    pub(super) const fn whole(&self) -> &'a str {
        self.text
    }

    /// The text of a span.
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Whether a mark stands before a place.
    pub(super) fn is_behind(&self, place: Span, mark: char) -> bool {
        self.text.get(..place.start as usize).is_some_and(|before| before.trim_end().ends_with(mark))
    }

    /// An identifier with its place, without the `r#` of a raw one, so that both spellings are one name.
    ///
    /// The text comes from the source: the parser would format it character by character.
    pub(super) fn ident(&self, ident: &Ident) -> (SmolStr, Span) {
        if let Some(call) = self.call {
            return (ident_text(ident), call);
        }
        let start = self.start(ident.span());
        let rest = self.text.get(start as usize..).unwrap_or_default();
        let raw = if rest.starts_with("r#") { 2 } else { 0 };
        let length = raw + identifier_length(rest.get(raw..).unwrap_or_default());
        let span = Span::new(start, start + length as u32);
        (self.text(span).get(raw..).unwrap_or_default().into(), span)
    }

    /// The text of an identifier.
    pub(super) fn name(&self, ident: &Ident) -> SmolStr {
        self.ident(ident).0
    }

    /// A path without generic arguments, and its place from the first token to the last identifier.
    pub(super) fn path(&self, path: &syn::Path) -> (SmolStr, Span) {
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            return (SmolStr::default(), Span::default());
        };
        if path.leading_colon.is_none() && path.segments.len() == 1 {
            return self.ident(&first.ident);
        }
        if let Some(call) = self.call {
            return (path_text(path), call);
        }
        let start = path.leading_colon.map_or_else(|| first.ident.span(), |colons| colons.spans[0]);
        let span = self.between(start, last.ident.span());
        let text = self.text(span);
        let plain = text.bytes().all(|byte| is_identifier(byte) || byte == b':');
        (if plain { text.into() } else { path_text(path) }, span)
    }

    /// A path that was found in tokens, and its place.
    pub(super) fn found(&self, path: Span) -> (SmolStr, Span) {
        let mut span = path;
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        let leading = before.strip_suffix("::").is_some_and(|rest| {
            !rest.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | '>' | ')' | '}' | '$'))
        });
        if leading {
            span.start -= 2;
        }
        let text = self.text(span);
        let plain = text.bytes().all(|byte| is_identifier(byte) || byte == b':');
        if plain {
            return (text.into(), span);
        }
        // White space, comments or `r#` stand between the names.
        let tokens = TokenStream::from_str(text).unwrap_or_default().into_iter();
        let names = tokens.filter_map(|token| match token {
            TokenTree::Ident(name) => Some(ident_text(&name)),
            _ => None,
        });
        let names = names.collect::<Vec<_>>().join("::");
        (if leading { format!("::{names}").into() } else { names.into() }, span)
    }

    /// Whether the `!` of a macro call stands behind a path.
    pub(super) fn is_called_macro(&self, path: Span) -> bool {
        let rest = self.text.get(path.end as usize..).unwrap_or_default().trim_start();
        rest.starts_with('!') && !rest.starts_with("!=")
    }

    /// Whether an identifier begins with a lower-case letter or an underscore.
    pub(super) fn is_lower(&self, ident: &Ident) -> bool {
        let rest = self.text.get(self.start(ident.span()) as usize..).unwrap_or_default();
        let rest = rest.strip_prefix("r#").unwrap_or(rest);
        rest.starts_with(|first: char| first.is_lowercase() || first == '_')
    }

    fn offset(&self, place: LineColumn) -> u32 {
        let start = self.lines.start(place.line);
        if self.ascii {
            return start + place.column as u32;
        }
        let line = self.parsed.get(start as usize..).unwrap_or_default();
        let column = line.char_indices().nth(place.column).map_or(line.len(), |(at, _)| at);
        start + column as u32
    }
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn identifier_length(text: &str) -> usize {
    text.bytes().position(|byte| !is_identifier(byte)).unwrap_or(text.len())
}
