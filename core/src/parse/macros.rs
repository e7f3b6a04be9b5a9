//! What macro calls hide: expressions, items and modules in their tokens.
//!
//! The arguments of a macro are tokens that mean what the macro says. Where they read as
//! expressions or items they are taken as such, which is right for all macros of the standard
//! library and nearly all others; else the tokens are searched for paths.

use super::Need;
use super::attributes::{adds_in_tests, path_text};
use super::names::Collector;
use super::paths::{PathScanner, Piece};
use super::places::Places;
use crate::facts::{ItemKind, PathKind};
use crate::source::Span;
use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Expr, Ident, Pat, Token};

/// Macros whose arguments are text, or name things without using them.
const SILENT: &[&str] = &[
    "cfg",
    "column",
    "compile_error",
    "concat",
    "env",
    "file",
    "include",
    "include_bytes",
    "include_str",
    "line",
    "module_path",
    "option_env",
    "stringify",
];

/// The keys of attributes, serde's and others that follow it, behind which a string is the path of a function or module.
const CODE_KEYS: &[&str] = &["default", "deserialize_with", "serialize_with", "skip_serializing_if", "with"];

/// Macros of the standard library: calling one says nothing about dependencies.
pub(crate) const STANDARD: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "matches",
    "panic",
    "print",
    "println",
    "thread_local",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Attributes that talk to the compiler and its readers: what they quote is prose, not code.
const SAYS: &[&str] = &["allow", "cfg", "deny", "expect", "forbid", "warn"];

/// The arguments of a macro call that read as expressions.
pub(super) enum Arguments {
    /// Nothing to see: the macro only quotes them.
    Silent,
    /// Expressions, and for `matches!` a pattern.
    Expressions(Vec<Expr>, Option<Box<Pat>>),
    /// The branches of a `select!`.
    Branches(Vec<Branch>),
    /// Something else.
    Opaque,
}

/// A branch of a `select!`.
pub(super) struct Branch {
    /// The pattern and the future of `pattern = future`; an `else` has none.
    pub(super) awaited: Option<(Pat, Expr)>,
    /// Its `if` condition.
    pub(super) guard: Option<Expr>,
    /// What it does.
    pub(super) handler: Expr,
}

/// Whether a macro of that name only quotes its arguments.
pub(super) fn is_quoting(name: &str) -> bool {
    SILENT.contains(&name)
}

/// Whether a macro only quotes its arguments.
fn is_silent(call: &syn::Macro) -> bool {
    call.path.segments.last().is_some_and(|last| SILENT.iter().any(|name| last.ident == name))
}

/// Reads the arguments of a call as expressions, if they are.
pub(super) fn arguments(call: &syn::Macro) -> Arguments {
    if is_silent(call) {
        return Arguments::Silent;
    }
    if call.tokens.is_empty() {
        return Arguments::Expressions(Vec::new(), None);
    }
    let tokens = call.tokens.clone();
    let is_named = |name: &str| call.path.segments.last().is_some_and(|last| last.ident == name);
    if (is_named("select") || is_named("select_biased"))
        && let Ok(branches) = branches.parse2(tokens.clone())
    {
        return Arguments::Branches(branches);
    }
    let parsed = if is_named("matches") || is_named("assert_matches") {
        matches_arguments.parse2(tokens).map(|(value, pattern)| (vec![value], Some(pattern)))
    } else {
        expressions.parse2(tokens).map(|values| (values, None))
    };
    parsed.map_or(Arguments::Opaque, |(values, pattern)| Arguments::Expressions(values, pattern.map(Box::new)))
}

fn matches_arguments(input: ParseStream<'_>) -> syn::Result<(Expr, Pat)> {
    let value = input.parse()?;
    input.parse::<Token![,]>()?;
    let pattern = Pat::parse_multi_with_leading_vert(input)?;
    let pattern = if input.peek(Token![if]) {
        let if_token = input.parse()?;
        let guard = input.parse()?;
        Pat::Guard(syn::PatGuard { attrs: Vec::new(), pat: Box::new(pattern), if_token, guard })
    } else {
        pattern
    };
    // A message may follow, as in `assert_matches!`.
    if input.parse::<Option<Token![,]>>()?.is_some() {
        input.parse::<TokenStream>()?;
    }
    Ok((value, pattern))
}

