//! Attributes: what they say about configuration, tests, documentation and module files.

use super::exact;
use super::places::Places;
use crate::facts::{Attribute, ModulePath};
use crate::source::Span;
use quote::ToTokens;
use smol_str::{SmolStr, ToSmolStr};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Meta, Stmt, Token};

impl Places<'_> {
    /// The attributes of an item without its documentation.
    pub(super) fn attributes(&self, attributes: &[syn::Attribute]) -> Vec<Attribute> {
        let others = attributes.iter().filter(|attribute| !attribute.path().is_ident("doc"));
        exact(others.map(|attribute| self.attribute(attribute)))
    }

    fn attribute(&self, attribute: &syn::Attribute) -> Attribute {
        let (path, span) = self.path(attribute.path());
        if self.is_in_call() {
            let arguments = match &attribute.meta {
                Meta::Path(_) => SmolStr::default(),
                Meta::List(list) => list.tokens.to_smolstr(),
                Meta::NameValue(pair) => pair.value.to_token_stream().to_smolstr(),
            };
            return Attribute { path, arguments };
        }
        let end = self.start(attribute.bracket_token.span.close());
        let rest = self.text(Span::new(span.end, end)).trim();
        let arguments = match &attribute.meta {
            Meta::NameValue(_) => rest.trim_start_matches('=').trim(),
            _ => rest.get(1..rest.len().saturating_sub(1)).unwrap_or_default().trim(),
        };
        Attribute { path, arguments: arguments.into() }
    }

    /// The predicate of a plain `#[cfg(…)]`, as text.
    pub(super) fn cfg(&self, attributes: &[syn::Attribute]) -> SmolStr {
        let cfg = attributes.iter().find(|attribute| attribute.path().is_ident("cfg"));
        cfg.map(|cfg| self.attribute(cfg).arguments).unwrap_or_default()
    }
}

/// A path as text, without generic arguments.
pub(super) fn path_text(path: &syn::Path) -> SmolStr {
    if let (None, 1, Some(only)) = (path.leading_colon, path.segments.len(), path.segments.first()) {
        return ident_text(&only.ident);
    }
    let mut text = String::with_capacity(32);
    for (position, segment) in path.segments.iter().enumerate() {
        if position > 0 || path.leading_colon.is_some() {
            text.push_str("::");
        }
        text.push_str(&ident_text(&segment.ident));
    }
    text.into()
}

/// An identifier without the `r#` of a raw one, so that both spellings are one name.
pub(super) fn ident_text(ident: &proc_macro2::Ident) -> SmolStr {
    let text = ident.to_smolstr();
    match text.strip_prefix("r#") {
        Some(plain) => plain.into(),
        None => text,
    }
}

/// Whether code under these attributes exists in test builds only, or never.
pub(super) fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            list.parse_args_with(read_predicate).is_ok_and(|predicate| implies_test(&predicate, true))
        }
        meta => is_test_function(meta.path()),
    })
}

/// Whether a statement exists in test builds only.
pub(super) fn is_test_statement(statement: &Stmt) -> bool {
    match statement {
        Stmt::Local(local) => is_test(&local.attrs),
        Stmt::Macro(call) => is_test(&call.attrs),
        Stmt::Expr(expr, _) => is_test(expr_attributes(expr)),
        Stmt::Item(_) => false,
    }
}

/// The attributes of an expression.
pub(super) fn expr_attributes(expr: &Expr) -> &[syn::Attribute] {
    match expr {
        Expr::Array(expr) => &expr.attrs,
        Expr::Async(expr) => &expr.attrs,
        Expr::Await(expr) => &expr.attrs,
        Expr::Block(expr) => &expr.attrs,
        Expr::Break(expr) => &expr.attrs,
        Expr::Call(expr) => &expr.attrs,
        Expr::Closure(expr) => &expr.attrs,
        Expr::Const(expr) => &expr.attrs,
        Expr::Continue(expr) => &expr.attrs,
        Expr::Field(expr) => &expr.attrs,
        Expr::ForLoop(expr) => &expr.attrs,
        Expr::If(expr) => &expr.attrs,
        Expr::Index(expr) => &expr.attrs,
        Expr::Lit(expr) => &expr.attrs,
        Expr::Loop(expr) => &expr.attrs,
        Expr::Macro(expr) => &expr.attrs,
        Expr::Match(expr) => &expr.attrs,
        Expr::MethodCall(expr) => &expr.attrs,
        Expr::Paren(expr) => &expr.attrs,
        Expr::Path(expr) => &expr.attrs,
        Expr::Reference(expr) => &expr.attrs,
        Expr::Repeat(expr) => &expr.attrs,
        Expr::Return(expr) => &expr.attrs,
        Expr::Struct(expr) => &expr.attrs,
        Expr::Try(expr) => &expr.attrs,
        Expr::Tuple(expr) => &expr.attrs,
        Expr::Unary(expr) => &expr.attrs,
        Expr::Unsafe(expr) => &expr.attrs,
        Expr::While(expr) => &expr.attrs,
        // The attributes of an operation stand at its left end.
        Expr::Assign(expr) => expr_attributes(&expr.left),
        Expr::Binary(expr) => expr_attributes(&expr.left),
        Expr::Cast(expr) => expr_attributes(&expr.expr),
        _ => &[],
    }
}

