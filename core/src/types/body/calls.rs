//! Calls: which function is meant, and what comes out of it.

use super::meaning::{Meaning, Shape};
use super::needs::Call;
use super::{Argument, Ty, Walk};
use crate::facts::body::{Body, Expr, ExprId};
use crate::types::MOST_LEVELS;
use crate::types::methods::{Callee, Found, Via};
use crate::types::traits::standard;
use crate::types::ty::Parameter;
use crate::types::unify::Substitution;
use smol_str::{SmolStr, format_smolstr};

impl<'p> Walk<'_, 'p> {
    pub(super) fn call(&mut self, id: ExprId, callee: ExprId, arguments: &[ExprId], expected: &Ty) -> Ty {
        let body: &'p Body = self.body;
        let arguments: Vec<Argument> = arguments.iter().copied().map(Argument::Expr).collect();
        let Expr::Path(path) = body.expr(callee) else {
            let called = self.free(callee);
            return self.call_meaning(id, Meaning::Value(called), &[], &arguments, expected);
        };
        let meaning = self.meaning(callee, path);
        if let Meaning::Value(ty) = &meaning {
            self.out.types[callee.index()] = ty.clone();
        }
        let explicit = self.explicit(callee);
        let output = self.call_meaning(id, meaning, &explicit, &arguments, expected);
        if self.out.types[callee.index()].is_unknown() {
            let passed = arguments.iter().map(|argument| match argument {
                Argument::Expr(argument) => self.out.types[argument.index()].clone(),
                Argument::Known(ty) => ty.clone(),
            });
            self.out.types[callee.index()] = Ty::function(passed.collect(), output.clone());
        }
        output
    }

    /// What comes out when something is called. Notes at `id` what it is.
    pub(super) fn call_meaning(
        &mut self,
        id: ExprId,
        meaning: Meaning,
        explicit: &[Ty],
        arguments: &[Argument],
        expected: &Ty,
    ) -> Ty {
        match meaning {
            Meaning::Function(found) => self.call_function(id, &found, explicit, arguments, expected),
            Meaning::Shape(shape) => self.construct(id, &shape, explicit, arguments, expected),
            Meaning::Value(ty) => {
                self.note(id, Callee::Value);
                let Some(Ty::Function(function)) = self.types.callable(&ty) else {
                    return self.call_unknown(arguments);
                };
                let mut nothing = Substitution::default();
                self.pass(&mut nothing, &function.parameters, arguments);
                function.output.clone()
            }
            Meaning::Outside(package, path) => {
                self.note(id, Callee::Outside(package, path));
                self.call_unknown(arguments)
            }
            Meaning::Unknown => {
                self.note(id, Callee::Unknown);
                self.call_unknown(arguments)
            }
        }
    }

    fn call_unknown(&mut self, arguments: &[Argument]) -> Ty {
        for argument in arguments {
            if let Argument::Expr(argument) = argument {
                self.free(*argument);
            }
        }
        Ty::Unknown
    }

    fn call_function(
        &mut self,
        id: ExprId,
        found: &Found,
        explicit: &[Ty],
        arguments: &[Argument],
        expected: &Ty,
    ) -> Ty {
        if !found.others.is_empty() || self.may_be_derived(found) {
            return self.call_one_of(id, found, explicit, arguments, expected);
        }
        self.call_only(id, found, explicit, arguments, expected)
    }

    /// Whether a function may have others beside it that no block of the project declares: a derive such as that of
    /// `thiserror` gives a type more of `From`, and each type has its own.
    fn may_be_derived(&self, found: &Found) -> bool {
        let Via::Block(number) = found.via else { return false };
        let of_trait = self.types.block(number).of_trait.as_ref();
        of_trait.is_some_and(|bound| [standard("convert::From"), standard("convert::TryFrom")].contains(&bound.of))
    }

    fn call_only(&mut self, id: ExprId, found: &Found, explicit: &[Ty], arguments: &[Argument], expected: &Ty) -> Ty {
        let (Some(signature), Some(declared)) =
            (self.types.signature(found.function), self.types.function(found.function))
        else {
            return self.call_unknown(arguments);
        };
        let mut substitution = self.types.begin(found);
        self.make_explicit(&mut substitution, found, explicit);
        self.types.unify(&signature.output, expected, &mut substitution);
        let parameters: Vec<Ty> = signature.receiver.iter().chain(&signature.parameters).cloned().collect();
        let passed = self.pass(&mut substitution, &parameters, arguments);
        let output = self.types.closed(&signature.output, &substitution);
        let mut callee = self.types.callee(found);
        if found.self_type.is_unknown()
            && let Via::Bound(_) = found.via
        {
            // `Trait::function(value)`: the value says whose function it is.
            let of = substitution.self_of(found.function.item).cloned().unwrap_or_default();
            if let Some(closer) = self.types.find_associated(&of, &declared.name, self.module()) {
                let passed: Vec<Argument> = passed.iter().cloned().map(Argument::Known).collect();
                let mut fitting = candidates(&closer);
                fitting.retain(|candidate| self.takes(candidate, &passed, true));
                self.retain_yielding(&mut fitting, expected);
                callee = match fitting.as_slice() {
                    [one] => self.types.callee(one),
                    _ => Callee::Unknown,
                };
            }
        }
        self.note(id, callee);
        self.use_inherited(id, found);
        self.use_needs(id, found, &Call { passed: &passed, output: &output, substitution: &substitution });
        output
    }

    /// Uses the project's block that lets a type have a function which only the trait declares.
    fn use_inherited(&mut self, id: ExprId, found: &Found) {
        if let Via::Block(number) = found.via
            && let Some(block) = self.types.own_block(number).filter(|block| *block != found.function.item)
        {
            self.use_block(id, block);
        }
    }

    /// Calls the one of several functions that takes what is passed.
    fn call_one_of(&mut self, id: ExprId, found: &Found, explicit: &[Ty], arguments: &[Argument], expected: &Ty) -> Ty {
        let passed: Vec<Argument> =
            arguments.iter().map(|argument| Argument::Known(self.evaluated(argument))).collect();
        let all = candidates(found);
        let mut fitting: Vec<Found> =
            all.iter().filter(|candidate| self.takes(candidate, &passed, true)).cloned().collect();
        self.retain_yielding(&mut fitting, expected);
        // What they all return is known also where it is none of them.
        let asked = if fitting.is_empty() { &all } else { &fitting };
        let mut outputs = asked.iter().map(|one| self.call_only(id, one, explicit, &passed, expected));
        let output = outputs.next().unwrap_or_default();
        let agree = outputs.all(|other| other == output);
        if fitting.len() != 1 {
            self.note(id, Callee::Unknown);
        }
        if agree { output } else { Ty::Unknown }
    }

    fn evaluated(&mut self, argument: &Argument) -> Ty {
        match argument {
            Argument::Known(ty) => ty.clone(),
            Argument::Expr(argument) => self.free(*argument),
        }
    }

    /// Whether a function takes what is passed; by a path, its receiver is passed as well.
    fn takes(&mut self, found: &Found, passed: &[Argument], by_path: bool) -> bool {
        let Some(signature) = self.types.signature(found.function) else { return false };
        let mut substitution = self.types.begin(found);
        let receiver = signature.receiver.as_ref().filter(|_| by_path);
        let parameters: Vec<Ty> = receiver.into_iter().chain(&signature.parameters).cloned().collect();
        parameters.len() == passed.len()
            && parameters.iter().zip(passed).all(|(parameter, argument)| match argument {
                Argument::Known(ty) => self.types.unify(parameter, ty, &mut substitution),
                Argument::Expr(_) => true,
            })
            && self.has_associated(found, &parameters, &substitution)
    }

    /// The types that a call writes between `::<` and `>`.
    fn make_explicit(&mut self, substitution: &mut Substitution, found: &Found, explicit: &[Ty]) {
        let Some(declared) = self.types.function(found.function) else { return };
        for ((name, _), ty) in declared.generics.parameters.iter().zip(explicit) {
            let function = found.function;
            let parameter = Parameter { owner: function.item, function: Some(function.index), name: name.clone() };
            substitution.set(parameter, ty.clone());
        }
    }

    /// Passes arguments to parameters: closures last, because the others say what they take.
    pub(super) fn pass(&mut self, into: &mut Substitution, parameters: &[Ty], arguments: &[Argument]) -> Vec<Ty> {
        let mut types = vec![Ty::Unknown; arguments.len()];
        for late in [false, true] {
            for (at, argument) in arguments.iter().enumerate() {
                if self.is_late(argument) != late {
                    continue;
                }
                let parameter = parameters.get(at).cloned().unwrap_or_default();
                let ty = match argument {
                    Argument::Known(ty) => ty.clone(),
                    Argument::Expr(argument) => {
                        let expected = self.expectation(&parameter, into, late);
                        self.expr(*argument, &expected)
                    }
                };
                self.types.unify_argument(&parameter, &ty, into);
                types[at] = ty;
            }
        }
        types
    }

    fn is_late(&self, argument: &Argument) -> bool {
        let Argument::Expr(id) = argument else { return false };
        match self.body.expr(*id) {
            Expr::Closure(..) => true,
            // A function, or something that has no type of its own to tell of others.
            Expr::Path(path) => path.contains("::") || !self.locals.iter().any(|local| local.name == *path),
            _ => false,
        }
    }

    /// The type that an argument is expected to have; of a closure, what it takes and returns.
    fn expectation(&mut self, parameter: &Ty, known: &Substitution, late: bool) -> Ty {
        let declared = self.types.filled(parameter, known);
        if late && let Some(callable) = self.types.callable(&declared) {
            return self.types.closed(&callable, known);
        }
        match self.types.closed(&declared, known) {
            // A trait that the argument has to have is not its type.
            Ty::Impl(_) => Ty::Unknown,
            ty => ty,
        }
    }

    fn construct(&mut self, id: ExprId, shape: &Shape, explicit: &[Ty], arguments: &[Argument], expected: &Ty) -> Ty {
        self.note_constructor(id, shape);
        let mut substitution = self.types.arguments_of(shape.item, &shape.arguments);
        let made = self.declared_type(shape.item);
        if !explicit.is_empty() {
            let written = self.types.of_item(shape.item, explicit.to_vec());
            self.types.unify(&made, &written, &mut substitution);
        }
        self.types.unify(&made, expected, &mut substitution);
        let fields = self.types.fields_of(shape.item, shape.variant);
        let parameters: Vec<Ty> = fields.iter().map(|(_, ty)| ty.clone()).collect();
        self.pass(&mut substitution, &parameters, arguments);
        let ty = self.types.closed(&made, &substitution);
        self.use_arguments(id, &ty);
        ty
    }

    pub(super) fn structure(
        &mut self,
        id: ExprId,
        path: &str,
        fields: &[(SmolStr, ExprId)],
        rest: Option<ExprId>,
        expected: &Ty,
    ) -> Ty {
        let place = self.body.node(id).span;
        let written = self.body.written(id).map(|written| written.types.clone()).unwrap_or_default();
        let written = written.iter().map(|ty| self.types.lower(self.site, ty)).collect();
        let Some(shape) = self.shape(path, place, written, expected) else {
            let values = fields.iter().map(|(_, value)| *value).chain(rest).map(Argument::Expr).collect::<Vec<_>>();
            return self.call_unknown(&values);
        };
        let made = self.declared_type(shape.item);
        let mut substitution = self.types.arguments_of(shape.item, &shape.arguments);
        let declared = self.types.fields_of(shape.item, shape.variant);
        let mut parameters = Vec::with_capacity(fields.len());
        for (name, _) in fields {
            let field = declared.iter().find(|(own, _)| own == name);
            parameters.push(field.map(|(_, ty)| ty.clone()).unwrap_or_default());
        }
        let values: Vec<Argument> = fields.iter().map(|(_, value)| Argument::Expr(*value)).collect();
        self.pass(&mut substitution, &parameters, &values);
        let ty = self.types.closed(&made, &substitution);
        self.use_arguments(id, &ty);
        if let Some(rest) = rest {
            self.expr(rest, &ty);
        }
        ty
    }

    pub(super) fn method_call(
        &mut self,
        id: ExprId,
        receiver: ExprId,
        name: &SmolStr,
        arguments: &[ExprId],
        expected: &Ty,
    ) -> Ty {
        let body: &'p Body = self.body;
        let explicit: Vec<Ty> = match body.written(id) {
            Some(written) => written.types.iter().map(|ty| self.types.lower(self.site, ty)).collect(),
            None => Vec::new(),
        };
        let hint = self.receiver_hint(receiver, name, explicit.first().unwrap_or(expected));
        let hint = if hint.is_unknown() { self.taken_hint(receiver, name, arguments) } else { hint };
        let of = self.hinted(receiver, &hint);
        let arguments: Vec<Argument> = arguments.iter().copied().map(Argument::Expr).collect();
        let Some(mut found) = self.types.find_method(&of, name, arguments.len(), self.module()) else {
            let callee = self.method_by_path(&of, name);
            self.note(id, callee);
            return self.call_unknown(&arguments);
        };
        let mut arguments = arguments;
        if !found.others.is_empty() {
            arguments = arguments.iter().map(|argument| Argument::Known(self.evaluated(argument))).collect();
            let mut fitting = candidates(&found);
            fitting.retain(|candidate| self.takes(candidate, &arguments, false));
            self.retain_yielding(&mut fitting, expected);
            let [one] = fitting.as_slice() else {
                self.note(id, Callee::Unknown);
                return Ty::Unknown;
            };
            found = one.clone();
        }
        self.note(id, self.types.callee(&found));
        self.use_inherited(id, &found);
        self.use_all(id, found.derefs.clone());
        self.use_mutable_receiver(id, receiver, &of, &found);
        let Some(signature) = self.types.signature(found.function) else { return self.call_unknown(&arguments) };
        let mut substitution = self.types.begin(&found);
        self.make_explicit(&mut substitution, &found, &explicit);
        self.types.unify(&signature.output, expected, &mut substitution);
        // What takes `self` by value is converted as it is, reference or not.
        let converts = matches!(name.as_str(), "into" | "try_into");
        let mut passed = vec![if converts { of.clone() } else { found.self_type.clone() }];
        passed.extend(self.pass(&mut substitution, &signature.parameters, &arguments));
        let output = self.types.closed(&signature.output, &substitution);
        self.refine(receiver, &of, &found, &substitution);
        let output = self.special(name, &found, &of, output);
        self.use_needs(id, &found, &Call { passed: &passed, output: &output, substitution: &substitution });
        output
    }

    /// The path of a method of an outside type that the table does not have.
    fn method_by_path(&mut self, of: &Ty, name: &str) -> Callee {
        let mut at = of.clone();
        for _ in 0..MOST_LEVELS {
            let Some((next, _)) = self.types.dereferenced(&at) else { break };
            at = next;
        }
        match &at {
            Ty::Outside(outside) if self.types.library.find(&outside.package, &outside.path).is_none() => {
                Callee::Outside(outside.package.clone(), format_smolstr!("{}::{name}", outside.path))
            }
            _ => Callee::Unknown,
        }
    }

    /// What a call says of the variable it is made on: after `list.push(user)`, what it is a list of.
    fn refine(&mut self, receiver: ExprId, of: &Ty, found: &Found, substitution: &Substitution) {
        let Via::Block(number) = found.via else { return };
        if of.is_known() || !of.referent().eq(&found.self_type) {
            return;
        }
        let Expr::Path(path) = self.body.expr(receiver) else { return };
        let block = self.types.block(number);
        if block.item != found.function.item {
            return;
        }
        let declared = block.self_type.clone();
        let refined = of.referent().merged(&self.types.closed(&declared, substitution));
        let Some(local) = self.locals.iter_mut().rev().find(|local| local.name == *path) else { return };
        local.ty = if matches!(of, Ty::Reference(_)) { Ty::reference(refined) } else { refined };
        if let Some(pattern) = local.pattern {
            self.out.bindings[pattern.index()] = Some(local.ty.clone());
        }
    }

    /// Results that depend on what the signature does not say.
    fn special(&mut self, name: &str, found: &Found, of: &Ty, output: Ty) -> Ty {
        match name {
            "collect" => {
                let item = self.types.project(&found.self_type, None, "Item");
                collected(&output, &item)
            }
            "partition" => {
                let item = self.types.project(&found.self_type, None, "Item");
                match &output {
                    Ty::Tuple(parts) => Ty::Tuple(parts.iter().map(|part| collected(part, &item)).collect()),
                    _ => output,
                }
            }
            "sum" | "product" if output.is_unknown() => {
                let item = self.types.project(&found.self_type, None, "Item");
                if item.referent().is_number() { item.referent().clone() } else { Ty::Unknown }
            }
            // What has no size of its own is copied as a reference.
            "clone" if matches!(output, Ty::Dyn(_)) || output == Ty::primitive("str") => of.clone(),
            _ => output,
        }
    }
}

