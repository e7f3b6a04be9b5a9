//! Takes out of a file's tokens what nobody will ask for, before the parser sees it.
//!
//! Function bodies are half of the cost of parsing. Test code is judged by no rule, and a file
//! without a role only by what it names; there, bodies become empty blocks that keep their place
//! and their imports, and the paths in them are noted from the tokens. Tokens are balanced by
//! then, so a body that is taken out cannot hide the items behind it.

use super::macros::{Found, PathScanner, paths};
use super::places::Places;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use rustc_hash::{FxHashMap, FxHashSet};

/// The paths in the bodies that were taken out, by the first byte of the body.
pub(super) type Bodies = FxHashMap<u32, Vec<Found>>;

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

/// The tokens without the bodies of test code and, if `all`, without any that no struct of the
/// file that may be an orchestrator needs.
pub(super) fn outline(places: &Places<'_>, tokens: TokenStream, all: bool) -> (TokenStream, Bodies) {
    let (take, candidates) =
        if all { (Take::All, candidates(places.source())) } else { (Take::Tests, FxHashSet::default()) };
    let mut outliner = Outliner { places, bodies: Bodies::default(), candidates };
    let outlined = outliner.items(tokens, take);
    (outlined, outliner.bodies)
}

struct Outliner<'a> {
    places: &'a Places<'a>,
    bodies: Bodies,
    candidates: FxHashSet<&'a str>,
}

/// What is known of the item that is being read.
#[derive(Default)]
struct Current {
    /// Its attributes make it test code.
    test: bool,
    /// The keyword that says what its braces hold.
    keyword: Option<Keyword>,
    /// Its parameters have been seen.
    parameters: bool,
    /// The name before its braces: of an `impl`, the type.
    name: Option<Ident>,
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
    fn items(&mut self, tokens: TokenStream, take: Take) -> TokenStream {
        let mut out: Vec<TokenTree> = Vec::new();
        let mut current = Current::default();
        let mut tokens = tokens.into_iter().peekable();
        let mut inner = take;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && after_pound(&out) => {
                    if self.is_test_attribute(&group) {
                        // `#![cfg(test)]` speaks of everything around it.
                        if ends_with(&out, '!') { inner = Take::Test } else { current.test = true }
                    }
                    out.push(group.into());
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    let next_is_angle =
                        matches!(tokens.peek(), Some(TokenTree::Punct(next)) if matches!(next.as_char(), '>' | ','));
                    if current.keyword == Some(Keyword::Function) && (!current.parameters || next_is_angle) {
                        // A constant in braces among the generic arguments of a signature.
                        out.push(group.into());
                        continue;
                    }
                    out.push(self.braces(group, &current, inner).into());
                    current = Current::default();
                }
                token => {
                    current.see(&token, tokens.peek());
                    let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
                    out.push(token);
                    if ends {
                        current = Current::default();
                    }
                }
            }
        }
        out.into_iter().collect()
    }

    fn is_test_attribute(&self, group: &Group) -> bool {
        let start = self.places.start(group.span_open());
        // A documentation comment is an attribute too, but its text has no bracket.
        self.places.source().get(start as usize..).is_some_and(|rest| {
            rest.starts_with('[') && is_test(&rest[..rest.find(']').map_or(rest.len(), |end| end + 1)])
        })
    }

    /// The braces of an item, with less in them if its kind allows.
    fn braces(&mut self, group: Group, current: &Current, take: Take) -> Group {
        let take = if current.test { Take::Test } else { take };
        match current.keyword {
            Some(Keyword::Function) if take != Take::Tests => self.body(group, take),
            Some(Keyword::Items) => self.inside(group, take),
            Some(Keyword::Impl) => {
                let kept =
                    current.name.as_ref().is_some_and(|name| self.candidates.contains(self.places.name(name).as_str()));
                self.inside(group, if kept && take == Take::All { Take::Tests } else { take })
            }
            _ => group,
        }
    }

    fn inside(&mut self, group: Group, take: Take) -> Group {
        let (tokens, frame) = taken(group);
        frame.around(self.items(tokens, take))
    }

    /// A body with nothing but its imports.
    fn body(&mut self, group: Group, take: Take) -> Group {
        let start = group.span_open();
        let (tokens, frame) = taken(group);
        if take == Take::Test {
            return frame.around(TokenStream::new());
        }
        let mut found = Vec::new();
        let mut imports = Vec::new();
        names(tokens, &mut found, &mut imports);
        if !found.is_empty() {
            self.bodies.insert(self.places.start(start), found);
        }
        frame.around(imports.into_iter().collect())
    }
}