/// `#[test]`, `#[tokio::test]`, `#[rstest]` and the like: the frameworks all name it so.
fn is_test_function(path: &syn::Path) -> bool {
    const NAMES: &[&str] = &["test", "bench", "rstest", "test_case", "proptest", "quickcheck", "wasm_bindgen_test"];
    path.segments.last().is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}

/// Whether a `cfg` predicate can be so in test builds only or never, or besides only where a feature
/// asks for what tests need: `any(test, feature = "testing")`. It is so if it `holds`, or else if it
/// doesn't.
fn implies_test(predicate: &Meta, holds: bool) -> bool {
    match predicate {
        Meta::Path(path) => holds && path.is_ident("test"),
        Meta::List(list) => {
            let parts =
                |input: ParseStream<'_>| Punctuated::<Meta, Token![,]>::parse_terminated_with(input, read_predicate);
            let Ok(parts) = list.parse_args_with(parts) else { return false };
            let implies = |part: &Meta| implies_test(part, holds);
            if list.path.is_ident("not") {
                parts.first().is_some_and(|part| implies_test(part, !holds))
            } else if list.path.is_ident("any") && holds {
                let is_asked = |part: &Meta| implies(part) || is_test_feature(part);
                parts.is_empty() || parts.iter().any(implies) && parts.iter().all(is_asked)
            } else if list.path.is_ident("all") && !holds {
                parts.iter().all(implies)
            } else {
                ["all", "any"].iter().any(|name| list.path.is_ident(name)) && parts.iter().any(implies)
            }
        }
        Meta::NameValue(_) => false,
    }
}

/// A predicate of `cfg`. To the parser, `true` and `false` are literals.
fn read_predicate(input: ParseStream<'_>) -> syn::Result<Meta> {
    if input.peek(syn::LitBool) {
        return syn::parse_str(if input.parse::<syn::LitBool>()?.value { "all()" } else { "any()" });
    }
    input.parse()
}

/// `feature = "test-utils"`
fn is_test_feature(predicate: &Meta) -> bool {
    let Meta::NameValue(pair) = predicate else { return false };
    let Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) = &pair.value else { return false };
    let name = name.value();
    pair.path.is_ident("feature") && ["test", "mock", "fixture", "fake"].iter().any(|word| name.contains(word))
}

/// Whether the arguments of a `cfg_attr` add their attributes in test builds only.
pub(super) fn adds_in_tests(arguments: &proc_macro2::TokenStream) -> bool {
    let parts = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(arguments.clone());
    parts.is_ok_and(|parts| parts.first().is_some_and(|predicate| implies_test(predicate, true)))
}

/// The value of a string literal.
pub(super) fn literal_text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// The files that `#[path]` attributes name, and whether the default file is possible as well.
pub(super) fn module_paths(attributes: &[syn::Attribute]) -> (Vec<ModulePath>, bool) {
    let mut paths = Vec::new();
    let mut default_path = true;
    for attribute in attributes {
        match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => {
                paths.extend(literal_text(&pair.value).map(|path| ModulePath { path, test: false }));
                default_path = false;
            }
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                let Ok(parts) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else {
                    continue;
                };
                let test = adds_in_tests(&list.tokens);
                let added = parts.iter().skip(1).filter_map(|part| match part {
                    Meta::NameValue(pair) if pair.path.is_ident("path") => literal_text(&pair.value),
                    _ => None,
                });
                paths.extend(added.map(|path| ModulePath { path, test }));
            }
            _ => {}
        }
    }
    (paths, default_path)
}