/// `pattern = future, if condition => handler`, as in the `select!` of tokio and of futures.
fn branches(input: ParseStream<'_>) -> syn::Result<Vec<Branch>> {
    if input.peek(Ident) && input.peek2(Token![;]) {
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    let mut branches = Vec::new();
    while !input.is_empty() {
        let lone = input.peek(Token![else]) || (input.peek(Ident) && input.peek2(Token![=>]));
        let mut guard = None;
        let awaited = if lone {
            input.parse::<TokenTree>()?;
            None
        } else {
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Token![=]>()?;
            let future = input.parse()?;
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                guard = Some(input.parse()?);
            }
            Some((pattern, future))
        };
        input.parse::<Token![=>]>()?;
        // Behind a block there need be no comma.
        let ends = input.peek(syn::token::Brace) && !input.peek2(Token![.]) && !input.peek2(Token![?]);
        let handler = if ends { Expr::Block(input.parse()?) } else { input.parse()? };
        branches.push(Branch { awaited, guard, handler });
        if input.parse::<Option<Token![,]>>()?.is_none() && !ends {
            break;
        }
    }
    if input.is_empty() { Ok(branches) } else { Err(input.error("no branch")) }
}

/// `a, b; c`, with `name = value`, `name: value` and the `%`, `?` marks of logging macros.
fn expressions(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let mut values = Vec::new();
    while !input.is_empty() {
        argument_name(input)?;
        if input.peek(Token![%]) {
            input.parse::<Token![%]>()?;
        } else if input.peek(Token![?]) {
            input.parse::<Token![?]>()?;
        }
        values.push(input.parse()?);
        if input.is_empty() {
            break;
        }
        if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
        } else {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(values)
}

/// Skips the `name =`, `a.b =` or `name:` that names an argument: nothing is assigned.
fn argument_name(input: ParseStream<'_>) -> syn::Result<()> {
    let names = |input: ParseStream<'_>| -> bool {
        let mut named = input.parse::<Ident>().is_ok();
        while named && input.peek(Token![.]) {
            named = input.parse::<Token![.]>().is_ok() && input.parse::<Ident>().is_ok();
        }
        let assigns = input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]);
        let says = input.peek(Token![:]) && !input.peek(Token![::]);
        named && (assigns || says)
    };
    let begins = input.peek(Ident) && (input.peek2(Token![=]) || input.peek2(Token![:]) || input.peek2(Token![.]));
    if begins && names(&input.fork()) {
        while !input.peek(Token![=]) && !input.peek(Token![:]) {
            input.parse::<TokenTree>()?;
        }
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

impl Collector<'_> {
    /// A macro call in the place of an expression, a type or a pattern.
    pub(super) fn macro_call(&mut self, call: &syn::Macro) {
        self.note_macro(call);
        if self.need == Need::Bodies {
            self.visit_arguments(call, arguments(call));
        } else if !is_silent(call) {
            // Whoever asks for names only does not need to know what kind of names they are.
            self.scan_code(&call.tokens);
        }
    }

    fn visit_arguments(&mut self, call: &syn::Macro, arguments: Arguments) {
        match &arguments {
            Arguments::Silent => {}
            Arguments::Expressions(values, pattern) => {
                self.format_names(call, values);
                for value in values {
                    self.visit_expr(value);
                }
                if let Some(pattern) = pattern {
                    self.visit_pat(pattern);
                }
            }
            Arguments::Branches(branches) => {
                for branch in branches {
                    if let Some((pattern, future)) = &branch.awaited {
                        self.visit_pat(pattern);
                        self.visit_expr(future);
                    }
                    for expr in branch.guard.iter().chain([&branch.handler]) {
                        self.visit_expr(expr);
                    }
                }
            }
            Arguments::Opaque => self.scan_code(&call.tokens),
        }
        let start = self.places.path(&call.path).1.start;
        self.calls.insert(start, arguments);
    }

    /// A macro call in the place of a statement: its tokens may be statements too.
    pub(super) fn statement_macro(&mut self, call: &syn::Macro) {
        if self.need != Need::Bodies {
            self.macro_call(call);
            return;
        }
        self.note_macro(call);
        let arguments = arguments(call);
        if let Arguments::Opaque = arguments
            && let Ok(statements) = syn::Block::parse_within.parse2(call.tokens.clone())
        {
            for statement in &statements {
                self.visit_stmt(statement);
            }
            return;
        }
        self.visit_arguments(call, arguments);
    }

    /// A macro call in the place of an item: its tokens may be items, as in `cfg_if!` and `thread_local!`.
    pub(super) fn item_macro(&mut self, call: &syn::Macro) {
        if is_silent(call) {
            self.note_macro(call);
            return;
        }
        self.push_macro_call(call);
        self.made_by(call);
        let is_named = |name: &str| call.path.segments.last().is_some_and(|last| last.ident == name);
        // Projects wrap it under names of their own, such as `tokio_thread_local!`.
        let thread_local =
            call.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("thread_local"));
        let tokens = match () {
            () if is_named("lazy_static") => without_ref(call.tokens.clone()),
            () if thread_local => with_semicolon(call.tokens.clone()),
            () => call.tokens.clone(),
        };
        if let Ok(file) = syn::parse2::<syn::File>(tokens) {
            self.note_macro(call);
            let first = self.scope().items.len();
            for item in &file.items {
                self.item(item);
            }
            if thread_local {
                super::items::mark_thread_local(&mut self.scope().items[first..]);
            }
        } else if self.branches(&call.tokens) {
            self.note_macro(call);
        } else {
            self.macro_call(call);
        }
    }

    /// `if #[cfg(a)] { items } else { items }`: the items of every branch that reads as items.
    /// Says whether there was one.
    fn branches(&mut self, tokens: &TokenStream) -> bool {
        let mut found = false;
        for group in braces(tokens) {
            match syn::parse2::<syn::File>(group.stream()) {
                Ok(file) if !file.items.is_empty() => {
                    found = true;
                    for item in &file.items {
                        self.item(item);
                    }
                }
                Ok(_) => {}
                Err(_) => found |= self.branches(&group.stream()),
            }
        }
        found
    }

    fn note_macro(&mut self, call: &syn::Macro) {
        self.note_glued(call);
        if let Some(included) = Self::included(call) {
            self.push_nameless(call, ItemKind::Include(included));
        }
        let lone_standard = call.path.get_ident().is_some_and(|name| STANDARD.iter().any(|known| name == known));
        // One of the project may have the same name, which only the names of all files tell.
        if !lone_standard || self.need == Need::Bodies {
            self.note(&call.path, PathKind::Macro);
        }
    }

    /// Notes what tokens name that may be code: their imports, and every path of at least two segments.
    pub(super) fn scan_code(&mut self, tokens: &TokenStream) {
        let mut found = Vec::new();
        let mut imports = Vec::new();
        names(&self.places, tokens, &mut found, &mut imports);
        if let Ok(file) = syn::parse2::<syn::File>(imports.into_iter().collect()) {
            for item in &file.items {
                self.item(item);
            }
        }
        self.note_found(&found, PathKind::MacroArgument);
    }

    /// Notes every path of at least two segments in tokens of unknown meaning.
    fn scan(&mut self, tokens: &TokenStream, kind: PathKind) {
        let mut found = Vec::new();
        paths(&self.places, tokens, &mut found);
        self.note_found(&found, kind);
    }

    fn note_found(&mut self, found: &[Span], kind: PathKind) {
        for &path in found {
            let (text, span) = self.places.found(path);
            let kind = if self.places.is_called_macro(span) { PathKind::Macro } else { kind };
            self.note_text(text, kind, span);
        }
    }

    /// Notes what the arguments of an attribute name: the derives, other paths, and paths in strings,
    /// as in `#[serde(with = "crate::dates")]`.
    pub(super) fn scan_attribute(&mut self, attribute: &syn::Path, tokens: &TokenStream) {
        let says = SAYS.iter().any(|name| attribute.is_ident(name));
        if says || (attribute.is_ident("cfg_attr") && adds_in_tests(tokens)) {
            return;
        }
        if attribute.is_ident("derive")
            && let Ok(derives) = Punctuated::<syn::Path, Token![,]>::parse_terminated.parse2(tokens.clone())
        {
            for derive in &derives {
                self.note(derive, PathKind::Attribute);
            }
            return;
        }
        self.scan(tokens, PathKind::Attribute);
        self.scan_strings(tokens);
    }

    /// Notes the paths in strings. Behind some keys any path is code, elsewhere one that begins at a module
    /// of the project.
    fn scan_strings(&mut self, tokens: &TokenStream) {
        let mut is_code = false;
        for token in tokens.clone() {
            match token {
                TokenTree::Group(group) => self.scan_strings(&group.stream()),
                TokenTree::Ident(key) => is_code = CODE_KEYS.iter().any(|known| key == known),
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                        self.note_quoted(inner, self.places.span(literal.span()), is_code);
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// Notes the path in a string, if the string is one that starts at a known root, or any path with `all`.
    pub(super) fn note_quoted(&mut self, text: &str, span: Span, all: bool) {
        let rooted = ["crate::", "self::", "super::"].iter().any(|root| text.starts_with(root));
        let wanted = rooted || (all && text.contains("::"));
        if wanted && let Ok(path) = syn::parse_str::<syn::Path>(text) {
            self.note_text(path_text(&path), PathKind::Attribute, span);
        }
    }
}

fn braces(tokens: &TokenStream) -> Vec<Group> {
    let groups = tokens.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    });
    groups.collect()
}

