//! Puts paths together from the pieces of code whose grammar is not known.

use crate::source::Span;

/// A token, as far as paths go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// An identifier, and whether a macro of that name only quotes its arguments.
    Name {
        /// Where.
        span: Span,
        /// Whether it does.
        quotes: bool,
    },
    /// `:`, and whether a mark follows at once.
    Colon {
        /// Whether one does.
        more: bool,
    },
    /// `.`
    Dot,
    /// `!`
    Bang,
    /// Any other mark.
    Mark,
    /// A literal.
    Literal,
}

/// Puts paths together from the tokens of one group. A path is noted from its first name to its last.
#[derive(Default)]
pub(super) struct PathScanner {
    open: Option<OpenPath>,
    /// How many dots stand before the current token.
    dots: u32,
    quoting: Quoting,
}

/// How far the name and the `!` of a quoting macro have been seen.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Quoting {
    #[default]
    No,
    Name,
    Call,
}

impl PathScanner {
    /// Takes in a token that is no group.
    pub(super) fn piece(&mut self, piece: Piece, found: &mut Vec<Span>) {
        self.quoting = match piece {
            Piece::Name { quotes: true, .. } => Quoting::Name,
            Piece::Bang if self.quoting == Quoting::Name => Quoting::Call,
            _ => Quoting::No,
        };
        match piece {
            Piece::Name { span, .. } => {
                self.open = match self.open.take() {
                    Some(path) if path.colons == 2 => Some(path.name(span)),
                    other => {
                        finish(other, found);
                        (self.dots != 1).then_some(OpenPath { span, names: 1, colons: 0 })
                    }
                };
                self.dots = 0;
            }
            Piece::Colon { more } => {
                self.open = self.open.take().and_then(|path| path.colon(more));
                self.dots = 0;
            }
            Piece::Dot | Piece::Bang | Piece::Mark => {
                finish(self.open.take(), found);
                // Behind the dots of a range, a path may begin.
                self.dots = if piece == Piece::Dot { self.dots + 1 } else { 0 };
            }
            Piece::Literal => self.end(found),
        }
    }

    /// Takes in that a group follows, and says whether a macro only quotes it.
    pub(super) fn group(&mut self, found: &mut Vec<Span>) -> bool {
        self.end(found);
        std::mem::take(&mut self.quoting) == Quoting::Call
    }

    /// Takes in that nothing follows.
    pub(super) fn end(&mut self, found: &mut Vec<Span>) {
        finish(self.open.take(), found);
        self.dots = 0;
    }
}

fn finish(path: Option<OpenPath>, found: &mut Vec<Span>) {
    found.extend(path.filter(|path| path.names > 1).map(|path| path.span));
}

/// A path in the making. Its text is read off the source at the end, because most names are no path.
struct OpenPath {
    span: Span,
    names: u32,
    colons: u32,
}

impl OpenPath {
    fn name(self, name: Span) -> Self {
        Self { span: Span::new(self.span.start, name.end), names: self.names + 1, colons: 0 }
    }

    /// One colon more; `None` if this is a type ascription rather than a path.
    fn colon(mut self, more: bool) -> Option<Self> {
        self.colons += 1;
        (self.colons == 2 || (self.colons == 1 && more)).then_some(self)
    }
}
