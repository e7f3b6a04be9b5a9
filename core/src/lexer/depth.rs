//! How much stack a text costs a recursive parser, estimated from its tokens.
//!
//! The parser recurses into delimiters, generic arguments, operators in front
//! of an operand and everything that extends as far right as it can; and what
//! it returns is walked and dropped recursively, also where it was parsed by a
//! loop (`a + a + a`, `a.b().c()`). So the estimate has two parts: what is
//! open at a token, and how high the trees are that were closed before it.
//!
//! The weights are kibibytes of stack that one level takes in a build without
//! optimisation, measured for each kind of nesting with `syn` 3.0 and a
//! visitor that has every method, and rounded up. A release build takes less
//! than half. Cloning a tree is not covered: a link of a chain then takes four
//! and a half kibibytes, which fits the stack but leaves no factor of two.

use super::Deep;
use super::token::Token;
use crate::source::Span;

mod weight;
use weight::{Effect, Word};

/// The stack that the threads which parse must have.
pub(super) const STACK_KIB: u32 = 64 * 1024;
/// The estimate beyond which a text is not parsed: half of the stack.
pub(super) const LIMIT_KIB: u32 = STACK_KIB / 2;
/// Any opening delimiter. The dearest is the body of a module or a function.
pub(super) const LEVEL: u32 = 45;
/// `<` that opens generic arguments.
const ANGLE: u32 = 57;
/// `&`, `*`, `-` or `!` before an operand; the dearest are those of types.
const PREFIX: u32 = 36;
/// `->`, which leads to another type.
const ARROW: u32 = 42;
/// `|`, when it begins a closure.
const CLOSURE: u32 = 17;
/// A keyword that begins an expression or a type.
const KEYWORD: u32 = 14;
/// `=` and its relatives, and ranges.
const ASSIGN: u32 = 12;
/// `::`, which nests in `use`.
const SEGMENT: u32 = 5;
/// `@` in a pattern.
const BINDING: u32 = 4;
/// `else`.
const ELSE: u32 = 5;
/// A link of a chain: an operator, a call, a field.
const LINK: u32 = 3;
/// An operator that waits for its right side while something opens there.
const PENDING: u32 = 8;
/// There are no more levels of precedence, so no more operators than this can wait.
const PRECEDENCES: u32 = 10;

/// Whether the `<` of a group are generic brackets or comparisons.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Expressions and patterns: `<` compares.
    Expr,
    /// Behind `as`: a type, up to the next operator.
    Cast,
    /// Behind `:` and the like: a type, up to `=`, a comma or an operator of expressions.
    Type,
    /// Behind `fn`, `impl` and the like: types up to the end of the item's head.
    Head,
}

/// What a frame stands between.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Generic arguments.
    Angle,
    Brace,
    /// The brackets of an attribute, which is no operand.
    Attribute,
    Other,
}

#[derive(Clone, Copy)]
struct Frame {
    kind: Kind,
    /// Between the bars of a closure, where a comma separates nothing.
    bars: bool,
    /// A `struct`, `enum` or `union` was declared, so its braces hold types.
    declares: bool,
    initial: Mode,
    mode: Mode,
    /// The cost of everything around this group.
    base: u32,
    /// The cost of what extends as far right as it can, since the last separator.
    right: u32,
    /// Operators since then.
    operators: u32,
    /// The height of the chain of operators so far.
    chain: u32,
    /// The cost of the operators before the present operand.
    prefix: u32,
    /// The height of the present operand.
    operand: u32,
    /// The greatest height of what was finished.
    best: u32,
}

impl Frame {
    const fn new(base: u32, initial: Mode, kind: Kind) -> Self {
        Self {
            kind,
            bars: false,
            declares: false,
            initial,
            mode: initial,
            base,
            right: 0,
            operators: 0,
            chain: 0,
            prefix: 0,
            operand: 0,
            best: 0,
        }
    }

    /// The cost of the operators that wait for a right side.
    fn pending(&self) -> u32 {
        self.operators.min(PRECEDENCES) * PENDING
    }

    /// The cost of what is open here.
    fn open(&self) -> u32 {
        self.right + self.pending() + self.prefix
    }

    /// The height of the tree of this group so far.
    fn height(&self) -> u32 {
        let present = self.right + self.pending() + self.chain.max(self.prefix + self.operand);
        self.best.max(present)
    }

    /// An operator between two operands.
    fn infix(&mut self) {
        self.chain = self.chain.max(self.prefix + self.operand) + LINK;
        (self.prefix, self.operand) = (0, 0);
        self.operators += 1;
    }

    /// A token whose right side extends as far as it can.
    fn extend(&mut self, weight: u32) {
        self.best = self.height();
        self.right = self.open() + weight;
        (self.operators, self.chain, self.prefix, self.operand) = (0, 0, 0, 0);
    }

    /// A separator: what comes is beside what was, not below it.
    fn separate(&mut self) {
        self.best = self.height();
        (self.right, self.operators, self.chain, self.prefix, self.operand) = (0, 0, 0, 0, 0);
        self.bars = false;
    }
}

