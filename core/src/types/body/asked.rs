//! What the standard library asks of what its values hold, where no bound of a parameter says it.

use super::needs::{Call, gathered};
use super::{Ty, Walk};
use crate::facts::body::{Expr, ExprId};
use crate::types::methods::{Found, Via};
use crate::types::traits::standard;
use crate::types::ty::Bound;

impl Walk<'_, '_> {
    /// Uses the project's blocks that a function of the standard library asks for by its name and its values.
    pub(super) fn use_asked(&mut self, id: ExprId, name: &str, found: &Found, call: &Call<'_>) {
        let of = found.self_type.referent();
        let (output, from) = (call.output, call.passed.first().unwrap_or(&Ty::Unknown));
        if KEYED.contains(&name) {
            // What is passed may say of what the map is.
            let told = match found.via {
                Via::Block(number) => {
                    let declared = self.types.block(number).self_type.clone();
                    self.types.closed(&declared, call.substitution)
                }
                _ => Ty::Unknown,
            };
            let makes = matches!(name, "collect" | "from" | "from_iter");
            let map = if makes && !key_of(&told).is_some_and(Ty::is_known) { gathered(output) } else { &told };
            self.use_keys(id, map);
            self.use_lookup(id, map, call.passed.get(1));
        }
        match (name, of.as_std()) {
            ("as_deref" | "as_deref_mut", Some((_, [held, ..]))) => {
                if let Some((_, Some(block))) = self.types.dereferenced(held) {
                    self.use_block(id, block);
                }
            }
            ("contains", Some((path, [bound]))) if path.starts_with("ops::Range") => {
                self.compared(id, bound, bound, "cmp::PartialOrd");
            }
            ("copied", _) => {
                let item = match of.as_std() {
                    Some((_, [held, ..])) => held.clone(),
                    _ => self.types.project(of, None, "Item"),
                };
                if let Ty::Reference(item) = item {
                    self.use_trait(id, &item, "marker::Copy");
                }
            }
            ("get", Some(("cell::Cell", [held]))) => self.use_trait(id, held, "marker::Copy"),
            ("extend_from_slice" | "fill" | "resize", Some((_, [held, ..]))) => {
                self.use_trait(id, held, "clone::Clone");
            }
            ("fill", None) => self.use_trait(id, from, "clone::Clone"),
            ("make_mut" | "unwrap_or_clone", Some(_)) => self.use_trait(id, output.referent(), "clone::Clone"),
            ("into_owned" | "to_mut", Some(("borrow::Cow", [held]))) => {
                self.use_trait(id, held, "borrow::ToOwned");
                self.use_trait(id, held, "clone::Clone");
            }
            ("from", Some(("boxed::Box", _))) => self.use_conversion_into(id, from, output),
            ("flatten", None) => {
                let item = self.types.project(of, None, "Item");
                self.use_first(id, &item, &["iter::IntoIterator", "iter::Iterator"]);
            }
            ("rev", None) => self.use_first(id, of, &["iter::DoubleEndedIterator"]),
            ("partition", None) => {
                if let Ty::Tuple(parts) = output {
                    for part in parts.iter() {
                        self.use_first(id, part, &["iter::Extend"]);
                    }
                }
            }
            _ => {}
        }
    }

    /// Uses the project's blocks that let a type be the key of a map or set.
    pub(super) fn use_keys(&mut self, id: ExprId, map: &Ty) {
        let Some(key) = key_of(map) else { return };
        let hashed = map.is_std("collections::HashMap") || map.is_std("collections::HashSet");
        let paths: &[&'static str] = if hashed { &["hash::Hash", "cmp::Eq"] } else { &["cmp::Ord"] };
        for path in paths {
            self.use_trait(id, key, path);
        }
    }

    /// Uses the project's block by which a key is looked up by another type.
    fn use_lookup(&mut self, id: ExprId, map: &Ty, by: Option<&Ty>) {
        let (Some(key), Some(Ty::Reference(by))) = (key_of(map), by) else { return };
        if matches!(key, Ty::Item(_)) && by.is_known() && **by != *key {
            let bound = Bound { of: standard("borrow::Borrow"), arguments: vec![Ty::clone(by)], bindings: Vec::new() };
            self.use_bound(id, key, &bound);
        }
    }

    /// Uses the project's block that lets a value be repeated, where two parts of a list are a value and how often.
    /// A constant needs none for an array, and neither does a single value.
    pub(super) fn use_repeated(&mut self, id: ExprId, parts: &[ExprId], path: &'static str) {
        let &[value, count] = parts else { return };
        let [ty, number] = [value, count].map(|part| self.out.types[part.index()].clone());
        let is_constant = match self.body.expr(value) {
            Expr::Path(path) => !self.locals.iter().any(|local| local.name == *path),
            _ => false,
        };
        let is_few = matches!(self.body.expr(count), Expr::Literal(_, text) if matches!(text.as_str(), "0" | "1"));
        if number.is_integer() && !ty.is_number() && !is_constant && !is_few && self.is_asked_for_uses() {
            self.use_trait(id, &ty, path);
        }
    }
}

/// Functions that ask for what makes a type the key of a map or set.
const KEYED: &[&str] = &[
    "append",
    "collect",
    "contains",
    "contains_key",
    "difference",
    "entry",
    "extend",
    "from",
    "from_iter",
    "get",
    "get_key_value",
    "get_mut",
    "insert",
    "intersection",
    "is_disjoint",
    "is_subset",
    "is_superset",
    "pop",
    "push",
    "range",
    "range_mut",
    "remove",
    "remove_entry",
    "replace",
    "split_off",
    "symmetric_difference",
    "take",
    "union",
];

/// The keys of a map or set of the standard library.
fn key_of(ty: &Ty) -> Option<&Ty> {
    match ty.as_std() {
        Some((
            "collections::BTreeMap"
            | "collections::BTreeSet"
            | "collections::BinaryHeap"
            | "collections::HashMap"
            | "collections::HashSet",
            [key, ..],
        )) => Some(key),
        _ => None,
    }
}