/// The last static of `thread_local!` may end without a semicolon.
fn with_semicolon(mut tokens: TokenStream) -> TokenStream {
    let last = tokens.clone().into_iter().last();
    if last.is_some_and(|last| !matches!(&last, TokenTree::Punct(end) if end.as_char() == ';')) {
        tokens.extend([TokenTree::from(Punct::new(';', Spacing::Alone))]);
    }
    tokens
}

/// `static ref A: T = …;` of `lazy_static!` becomes an ordinary static.
fn without_ref(tokens: TokenStream) -> TokenStream {
    tokens.into_iter().filter(|token| !matches!(token, TokenTree::Ident(ident) if ident == "ref")).collect()
}

/// Notes every `a::b` in the tokens, groups included.
pub(super) fn paths(places: &Places<'_>, tokens: &TokenStream, found: &mut Vec<Span>) {
    let mut scanner = PathScanner::default();
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => {
                if !scanner.group(found) {
                    paths(places, &group.stream(), found);
                }
            }
            token => scanner.piece(piece(places, &token), found),
        }
    }
    scanner.end(found);
}

fn piece(places: &Places<'_>, token: &TokenTree) -> Piece {
    match token {
        TokenTree::Ident(ident) => {
            let span = places.span(ident.span());
            Piece::Name { span, quotes: is_quoting(places.text(span)) }
        }
        TokenTree::Punct(punct) if punct.as_char() == ':' => Piece::Colon { more: punct.spacing() == Spacing::Joint },
        TokenTree::Punct(punct) if punct.as_char() == '.' => Piece::Dot,
        TokenTree::Punct(punct) if punct.as_char() == '!' => Piece::Bang,
        TokenTree::Punct(_) => Piece::Mark,
        TokenTree::Literal(_) | TokenTree::Group(_) => Piece::Literal,
    }
}

/// Notes what tokens name that may be code: their `use` statements, and every path.
fn names(places: &Places<'_>, tokens: &TokenStream, found: &mut Vec<Span>, imports: &mut Vec<TokenTree>) {
    let mut scanner = PathScanner::default();
    let mut tokens = tokens.clone().into_iter();
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
                    paths(places, &statement.into_iter().collect(), found);
                }
            }
            TokenTree::Group(group) => {
                if !scanner.group(found) {
                    names(places, &group.stream(), found, imports);
                }
            }
            token => scanner.piece(piece(places, &token), found),
        }
    }
    scanner.end(found);
}
