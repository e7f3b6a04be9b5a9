//! Walks a whole file and notes every name it uses, module by module.
//!
//! The walk is `syn`'s own visitor, so a place that this file says nothing about is still
//! visited. What it finds goes to the innermost module; items are read in [`super::items`],
//! macro calls in [`super::macros`].

use super::attributes::{expr_attributes, is_test, is_test_statement, literal_text};
use super::docs::Docs;
use super::macros::Arguments;
use super::made::Macros;
use super::outline::{Bodies, Noted};
use super::owners::Locals;
use super::places::Places;
use super::quotes::{Quotes, is_handed};
use super::{Need, exact};
use crate::facts::{FileFacts, Import, ImportKind, PathKind, PathUse, QualifiedPath, Scope, ScopeId, TestBody};
use crate::lexer::remarks;
use crate::source::Span;
use proc_macro2::TokenStream;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use syn::visit::{self, Visit};
use syn::{Attribute, Meta};

/// Collects the facts of one file.
pub(super) struct Collector<'a> {
    pub(super) places: Places<'a>,
    pub(super) need: Need,
    /// The modules read so far, the file's top level first.
    scopes: Vec<Scope>,
    /// The modules around the current place, outermost first.
    open: Vec<OpenScope>,
    /// The function bodies around the current place, outermost first.
    blocks: Vec<Span>,
    /// Whether the current place is in what a type alias stands for.
    aliased: bool,
    /// How many attributes around the current place make it test code.
    tests: u32,
    /// The arguments of the macro calls that were read, by the first byte of the call, for the
    /// tree of the function they stand in.
    pub(super) calls: FxHashMap<u32, Arguments>,
    /// The structs of the file that may be orchestrators: they hold a trait object or a parameter.
    pub(super) candidates: FxHashSet<SmolStr>,
    /// What the bodies name that were taken out before parsing.
    outlined: Bodies,
    /// The documentation, which was taken out too.
    pub(super) docs: Docs,
    /// What the bodies of test code make, which were taken out too.
    made: Vec<TestBody>,
    quotes: Quotes,
    /// The functions and items around the current place, outermost first.
    pub(super) locals: Vec<Locals>,
    /// The macros by example of the file that are in scope.
    pub(super) macros: Macros,
}

struct OpenScope {
    id: ScopeId,
    /// Lone names are noted once per module: what they mean is the same everywhere in it.
    lone: FxHashSet<(SmolStr, PathKind, bool)>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(places: Places<'a>, need: Need, noted: Noted) -> Self {
        let Noted { bodies: outlined, docs, tests: made, quotes } = noted;
        let mut new = Self {
            places,
            need,
            scopes: Vec::new(),
            open: Vec::new(),
            blocks: Vec::new(),
            aliased: false,
            tests: 0,
            calls: FxHashMap::default(),
            candidates: FxHashSet::default(),
            outlined,
            docs,
            made,
            quotes,
            locals: Vec::new(),
            macros: Macros::default(),
        };
        new.open_scope();
        new
    }

    fn open_scope(&mut self) -> ScopeId {
        let id = ScopeId(self.scopes.len() as u32);
        self.scopes.push(Scope::default());
        self.open.push(OpenScope { id, lone: FxHashSet::default() });
        id
    }

    /// The facts of a whole file.
    pub(super) fn file(mut self, file: &syn::File) -> FileFacts {
        let test = is_test(&file.attrs);
        self.note_candidates(&file.items);
        self.tests += u32::from(test);
        for attribute in &file.attrs {
            self.visit_attribute(attribute);
        }
        for item in &file.items {
            self.item(item);
        }
        self.scope().docs = self.docs.of_file(&self.places, &file.attrs);
        for scope in &mut self.scopes {
            scope.items.shrink_to_fit();
            scope.imports.shrink_to_fit();
            scope.paths.shrink_to_fit();
            scope.qualified.shrink_to_fit();
        }
        let bodies = self.need == Need::Bodies;
        // What may be an orchestrator has its body in any case.
        let remarks = if bodies || !self.candidates.is_empty() { remarks(self.places.whole()) } else { Vec::new() };
        let quoted = exact(self.quotes.declares);
        let suppressions = Vec::new();
        FileFacts { scopes: self.scopes, test, bodies, remarks, tests: self.made, suppressions, quoted }
    }

