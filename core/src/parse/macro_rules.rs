//! What macros say in ways of their own: the bodies of `macro_rules!`, the items that a call makes,
//! included files, and the names in format strings.

use super::macros::paths;
use super::names::Collector;
use super::quotes::is_handed;
use crate::facts::{Include, MacroCall, MacroItem, PathKind, PathUse};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The macros of std whose first text is a format.
const FORMATS: &[&str] = &[
    "assert",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "panic",
    "print",
    "println",
    "todo",
    "unimplemented",
    "unreachable",
    "write",
    "writeln",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
];

/// The words behind which an item's name stands.
pub(super) const ITEMS: &[&str] = &["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"];

impl Collector<'_> {
    /// A `macro_rules!` definition. The arms' patterns are left out: they name nothing.
    pub(super) fn macro_rules(&self, tokens: &TokenStream, exported: bool) -> MacroItem {
        let mut named = MacroItem { exported, ..MacroItem::default() };
        for body in bodies(tokens) {
            let mut found = Vec::new();
            paths(&self.places, &body, &mut found);
            for path in found {
                let (path, span) = self.places.found(path);
                let is_macro = self.places.is_called_macro(span);
                let kind = if is_macro { PathKind::Macro } else { PathKind::MacroArgument };
                let used = PathUse { path, kind, span, test: false };
                if is_handed(&used.path) && !self.places.is_behind(span, '$') {
                    named.handed.push(used.clone());
                }
                named.paths.push(used);
            }
            self.lone_names(&body, &mut named);
        }
        named
    }

    /// The lone names that are called or look like types, and the names of declared items.
    fn lone_names(&self, tokens: &TokenStream, named: &mut MacroItem) {
        let mut before = Before::Nothing;
        let mut tokens = tokens.clone().into_iter().peekable();
        while let Some(token) = tokens.next() {
            let next = tokens.peek();
            before = match token {
                TokenTree::Group(group) => {
                    self.lone_names(&group.stream(), named);
                    Before::Nothing
                }
                TokenTree::Ident(word) => {
                    let (name, span) = self.places.ident(&word);
                    named.makes.impls |= name == "impl";
                    let kind = lone_kind(&name, next);
                    // What it imports by a name that it is given is as good as an item.
                    named.makes.items |= name == "use" && imports_given(tokens.clone());
                    if matches!(before, Before::Item | Before::Module) {
                        named.declares.push(name.clone());
                    } else if let Some(kind) = kind.filter(|_| before == Before::Nothing) {
                        named.paths.push(PathUse { path: name.clone(), kind, span, test: false });
                    }
                    match name.as_str() {
                        "mod" => Before::Module,
                        word if ITEMS.contains(&word) => Before::Item,
                        _ => Before::Nothing,
                    }
                }
                TokenTree::Punct(mark) if mark.as_char() == '$' => {
                    named.makes.items |= matches!(before, Before::Item | Before::Module);
                    named.makes.modules |= before == Before::Module;
                    Before::Mark
                }
                TokenTree::Punct(mark) if matches!(mark.as_char(), '.' | ':' | '\'') => Before::Mark,
                _ => Before::Nothing,
            };
        }
    }

    /// The file that `include!("a.rs")`, `include!(concat!("a", ".rs"))` or
    /// `include!(concat!(env!("CARGO_MANIFEST_DIR"), "/a.rs"))` names.
    pub(super) fn included(call: &syn::Macro) -> Option<Include> {
        if !call.path.is_ident("include") {
            return None;
        }
        let mut texts = Vec::new();
        literals(&call.tokens, &mut texts);
        let direct = matches!(call.tokens.clone().into_iter().next(), Some(TokenTree::Literal(_)));
        match texts.as_slice() {
            [path] if direct => Some(Include { path: path.clone(), from_package: false }),
            [root, rest @ ..] if root == "CARGO_MANIFEST_DIR" && !rest.is_empty() => {
                Some(Include { path: rest.concat().trim_start_matches('/').to_owned(), from_package: true })
            }
            parts if is_of_literals(&call.tokens) => Some(Include { path: parts.concat(), from_package: false }),
            _ => None,
        }
    }

    /// Notes the constants that a format string names in braces, `{LIMIT}` and `{:>WIDTH$}`.
    pub(super) fn format_names(&mut self, call: &syn::Macro, values: &[syn::Expr]) {
        let formats = call.path.segments.last().is_some_and(|last| FORMATS.iter().any(|name| last.ident == name));
        let texts = values.iter().filter(|_| formats).filter_map(|value| match value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text),
            _ => None,
        });
        for text in texts {
            let span = self.places.span(text.span());
            let value = text.value();
            let braces = value.split('{').skip(1).filter_map(|rest| rest.split('}').next());
            for inner in braces {
                let (name, layout) = inner.split_once(':').unwrap_or((inner, ""));
                let sizes = layout.split('$').map(|part| part.rsplit(|c: char| !is_word(c)).next().unwrap_or_default());
                for name in std::iter::once(name.trim()).chain(sizes) {
                    if name.starts_with(char::is_uppercase) && name.chars().all(is_word) {
                        self.note_text(name.into(), PathKind::Expression, span);
                    }
                }
            }
        }
    }

    /// The fact that a macro is called in the place of items.
    pub(super) fn made_items(&self, call: &syn::Macro) -> MacroCall {
        let mut made = Made::default();
        self.idents(&call.tokens, &mut made);
        let Made { names, declares } = made;
        MacroCall {
            path: self.places.path(&call.path).0,
            names: names.into_iter().collect(),
            declares: declares.into_iter().collect(),
        }
    }

    fn idents(&self, tokens: &TokenStream, made: &mut Made) {
        let mut behind_keyword = false;
        for token in tokens.clone() {
            match token {
                TokenTree::Group(group) => self.idents(&group.stream(), made),
                TokenTree::Ident(word) => {
                    let name = self.places.name(&word);
                    if behind_keyword {
                        made.declares.insert(name.clone());
                    }
                    behind_keyword = ITEMS.contains(&name.as_str());
                    made.names.insert(name);
                    continue;
                }
                _ => {}
            }
            behind_keyword = false;
        }
    }
}

