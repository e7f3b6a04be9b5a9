//! What a call of a macro by example makes, where the macro stands before it in the file: types, implementations, and
//! paths from pieces.
//!
//! Items are known by their signatures alone. What else they name is named by the macro and its arguments, which are
//! noted as that already.

use super::attributes::{ident_text, is_test};
use super::exact;
use super::expansion::{Arm, arms, expanded};
use super::items::{Head, is_mutable};
use super::macros::is_quoting;
use super::names::Collector;
use crate::facts::{EnumItem, ImplItem, Import, ItemKind, PathKind, StructItem, Variant};
use crate::source::Span;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::rc::Rc;
use syn::parse::Parser;
use syn::{Attribute, ImplItem as Member};

/// How many steps and tokens the calls of one file may take.
const MOST_OF_FILE: usize = 1 << 20;

/// The macros by example that are in scope.
pub(super) struct Macros {
    /// By name, each that has it; without rules where nothing follows from a call.
    known: FxHashMap<SmolStr, Vec<Option<Rc<Rules>>>>,
    /// The names in the order in which they came into scope.
    order: Vec<SmolStr>,
    /// How many steps and tokens are left for calls.
    left: usize,
    /// The paths in the arguments of calls that are only pieces of paths, and the calls.
    pieces: Vec<(SmolStr, Span)>,
}

/// What is known of a macro by example.
struct Rules {
    arms: Vec<Arm>,
    /// The paths in its bodies, where a variable is a piece of one.
    paths: Option<BTreeSet<SmolStr>>,
}

impl Default for Macros {
    fn default() -> Self {
        Self { known: FxHashMap::default(), order: Vec::new(), left: MOST_OF_FILE, pieces: Vec::new() }
    }
}

impl Macros {
    /// The state to go back to with [`Self::leave`].
    pub(super) fn enter(&self) -> usize {
        self.order.len()
    }

    /// Forgets the macros that came into scope since.
    pub(super) fn leave(&mut self, entered: usize) {
        for name in self.order.drain(entered..) {
            self.known.get_mut(&name).and_then(Vec::pop);
        }
    }

    /// Whether a path is only a piece of one that the call around it puts together.
    pub(super) fn is_piece(&mut self, path: &str, span: Span) -> bool {
        while self.pieces.pop_if(|(_, call)| call.end <= span.start).is_some() {}
        self.pieces.iter().any(|(piece, call)| piece == path && call.start <= span.start && span.end <= call.end)
    }

    /// The rules of a name. Of several of one name it is not known which a call means.
    fn rules(&self, name: &SmolStr) -> Option<Rc<Rules>> {
        match self.known.get(name).map(Vec::as_slice) {
            Some([rules]) => rules.clone(),
            _ => None,
        }
    }
}

impl Collector<'_> {
    /// Remembers a macro by example, and whether it makes items.
    pub(super) fn note_arms(&mut self, name: &Ident, definition: &TokenStream, makes: bool) {
        let name = self.places.name(name);
        let glues = glues(definition);
        let rules = (makes || glues).then(|| {
            let arms = arms(definition);
            let paths = glues.then(|| arms.iter().flat_map(|(_, body)| paths_in(body)).collect());
            Rc::new(Rules { arms, paths })
        });
        self.macros.known.entry(name.clone()).or_default().push(rules);
        self.macros.order.push(name);
    }

    /// The rules of the macro that is called, where it is known which that is.
    fn rules(&mut self, call: &syn::Macro) -> Option<Rc<Rules>> {
        let name = self.places.name(call.path.get_ident()?);
        let rules = self.macros.rules(&name)?;
        let is_other = |import: &Import| import.name.as_ref() == Some(&name) && import.path != name;
        (!self.scope().imports.iter().any(is_other)).then_some(rules)
    }

    /// Takes in the types and implementations that a call makes.
    pub(super) fn made_by(&mut self, call: &syn::Macro) {
        let Some(rules) = self.rules(call) else { return };
        let made = expanded(&rules.arms, &call.tokens, &mut self.macros.left);
        let Some(file) = made.and_then(|tokens| syn::parse2::<syn::File>(tokens).ok()) else { return };
        let (_, name_span) = self.places.path(&call.path);
        let place = Span::new(name_span.start, self.places.end(call.delimiter.span().close()));
        let of_file = self.places;
        self.places = of_file.in_call(place);
        for item in &file.items {
            self.made_item(item, place);
        }
        self.places = of_file;
    }

    /// Notes the paths that a call puts together from its arguments and the macro's body.
    pub(super) fn note_glued(&mut self, call: &syn::Macro) {
        let Some(rules) = self.rules(call) else { return };
        let Some(known) = &rules.paths else { return };
        let Some(tokens) = expanded(&rules.arms, &call.tokens, &mut self.macros.left) else { return };
        let (_, span) = self.places.path(&call.path);
        let place = Span::new(span.start, self.places.end(call.delimiter.span().close()));
        let made = paths_in(&tokens);
        // What is a piece of a path is no path of its own.
        for given in paths_in(&call.tokens) {
            let is_longer = |path: &SmolStr| path.strip_suffix(&*given).is_some_and(|before| before.ends_with("::"));
            if !made.contains(&given) && made.iter().any(is_longer) {
                self.macros.pieces.push((given, place));
            }
        }
        for path in made {
            if !known.contains(&path) {
                self.note_text(path, PathKind::MacroArgument, span);
            }
        }
    }

    fn made_item(&mut self, item: &syn::Item, place: Span) {
        match item {
            syn::Item::Impl(item) if !is_test(&item.attrs) => {
                let kind = ItemKind::Impl(self.made_impl(item));
                let name = SmolStr::default();
                self.push(
                    Head { name, name_span: place, span: place, visibility: None, attributes: &item.attrs },
                    kind,
                );
            }
            syn::Item::Struct(item) if !is_test(&item.attrs) => {
                let (generics, fields) = (self.places.generics(&item.generics), self.fields(&item.fields));
                let head = self.head(&item.ident, place, Some(&item.vis), &item.attrs);
                self.push(head, ItemKind::Struct(StructItem { generics, fields }));
            }
            syn::Item::Enum(item) if !is_test(&item.attrs) => {
                let variants = item.variants.iter().map(|variant| Variant {
                    name: self.places.name(&variant.ident),
                    fields: self.fields(&variant.fields),
                    span: place,
                });
                let (variants, generics) = (exact(variants), self.places.generics(&item.generics));
                let head = self.head(&item.ident, place, Some(&item.vis), &item.attrs);
                self.push(head, ItemKind::Enum(EnumItem { generics, variants }));
            }
            _ => {}
        }
    }

    fn made_impl(&self, item: &syn::ItemImpl) -> ImplItem {
        let functions = item.items.iter().filter_map(|member| match member {
            Member::Fn(member) => Some(self.signature(&member.sig, Some(&member.vis), &member.attrs, self.in_test())),
            _ => None,
        });
        let types = item.items.iter().filter_map(|member| match member {
            Member::Type(member) => Some((self.places.name(&member.ident), self.places.ty(&member.ty))),
            _ => None,
        });
        let constants = item.items.iter().filter_map(|member| match member {
            Member::Const(member) => Some((self.places.name(&member.ident), self.places.ty(&member.ty))),
            _ => None,
        });
        ImplItem {
            generics: self.places.generics(&item.generics),
            of_trait: item.trait_.as_ref().map(|(path, _)| self.places.path_type(path)),
            self_type: self.places.ty(&item.self_ty),
            functions: exact(functions),
            types: exact(types),
            constants: exact(constants),
            chosen: Vec::new(),
            mutable: is_mutable(&item.self_ty),
        }
    }
}