/// The functions of which one is meant.
fn candidates(found: &Found) -> Vec<Found> {
    let others = found.others.iter().map(|other| Found { derefs: found.derefs.clone(), ..other.clone() });
    std::iter::once(found.clone()).chain(others).collect()
}

/// A collection whose elements nothing said, filled with the items that are collected into it.
fn collected(target: &Ty, item: &Ty) -> Ty {
    let Some((path, arguments)) = target.as_std() else { return target.clone() };
    let filled = match (path, item) {
        ("result::Result", _) => match (item.as_std(), arguments) {
            (Some(("result::Result", [value, error])), [inner, _]) => vec![collected(inner, value), error.clone()],
            _ => return target.clone(),
        },
        ("option::Option", _) => match (item.as_std(), arguments) {
            (Some(("option::Option", [value])), [inner]) => vec![collected(inner, value)],
            _ => return target.clone(),
        },
        ("collections::HashMap" | "collections::BTreeMap", Ty::Tuple(pair)) => pair.to_vec(),
        (
            "vec::Vec"
            | "collections::HashSet"
            | "collections::BTreeSet"
            | "collections::VecDeque"
            | "collections::BinaryHeap",
            _,
        ) => vec![item.clone()],
        _ => return target.clone(),
    };
    target.merged(&Ty::std(path, filled))
}