    fn note_candidates(&mut self, items: &[syn::Item]) {
        for item in items {
            match item {
                syn::Item::Struct(item)
                    if item.fields.iter().any(|field| may_collaborate(&field.ty, &item.generics)) =>
                {
                    let name = self.places.name(&item.ident);
                    self.candidates.insert(name);
                }
                syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) => self.note_candidates(items),
                _ => {}
            }
        }
    }

    /// The innermost module.
    pub(super) fn scope(&mut self) -> &mut Scope {
        let id = self.open.last().map_or(0, |open| open.id.0 as usize);
        &mut self.scopes[id]
    }

    /// Notes what an import brings in.
    pub(super) fn note_import(&mut self, import: Import) {
        if !self.quotes.moves(&import.path, import.span) {
            self.scope().imports.push(import);
        } else if import.kind != ImportKind::Glob && is_handed(&import.path) {
            let Import { path, span, test, .. } = import;
            self.scope().handed.push(PathUse { path, kind: PathKind::MacroArgument, span, test });
        }
    }

    /// Whether the current place is test code.
    pub(super) fn in_test(&self) -> bool {
        self.tests > 0
    }

    /// The innermost function body, for what is visible only there.
    pub(super) fn block(&self) -> Option<Span> {
        self.blocks.last().copied()
    }

    /// Notes lone names anew, because another item begins.
    pub(super) fn forget_lone(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.lone.clear();
        }
    }

    /// Does `read` inside a module of its own, outside every function body.
    pub(super) fn in_module(&mut self, read: impl FnOnce(&mut Self)) -> ScopeId {
        let blocks = std::mem::take(&mut self.blocks);
        let locals = std::mem::take(&mut self.locals);
        let id = self.open_scope();
        read(self);
        self.open.pop();
        self.blocks = blocks;
        self.locals = locals;
        id
    }

    /// Does `read` under attributes that may make it test code, and notes what they name.
    pub(super) fn under(&mut self, attributes: &[Attribute], read: impl FnOnce(&mut Self)) {
        self.marked(attributes, |this| {
            for attribute in attributes {
                this.visit_attribute(attribute);
            }
            read(this);
        });
    }

    /// Does `read`, which visits the attributes, under attributes that may make it test code.
    pub(super) fn marked(&mut self, attributes: &[Attribute], read: impl FnOnce(&mut Self)) {
        let test = u32::from(!attributes.is_empty() && is_test(attributes));
        self.tests += test;
        read(self);
        self.tests -= test;
    }

    /// Visits what a type alias stands for.
    pub(super) fn visit_aliased(&mut self, ty: &syn::Type) {
        self.aliased = true;
        self.visit_type(ty);
        self.aliased = false;
    }

    /// Notes a path.
    pub(super) fn note(&mut self, path: &syn::Path, kind: PathKind) {
        let (text, span) = self.places.path(path);
        if !is_ordinary(&text) {
            self.note_text(text, kind, span);
        }
    }

    /// Notes a path that is at hand as text.
    pub(super) fn note_text(&mut self, path: SmolStr, kind: PathKind, span: Span) {
        if self.macros.is_piece(&path, span) {
            return;
        }
        if self.quotes.moves(&path, span) {
            if is_handed(&path) {
                let test = self.in_test();
                self.scope().handed.push(PathUse { path, kind, span, test });
            }
            return;
        }
        let kind = match kind {
            PathKind::Type | PathKind::Bound if self.aliased => PathKind::Alias,
            kind => kind,
        };
        let test = self.in_test();
        let lone = !path.contains("::");
        if lone && self.open.last_mut().is_some_and(|open| !open.lone.insert((path.clone(), kind, test))) {
            return;
        }
        self.scope().paths.push(PathUse { path, kind, span, test });
    }

    /// Visits the generic arguments of a path, whose own name has been noted.
    fn arguments(&mut self, path: &syn::Path) {
        for segment in &path.segments {
            if !segment.arguments.is_none() {
                self.visit_path_arguments(&segment.arguments);
            }
        }
    }

    /// A path in the place of a value. A lone name in lower case is nearly always a local: who asks
    /// for bodies is told the others when all locals are known, and else those that are called.
    fn value(&mut self, path: &syn::ExprPath, called: bool) {
        let lone = path.path.get_ident().filter(|_| path.qself.is_none());
        match lone.filter(|ident| self.places.is_lower(ident)) {
            Some(ident) if self.need == Need::Bodies => {
                let (name, span) = self.places.ident(ident);
                self.note_lower(name, span);
            }
            Some(_) if !called => {}
            _ => self.qualified(path.qself.as_ref(), &path.path, PathKind::Expression),
        }
    }

    fn qualified(&mut self, itself: Option<&syn::QSelf>, path: &syn::Path, kind: PathKind) {
        match itself {
            None => self.note(path, kind),
            Some(itself) => {
                self.visit_type(&itself.ty);
                // `<T as a::Trait>::name`: the segments before the position are the trait.
                let of_trait = (itself.position > 0).then(|| {
                    let segments = path.segments.iter().take(itself.position).cloned().collect();
                    syn::Path { leading_colon: path.leading_colon, segments }
                });
                if let Some(of_trait) = &of_trait {
                    self.note(of_trait, PathKind::Bound);
                }
                self.note_qualified(itself, of_trait.as_ref(), path, kind);
            }
        }
        self.arguments(path);
    }

    fn note_qualified(&mut self, itself: &syn::QSelf, of_trait: Option<&syn::Path>, path: &syn::Path, kind: PathKind) {
        let Some(name) = path.segments.get(itself.position) else { return };
        let (name, end) = self.places.ident(&name.ident);
        let qualified = QualifiedPath {
            ty: self.places.ty(&itself.ty),
            of_trait: of_trait.map(|path| self.places.path_type(path)),
            name,
            kind,
            span: Span::new(self.places.start(itself.lt_token.span), end.end),
            test: self.in_test(),
        };
        self.scope().qualified.push(qualified);
    }
}