/// The tokens that change what the next one means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// `}`
    Brace,
    /// `#`, or `!` behind it.
    Hash,
    Else,
    Dot,
    Other,
}

/// Estimates the depth while tokens are handed to it.
pub(super) struct Depth {
    frames: Vec<Frame>,
    /// The innermost frame; those around it are in `frames`.
    top: Frame,
    /// The token before can end an operand.
    after_operand: bool,
    /// What else the token before was.
    after: After,
    /// The cost of the path that is being read.
    path: u32,
    /// Where the token before ended: operators are several punctuation tokens.
    end: usize,
    /// The greatest cost so far.
    pub(super) cost: u32,
    /// Where the limit was passed first.
    pub(super) too_deep: Option<Deep>,
}

impl Depth {
    pub(super) const fn new() -> Self {
        Self {
            frames: Vec::new(),
            top: Frame::new(0, Mode::Expr, Kind::Brace),
            after_operand: false,
            after: After::Other,
            path: 0,
            end: 0,
            cost: 0,
            too_deep: None,
        }
    }

    /// Takes the next token of `bytes`; comments are none.
    #[inline]
    pub(super) fn add(&mut self, token: Token, bytes: &[u8], start: usize, end: usize) {
        if start < self.end {
            return;
        }
        self.end = end;
        if !self.token(token, bytes, start, end) {
            return;
        }
        let cost = self.top.base + self.top.height() + self.path;
        if cost > self.cost {
            self.cost = cost;
            if cost > LIMIT_KIB && self.too_deep.is_none() {
                let span = Span::new(start as u32, end as u32);
                let limit = LIMIT_KIB / LEVEL;
                self.too_deep = Some(Deep { span, depth: (cost / LEVEL).max(limit + 1), limit });
            }
        }
    }

    /// Takes one token, and returns whether the depth may have grown.
    #[inline]
    fn token(&mut self, token: Token, bytes: &[u8], start: usize, end: usize) -> bool {
        let after = std::mem::replace(&mut self.after, After::Other);
        let path = std::mem::take(&mut self.path);
        if after == After::Brace && begins_anew(token, &bytes[start..end]) {
            self.separate();
        }
        match token {
            Token::Word => {
                self.path = path;
                let word = weight::word(&bytes[start..end]);
                self.after_operand = word == Word::Other;
                if matches!(word, Word::Other | Word::Silent) {
                    return false;
                }
                self.word(word, after);
            }
            Token::Literal | Token::Lifetime => {
                self.after_operand = token == Token::Literal;
                return false;
            }
            Token::Open(byte) => self.open(byte, after, path),
            Token::Close(byte) => self.close(byte),
            Token::Punct(_) => {
                let (effect, length) = weight::punctuation(&bytes[start..]);
                self.after = match effect {
                    Effect::Hash => After::Hash,
                    // `#!` begins an attribute too.
                    Effect::Not if after == After::Hash => After::Hash,
                    Effect::Dot => After::Dot,
                    _ => After::Other,
                };
                if effect != Effect::Not || after != After::Hash {
                    self.punctuation(effect, path);
                }
                self.end = start + length;
                return !matches!(effect, Effect::Comma | Effect::End | Effect::FatArrow);
            }
            Token::LineComment | Token::BlockComment | Token::Doc => return false,
        }
        true
    }

    fn word(&mut self, word: Word, after: After) {
        match word {
            // Behind a dot, `union` is a method.
            Word::Declares if after == After::Dot => self.after_operand = true,
            Word::Other | Word::Silent => {}
            Word::As => {
                self.top.infix();
                self.enter(Mode::Cast);
            }
            Word::Else => {
                // The condition was between the braces before: no operator waits for this.
                self.top.best = self.top.height();
                self.top.right += ELSE;
                (self.top.operators, self.top.chain, self.top.prefix, self.top.operand) = (0, 0, 0, 0);
                self.after = After::Else;
            }
            Word::If if after == After::Else => {}
            Word::If | Word::Keyword => self.top.extend(KEYWORD),
            Word::Type => {
                self.top.extend(KEYWORD);
                self.enter(Mode::Type);
            }
            Word::Head => {
                self.top.extend(KEYWORD);
                self.enter(Mode::Head);
            }
            Word::Declares => {
                self.top.declares = true;
                self.enter(Mode::Head);
            }
        }
    }

    /// From here on, a type; inside a type, it stays as it is.
    fn enter(&mut self, mode: Mode) {
        if matches!(self.top.mode, Mode::Expr | Mode::Cast) {
            self.top.mode = mode;
        }
    }

    /// An operator of expressions ends a type, but not a list of generic arguments.
    fn leave(&mut self) {
        if self.top.kind != Kind::Angle && self.top.mode != Mode::Head {
            self.top.mode = Mode::Expr;
        }
    }

    fn push(&mut self, frame: Frame) {
        self.frames.push(std::mem::replace(&mut self.top, frame));
    }

