//! From the text of one file to its facts.
//!
//! The only module that knows `syn`: none of its types leaves. Everything that could overflow
//! the stack is found by [`lexer::scan`](crate::lexer::scan) before `syn` sees the text, because
//! a stack overflow cannot be caught; what is left needs a thread with [`STACK_BYTES`] of stack.

mod attributes;
mod bodies;
mod docs;
mod expansion;
mod imports;
mod items;
mod macro_rules;
mod macros;
mod made;
mod makes;
mod names;
mod outline;
mod owners;
mod paths;
mod places;
mod quotes;
mod suppressions;
mod types;
mod values;

pub(crate) use macros::STANDARD as STANDARD_MACROS;

use crate::facts::{FileFacts, Suppression};
use crate::lexer;
use crate::source::{LineIndex, Span};
use names::Collector;
use outline::outline;
use places::Places;
use proc_macro2::TokenStream;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use suppressions::suppressions;

/// The stack that [`parse_file`] needs, in bytes, for a file that passes the depth check.
pub const STACK_BYTES: usize = 64 << 20;

/// How much of a file later steps will ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Need {
    /// Items, signatures and every name that is used: enough for a file that no role's rules judge.
    /// What function bodies name is read off their tokens.
    Outline,
    /// The same, from a file whose bodies are parsed too.
    Names,
    /// The same, and the bodies of functions as trees.
    Bodies,
}

/// What came of one file.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// Its facts.
    Facts(FileFacts),
    /// The file says of itself that a program wrote it: nobody is to judge it.
    Generated,
    /// Why there are no facts.
    Failed(Failure),
}

/// Why a file has no facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where.
    pub span: Span,
}

/// Parses the text of one Rust file. The spans of the result are byte offsets in `text`.
///
/// Call it on a thread with [`STACK_BYTES`] of stack. It releases what the parser keeps per
/// thread, so spans of earlier `proc_macro2` values on this thread become invalid.
pub fn parse_file(text: &str, lines: &LineIndex, need: Need) -> Parsed {
    let scan = lexer::scan(text);
    if scan.generated {
        return Parsed::Generated;
    }
    if let Some(deep) = scan.too_deep {
        return Parsed::Failed(Failure {
            message: format!(
                "nested {} levels deep, more than the {} that can be parsed safely",
                deep.depth, deep.limit
            ),
            help: "split the expression, or exclude the file under `[source]` if it is generated".to_owned(),
            span: deep.span,
        });
    }
    let mut parsed = parse_shallow(text, lines, need);
    if let Parsed::Facts(facts) = &mut parsed {
        facts.suppressions = exact(suppressions(text, &scan.comments));
    }
    // The parser's per-thread table would otherwise keep the text of every file in memory.
    proc_macro2::extra::invalidate_current_thread_spans();
    parsed
}

/// The suppressions of a text alone, whether it parses or not.
pub(crate) fn suppressions_of(text: &str) -> Vec<Suppression> {
    suppressions(text, &lexer::scan(text).comments)
}

fn parse_shallow(text: &str, lines: &LineIndex, need: Need) -> Parsed {
    let outline = outline(text, need == Need::Outline);
    let places = Places::new(text, &outline.text, lines);
    let syntax = TokenStream::from_str(&outline.text).map_err(syn::Error::from).and_then(syn::parse2::<syn::File>);
    match syntax {
        Ok(file) => Parsed::Facts(Collector::new(places, need, outline.noted).file(&file)),
        Err(error) => Parsed::Failed(Failure {
            message: format!("syntax error: {}", reworded(&error.to_string())),
            help: "fix the syntax, or exclude the file under `[source]` if it is not meant to compile".to_owned(),
            span: error_span(&places, &error, text),
        }),
    }
}

/// A list without room for more. Facts stay in memory until the end, and most of their lists are short.
fn exact<T>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = values.into_iter().collect();
    list.shrink_to_fit();
    list
}

/// What the lexer says of everything that it cannot read.
const UNREADABLE: &str = "cannot parse string into token stream";

/// What the lexer's message means is nearly always this.
fn reworded(message: &str) -> &str {
    match message {
        UNREADABLE => "a bracket, string or comment is not closed, or closed twice, or a character fits nowhere",
        message => message,
    }
}

/// The place of a syntax error. The parser has none for an unexpected end of file: that is the end.
/// The lexer always has one, which may well be the beginning.
fn error_span(places: &Places<'_>, error: &syn::Error, text: &str) -> Span {
    let span = places.span(error.span());
    if span.start == 0 && span.end == 0 && error.to_string() != UNREADABLE {
        let end = text.trim_end().len() as u32;
        return Span::new(end, end);
    }
    span
}

#[cfg(test)]
mod tests;