/// Whether a field's type can be a collaborator by its own words: a trait object, or a parameter.
fn may_collaborate(ty: &syn::Type, generics: &syn::Generics) -> bool {
    match ty {
        syn::Type::TraitObject(_) => true,
        syn::Type::Reference(reference) => may_collaborate(&reference.elem, generics),
        syn::Type::Path(path) => {
            let is_parameter =
                path.path.get_ident().is_some_and(|name| generics.type_params().any(|one| one.ident == *name));
            is_parameter
                || path.path.segments.last().is_some_and(|last| match &last.arguments {
                    syn::PathArguments::AngleBracketed(list) => list.args.iter().any(|argument| match argument {
                        syn::GenericArgument::Type(ty) => may_collaborate(ty, generics),
                        _ => false,
                    }),
                    _ => false,
                })
        }
        _ => false,
    }
}

/// Names that the language gives to everybody and that say nothing about dependencies.
fn is_ordinary(name: &str) -> bool {
    const NAMES: &[&str] = &["Self", "self", "Some", "None", "Ok", "Err"];
    const PRIMITIVES: &[&str] = &[
        "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32", "u64",
        "u8", "usize",
    ];
    NAMES.contains(&name) || PRIMITIVES.contains(&name)
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.item(item);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let path = attribute.path();
        if path.is_ident("doc") || path.is_ident("must_use") || path.is_ident("deprecated") {
            return;
        }
        if path.segments.len() > 1 {
            self.note(path, PathKind::Attribute);
        }
        match &attribute.meta {
            Meta::List(list) => self.scan_attribute(path, &list.tokens),
            Meta::NameValue(pair) => {
                if let Some(text) = literal_text(&pair.value) {
                    let span = self.places.span(attribute.pound_token.span);
                    self.note_quoted(&text, span, false);
                } else {
                    self.visit_expr(&pair.value);
                }
            }
            Meta::Path(_) => {}
        }
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_block(&mut self, block: &'ast syn::Block) {
        // No rule judges what test code does; what it imports stands in its modules.
        if self.in_test() {
            return;
        }
        let span = self.places.span(block.brace_token.span.join());
        for path in self.outlined.remove(&span.start).into_iter().flatten() {
            let (text, span) = self.places.found(path);
            let kind = if self.places.is_called_macro(span) { PathKind::Macro } else { PathKind::Expression };
            self.note_text(text, kind, span);
        }
        self.blocks.push(span);
        let macros = self.macros.enter();
        visit::visit_block(self, block);
        self.macros.leave(macros);
        self.blocks.pop();
    }

    fn visit_stmt(&mut self, statement: &'ast syn::Stmt) {
        let test = u32::from(is_test_statement(statement));
        self.tests += test;
        visit::visit_stmt(self, statement);
        self.tests -= test;
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.under(&local.attrs, |this| {
            this.visit_pat(&local.pat);
            if let Some(init) = &local.init {
                this.visit_expr(&init.expr);
                if let Some((_, diverge)) = &init.diverge {
                    this.visit_expr(diverge);
                }
            }
        });
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.under(&arm.attrs, |this| {
            this.visit_pat(&arm.pat);
            this.visit_expr(&arm.body);
        });
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.under(&field.attrs, |this| this.visit_type(&field.ty));
    }

    fn visit_pat_type(&mut self, typed: &'ast syn::PatType) {
        self.marked(&typed.attrs, |this| visit::visit_pat_type(this, typed));
    }

    fn visit_generic_param(&mut self, parameter: &'ast syn::GenericParam) {
        let attributes = match parameter {
            syn::GenericParam::Lifetime(lifetime) => &lifetime.attrs,
            syn::GenericParam::Type(ty) => &ty.attrs,
            syn::GenericParam::Const(constant) => &constant.attrs,
        };
        self.marked(attributes, |this| visit::visit_generic_param(this, parameter));
    }

    fn visit_expr(&mut self, expr: &'ast syn::Expr) {
        self.marked(expr_attributes(expr), |this| visit::visit_expr(this, expr));
    }

    fn visit_expr_block(&mut self, block: &'ast syn::ExprBlock) {
        self.under(&block.attrs, |this| this.visit_block(&block.block));
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        match &*call.func {
            syn::Expr::Path(path) => self.value(path, true),
            callee => self.visit_expr(callee),
        }
        for argument in &call.args {
            self.visit_expr(argument);
        }
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.value(path, false);
    }

    fn visit_expr_struct(&mut self, literal: &'ast syn::ExprStruct) {
        self.qualified(literal.qself.as_ref(), &literal.path, PathKind::Expression);
        for field in &literal.fields {
            self.under(&field.attrs, |this| this.visit_expr(&field.expr));
        }
        if let Some(rest) = &literal.rest {
            self.visit_expr(rest);
        }
    }

    fn visit_pat(&mut self, pattern: &'ast syn::Pat) {
        match pattern {
            syn::Pat::Path(path) => self.qualified(path.qself.as_ref(), &path.path, PathKind::Pattern),
            syn::Pat::Ident(ident) => {
                if self.places.is_lower(&ident.ident) {
                    let name = self.places.name(&ident.ident);
                    self.bind(name);
                } else {
                    self.note(&ident.ident.clone().into(), PathKind::Pattern);
                }
                if let Some((_, inner)) = &ident.subpat {
                    self.visit_pat(inner);
                }
            }
            syn::Pat::TupleStruct(tuple) => {
                self.qualified(tuple.qself.as_ref(), &tuple.path, PathKind::Pattern);
                for part in &tuple.elems {
                    self.visit_pat(part);
                }
            }
            syn::Pat::Struct(fields) => {
                self.qualified(fields.qself.as_ref(), &fields.path, PathKind::Pattern);
                for field in &fields.fields {
                    self.under(&field.attrs, |this| this.visit_pat(&field.pat));
                }
            }
            other => visit::visit_pat(self, other),
        }
    }

    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        self.qualified(path.qself.as_ref(), &path.path, PathKind::Type);
    }

    fn visit_trait_bound(&mut self, bound: &'ast syn::TraitBound) {
        self.note(&bound.path, PathKind::Bound);
        self.arguments(&bound.path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.macro_call(call);
    }

    /// Syntax that the parser passes on as it stands: unknown, so never harmless.
    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.scan_code(tokens);
    }

    fn visit_stmt_macro(&mut self, statement: &'ast syn::StmtMacro) {
        self.under(&statement.attrs, |this| this.statement_macro(&statement.mac));
    }
}
