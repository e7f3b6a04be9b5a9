//! The types and implementations that a call of a macro by example makes, where the macro stands before it in the file.
//!
//! They are known by their signatures alone. What they name is named by the macro and its arguments, which are noted as
//! that already.

use super::attributes::is_test;
use super::expansion::{arms, expanded};
use super::items::Head;
use super::names::Collector;
use super::{exact, expansion::Arm};
use crate::facts::{EnumItem, ImplItem, ItemKind, StructItem, Variant};
use crate::source::Span;
use proc_macro2::{Ident, TokenStream};
use smol_str::SmolStr;
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
        let places = self.places;
        places.in_call(place, || {
            for item in &file.items {
                self.made_item(item, place);
            }
        });
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
        }
    }
}

fn made(arms: &[Arm], arguments: &TokenStream) -> Option<syn::File> {
    syn::parse2(expanded(arms, arguments)?).ok()
}
