//! Types, bounds and generic parameters.

use super::exact;
use super::places::Places;
use crate::facts::{Bound, Generics, PathType, Type, TypeKind};
use crate::source::Span;
use smol_str::SmolStr;
use syn::punctuated::Punctuated;
use syn::{GenericArgument, GenericParam, PathArguments, ReturnType, TypeParamBound, WherePredicate};

type Bounds = Punctuated<TypeParamBound, syn::Token![+]>;

impl Places<'_> {
    /// A type with its place.
    pub(super) fn ty(&self, ty: &syn::Type) -> Type {
        let (kind, span) = match ty {
            syn::Type::Group(group) => return self.ty(&group.elem),
            syn::Type::Paren(paren) => return self.ty(&paren.elem),
            syn::Type::Path(path) => self.type_path(path),
            syn::Type::Reference(reference) => {
                let inner = self.ty(&reference.elem);
                let span = Span::new(self.start(reference.and_token.span), inner.span.end);
                (TypeKind::Reference(Box::new(inner)), span)
            }
            syn::Type::Ptr(pointer) => {
                let inner = self.ty(&pointer.elem);
                let span = Span::new(self.start(pointer.star_token.span), inner.span.end);
                (TypeKind::Pointer(Box::new(inner)), span)
            }
            syn::Type::Tuple(tuple) => {
                let parts = tuple.elems.iter().map(|part| self.ty(part)).collect();
                (TypeKind::Tuple(parts), self.span(tuple.paren_token.span.join()))
            }
            syn::Type::Array(array) => {
                (TypeKind::List(Box::new(self.ty(&array.elem))), self.span(array.bracket_token.span.join()))
            }
            syn::Type::Slice(slice) => {
                (TypeKind::List(Box::new(self.ty(&slice.elem))), self.span(slice.bracket_token.span.join()))
            }
            syn::Type::TraitObject(object) => {
                let bounds = self.bounds(&object.bounds);
                let first = object.dyn_token.map(|token| self.start(token.span));
                let span = bounds_span(&bounds, first);
                (TypeKind::Dyn(bounds), span)
            }
            syn::Type::ImplTrait(opaque) => {
                let bounds = self.bounds(&opaque.bounds);
                let span = bounds_span(&bounds, Some(self.start(opaque.impl_token.span)));
                (TypeKind::Impl(bounds), span)
            }
            syn::Type::FnPtr(function) => {
                let span = self.between(function.fn_token.span, function.paren_token.span.close());
                let output = match &function.output {
                    ReturnType::Type(_, ty) => self.ty(ty),
                    ReturnType::Default => {
                        Type { kind: TypeKind::Tuple(Vec::new()), span: Span::new(span.end, span.end) }
                    }
                };
                let inputs = exact(function.inputs.iter().map(|input| self.ty(&input.ty)));
                let span = Span::new(span.start, output.span.end);
                (TypeKind::Function(inputs, Box::new(output)), span)
            }
            syn::Type::Never(never) => (TypeKind::Unknown, self.span(never.bang_token.span)),
            syn::Type::Infer(infer) => (TypeKind::Unknown, self.span(infer.underscore_token.span)),
            syn::Type::Macro(call) => (TypeKind::Unknown, self.path(&call.mac.path).1),
            // Syntax that this parser does not know yet.
            _ => (TypeKind::Unknown, Span::default()),
        };
        Type { kind, span }
    }

    fn type_path(&self, path: &syn::TypePath) -> (TypeKind, Span) {
        let plain = self.path_type(&path.path);
        match &path.qself {
            None => {
                let span = plain.arguments.last().map_or(plain.span, |last| {
                    // The closing bracket stands right after the last argument, give or take white space.
                    let end = self.closing_bracket(last.span.end);
                    Span::new(plain.span.start, end)
                });
                (TypeKind::Path(plain), span)
            }
            Some(itself) => {
                let inner = self.ty(&itself.ty);
                let span = Span::new(self.start(itself.lt_token.span), plain.span.end);
                (TypeKind::Projection(Box::new(inner), plain.last().into()), span)
            }
        }
    }

    fn closing_bracket(&self, from: u32) -> u32 {
        if self.is_in_call() {
            return from;
        }
        let rest = self.text(Span::new(from, from.saturating_add(8)));
        rest.find('>').map_or(from, |at| from + at as u32 + 1)
    }

    /// A path with the arguments of the last segment that has any.
    pub(super) fn path_type(&self, path: &syn::Path) -> PathType {
        let mut arguments = Vec::new();
        let mut bindings = Vec::new();
        let with_arguments = path.segments.iter().rev().find(|segment| !segment.arguments.is_none());
        match with_arguments.map(|segment| &segment.arguments) {
            Some(PathArguments::AngleBracketed(list)) => {
                for argument in &list.args {
                    match argument {
                        GenericArgument::Type(ty) => arguments.push(self.ty(ty)),
                        GenericArgument::AssocType(pair) => bindings.push((self.name(&pair.ident), self.ty(&pair.ty))),
                        _ => {}
                    }
                }
            }
            Some(PathArguments::Parenthesized(list)) => {
                arguments.extend(list.inputs.iter().map(|input| self.ty(&input.ty)));
                if let ReturnType::Type(_, ty) = &list.output {
                    bindings.push((SmolStr::new_static("Output"), self.ty(ty)));
                }
            }
            _ => {}
        }
        let (path, span) = self.path(path);
        PathType { path, span, arguments, bindings }
    }

    /// The types among generic arguments.
    pub(super) fn type_arguments<'b>(&self, arguments: impl IntoIterator<Item = &'b GenericArgument>) -> Vec<Type> {
        let types = arguments.into_iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(self.ty(ty)),
            _ => None,
        });
        exact(types)
    }

    /// The traits of a list of bounds, without lifetimes and relaxed bounds.
    pub(super) fn bounds(&self, bounds: &Bounds) -> Vec<Bound> {
        let traits = bounds.iter().filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) if bound.maybe.is_none() => Some(bound),
            _ => None,
        });
        exact(traits.map(|bound| self.path_type(&bound.path)))
    }

    /// The parameters of an item, with their bounds.
    pub(super) fn generics(&self, generics: &syn::Generics) -> Generics {
        let parameters = generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Type(ty) => Some((self.name(&ty.ident), self.bounds(&ty.bounds))),
            GenericParam::Const(constant) => Some((self.name(&constant.ident), Vec::new())),
            GenericParam::Lifetime(_) => None,
        });
        let clauses = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let predicates = clauses.filter_map(|predicate| match predicate {
            WherePredicate::Type(ty) => Some((self.ty(&ty.bounded_ty), self.bounds(&ty.bounds))),
            _ => None,
        });
        let defaults = generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Type(ty) => Some((self.name(&ty.ident), self.ty(&ty.default.as_ref()?.1))),
            _ => None,
        });
        Generics { parameters: exact(parameters), predicates: exact(predicates), defaults: exact(defaults) }
    }
}

fn bounds_span(bounds: &[Bound], first: Option<u32>) -> Span {
    let start = first.or_else(|| bounds.first().map(|bound| bound.span.start));
    let end = bounds.last().map(|bound| bound.span.end);
    match (start, end) {
        (Some(start), Some(end)) => Span::new(start, end),
        _ => Span::default(),
    }
}
