//! Takes out of a file's text what nobody will ask for, before the parser sees it.
//!
//! Function bodies are half of the cost of parsing. Test code is judged by no rule, and a file
//! without a role only by what it names; there, bodies become blanks that keep their imports, and
//! the paths in them are noted. Documentation becomes blanks everywhere. What is left keeps its
//! place, byte for byte. Only braces that are balanced hold a body, so what is taken out cannot hide
//! the items behind it; a file whose brackets are not balanced is left as it is.

use super::docs::Docs;
use super::macros::{STANDARD, is_quoting};
use super::makes;
use super::paths::{PathScanner, Piece};
use super::quotes::Quotes;
use crate::facts::TestBody;
use crate::lexer::{self, Token, Tokens};
use crate::source::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// The paths in the bodies that were taken out, by the first byte of the body.
pub(super) type Bodies = FxHashMap<u32, Vec<Span>>;

/// What is left of a file, and what was noted of the rest.
pub(super) struct Outline {
    /// The text for the parser, byte for byte as long as the file's.
    pub(super) text: String,
    pub(super) noted: Noted,
}

/// What was noted of what was taken out.
#[derive(Default)]
pub(super) struct Noted {
    pub(super) bodies: Bodies,
    /// The bodies of test code.
    pub(super) tests: Vec<TestBody>,
    pub(super) docs: Docs,
    /// The quoted code, whether it was taken out or not.
    pub(super) quotes: Quotes,
}

/// What is taken out of a list of items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Take {
    /// The bodies of test code, for good.
    Tests,
    /// All bodies, but the paths in those that are no test code are noted.
    All,
    /// All bodies: it is test code.
    Test,
}

/// The text without its documentation, without the bodies of test code and, if `all`, without any
/// body that no struct of the file that may be an orchestrator needs.
pub(super) fn outline(source: &str, all: bool) -> Outline {
    let text = lexer::blank_prefix(source.to_owned());
    let Some(code) = Code::new(&text) else { return Outline { text, noted: Noted::default() } };
    let (take, candidates) = if all { (Take::All, candidates(&text)) } else { (Take::Tests, FxHashSet::default()) };
    let mut outliner = Outliner { code: &code, noted: Noted::default(), cuts: Vec::new(), candidates };
    outliner.docs(&text);
    outliner.items(0..code.tokens.len(), take);
    let Outliner { noted, cuts, .. } = outliner;
    match blanked(&text, &cuts) {
        Some(text) => Outline { text, noted },
        None => Outline { text, noted: Noted::default() },
    }
}

/// A text with blanks in the place of some of its bytes. Line ends stay.
fn blanked(text: &str, cuts: &[Span]) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for cut in cuts {
        for byte in bytes.get_mut(cut.start as usize..cut.end as usize)? {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// A token with its place. Plain comments are left out.
type Placed = (Token, Span);

/// The tokens of a text, whose brackets are balanced.
pub(super) struct Code<'a> {
    text: &'a str,
    pub(super) tokens: Vec<(Token, Span)>,
    /// For each token that opens a bracket, which one closes it.
    closes: Vec<u32>,
}

impl<'a> Code<'a> {
    /// `None` where the brackets are not balanced.
    fn new(text: &'a str) -> Option<Self> {
        let mut tokens: Vec<Placed> = Vec::with_capacity(text.len() / 5);
        let mut closes = Vec::with_capacity(text.len() / 5);
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut reader = Tokens::new(text.as_bytes());
        while let Some((token, start, end)) = reader.next() {
            match token {
                Token::LineComment | Token::BlockComment => continue,
                Token::Open(bracket) => open.push((bracket, tokens.len())),
                Token::Close(bracket) => {
                    let (opened, at) = open.pop()?;
                    // `)` follows `(` in ASCII, and the others are two apart.
                    if bracket != opened + if opened == b'(' { 1 } else { 2 } {
                        return None;
                    }
                    *closes.get_mut(at)? = tokens.len() as u32;
                }
                _ => {}
            }
            tokens.push((token, Span::new(start as u32, end as u32)));
            closes.push(0);
        }
        open.is_empty().then_some(Self { text, tokens, closes })
    }

    fn text(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The word at a position, if one is there.
    pub(super) fn word(&self, at: usize) -> Option<&'a str> {
        match self.tokens.get(at) {
            Some((Token::Word, span)) => Some(self.text(*span)),
            _ => None,
        }
    }

    pub(super) fn is_mark(&self, at: usize, mark: u8) -> bool {
        matches!(self.tokens.get(at), Some((Token::Punct(byte), _)) if *byte == mark)
    }

    /// The position of the next token behind one that is no documentation.
    fn next(&self, at: usize) -> usize {
        let rest = self.tokens.get(at + 1..).unwrap_or_default();
        at + 1 + rest.iter().take_while(|(token, _)| *token == Token::Doc).count()
    }

    /// The position of the token that closes the bracket at `at`.
    pub(super) fn close(&self, at: usize) -> usize {
        self.closes.get(at).map_or(at, |close| *close as usize).max(at)
    }

    /// The place between two brackets.
    pub(super) fn inside(&self, open: usize, close: usize) -> Span {
        match (self.tokens.get(open), self.tokens.get(close)) {
            (Some((_, open)), Some((_, close))) => Span::new(open.end, close.start.max(open.end)),
            _ => Span::default(),
        }
    }
}

struct Outliner<'a> {
    code: &'a Code<'a>,
    noted: Noted,
    cuts: Vec<Span>,
    candidates: FxHashSet<&'a str>,
}

