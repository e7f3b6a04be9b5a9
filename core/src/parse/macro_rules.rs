//! The bodies of `macro_rules!`: what they name, and which items they declare.

use super::macros::paths;
use super::names::Collector;
use crate::facts::{MacroCall, MacroItem, PathKind, PathUse};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The words behind which an item's name stands.
const ITEMS: &[&str] = &["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"];

impl Collector<'_> {
    /// A `macro_rules!` definition. The arms' patterns are left out: they name nothing.
    pub(super) fn macro_rules(&self, tokens: &TokenStream, exported: bool) -> MacroItem {
        let mut named = MacroItem { exported, ..MacroItem::default() };
        for body in bodies(tokens) {
            let mut found = Vec::new();
            paths(&body, &mut found);
            for path in &found {
                let (path, span) = self.places.found(path);
                named.paths.push(PathUse { path, kind: PathKind::MacroArgument, span, test: false });
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
                    let kind = lone_kind(&name, next);
                    if before == Before::Item {
                        named.declares.push(name.clone());
                    } else if let Some(kind) = kind.filter(|_| before == Before::Nothing) {
                        named.paths.push(PathUse { path: name.clone(), kind, span, test: false });
                    }
                    if ITEMS.contains(&name.as_str()) { Before::Item } else { Before::Nothing }
                }
                TokenTree::Punct(mark) if mark.as_char() == '$' => {
                    named.declares_variables |= before == Before::Item;
                    Before::Mark
                }
                TokenTree::Punct(mark) if matches!(mark.as_char(), '.' | ':' | '\'') => Before::Mark,
                _ => Before::Nothing,
            };
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
