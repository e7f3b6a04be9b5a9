//! Items: what has a name, with signatures.

use super::Need;
use super::attributes::{is_test, module_paths, path_text};
use super::exact;
use super::names::Collector;
use crate::facts::{
    AliasItem, EnumItem, Field, Function, ImplItem, Item, ItemKind, ModuleItem, Parameter, PathKind, Receiver,
    StaticItem, StructItem, TraitItem, Variant, Visibility,
};
use crate::source::Span;
use quote::ToTokens;
use smol_str::{SmolStr, ToSmolStr};
use syn::visit::Visit;
use syn::{Fields, FnArg, ImplItem as SynImplItem, ReturnType, TraitItem as SynTraitItem};

/// What every item has, before its kind is known.
pub(super) struct Head<'a> {
    pub(super) name: SmolStr,
    pub(super) name_span: Span,
    pub(super) span: Span,
    pub(super) visibility: Option<&'a syn::Visibility>,
    pub(super) attributes: &'a [syn::Attribute],
}

impl Collector<'_> {
    /// Reads an item into the innermost module.
    pub(super) fn item(&mut self, item: &syn::Item) {
        let begun = self.begin_item();
        self.under(item_attributes(item), |this| this.item_inside(item));
        self.end_item(&begun);
    }

    fn item_inside(&mut self, item: &syn::Item) {
        match item {
            syn::Item::Use(item) => self.use_item(item),
            syn::Item::ExternCrate(item) => self.extern_crate(item),
            syn::Item::Mod(item) => self.module(item),
            syn::Item::Struct(item) => self.struct_item(item),
            syn::Item::Union(item) => {
                let fields = self.fields(&Fields::Named(item.fields.clone()));
                let span = self.places.between(item.union_token.span, item.fields.brace_token.span.close());
                let generics = self.places.generics(&item.generics);
                self.visit_generics(&item.generics);
                self.visit_fields_named(&item.fields);
                let head = self.head(&item.ident, span, Some(&item.vis), &item.attrs);
                self.push(head, ItemKind::Struct(StructItem { generics, fields }));
            }
            syn::Item::Enum(item) => self.enum_item(item),
            syn::Item::Trait(item) => self.trait_item(item),
            syn::Item::Impl(item) => self.impl_item(item),
            syn::Item::Fn(item) => {
                let function = self.function(&item.sig, Some(&item.vis), &item.attrs, Some(&item.block));
                let head = self.head(&item.sig.ident, function.span, Some(&item.vis), &item.attrs);
                self.push(head, ItemKind::Function(Box::new(function)));
            }
            syn::Item::Const(item) => {
                self.visit_type(&item.ty);
                self.visit_expr(&item.expr);
                let span = self.places.between(item.const_token.span, item.semi_token.span);
                let head = self.head(&item.ident, span, Some(&item.vis), &item.attrs);
                let ty = self.places.ty(&item.ty);
                let value = self.initial_value(self.places.name(&item.ident), &ty, &item.expr);
                self.push(head, ItemKind::Constant(ty));
                self.push_values(value);
            }
            syn::Item::Static(item) => {
                self.visit_type(&item.ty);
                self.visit_expr(&item.expr);
                let span = self.places.between(item.static_token.span, item.semi_token.span);
                let mutable = matches!(item.mutability, syn::StaticMutability::Mut(_));
                let ty = self.places.ty(&item.ty);
                let value = self.initial_value(self.places.name(&item.ident), &ty, &item.expr);
                let head = self.head(&item.ident, span, Some(&item.vis), &item.attrs);
                self.push(head, ItemKind::Static(StaticItem { ty, mutable, thread_local: false }));
                self.push_values(value);
            }
            syn::Item::Type(item) => {
                self.visit_generics(&item.generics);
                self.visit_aliased(&item.ty);
                let span = self.places.between(item.type_token.span, item.semi_token.span);
                let alias = AliasItem { generics: self.places.generics(&item.generics), ty: self.places.ty(&item.ty) };
                let head = self.head(&item.ident, span, Some(&item.vis), &item.attrs);
                self.push(head, ItemKind::Alias(alias));
            }
            syn::Item::Macro(item) => self.macro_item(item),
            syn::Item::ForeignMod(item) => self.foreign(item),
            // Trait aliases and syntax the parser does not know: their names are noted, no more is claimed.
            other => syn::visit::visit_item(self, other),
        }
    }

    pub(super) fn head<'a>(
        &self,
        name: &proc_macro2::Ident,
        span: Span,
        visibility: Option<&'a syn::Visibility>,
        attributes: &'a [syn::Attribute],
    ) -> Head<'a> {
        let (name, name_span) = self.places.ident(name);
        Head { name, name_span, span, visibility, attributes }
    }

    pub(super) fn push(&mut self, head: Head<'_>, kind: ItemKind) {
        let docs = self.docs_of(&head, None);
        self.push_with(head, docs, kind);
    }

    fn push_with(&mut self, head: Head<'_>, docs: String, kind: ItemKind) {
        let item = Item {
            name: head.name,
            name_span: head.name_span,
            span: head.span,
            visibility: head.visibility.map(visibility).unwrap_or_default(),
            attributes: self.places.attributes(head.attributes),
            docs,
            test: self.in_test(),
            block: self.block(),
            paths: 0..0,
            kind,
        };
        self.scope().items.push(item);
    }

    /// The documentation of an item; `braces` is the first byte of those whose inside may speak of it.
    fn docs_of(&self, head: &Head<'_>, braces: Option<u32>) -> String {
        let item = Span::new(head.span.start, head.name_span.end.max(head.span.start));
        self.docs.of_item(&self.places, head.attributes, item, braces)
    }

    fn module(&mut self, item: &syn::ItemMod) {
        let (paths, default_path) = module_paths(&item.attrs);
        let end = match (&item.content, &item.semi) {
            (Some((brace, _)), _) => brace.span.close(),
            (None, Some(semi)) => semi.span,
            (None, None) => item.ident.span(),
        };
        let head = self.head(&item.ident, self.places.between(item.mod_token.span, end), Some(&item.vis), &item.attrs);
        let brace = item.content.as_ref().map(|(brace, _)| self.places.start(brace.span.open()));
        let docs = self.docs_of(&head, brace);
        let macros = self.macros.enter();
        let inline = item.content.as_ref().map(|(_, items)| {
            self.in_module(|this| {
                this.scope().docs.clone_from(&docs);
                for item in items {
                    this.item(item);
                }
            })
        });
        if !item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_use")) {
            self.macros.leave(macros);
        }
        self.push_with(head, docs, ItemKind::Module(ModuleItem { inline, paths, default_path }));
    }

    fn struct_item(&mut self, item: &syn::ItemStruct) {
        self.visit_generics(&item.generics);
        self.visit_fields(&item.fields);
        let end = match (&item.fields, &item.semi_token) {
            (_, Some(semi)) => semi.span,
            (Fields::Named(fields), None) => fields.brace_token.span.close(),
            _ => item.ident.span(),
        };
        let span = self.places.between(item.struct_token.span, end);
        let fields = self.fields(&item.fields);
        let generics = self.places.generics(&item.generics);
        let head = self.head(&item.ident, span, Some(&item.vis), &item.attrs);
        self.push(head, ItemKind::Struct(StructItem { generics, fields }));
    }

    fn enum_item(&mut self, item: &syn::ItemEnum) {
        self.visit_generics(&item.generics);
        let mut variants = Vec::with_capacity(item.variants.len());
        for variant in &item.variants {
            self.under(&variant.attrs, |this| {
                this.visit_fields(&variant.fields);
                if let Some((_, value)) = &variant.discriminant {
                    this.visit_expr(value);
                }
            });
            let span = self.places.span(variant.ident.span());
            let end = match &variant.fields {
                Fields::Named(fields) => self.places.end(fields.brace_token.span.close()),
                Fields::Unnamed(fields) => self.places.end(fields.paren_token.span.close()),
                Fields::Unit => span.end,
            };
            let name = self.places.name(&variant.ident);
            variants.push(Variant { name, fields: self.fields(&variant.fields), span: Span::new(span.start, end) });
        }
        let span = self.places.between(item.enum_token.span, item.brace_token.span.close());
        let generics = self.places.generics(&item.generics);
        let head = self.head(&item.ident, span, Some(&item.vis), &item.attrs);
        self.push(head, ItemKind::Enum(EnumItem { generics, variants }));
    }

    pub(super) fn fields(&self, fields: &Fields) -> Vec<Field> {
        let fields = fields.iter().enumerate().map(|(position, field)| {
            let ty = self.places.ty(&field.ty);
            let start = field.ident.as_ref().map_or(ty.span.start, |name| self.places.start(name.span()));
            Field {
                name: field.ident.as_ref().map_or_else(|| position.to_smolstr(), |name| self.places.name(name)),
                span: Span::new(start, ty.span.end),
                visibility: visibility(&field.vis),
                cfg: self.places.cfg(&field.attrs),
                ty,
            }
        });
        fields.collect()
    }

    fn trait_item(&mut self, item: &syn::ItemTrait) {
        self.visit_generics(&item.generics);
        for bound in &item.supertraits {
            self.visit_type_param_bound(bound);
        }
        let mut functions = Vec::new();
        let mut types = Vec::new();
        let (mut constants, mut values) = (Vec::new(), Vec::new());
        for member in &item.items {
            match member {
                SynTraitItem::Fn(member) => self.under(&member.attrs, |this| {
                    functions.push(this.function(&member.sig, Some(&item.vis), &member.attrs, member.default.as_ref()));
                }),
                SynTraitItem::Type(member) => {
                    types.push((self.places.name(&member.ident), self.places.bounds(&member.bounds)));
                    self.marked(&member.attrs, |this| this.visit_trait_item_type(member));
                }
                SynTraitItem::Const(member) => {
                    let (name, ty) = (self.places.name(&member.ident), self.places.ty(&member.ty));
                    self.marked(&member.attrs, |this| {
                        this.visit_trait_item_const(member);
                        let default = member.default.as_ref();
                        values.extend(default.and_then(|(_, expr)| this.initial_value(name.clone(), &ty, expr)));
                    });
                    constants.push((name, ty));
                }
                SynTraitItem::Macro(member) => self.marked(&member.attrs, |this| this.item_macro(&member.mac)),
                other => self.visit_trait_item(other),
            }
        }
        let span = self.places.between(item.trait_token.span, item.brace_token.span.close());
        let generics = self.places.generics(&item.generics);
        let supertraits = self.places.bounds(&item.supertraits);
        let functions = exact(functions);
        let head = self.head(&item.ident, span, Some(&item.vis), &item.attrs);
        self.push(head, ItemKind::Trait(TraitItem { generics, supertraits, functions, types, constants }));
        self.push_values(values);
    }

    fn impl_item(&mut self, item: &syn::ItemImpl) {
        self.visit_generics(&item.generics);
        if let Some((path, _)) = &item.trait_ {
            self.note(path, PathKind::Impl);
            for segment in &path.segments {
                self.visit_path_arguments(&segment.arguments);
            }
        }
        self.visit_type(&item.self_ty);
        let candidate = match &*item.self_ty {
            syn::Type::Path(path) => {
                path.path.segments.last().is_some_and(|last| self.candidates.contains(&self.places.name(&last.ident)))
            }
            _ => false,
        };
        let mut functions = Vec::new();
        let mut types = Vec::new();
        let (mut constants, mut chosen, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for member in &item.items {
            match member {
                SynImplItem::Fn(member) => self.under(&member.attrs, |this| {
                    let mut function =
                        this.function(&member.sig, Some(&member.vis), &member.attrs, Some(&member.block));
                    if candidate && function.body.is_none() && !function.test {
                        function.body =
                            Some(super::bodies::body(&this.places, &mut this.calls, &member.sig, &member.block));
                    }
                    functions.push(function);
                }),
                SynImplItem::Type(member) => self.under(&member.attrs, |this| {
                    types.push((this.places.name(&member.ident), this.places.ty(&member.ty)));
                    this.visit_generics(&member.generics);
                    this.visit_aliased(&member.ty);
                }),
                SynImplItem::Const(member) => {
                    let name = self.places.name(&member.ident);
                    if let syn::Expr::Path(value) = &member.expr
                        && let Some(last) = value.path.segments.last()
                    {
                        chosen.push((name.clone(), self.places.name(&last.ident)));
                    }
                    let ty = self.places.ty(&member.ty);
                    self.marked(&member.attrs, |this| {
                        this.visit_impl_item_const(member);
                        values.extend(this.initial_value(name.clone(), &ty, &member.expr));
                    });
                    constants.push((name, ty));
                }
                SynImplItem::Macro(member) => self.marked(&member.attrs, |this| this.item_macro(&member.mac)),
                other => self.visit_impl_item(other),
            }
        }
        let kind = ItemKind::Impl(ImplItem {
            generics: self.places.generics(&item.generics),
            of_trait: item.trait_.as_ref().map(|(path, _)| self.places.path_type(path)),
            self_type: self.places.ty(&item.self_ty),
            mutable: is_mutable(&item.self_ty),
            functions: exact(functions),
            types,
            constants,
            chosen,
        });
        let name_span = self.places.span(item.impl_token.span);
        let span = self.places.between(item.impl_token.span, item.brace_token.span.close());
        let head = Head { name: SmolStr::default(), name_span, span, visibility: None, attributes: &item.attrs };
        self.push(head, kind);
        self.push_values(values);
    }

    /// Reads a function, its signature first, so that what it names stands in source order.
    fn function(
        &mut self,
        sig: &syn::Signature,
        vis: Option<&syn::Visibility>,
        attrs: &[syn::Attribute],
        block: Option<&syn::Block>,
    ) -> Function {
        self.begin_locals();
        self.visit_signature(sig);
        let test = self.in_test() || is_test(attrs);
        let mut function = self.signature(sig, vis, attrs, test);
        if let Some(block) = block {
            function.span.end = self.places.end(block.brace_token.span.close());
            self.visit_block(block);
            if self.need == Need::Bodies && !test {
                function.body = Some(super::bodies::body(&self.places, &mut self.calls, sig, block));
            }
        }
        self.end_locals();
        function
    }

    pub(super) fn signature(
        &self,
        sig: &syn::Signature,
        vis: Option<&syn::Visibility>,
        attrs: &[syn::Attribute],
        test: bool,
    ) -> Function {
        let first = sig.asyncness.map_or(sig.fn_token.span, |token| token.span);
        let parameters = sig.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(self.parameter(typed)),
            FnArg::Receiver(_) => None,
        });
        let parameters = exact(parameters);
        let (name, name_span) = self.places.ident(&sig.ident);
        Function {
            name,
            name_span,
            span: self.places.between(first, sig.paren_token.span.close()),
            visibility: vis.map(visibility).unwrap_or_default(),
            attributes: self.places.attributes(attrs),
            test,
            is_async: sig.asyncness.is_some(),
            generics: self.places.generics(&sig.generics),
            receiver: sig.receiver().map(receiver),
            parameters,
            output: match &sig.output {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some(self.places.ty(ty)),
            },
            body: None,
        }
    }

    fn parameter(&self, typed: &syn::PatType) -> Parameter {
        let ty = self.places.ty(&typed.ty);
        let (name, start) = match &*typed.pat {
            syn::Pat::Ident(ident) => (self.places.name(&ident.ident), self.places.start(ident.ident.span())),
            _ => (SmolStr::default(), self.places.start(typed.colon_token.span)),
        };
        let unwrapped = match &*typed.pat {
            syn::Pat::TupleStruct(wrapper) => match wrapper.elems.first() {
                Some(syn::Pat::Ident(ident)) if wrapper.elems.len() == 1 => self.places.name(&ident.ident),
                _ => SmolStr::default(),
            },
            _ => SmolStr::default(),
        };
        let mutable = is_mutable(&typed.ty);
        let span = Span::new(start, ty.span.end);
        Parameter { name, unwrapped, mutable, span, cfg: self.places.cfg(&typed.attrs), ty }
    }

    fn macro_item(&mut self, item: &syn::ItemMacro) {
        let Some(name) = &item.ident else {
            self.item_macro(&item.mac);
            return;
        };
        let exported = item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
        let rules = self.macro_rules(&item.mac.tokens, exported);
        self.note_arms(name, &item.mac.tokens, rules.makes.impls || rules.makes.items);
        let kind = ItemKind::MacroRules(rules);
        let span = self.places.span(name.span());
        let head = self.head(name, span, None, &item.attrs);
        self.push(head, kind);
    }

    /// Notes that a macro is called here, which may make up items.
    pub(super) fn push_macro_call(&mut self, call: &syn::Macro) {
        self.push_nameless(call, ItemKind::MacroCall(self.made_items(call)));
    }

    /// Notes a fact that a macro call states, at its place.
    pub(super) fn push_nameless(&mut self, call: &syn::Macro, kind: ItemKind) {
        let (_, name_span) = self.places.path(&call.path);
        let span = Span::new(name_span.start, self.places.end(call.delimiter.span().close()));
        let head = Head { name: SmolStr::default(), name_span, span, visibility: None, attributes: &[] };
        self.push(head, kind);
    }

    fn foreign(&mut self, item: &syn::ItemForeignMod) {
        for member in &item.items {
            match member {
                syn::ForeignItem::Fn(member) => self.marked(&member.attrs, |this| {
                    let function = this.function(&member.sig, Some(&member.vis), &member.attrs, None);
                    let head = this.head(&member.sig.ident, function.span, Some(&member.vis), &member.attrs);
                    this.push(head, ItemKind::Function(Box::new(function)));
                }),
                syn::ForeignItem::Static(member) => {
                    self.marked(&member.attrs, |this| this.visit_foreign_item_static(member));
                }
                other => self.visit_foreign_item(other),
            }
        }
    }
}