/// What is known of the item that is being read.
#[derive(Default)]
struct Current<'a> {
    /// Its attributes make it test code.
    test: bool,
    /// The keyword that says what its braces hold.
    keyword: Option<Keyword>,
    /// Its parameters have been seen.
    parameters: bool,
    /// The name before its braces: of an `impl`, the type.
    name: Option<&'a str>,
    angles: i32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyword {
    Function,
    Items,
    Impl,
    Other,
}

impl Outliner<'_> {
    /// Takes the documentation out, and looks for quoted code on the way.
    fn docs(&mut self, text: &str) {
        let code = self.code;
        let mut around = Vec::new();
        for (at, (token, span)) in code.tokens.iter().enumerate() {
            match token {
                Token::Open(_) => around.push(span.start),
                Token::Close(_) => drop(around.pop()),
                Token::Punct(b'!') => self.noted.quotes.read(code, at),
                // The parser refuses a carriage return in documentation that ends no line.
                Token::Doc if has_lone_return(code.text(*span)) => {}
                Token::Doc => {
                    self.cuts.push(*span);
                    if text.as_bytes().get(span.start as usize + 2) == Some(&b'!') {
                        self.noted.docs.inner.push((around.last().copied(), *span));
                    } else if let Some((_, next)) = code.tokens.get(code.next(at)) {
                        self.noted.docs.outer.push((next.start, *span));
                    }
                }
                _ => {}
            }
        }
    }

    fn items(&mut self, tokens: Range<usize>, take: Take) {
        let code = self.code;
        let mut current = Current::default();
        let mut inner = take;
        let mut at = tokens.start;
        // The marks before the current token: `#`, or `#!`.
        let mut marks = [0_u8; 2];
        while at < tokens.end {
            let Some(&(token, _)) = code.tokens.get(at) else { return };
            let is_group = matches!(token, Token::Open(_));
            match token {
                Token::Doc => {
                    at += 1;
                    continue;
                }
                Token::Open(b'[') if marks[1] == b'#' || marks == *b"#!" => {
                    if self.is_test_attribute(at) {
                        // `#![cfg(test)]` speaks of everything around it.
                        if marks[1] == b'!' {
                            inner = Take::Test;
                        } else {
                            // Behind the keyword it speaks of a parameter.
                            current.test |= current.keyword.is_none();
                        }
                    }
                }
                Token::Open(b'{') => {
                    let next = code.next(code.close(at));
                    let next_is_angle = next < tokens.end && (code.is_mark(next, b'>') || code.is_mark(next, b','));
                    // It may be a constant in braces among the generic arguments of a signature.
                    let is_constant =
                        current.keyword == Some(Keyword::Function) && (!current.parameters || next_is_angle);
                    if !is_constant {
                        self.braces(at, &current, inner);
                        current = Current::default();
                    }
                }
                Token::Punct(b';') => current = Current::default(),
                token => current.see(token, code, at),
            }
            marks = match token {
                Token::Punct(mark) => [marks[1], mark],
                _ => [0, 0],
            };
            at = if is_group { code.close(at) + 1 } else { at + 1 };
        }
    }

    fn is_test_attribute(&self, open: usize) -> bool {
        is_test(self.code.text(self.code.inside(open, self.code.close(open))))
    }

    /// Takes what is not needed out of the braces of an item.
    fn braces(&mut self, open: usize, current: &Current<'_>, take: Take) {
        let take = if current.test { Take::Test } else { take };
        let inside = open + 1..self.code.close(open);
        match current.keyword {
            Some(Keyword::Function) if take != Take::Tests => self.body(open, take),
            Some(Keyword::Items) => self.items(inside, take),
            Some(Keyword::Impl) => {
                let kept = current.name.is_some_and(|name| self.candidates.contains(name));
                self.items(inside, if kept && take == Take::All { Take::Tests } else { take });
            }
            _ => {}
        }
    }

    /// Takes out a body but for its imports.
    fn body(&mut self, open: usize, take: Take) {
        let close = self.code.close(open);
        let mut imports = Vec::new();
        if take == Take::Test {
            self.noted.tests.extend(makes::body(self.code, open + 1..close));
        } else {
            if self.declares(open, close) {
                return;
            }
            let mut found = Vec::new();
            self.names(open + 1..close, &mut found, &mut imports);
            if !found.is_empty()
                && let Some((_, brace)) = self.code.tokens.get(open)
            {
                self.noted.bodies.insert(brace.start, found);
            }
        }
        let Span { mut start, end } = self.code.inside(open, close);
        for import in imports {
            self.cuts.push(Span::new(start, import.start));
            start = import.end;
        }
        self.cuts.push(Span::new(start, end));
    }

    /// Whether a body declares what is seen from outside of it, or imports something into a block inside:
    /// only the parser can tell what such names mean.
    fn declares(&self, open: usize, close: usize) -> bool {
        let code = self.code;
        let mut depth = 0;
        (open + 1..close).any(|at| {
            match code.tokens.get(at) {
                Some((Token::Open(_), _)) => depth += 1,
                Some((Token::Close(_), _)) => depth -= 1,
                _ => {}
            }
            let next = code.word(at + 1);
            match code.word(at) {
                // It may be a type, `impl Trait`, where no item can begin.
                Some("impl") => match code.tokens.get(at - 1) {
                    Some((Token::Open(b'{') | Token::Close(b'}' | b']') | Token::Punct(b';') | Token::Doc, _)) => true,
                    _ => code.word(at - 1) == Some("unsafe"),
                },
                Some("mod") => next.is_some(),
                Some("extern") => next == Some("crate"),
                Some("macro_rules") => code.is_mark(at + 1, b'!'),
                Some("use") => depth > 0 && next.is_some(),
                _ => false,
            }
        })
    }

    /// The paths among tokens, the names of macros that are called, and the `use` statements.
    fn names(&self, tokens: Range<usize>, found: &mut Vec<Span>, imports: &mut Vec<Span>) {
        let code = self.code;
        let mut scanner = PathScanner::default();
        let mut at = tokens.start;
        while at < tokens.end {
            let Some(&(token, span)) = code.tokens.get(at) else { break };
            match token {
                Token::Doc => {}
                Token::Open(_) => {
                    let close = code.close(at);
                    if !scanner.group(found) {
                        self.names(at + 1..close, found, imports);
                    }
                    at = close;
                }
                Token::Word if code.text(span) == "use" => {
                    if let Some((end, statement)) = self.import(at, tokens.end) {
                        imports.push(statement);
                        at = end;
                    } else {
                        scanner.piece(Piece::Name { span, quotes: false }, found);
                    }
                }
                token => {
                    found.extend(self.called_macro(at));
                    scanner.piece(self.piece(token, span, at), found);
                }
            }
            at += 1;
        }
        scanner.end(found);
    }

    /// The lone name at a position, if it calls a macro that is none of the standard library's.
    fn called_macro(&self, at: usize) -> Option<Span> {
        let [(Token::Word, name), (Token::Punct(b'!'), _), (Token::Open(_), _)] = self.code.tokens.get(at..at + 3)?
        else {
            return None;
        };
        let is_lone = !at.checked_sub(1).is_some_and(|before| self.code.is_mark(before, b':'));
        (is_lone && !STANDARD.contains(&self.code.text(*name))).then_some(*name)
    }

    fn piece(&self, token: Token, span: Span, at: usize) -> Piece {
        match token {
            Token::Word => Piece::Name { span, quotes: is_quoting(self.code.text(span)) },
            Token::Punct(b':') => {
                let next = self.code.tokens.get(at + 1);
                Piece::Colon { more: matches!(next, Some((Token::Punct(_), next)) if next.start == span.end) }
            }
            Token::Punct(b'.') => Piece::Dot,
            Token::Punct(b'!') => Piece::Bang,
            Token::Literal => Piece::Literal,
            _ => Piece::Mark,
        }
    }

    /// The `use` statement at a position, with the position of its semicolon. In the tokens of a macro
    /// it may be a template, `use #name;`, or a mere word.
    fn import(&self, at: usize, end: usize) -> Option<(usize, Span)> {
        let code = self.code;
        let mut last = at;
        while last < end && !code.is_mark(last, b';') {
            last = code.close(last) + 1;
        }
        let (Some((_, first)), Some((Token::Punct(b';'), semicolon))) = (code.tokens.get(at), code.tokens.get(last))
        else {
            return None;
        };
        let statement = Span::new(first.start, semicolon.end);
        syn::parse_str::<syn::ItemUse>(code.text(statement)).is_ok().then_some((last, statement))
    }
}