/// Whether a variable is a piece of a path in the body of a macro.
fn glues(body: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    let is_glued = |at: usize| match tokens.get(at) {
        Some(TokenTree::Group(group)) => glues(&group.stream()),
        Some(TokenTree::Punct(mark)) if mark.as_char() == '$' => {
            let is_behind = at > 1 && are_colons(&tokens, at - 2);
            let is_variable = matches!(tokens.get(at + 1), Some(TokenTree::Ident(name)) if name != "crate");
            is_variable && (is_behind || are_colons(&tokens, at + 2))
        }
        _ => false,
    };
    (0..tokens.len()).any(is_glued)
}

/// Whether `::` begins at a token.
fn are_colons(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |at: usize, joint: bool| match tokens.get(at) {
        Some(TokenTree::Punct(mark)) => mark.as_char() == ':' && (!joint || mark.spacing() == Spacing::Joint),
        _ => false,
    };
    is_colon(at, true) && is_colon(at + 1, false)
}

/// The paths of several names among tokens, without those in attributes, in quoted text and in test code.
fn paths_in(tokens: &TokenStream) -> Vec<SmolStr> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                let inner = usize::from(is_mark(tokens.get(at + 1), '!'));
                if let Some(TokenTree::Group(attribute)) = tokens.get(at + 1 + inner) {
                    at += 1 + inner;
                    match is_test_attribute(attribute) {
                        true if inner == 1 => return Vec::new(),
                        true => at = end_of_marked(&tokens, at + 1),
                        false => {}
                    }
                }
            }
            TokenTree::Group(group) => {
                let inside = paths_in(&group.stream());
                // A path from a module that the call makes begins elsewhere.
                let is_module = at > 1 && matches!(&tokens[at - 2], TokenTree::Ident(word) if word == "mod");
                found.extend(inside.into_iter().filter(|path| !is_module || path.starts_with("crate::")));
            }
            TokenTree::Ident(first) => {
                let mut path = ident_text(first).to_string();
                let mut last = path.clone();
                while let (true, Some(TokenTree::Ident(name))) = (are_colons(&tokens, at + 1), tokens.get(at + 3)) {
                    last = ident_text(name).to_string();
                    path = format!("{path}::{last}");
                    at += 3;
                }
                found.extend(path.contains(':').then(|| path.into()));
                if is_quoting(&last) && is_mark(tokens.get(at + 1), '!') {
                    at += 2;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn is_mark(token: Option<&TokenTree>, text: char) -> bool {
    matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == text)
}

/// Whether what stands in the brackets of an attribute makes test code of what it stands on.
fn is_test_attribute(attribute: &Group) -> bool {
    let tokens = TokenStream::from_iter([TokenTree::from(Punct::new('#', Spacing::Alone)), attribute.clone().into()]);
    Attribute::parse_outer.parse2(tokens).is_ok_and(|attributes| is_test(&attributes))
}

/// The last token of what an attribute stands on, which begins at `begin`.
fn end_of_marked(tokens: &[TokenTree], begin: usize) -> usize {
    const ITEMS: &[&str] = &[
        "async",
        "const",
        "enum",
        "extern",
        "fn",
        "impl",
        "let",
        "macro_rules",
        "mod",
        "pub",
        "static",
        "struct",
        "trait",
        "type",
        "union",
        "unsafe",
        "use",
    ];
    let first = tokens.iter().skip(begin).find_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    // The commas of an item are within it.
    let is_item = first.is_some_and(|word| ITEMS.contains(&&*word));
    let is_last = |token: &TokenTree| match token {
        TokenTree::Punct(mark) => mark.as_char() == ';' || mark.as_char() == ',' && !is_item,
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    tokens.iter().skip(begin).position(is_last).map_or(tokens.len(), |length| begin + length)
}
