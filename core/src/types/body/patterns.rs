//! What patterns bind.

use super::meaning::Shape;
use super::{Local, Ty, Walk};
use crate::facts::body::{Body, PatternId, PatternKind};
use smol_str::SmolStr;

impl<'p> Walk<'_, 'p> {
    /// Brings the variables of a pattern into scope, when it is matched with a value of that type.
    pub(super) fn bind(&mut self, id: PatternId, ty: &Ty) {
        let body: &'p Body = self.body;
        let pattern = body.pattern(id);
        match &pattern.kind {
            PatternKind::Binding(name, inner) => {
                if inner.is_none() && self.is_constant(name, pattern.span) {
                    return;
                }
                // Behind a reference, variables are references anyhow.
                let lends = body.is_reference(id) && !ty.is_unknown();
                let own = if lends { Ty::reference(ty.clone()) } else { ty.clone() };
                self.out.bindings[id.index()] = Some(own.clone());
                self.locals.push(Local { name: name.clone(), ty: own, pattern: Some(id) });
                if let Some(inner) = inner {
                    self.bind(*inner, ty);
                }
            }
            PatternKind::TupleStruct(path, parts) => {
                let shape = self.shape(path, pattern.span, Vec::new(), ty.referent());
                let types: Vec<Ty> = match shape {
                    Some(shape) => self.fields(&shape).into_iter().map(|(_, ty)| ty).collect(),
                    None => Vec::new(),
                };
                self.bind_parts(parts, &types, ty);
            }
            PatternKind::Struct(path, parts) => {
                let shape = self.shape(path, pattern.span, Vec::new(), ty.referent());
                let fields = shape.map(|shape| self.fields(&shape)).unwrap_or_default();
                for (name, part) in parts {
                    let field = fields.iter().find(|(own, _)| own == name).map(|(_, ty)| ty.clone());
                    self.bind(*part, &behind(ty, field.unwrap_or_default()));
                }
            }
            PatternKind::Sequence(parts) => match ty.referent() {
                Ty::Tuple(types) => self.bind_parts(parts, types, ty),
                Ty::List(element) => self.bind_elements(parts, element, ty),
                _ => self.bind_parts(parts, &[], ty),
            },
            PatternKind::Or(cases) => {
                for case in cases {
                    self.bind(*case, ty);
                }
            }
            PatternKind::Reference(inner) => match ty {
                Ty::Reference(referent) => self.bind(*inner, referent),
                _ => self.bind(*inner, &Ty::Unknown),
            },
            _ => {}
        }
    }

    /// Whether a lone name in a pattern is a constant or a variant rather than a variable.
    fn is_constant(&mut self, name: &str, place: crate::source::Span) -> bool {
        let may_be = name.starts_with(|first: char| first.is_uppercase());
        may_be && self.is_declared(name, place)
    }

    fn bind_parts(&mut self, parts: &[PatternId], types: &[Ty], whole: &Ty) {
        let rest = parts.iter().position(|part| self.is_rest(*part));
        for (at, part) in parts.iter().enumerate() {
            let ty = match rest {
                Some(rest) if at == rest => continue,
                // Behind `..` the parts are counted from the end.
                Some(rest) if at > rest => (types.len() + at).checked_sub(parts.len()).and_then(|at| types.get(at)),
                Some(_) => types.get(at),
                None if parts.len() == types.len() => types.get(at),
                None => None,
            };
            self.bind(*part, &behind(whole, ty.cloned().unwrap_or_default()));
        }
    }

    fn bind_elements(&mut self, parts: &[PatternId], element: &Ty, whole: &Ty) {
        for part in parts {
            let names_rest = match &self.body.pattern(*part).kind {
                PatternKind::Binding(_, Some(inner)) => self.is_rest(*inner),
                _ => false,
            };
            let ty = if names_rest { Ty::List(element.clone().into()) } else { element.clone() };
            self.bind(*part, &behind(whole, ty));
        }
    }

    /// Whether a pattern is `..`, which facts keep as they keep `_`: it is a character longer.
    fn is_rest(&self, part: PatternId) -> bool {
        let pattern = self.body.pattern(part);
        pattern.kind == PatternKind::Wild && pattern.span.end - pattern.span.start > 1
    }

    /// The fields of a struct or variant, with its arguments filled in.
    pub(super) fn fields(&mut self, shape: &Shape) -> Vec<(SmolStr, Ty)> {
        let fields = self.types.fields_of(shape.item, shape.variant);
        let substitution = self.types.arguments_of(shape.item, &shape.arguments);
        fields.iter().map(|(name, ty)| (name.clone(), self.types.closed(ty, &substitution))).collect()
    }
}

/// A part of a value: a reference, if the value is behind one.
fn behind(whole: &Ty, part: Ty) -> Ty {
    match whole {
        Ty::Reference(_) if !part.is_unknown() => Ty::reference(part),
        _ => part,
    }
}