/// The delimiters of a group whose tokens were taken out.
struct Frame {
    delimiter: Delimiter,
    span: proc_macro2::Span,
}

impl Frame {
    /// The same delimiters in the same place around other tokens.
    fn around(&self, tokens: TokenStream) -> Group {
        let mut new = Group::new(self.delimiter, tokens);
        new.set_span(self.span);
        new
    }
}

/// The tokens of a group that nobody else holds: going through them then copies none.
fn taken(group: Group) -> (TokenStream, Frame) {
    let frame = Frame { delimiter: group.delimiter(), span: group.span() };
    let tokens = group.stream();
    drop(group);
    (tokens, frame)
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

impl Current {
    /// Takes in a token of an item's head.
    fn see(&mut self, token: &TokenTree, next: Option<&TokenTree>) {
        match token {
            TokenTree::Ident(word) => self.word(word, next),
            TokenTree::Punct(punct) => match punct.as_char() {
                '<' => self.angles += 1,
                '>' => self.angles -= 1,
                '!' if self.keyword.is_none() => self.keyword = Some(Keyword::Other),
                _ => {}
            },
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                self.parameters |= self.keyword == Some(Keyword::Function);
            }
            _ => {}
        }
    }

    fn word(&mut self, word: &Ident, next: Option<&TokenTree>) {
        let named = matches!(next, Some(TokenTree::Ident(_)));
        match self.keyword {
            None if word == "fn" && named => self.keyword = Some(Keyword::Function),
            None if word == "mod" || word == "trait" => self.keyword = Some(Keyword::Items),
            None if word == "impl" => self.keyword = Some(Keyword::Impl),
            None if ["struct", "enum", "union", "static", "use", "type", "macro_rules", "macro"]
                .iter()
                .any(|one| word == one) =>
            {
                self.keyword = Some(Keyword::Other);
            }
            // `const fn` is a function; `const A: T` is not.
            None if word == "const" && !matches!(next, Some(TokenTree::Ident(next)) if is_qualifier(next)) => {
                self.keyword = Some(Keyword::Other);
            }
            Some(Keyword::Impl) if word == "where" => self.angles = i32::MAX / 2,
            Some(Keyword::Impl) if self.angles == 0 && word != "for" => self.name = Some(word.clone()),
            _ => {}
        }
    }
}

/// The words that may stand between `const` and `fn`.
fn is_qualifier(word: &Ident) -> bool {
    ["fn", "async", "unsafe", "extern"].iter().any(|one| word == one)
}

fn after_pound(out: &[TokenTree]) -> bool {
    ends_with(out, '#') || (ends_with(out, '!') && out.len() > 1 && ends_with(&out[..out.len() - 1], '#'))
}

fn ends_with(out: &[TokenTree], character: char) -> bool {
    matches!(out.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Whether attribute arguments are `cfg(test)`, `cfg(all(test, …))`, `test` or `tokio::test`. What
/// is left is found when the item is read.
fn is_test(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ["[cfg(test)]", "[test]", "[bench]"].contains(&text.as_str())
        || text.starts_with("[cfg(all(test,")
        || text.split('(').next().is_some_and(|path| path.trim_end_matches(']').ends_with("::test"))
}

/// The paths in a body, and its `use` statements, those of the blocks in it included.
pub(super) fn names(tokens: TokenStream, found: &mut Vec<Found>, imports: &mut Vec<TokenTree>) {
    let mut scanner = PathScanner::default();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "use" => {
                let mut statement = vec![TokenTree::from(word)];
                for token in tokens.by_ref() {
                    let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
                    statement.push(token);
                    if ends {
                        break;
                    }
                }
                // In the tokens of a macro it may be a template, `use #name;`, or a mere word.
                if syn::parse2::<syn::ItemUse>(statement.iter().cloned().collect()).is_ok() {
                    imports.extend(statement);
                } else {
                    paths(&statement.into_iter().collect(), found);
                }
            }
            TokenTree::Group(group) => {
                let quoted = scanner.group(found);
                if !quoted {
                    names(taken(group).0, found, imports);
                }
            }
            token => scanner.token(&token, found),
        }
    }
    scanner.end(found);
}