fn has_lone_return(text: &str) -> bool {
    text.split('\r').skip(1).any(|rest| !rest.starts_with('\n'))
}

/// The structs of a text that may be orchestrators: they have type parameters, or speak of `dyn`.
/// What only looks like a struct, in a comment, costs a body that nobody needs.
fn candidates(text: &str) -> FxHashSet<&str> {
    let heads = text.match_indices("struct ").map(|(at, word)| &text[at + word.len()..]);
    let named = heads.filter_map(|rest| {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let (name, rest) = rest.split_at(length);
        let parameters = rest.strip_prefix('<').and_then(|rest| rest.split('>').next()).unwrap_or_default();
        let generic = parameters.split(',').any(|one| one.trim_start().starts_with(char::is_uppercase));
        let body = rest.split(['}', ';']).next().unwrap_or_default();
        (generic || body.contains("dyn ")).then_some(name)
    });
    named.collect()
}

impl<'a> Current<'a> {
    /// Takes in a token of an item's head.
    fn see(&mut self, token: Token, code: &Code<'a>, at: usize) {
        match token {
            Token::Word => {
                if let Some(word) = code.word(at) {
                    self.word(word, code.word(code.next(at)));
                }
            }
            Token::Punct(b'<') => self.angles += 1,
            Token::Punct(b'>') => self.angles -= 1,
            Token::Punct(b'!') if self.keyword.is_none() => self.keyword = Some(Keyword::Other),
            Token::Open(b'(') => self.parameters |= self.keyword == Some(Keyword::Function),
            _ => {}
        }
    }

