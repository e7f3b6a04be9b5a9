//! Calls of well-known macros.

use super::format::{Placeholder, placeholders};
use super::{Ty, Walk};
use crate::facts::body::{Body, Expr, ExprId, LiteralKind};
use crate::facts::types::last_segment;
use crate::link::{Space, Target};
use crate::types::methods::Via;
use crate::types::traits::standard;
use std::collections::BTreeSet;
use std::sync::Arc;

impl<'p> Walk<'_, 'p> {
    pub(super) fn macro_call(&mut self, id: ExprId, path: &str, arguments: &[ExprId], expected: &Ty) -> Ty {
        let name = if self.is_own_macro(id, path) { "" } else { last_segment(path) };
        if name == "vec" {
            let wanted = match expected.as_std() {
                Some(("vec::Vec", [wanted])) => wanted.clone(),
                _ => Ty::Unknown,
            };
            let element = self.elements(arguments, &wanted);
            self.use_repeated(id, arguments, "clone::Clone");
            return Ty::std("vec::Vec", vec![element]);
        }
        let types = self.scoped(|this| arguments.iter().map(|argument| this.free(*argument)).collect::<Vec<_>>());
        self.use_formats(arguments);
        if let ("assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne", [left, right, ..]) =
            (name, types.as_slice())
        {
            self.compared(id, left, right, "cmp::PartialEq");
            self.show(id, left, "fmt::Debug");
            self.show(id, right, "fmt::Debug");
        }
        match name {
            "format" => Ty::std("string::String", Vec::new()),
            "dbg" => {
                for (argument, ty) in arguments.iter().zip(&types) {
                    self.show(*argument, ty, "fmt::Debug");
                }
                types.into_iter().next().unwrap_or_else(Ty::unit)
            }
            "matches" | "cfg" => Ty::primitive("bool"),
            "concat" | "stringify" | "file" | "module_path" | "env" | "include_str" => {
                Ty::reference(Ty::primitive("str"))
            }
            "line" | "column" => Ty::primitive("u32"),
            "panic" | "todo" | "unimplemented" | "unreachable" | "bail" => Ty::Never,
            "write" | "writeln" => {
                self.use_writer(id, types.first());
                self.written(types.first())
            }
            "join" => Ty::Tuple(types.iter().map(|ty| self.types.awaited(ty)).collect()),
            "try_join" => self.all_or_first_error(&types),
            "anyhow" => self.types.of_outside("anyhow", "Error", Vec::new()),
            "eyre" => self.types.of_outside("eyre", "Report", Vec::new()),
            "json" => self.types.of_outside("serde_json", "Value", Vec::new()),
            "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" | "print"
            | "println" | "eprint" | "eprintln" | "ensure" | "trace" | "debug" | "info" | "warn" | "error" => {
                Ty::unit()
            }
            _ => Ty::Unknown,
        }
    }

    pub(super) fn opaque_macro(&mut self, id: ExprId, path: &str) -> Ty {
        match last_segment(path) {
            _ if self.is_own_macro(id, path) => Ty::Unknown,
            "json" => self.types.of_outside("serde_json", "Value", Vec::new()),
            "println" | "print" | "eprintln" | "eprint" | "trace" | "debug" | "info" | "warn" | "error" => Ty::unit(),
            "format" => Ty::std("string::String", Vec::new()),
            _ => Ty::Unknown,
        }
    }

    /// Whether the project declares the macro: then nobody knows what it does.
    fn is_own_macro(&mut self, id: ExprId, path: &str) -> bool {
        let place = self.body.node(id).span;
        matches!(self.types.resolved(self.module(), path, Space::Macros, place), Target::Item(_))
    }

    /// Uses the project's block that has the `write_fmt` which `write!` calls.
    fn use_writer(&mut self, id: ExprId, into: Option<&Ty>) {
        let Some(into) = into.filter(|into| matches!(into.referent(), Ty::Item(_))) else { return };
        let Some(found) = self.types.find_method(into, "write_fmt", 1, self.module()) else { return };
        if let Via::Block(number) = found.via
            && let Some(block) = self.types.own_block(number)
        {
            self.use_block(id, block);
        }
        self.use_all(id, found.derefs);
    }

    fn written(&mut self, into: Option<&Ty>) -> Ty {
        let error = match into.map(Ty::referent) {
            Some(ty) if ty.is_std("string::String") || ty.is_std("fmt::Formatter") => Ty::std("fmt::Error", Vec::new()),
            Some(ty) if self.types.holds(ty, &standard("io::Write")) == Some(true) => Ty::std("io::Error", Vec::new()),
            _ => Ty::Unknown,
        };
        Ty::std("result::Result", vec![Ty::unit(), error])
    }

    fn all_or_first_error(&mut self, futures: &[Ty]) -> Ty {
        let mut values = Vec::with_capacity(futures.len());
        let mut first = Ty::Unknown;
        for future in futures {
            let output = self.types.awaited(future);
            let (value, error) = match output.as_std() {
                Some(("result::Result", [value, error])) => (value.clone(), error.clone()),
                _ => (Ty::Unknown, Ty::Unknown),
            };
            values.push(value);
            first = first.merged(&error);
        }
        Ty::std("result::Result", vec![Ty::Tuple(Arc::from(values)), first])
    }

    /// Uses the `Display` and `Debug` blocks of what the first format string among the arguments shows.
    fn use_formats(&mut self, arguments: &[ExprId]) {
        let body: &'p Body = self.body;
        let text = arguments.iter().enumerate().find_map(|(at, argument)| match body.expr(*argument) {
            Expr::Literal(LiteralKind::Text, text) if text.contains('{') => Some((at, *argument, text)),
            _ => None,
        });
        let Some((at, literal, text)) = text else { return };
        let values = &arguments[at + 1..];
        let mut named = Vec::new();
        let mut positional = 0;
        for Placeholder { position, shows } in placeholders(text) {
            match position {
                Ok(position) => {
                    positional = positional.max(position + 1);
                    if let Some(shows) = shows {
                        self.show_values(values.get(position..=position).unwrap_or_default(), shows);
                    }
                }
                // In capitals it is a constant.
                Err(name) if !name.starts_with(char::is_uppercase) => named.push((name, shows)),
                Err(_) => {}
            }
        }
        self.show_named(literal, &named, values.get(positional..).unwrap_or_default());
    }

    /// Shows what the names in a format mean: variables, or arguments that are `given` names, which are not known.
    /// So these are told apart by their number, and shown where all are shown alike.
    fn show_named(&mut self, literal: ExprId, named: &[(&str, Option<&'static str>)], given: &[ExprId]) {
        let local = |this: &Self, name: &str| {
            let local = this.locals.iter().rev().find(|local| local.name == name);
            local.map(|local| local.ty.clone())
        };
        let names: BTreeSet<&str> = named.iter().map(|(name, _)| *name).collect();
        let others: BTreeSet<&str> = names.iter().copied().filter(|name| local(self, name).is_none()).collect();
        let arguments = match given.len() {
            0 => BTreeSet::new(),
            count if count == others.len() => others,
            count if count == names.len() => names,
            _ => return,
        };
        let is_argument = |name: &str| arguments.contains(name);
        let shown: BTreeSet<&'static str> =
            named.iter().filter(|(name, _)| is_argument(name)).filter_map(|(_, shows)| *shows).collect();
        if let (Some(shows), 1) = (shown.first(), shown.len()) {
            self.show_values(given, shows);
        }
        for (name, shows) in named.iter().filter(|(name, _)| !is_argument(name)) {
            if let (Some(ty), Some(shows)) = (local(self, name), shows) {
                self.show(literal, &ty, shows);
            }
        }
    }

    fn show_values(&mut self, values: &[ExprId], path: &'static str) {
        for &value in values {
            let ty = self.out.types[value.index()].clone();
            self.show(value, &ty, path);
        }
    }

    /// Uses the project's block that shows a value, for debugging also those of what the value holds.
    pub(super) fn show(&mut self, id: ExprId, ty: &Ty, path: &'static str) {
        let mut blocks = Vec::new();
        self.types.shown(ty, path, &mut blocks);
        self.use_all(id, blocks);
    }
}
