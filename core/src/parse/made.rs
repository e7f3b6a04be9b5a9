//! What a call of a macro by example makes, where the macro stands before it in the file: types, implementations, and
//! paths from pieces.
//!
//! Items are known by their signatures alone. What else they name is named by the macro and its arguments, which are
//! noted as that already.

use super::attributes::{ident_text, is_test};
use super::expansion::{arms, expanded};
use super::items::{Head, is_mutable};
use super::names::Collector;
use super::{exact, expansion::Arm};
use crate::facts::{EnumItem, ImplItem, ItemKind, PathKind, StructItem, Variant};
use crate::source::Span;
use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::collections::hash_map::Entry;
use syn::ImplItem as Member;

impl Collector<'_> {
    /// Remembers a macro by example. Of several of one name it is not known which a call means.
    pub(super) fn note_arms(&mut self, name: &Ident, definition: &TokenStream) {
        match self.macros.entry(self.places.name(name)) {
            Entry::Vacant(free) => drop(free.insert(arms(definition))),
            Entry::Occupied(mut known) => known.get_mut().clear(),
        }
    }

    /// Takes in the types and implementations that a call makes.
    pub(super) fn made_by(&mut self, call: &syn::Macro) {
        let Some(name) = call.path.get_ident() else { return };
        let Some(arms) = self.macros.get(&self.places.name(name)) else { return };
        let Some(file) = made(arms, &call.tokens) else { return };
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
        let Some(name) = call.path.get_ident() else { return };
        let Some(arms) = self.macros.get(&self.places.name(name)) else { return };
        if !arms.iter().any(|(_, body)| glues(body)) {
            return;
        }
        let Some(tokens) = expanded(arms, &call.tokens) else { return };
        let known: BTreeSet<SmolStr> =
            arms.iter().map(|(_, body)| body).chain([&call.tokens]).flat_map(paths_in).collect();
        let (_, span) = self.places.path(&call.path);
        for path in paths_in(&tokens) {
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

fn made(arms: &[Arm], arguments: &TokenStream) -> Option<syn::File> {
    syn::parse2(expanded(arms, arguments)?).ok()
}

/// Whether a variable is a piece of a path in the body of a macro.
pub(super) fn glues(body: &TokenStream) -> bool {
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

/// The paths of several names among tokens.
fn paths_in(tokens: &TokenStream) -> Vec<SmolStr> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => found.extend(paths_in(&group.stream())),
            TokenTree::Ident(first) => {
                let mut path = ident_text(first).to_string();
                while let (true, Some(TokenTree::Ident(name))) = (are_colons(&tokens, at + 1), tokens.get(at + 3)) {
                    path = format!("{path}::{}", ident_text(name));
                    at += 3;
                }
                found.extend(path.contains(':').then(|| path.into()));
            }
            _ => {}
        }
        at += 1;
    }
    found
}
