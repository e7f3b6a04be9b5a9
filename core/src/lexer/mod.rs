//! One fast pass over the text of a file, for what the parser cannot give.
//!
//! `syn` drops comments, so suppressions are found here. It recurses, and a
//! stack that overflows cannot be caught, so how deep a text is nested is
//! decided here, before it is parsed. And it counts bytes from behind a
//! byte-order mark or a shebang, so those are blanked here.
//!
//! The pass knows tokens and no grammar. It never fails: what is not Rust
//! yields whatever it yields, and the parser then says what is wrong with it.

mod code;
mod depth;
mod prefix;
mod remarks;
mod token;

pub(crate) use code::Code;
pub use prefix::blank_prefix;
pub(crate) use remarks::remarks;

use crate::source::Span;
use depth::{Depth, LEVEL};
pub(crate) use token::{Token, Tokens};

/// How many lines, from the first, may hold the mark of a generated file.
pub const GENERATED_LINES: usize = 10;

/// The words of a text: names and keywords, also those in comments and literals.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || take_word(&mut rest))
}

/// The words of a text that may name something by themselves: those in comments are left out, and those
/// behind `.` and `::`. Literals may be formats, so their words are among them.
pub fn lone_words(text: &str) -> impl Iterator<Item = &str> {
    let mut tokens = Tokens::new(text.as_bytes());
    let mut before = [Token::Open(b'{'); 2];
    let mut inside = "";
    std::iter::from_fn(move || {
        loop {
            if let Some(word) = take_word(&mut inside) {
                return Some(word);
            }
            let (token, start, end) = tokens.next()?;
            // `0..LIMIT` and `limit: LIMIT` name something.
            let is_lone = match before {
                [Token::Punct(b'.'), Token::Punct(b'.')] => true,
                [_, Token::Punct(b'.')] | [Token::Punct(b':'), Token::Punct(b':')] => false,
                _ => true,
            };
            match token {
                Token::Word if !is_lone => {}
                Token::Word | Token::Literal => inside = text.get(start..end).unwrap_or_default(),
                _ => {}
            }
            before = [before[1], token];
        }
    })
}

/// Takes the first word off a text.
fn take_word<'a>(text: &mut &'a str) -> Option<&'a str> {
    let ends = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_';
    let rest = text.trim_start_matches(ends);
    let (word, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    *text = rest;
    (!word.is_empty()).then_some(word)
}

/// What one pass over a text finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The comments that mention `baton:`, in the order of the text. Documentation is not listed.
    pub comments: Vec<Comment>,
    /// Whether a comment within the first [`GENERATED_LINES`] lines holds `@generated`, the mark that
    /// formatters and review tools agree on.
    pub generated: bool,
    /// How deep the text is at its deepest, in the unit of [`Deep`].
    pub levels: u32,
    /// The first place that is nested too deeply to be parsed, if there is one.
    pub too_deep: Option<Deep>,
}

/// A comment that is not documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The bytes, with the delimiters and without the line's end.
    pub span: Span,
    /// How it is written.
    pub kind: CommentKind,
}

/// The two ways to write a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `// …` up to the end of the line.
    Line,
    /// `/* … */`, with others like it inside.
    Block,
}

/// A place that is nested too deeply for a recursive parser.
///
/// Nesting has many forms that weigh differently, so it is counted in levels of braces: a brace is
/// one level, a link in a chain of calls or operators is a small part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deep {
    /// The token at which the limit was passed.
    pub span: Span,
    /// The levels counted up to there.
    pub depth: u32,
    /// The levels that are allowed.
    pub limit: u32,
}

/// Scans the text of one file, without its prefix (see [`blank_prefix`]).
///
/// Texts of four gigabytes and more are the caller's to refuse: spans hold 32 bits.
pub fn scan(text: &str) -> Scan {
    let bytes = text.as_bytes();
    let head = end_of_line(bytes, GENERATED_LINES);
    let mut found = Scan::default();
    let mut depth = Depth::new();
    let mut tokens = Tokens::new(bytes);
    while let Some((token, start, end)) = tokens.next() {
        let kind = match token {
            Token::LineComment => Some(CommentKind::Line),
            Token::BlockComment => Some(CommentKind::Block),
            Token::Doc => None,
            _ => {
                depth.add(token, bytes, start, end);
                continue;
            }
        };
        if start < head && !found.generated {
            found.generated = text.get(start..end.min(head)).is_some_and(says_generated);
        }
        // Almost no comment speaks to the linter; the others are not kept.
        if let Some(kind) = kind
            && holds(&bytes[start..end], b':', b"baton:", 5)
        {
            let span = Span::new(start as u32, end as u32);
            found.comments.push(Comment { span, kind });
        }
    }
    found.levels = depth.cost / LEVEL;
    found.too_deep = depth.too_deep;
    found
}

/// Whether a comment says of its file that it is generated, rather than speaking of such files: the
/// mark begins a line of it, or follows a full stop, a colon or "is".
fn says_generated(comment: &str) -> bool {
    comment.match_indices("@generated").any(|(at, _)| {
        let line = comment[..at].rsplit('\n').next().unwrap_or_default();
        let before = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '*' | '!' | '#' | '-' | '<'));
        before.is_empty() || before.ends_with(['.', ':', ',', '(']) || before.ends_with(" is") || before == "is"
    })
}

/// The offset behind the line of that number, or the end of the text.
fn end_of_line(bytes: &[u8], lines: usize) -> usize {
    let mut ends = bytes.iter().enumerate().filter(|&(_, &byte)| byte == b'\n');
    ends.nth(lines - 1).map_or(bytes.len(), |(at, _)| at + 1)
}

/// Whether `bytes` hold `word`, looked for by its byte `rare`, which stands at `offset` in it.
fn holds(bytes: &[u8], rare: u8, word: &[u8], offset: usize) -> bool {
    let mut from = offset;
    while let Some(at) = token::find(bytes, from, rare) {
        if bytes[at - offset..].starts_with(word) {
            return true;
        }
        from = at + 1;
    }
    false
}

#[cfg(test)]
mod tests;