/// Whether a type is `&mut T`.
pub(super) const fn is_mutable(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(reference) if reference.mutability.is_some())
}

/// Each `static` that `thread_local!` declares belongs to one thread, and its type is the type inside.
pub(super) fn mark_thread_local(items: &mut [Item]) {
    for item in items {
        if let ItemKind::Static(item) = &mut item.kind {
            item.thread_local = true;
        }
    }
}

fn item_attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::ExternCrate(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::ForeignMod(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::TraitAlias(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Union(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

pub(super) fn visibility(visibility: &syn::Visibility) -> Visibility {
    match visibility {
        syn::Visibility::Public(_) => Visibility::Public,
        syn::Visibility::Restricted(restricted) => Visibility::Restricted(path_text(&restricted.path)),
        syn::Visibility::Inherited => Visibility::Private,
    }
}

fn receiver(receiver: &syn::Receiver) -> Receiver {
    match &receiver.kind {
        syn::ReceiverKind::Reference(_, _, Some(_)) => Receiver::Mutable,
        syn::ReceiverKind::Reference(_, _, None) => Receiver::Shared,
        // `self: Pin<&mut Self>` changes the value as `&mut self` does.
        syn::ReceiverKind::Typed(_, ty) => {
            let text = ty.to_token_stream().to_string();
            if text.contains("& mut") {
                Receiver::Mutable
            } else if text.starts_with('&') {
                Receiver::Shared
            } else {
                Receiver::Value
            }
        }
        _ => Receiver::Value,
    }
}
