//! What `quote!` holds: code that a macro hands to whoever calls it.
//!
//! Its paths from `crate`, `self` and `super` begin in the module of the caller, and those of other crates, as in
//! `::store::Row`, in what the caller depends on, so they say nothing of the file they stand in. The items that it
//! declares by name are the caller's too.

use super::macro_rules::ITEMS;
use super::outline::Code;
use crate::lexer::Token;
use crate::source::Span;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The macros of the crates `quote` and `syn` that quote code.
const QUOTING: &[&str] = &["parse_quote", "parse_quote_spanned", "quote", "quote_spanned"];

/// The quoted code of a file.
#[derive(Default)]
pub(super) struct Quotes {
    places: Vec<Span>,
    /// The names that stand behind the keyword of an item.
    pub(super) declares: BTreeSet<SmolStr>,
}

impl Quotes {
    /// Reads the macro call whose exclamation mark is the token at `bang`, if it quotes.
    pub(super) fn read(&mut self, code: &Code<'_>, bang: usize) {
        let called = bang.checked_sub(1).and_then(|at| code.word(at));
        let open = bang + 1;
        if !called.is_some_and(|name| QUOTING.contains(&name))
            || !matches!(code.tokens.get(open), Some((Token::Open(_), _)))
        {
            return;
        }
        let close = code.close(open);
        self.places.push(code.inside(open, close));
        for at in open + 1..close {
            if code.word(at).is_some_and(|word| ITEMS.contains(&word))
                && let Some(name) = code.word(at + 1)
            {
                self.declares.insert(name.into());
            }
        }
    }

    /// Whether a path at a place begins where the quoted code will stand.
    pub(super) fn moves(&self, path: &str, place: Span) -> bool {
        let is_inside = || self.places.iter().any(|quote| quote.contains(place));
        (matches!(path.split("::").next(), Some("crate" | "self" | "super")) || is_absolute(path)) && is_inside()
    }
}

/// Whether a path begins at the crates that the caller depends on. What is std to one is so to all.
fn is_absolute(path: &str) -> bool {
    path.strip_prefix("::").is_some_and(|rest| !matches!(rest.split("::").next(), Some("std" | "core" | "alloc")))
}

/// Whether code that a macro makes names something outside of the module where it will stand.
pub(super) fn is_handed(path: &str) -> bool {
    path.starts_with("crate::") || is_absolute(path)
}