/// The names in the arguments of a macro call.
#[derive(Default)]
struct Made {
    names: BTreeSet<SmolStr>,
    declares: BTreeSet<SmolStr>,
}

/// What stands before a name in the body of a macro.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// A keyword that declares an item.
    Item,
    /// The keyword of a module.
    Module,
    /// A mark that makes the name a variable, a field or a part of a path.
    Mark,
}

/// What a lone name is by what follows it, if it can mean an item.
fn lone_kind(name: &str, next: Option<&TokenTree>) -> Option<PathKind> {
    match next {
        Some(TokenTree::Punct(mark)) if mark.as_char() == '!' => Some(PathKind::Macro),
        Some(TokenTree::Punct(mark)) if mark.as_char() == ':' => None,
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Some(PathKind::Expression),
        _ if name.starts_with(char::is_uppercase) => Some(PathKind::Type),
        _ => None,
    }
}

/// Whether a `$variable` stands in an import, given what stands behind its `use`. `$crate` is none.
fn imports_given(behind: impl Iterator<Item = TokenTree>) -> bool {
    let is_mark = |token: &TokenTree, mark| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
    let mut tokens = behind.take_while(|token| !is_mark(token, ';')).peekable();
    while let Some(token) = tokens.next() {
        let is_given = match &token {
            TokenTree::Group(group) => imports_given(group.stream().into_iter()),
            token => is_mark(token, '$') && !matches!(tokens.peek(), Some(TokenTree::Ident(word)) if word == "crate"),
        };
        if is_given {
            return true;
        }
    }
    false
}

/// What stands behind the `=>` of each arm.
fn bodies(tokens: &TokenStream) -> Vec<TokenStream> {
    let mut arrow = 0;
    let mut bodies = Vec::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '=' => arrow = 1,
            TokenTree::Punct(mark) if mark.as_char() == '>' && arrow == 1 => arrow = 2,
            TokenTree::Group(group) => {
                if arrow == 2 {
                    bodies.push(group.stream());
                }
                arrow = 0;
            }
            _ => arrow = 0,
        }
    }
    bodies
}

/// The texts of the string literals among tokens.
fn literals(tokens: &TokenStream, texts: &mut Vec<String>) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => literals(&group.stream(), texts),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    texts.push(text.value());
                }
            }
            _ => {}
        }
    }
}

/// Whether tokens are `concat!` of literals alone.
fn is_of_literals(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter();
    let is_concat = matches!(tokens.next(), Some(TokenTree::Ident(name)) if name == "concat");
    let is_called = matches!(tokens.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
    let is_plain = |token: TokenTree| matches!(token, TokenTree::Literal(_) | TokenTree::Punct(_));
    let are_plain = matches!(tokens.next(), Some(TokenTree::Group(parts)) if parts.stream().into_iter().all(is_plain));
    is_concat && is_called && are_plain
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
