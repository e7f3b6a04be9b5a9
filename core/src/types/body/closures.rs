//! Closures, and what calls expect of them.

use super::{Ty, Walk};
use crate::facts::body::{ExprId, PatternId};

impl Walk<'_, '_> {
    pub(super) fn closure(&mut self, id: ExprId, parameters: &[PatternId], inner: ExprId, expected: &Ty) -> Ty {
        let wanted = match self.types.callable(expected) {
            Some(Ty::Function(wanted)) if wanted.parameters.len() == parameters.len() => Some(wanted),
            _ => None,
        };
        let written = self.body.written(id).and_then(|written| written.types.first());
        let output = match written {
            Some(written) => self.types.lower(self.site, written),
            None => wanted.as_ref().map(|wanted| wanted.output.clone()).unwrap_or_default(),
        };
        let breaks = std::mem::take(&mut self.breaks);
        self.returns.push(output.clone());
        let (types, yielded) = self.scoped(|this| {
            let mut types = Vec::with_capacity(parameters.len());
            for (at, parameter) in parameters.iter().enumerate() {
                let hint = wanted.as_ref().and_then(|wanted| wanted.parameters.get(at)).cloned().unwrap_or_default();
                let ty = match this.body.annotation(*parameter) {
                    Some(annotated) => this.types.lower(this.site, annotated).merged(&hint),
                    None => hint,
                };
                this.bind(*parameter, &ty);
                types.push(ty);
            }
            let yielded = match &output {
                // What is asked for is a trait: the closure's own result says more.
                Ty::Impl(_) => this.hinted(inner, &output),
                _ => this.expr(inner, &output),
            };
            (types, yielded)
        });
        self.returns.pop();
        self.breaks = breaks;
        let yielded = if yielded == Ty::Never { output } else { yielded };
        Ty::function(types, yielded)
    }
}
