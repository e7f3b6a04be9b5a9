//! Patterns.

use super::Builder;
use crate::facts::body::{LiteralKind, PatternId, PatternKind};
use crate::source::Span;
use quote::ToTokens;
use smol_str::ToSmolStr;
use syn::Pat;

impl Builder<'_> {
    /// The parameters that are patterns. Those that are names are in the signature.
    pub(super) fn parameters(&mut self, sig: &syn::Signature) {
        let typed = sig.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(typed) => Some(&*typed.pat),
            syn::FnArg::Receiver(_) => None,
        });
        for (position, pattern) in (0..).zip(typed) {
            let is_plain = matches!(pattern, Pat::Wild(_))
                || matches!(pattern, Pat::Ident(ident) if ident.subpat.is_none() && ident.by_ref.is_none());
            if !is_plain {
                let id = self.pattern(pattern);
                self.body.mark_parameter(position, id);
            }
        }
    }

    pub(super) fn pattern(&mut self, pattern: &Pat) -> PatternId {
        let (kind, span) = match pattern {
            Pat::Paren(paren) => return self.pattern(&paren.pat),
            Pat::Type(typed) => {
                let inner = self.pattern(&typed.pat);
                self.body.annotate(inner, self.places.ty(&typed.ty));
                return inner;
            }
            Pat::Guard(guarded) => return self.pattern(&guarded.pat),
            Pat::Ident(ident) => {
                let inner = ident.subpat.as_ref().map(|(_, inner)| self.pattern(inner));
                let (name, span) = self.places.ident(&ident.ident);
                (PatternKind::Binding(name, inner), span)
            }
            Pat::Path(path) => {
                let (text, span) = self.places.path(&path.path);
                (PatternKind::Path(text), span)
            }
            Pat::TupleStruct(tuple) => {
                let parts = self.patterns(&tuple.elems);
                let (path, span) = self.places.path(&tuple.path);
                let span = Span::new(span.start, self.places.end(tuple.paren_token.span.close()));
                (PatternKind::TupleStruct(path, parts), span)
            }
            Pat::Struct(fields) => {
                let mut parts = Vec::with_capacity(fields.fields.len());
                for field in &fields.fields {
                    let (name, _) = self.member(&field.member);
                    parts.push((name, self.pattern(&field.pat)));
                }
                let (path, span) = self.places.path(&fields.path);
                let span = Span::new(span.start, self.places.end(fields.brace_token.span.close()));
                (PatternKind::Struct(path, parts), span)
            }
            Pat::Tuple(tuple) => {
                (PatternKind::Sequence(self.patterns(&tuple.elems)), self.places.span(tuple.paren_token.span.join()))
            }
            Pat::Slice(slice) => {
                (PatternKind::Sequence(self.patterns(&slice.elems)), self.places.span(slice.bracket_token.span.join()))
            }
            Pat::Or(or) => {
                let cases = self.patterns(&or.cases);
                let spans = cases.iter().map(|&case| self.body.pattern(case).span);
                let span = spans.reduce(Span::to).unwrap_or_default();
                (PatternKind::Or(cases), span)
            }
            Pat::Lit(literal) => {
                let (kind, text, span) = self.literal(&literal.lit);
                (PatternKind::Literal(kind, text), span)
            }
            Pat::Range(_) => (PatternKind::Range, Span::default()),
            Pat::Reference(reference) => {
                let inner = self.pattern(&reference.pat);
                let end = self.body.pattern(inner).span.end;
                (PatternKind::Reference(inner), Span::new(self.places.start(reference.and_token.span), end))
            }
            Pat::Wild(wild) => (PatternKind::Wild, self.places.span(wild.underscore_token.span)),
            Pat::Rest(rest) => {
                let [first, second] = rest.dot2_token.spans;
                (PatternKind::Wild, self.places.between(first, second))
            }
            Pat::Const(constant) => {
                (PatternKind::Literal(LiteralKind::Text, constant.to_token_stream().to_smolstr()), Span::default())
            }
            // A macro, or syntax that the parser does not know.
            _ => (PatternKind::Other, Span::default()),
        };
        let id = self.body.push_pattern(kind, span);
        if matches!(pattern, Pat::Ident(ident) if ident.by_ref.is_some()) {
            self.body.mark_reference(id);
        }
        id
    }

    fn patterns<'b>(&mut self, patterns: impl IntoIterator<Item = &'b Pat>) -> Vec<PatternId> {
        patterns.into_iter().map(|pattern| self.pattern(pattern)).collect()
    }
}