    #[inline]
    fn open(&mut self, byte: u8, after: After, path: u32) {
        let top = &self.top;
        let brace = byte == b'{';
        let fields = top.declares || (top.kind == Kind::Brace && top.initial == Mode::Type);
        let types = top.mode != Mode::Expr && (!brace || fields);
        let initial = if types { Mode::Type } else { Mode::Expr };
        let kind = match after {
            After::Hash => Kind::Attribute,
            _ if brace => Kind::Brace,
            _ => Kind::Other,
        };
        let frame = Frame::new(top.base + top.open() + path + LEVEL, initial, kind);
        if self.after_operand {
            // A call or an index, which is a link in a chain.
            self.top.operand += LINK;
        }
        self.push(frame);
        self.after_operand = false;
    }

    #[inline]
    fn close(&mut self, byte: u8) {
        self.pop_angles();
        if let Some(outer) = self.frames.pop() {
            let inner = std::mem::replace(&mut self.top, outer);
            self.top.operand = self.top.operand.max(LEVEL + inner.height());
            self.after_operand = inner.kind != Kind::Attribute;
        }
        if byte == b'}' {
            self.after = After::Brace;
        }
    }

    fn angle(&mut self, path: u32) {
        let base = self.top.base + self.top.open() + path + ANGLE;
        self.push(Frame::new(base, Mode::Type, Kind::Angle));
        self.after_operand = false;
    }

    fn pop_angle(&mut self) -> bool {
        if self.top.kind != Kind::Angle {
            return false;
        }
        if let Some(outer) = self.frames.pop() {
            let inner = std::mem::replace(&mut self.top, outer);
            self.top.operand = self.top.operand.max(ANGLE + inner.height());
        }
        true
    }

    fn pop_angles(&mut self) {
        while self.pop_angle() {}
    }

    /// The end of a statement, an item or an arm.
    fn separate(&mut self) {
        self.pop_angles();
        self.top.separate();
        self.top.mode = self.top.initial;
        self.top.declares = false;
    }

    #[inline]
    fn punctuation(&mut self, effect: Effect, path: u32) {
        let operand = std::mem::take(&mut self.after_operand);
        match effect {
            Effect::End | Effect::FatArrow => self.separate(),
            Effect::Comma => self.comma(),
            Effect::Colon => {
                // `field: value` in the braces of an expression is no type.
                let Frame { kind, initial, right, .. } = self.top;
                if kind != Kind::Brace || initial != Mode::Expr || right > 0 {
                    self.enter(Mode::Type);
                }
            }
            Effect::Path => self.path = path + SEGMENT,
            Effect::Less(count) => self.less(operand, count, path),
            Effect::Greater(count, rest) => self.greater(count, rest),
            Effect::Arrow => {
                self.top.extend(ARROW);
                self.enter(Mode::Type);
            }
            Effect::Assign => {
                self.top.extend(ASSIGN);
                self.leave();
            }
            Effect::At => self.top.extend(BINDING),
            Effect::Dot => self.top.operand += LINK,
            Effect::Question | Effect::Not if operand => {
                self.top.operand += LINK;
                self.after_operand = effect == Effect::Question;
            }
            Effect::Bar if self.top.bars => {
                self.top.bars = false;
                self.top.infix();
                self.leave();
            }
            Effect::Bar | Effect::Bars if !operand => {
                self.top.extend(CLOSURE);
                self.top.bars = effect == Effect::Bar;
                self.leave();
            }
            Effect::Prefix(count) if !operand => self.top.prefix += PREFIX * count,
            Effect::Question | Effect::Not => self.top.prefix += PREFIX,
            Effect::Plus => {
                self.top.infix();
                if self.top.mode == Mode::Cast {
                    self.leave();
                }
            }
            Effect::Infix | Effect::Prefix(_) | Effect::Bar | Effect::Bars => {
                self.top.infix();
                self.leave();
            }
            Effect::Hash | Effect::Nothing => {}
        }
    }

    fn comma(&mut self) {
        if self.top.bars {
            return;
        }
        self.top.separate();
        if self.top.mode != Mode::Head {
            self.top.mode = self.top.initial;
        }
    }

    fn less(&mut self, operand: bool, count: u32, path: u32) {
        if operand && self.top.mode == Mode::Expr {
            self.top.infix();
            return;
        }
        self.angle(path);
        for _ in 1..count {
            self.angle(0);
        }
    }

    /// `>` or `>>`, and `=` behind them if there is a rest.
    fn greater(&mut self, count: u32, rest: bool) {
        let mut closed = 0;
        while closed < count && self.pop_angle() {
            closed += 1;
        }
        self.after_operand = closed == count && !rest;
        if closed == count && rest {
            self.top.extend(ASSIGN);
            self.leave();
        } else if closed < count {
            self.top.infix();
            self.leave();
        }
    }
}

/// Whether, behind a closing brace, a token begins another statement, item or arm. What does not
/// goes on with the expression that the brace closed.
fn begins_anew(token: Token, bytes: &[u8]) -> bool {
    match token {
        Token::Word => !matches!(bytes, b"else" | b"as"),
        Token::Literal | Token::Lifetime | Token::Open(b'{') | Token::Punct(b'#') => true,
        _ => false,
    }
}
