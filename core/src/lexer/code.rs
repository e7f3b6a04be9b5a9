//! The tokens of a text that are code, and where items and statements begin and end, as tokens tell.

use super::token::{Token, Tokens};
use crate::source::Span;

/// The words that items and statements begin with. What begins with another word may end at a comma.
const KEYWORDS: [&str; 26] = [
    "async",
    "break",
    "const",
    "continue",
    "enum",
    "extern",
    "fn",
    "for",
    "if",
    "impl",
    "let",
    "loop",
    "macro_rules",
    "match",
    "mod",
    "pub",
    "return",
    "static",
    "struct",
    "trait",
    "type",
    "union",
    "unsafe",
    "use",
    "while",
    "yield",
];

/// The tokens of a text that are code.
pub(crate) struct Code<'t> {
    pub(crate) text: &'t str,
    /// Each with the byte that it begins at, and the one behind it.
    pub(crate) tokens: Vec<(Token, usize, usize)>,
}

impl<'t> Code<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let mut all = Tokens::new(text.as_bytes());
        let is_code = |token: Token| !matches!(token, Token::LineComment | Token::BlockComment | Token::Doc);
        let tokens = std::iter::from_fn(|| all.next()).filter(|(token, ..)| is_code(*token)).collect();
        Self { text, tokens }
    }

    pub(crate) fn whole(&self) -> Span {
        Span::new(0, self.text.len() as u32)
    }

    /// The item or statement that follows a place.
    pub(crate) fn behind(&self, place: usize) -> Span {
        let at = self.behind_attributes(self.tokens.partition_point(|(_, start, _)| *start < place));
        let Some(&(_, start, _)) = self.tokens.get(at) else { return Span::new(place as u32, place as u32) };
        Span::new(start as u32, self.end_of(at) as u32)
    }

    /// The token behind the attributes that begin at a token.
    pub(crate) fn behind_attributes(&self, first: usize) -> usize {
        let mut at = first;
        while self.is(at, b'#') && self.opens(at + 1, b'[') {
            at = self.close_of(at + 1) + 1;
        }
        at
    }

    /// Where the item or statement ends that begins with a token.
    pub(crate) fn end_of(&self, first: usize) -> usize {
        let keyword = self.word(first);
        let ends_at_comma = !KEYWORDS.contains(&keyword);
        let ends_at_brace = !matches!(keyword, "let" | "return" | "use" | "const" | "static" | "type" | "break");
        let mut at = first;
        let mut end = self.tokens[first].2;
        while let Some(&(token, _, stop)) = self.tokens.get(at) {
            match token {
                Token::Close(_) => return end,
                Token::Punct(b';') => return stop,
                Token::Punct(b',') if ends_at_comma => return stop,
                Token::Open(bracket) => {
                    let is_pattern = ends_at_comma && !self.is(at.wrapping_sub(1), b'!');
                    at = self.close_of(at);
                    end = self.tokens.get(at).map_or(stop, |(_, _, stop)| *stop);
                    if bracket == b'{' && ends_at_brace && !self.goes_on(at + 1, is_pattern) {
                        return end;
                    }
                }
                _ => end = stop,
            }
            at += 1;
        }
        end
    }

    /// Whether what ends with a brace goes on at the token behind it: an expression with a method, a pattern with its
    /// guard or another one.
    fn goes_on(&self, at: usize, is_pattern: bool) -> bool {
        let word = self.word(at);
        let goes_on = |byte| self.is(at, byte);
        [b'.', b'?', b'=', b'|'].into_iter().any(goes_on) || word == "else" || (is_pattern && word == "if")
    }

    /// The bracket that closes the one at a token; the last token where none does.
    pub(crate) fn close_of(&self, open: usize) -> usize {
        let mut depth = 0_u32;
        for (at, (token, ..)) in self.tokens.iter().enumerate().skip(open) {
            match token {
                Token::Open(_) => depth += 1,
                Token::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return at;
            }
        }
        self.tokens.len().saturating_sub(1)
    }

    /// The braces around a place, or the whole file.
    pub(crate) fn around(&self, place: usize) -> Span {
        let mut open = Vec::new();
        for (at, (token, start, _)) in self.tokens.iter().enumerate() {
            match token {
                _ if *start >= place => break,
                Token::Open(_) => open.push(at),
                Token::Close(_) => drop(open.pop()),
                _ => {}
            }
        }
        let Some(at) = open.pop() else { return self.whole() };
        let end = self.tokens.get(self.close_of(at)).map_or(self.text.len(), |(_, _, stop)| *stop);
        Span::new(self.tokens[at].1 as u32, end as u32)
    }

    pub(crate) fn is(&self, at: usize, byte: u8) -> bool {
        self.tokens.get(at).is_some_and(|(token, ..)| *token == Token::Punct(byte))
    }

    pub(crate) fn opens(&self, at: usize, byte: u8) -> bool {
        self.tokens.get(at).is_some_and(|(token, ..)| *token == Token::Open(byte))
    }

    pub(crate) fn word(&self, at: usize) -> &'t str {
        match self.tokens.get(at) {
            Some(&(Token::Word, start, end)) => self.text.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }
}