    fn word(&mut self, word: &'a str, next: Option<&str>) {
        match (self.keyword, word) {
            (None, "fn") if next.is_some() => self.keyword = Some(Keyword::Function),
            (None, "mod" | "trait") => self.keyword = Some(Keyword::Items),
            (None, "impl") => self.keyword = Some(Keyword::Impl),
            (None, "struct" | "enum" | "union" | "static" | "use" | "type" | "macro_rules" | "macro") => {
                self.keyword = Some(Keyword::Other);
            }
            // `const fn` is a function; `const A: T` is not.
            (None, "const") if !matches!(next, Some("fn" | "async" | "unsafe" | "extern")) => {
                self.keyword = Some(Keyword::Other);
            }
            (Some(Keyword::Impl), "where") => self.angles = i32::MAX / 2,
            (Some(Keyword::Impl), name) if self.angles == 0 && name != "for" => self.name = Some(name),
            _ => {}
        }
    }
}

/// Whether an attribute is `cfg(test)`, `cfg(all(test, …))`, `test` or `tokio::test`. What is left is
/// found when the item is read.
fn is_test(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ["cfg(test)", "test", "bench"].contains(&text.as_str())
        || text.starts_with("cfg(all(test,")
        || text.split('(').next().is_some_and(|path| path.ends_with("::test"))
}
