//! Comparisons of domain data.

use super::{Evidence, Strength};
use crate::facts::body::{BinaryOperator, Body, Expr, ExprId, LiteralKind, PatternId, PatternKind};
use crate::facts::types::last_segment;
use crate::provenance::methods::{is_data, is_identity, is_transparent, name_of};
use crate::provenance::{Fate, Nature, Origin, Outcome, Provenance, Value, Way};
use crate::types::Ty;
use smol_str::SmolStr;

impl Provenance<'_> {
    pub(super) fn comparison(&self, id: ExprId) -> Option<Evidence> {
        match self.body.expr(id) {
            Expr::Binary(BinaryOperator::Order, left, right) => self.of_size(id, *left, *right),
            Expr::Binary(BinaryOperator::Equality, left, right) => self.of_sameness(id, *left, *right),
            Expr::Macro(name, arguments) if last_segment(name) == "matches" => self.of_pattern(id, *arguments.first()?),
            Expr::MethodCall(receiver, name, arguments) => match arguments.as_slice() {
                [other] if is_operator(name) => self.spelled_out(id, *receiver, name, *other),
                _ => self.of_test(id, *receiver, name, arguments),
            },
            Expr::LetCondition(pattern, value) => self.of_let(id, *pattern, *value),
            Expr::Let(pattern, Some(value), Some(diverge)) => self.of_let_else(id, *pattern, *value, *diverge),
            _ => None,
        }
    }

    /// `total > LIMIT`
    fn of_size(&self, id: ExprId, left: ExprId, right: ExprId) -> Option<Evidence> {
        let sides = [left, right].map(|side| (side, self.value(side)));
        if sides.iter().any(|(_, value)| matches!(value.origin, Origin::Technical | Origin::Unknown | Origin::Failure))
        {
            return None;
        }
        let Some((at, value)) = sides.into_iter().find(|(side, value)| self.can_be_calculated(*side, *value)) else {
            return self.of_calendar(id, sides).or_else(|| self.of_length(id, sides));
        };
        let other = if at == left { right } else { left };
        // Whether there is any of what a port counts is no secret.
        let any = value.origin == Origin::Received && self.is_trivial(other);
        if self.value(other).origin == Origin::Size {
            return self.of_length(id, sides);
        }
        if self.is_status(at) || self.counts_turns(other, id) {
            return None;
        }
        let weighed = matches!(self.fate(id), Fate::Decides(Outcome::Refuses | Outcome::Selects, _));
        if self.is_letter(other) || any && !weighed {
            return None;
        }
        self.decided(id, value, Strength::Strong, &format!("compares {} with {}", self.said(value), self.beside(other)))
    }

    /// `now.hour() < 9`: when something may be done is a rule.
    fn of_calendar(&self, id: ExprId, sides: [(ExprId, Value); 2]) -> Option<Evidence> {
        let (_, value) = sides.into_iter().find(|(at, value)| {
            let part = name_of(self.body, *at).map(SmolStr::as_str).unwrap_or_default();
            value.origin == Origin::Clock && matches!(part, "hour" | "weekday" | "day" | "month" | "year" | "ordinal")
        })?;
        let written = |value: Value| matches!(value.origin, Origin::Literal | Origin::Constant);
        sides.into_iter().find(|(_, other)| written(*other))?;
        self.decided(id, value, Strength::Strong, "compares a part of the calendar with a value that is chosen here")
    }

    /// `items.len() > 10`: how many there may be is a rule where more are refused.
    fn of_length(&self, id: ExprId, sides: [(ExprId, Value); 2]) -> Option<Evidence> {
        let (size, value) = sides.into_iter().find(|(_, value)| value.origin == Origin::Size)?;
        let (other, bound) = sides.into_iter().find(|(_, value)| value.origin != Origin::Size)?;
        let trivial = self.is_trivial(other);
        // A text that is too long to show is cut.
        let shown = self.counts_letters(id) && !matches!(self.fate(id), Fate::Decides(Outcome::Refuses, _));
        if shown {
            return None;
        }
        let bounded = matches!(bound.origin, Origin::Literal | Origin::Constant | Origin::Configuration) && !trivial;
        match self.fate(id) {
            Fate::Decides(Outcome::Refuses, _) if trivial && self.is_said_by_core(size) => None,
            Fate::Decides(Outcome::Refuses, _) if trivial => {
                Some(self.evidence("guard", Strength::Weak, id, value, "refuses by whether there is any".to_owned()))
            }
            Fate::Decides(outcome, _)
                if (bounded && self.is_chosen_by_length(outcome, value)
                    || outcome == Outcome::Refuses && bound.origin == Origin::Domain)
                    && !self.is_technical_end(id) =>
            {
                let why = format!("compares how many there are of {} with {}", self.said(value), self.beside(other));
                Some(self.evidence("comparison", Strength::Strong, id, value, why))
            }
            _ => None,
        }
    }

    /// Whether a variable counts the turns of a loop, and is asked about in it: it begins with a number
    /// that is written here, and each turn adds one, whatever it works on. After the loop it says how many
    /// there were.
    fn counts_turns(&self, at: ExprId, asked: ExprId) -> bool {
        let Some(local) = self.local(at).filter(|local| local.value.origin == Origin::Literal) else { return false };
        let mut counted = local.uses.iter().filter_map(|used| {
            let assigned = self.parent(*used)?;
            match self.body.expr(assigned) {
                Expr::Assign(operator, target, step) if target == used => {
                    let turns = self.loop_of_each_turn(assigned).is_some_and(|turns| self.is_inside(asked, turns));
                    Some(operator.is_some() && self.is_trivial(*step) && turns)
                }
                _ => None,
            }
        });
        counted.next() == Some(true) && counted.all(|of_turn| of_turn)
    }

    /// The loop in which an expression stands under no condition.
    fn loop_of_each_turn(&self, at: ExprId) -> Option<ExprId> {
        let mut around = std::iter::successors(self.parent(at), |at| self.parent(*at));
        let stop = around.find(|at| matches!(self.body.expr(*at), Expr::If(..) | Expr::Match(..) | Expr::Loop(..)));
        stop.filter(|at| matches!(self.body.expr(*at), Expr::Loop(..)))
    }

    pub(super) fn is_inside(&self, at: ExprId, outer: ExprId) -> bool {
        std::iter::successors(self.parent(at), |at| self.parent(*at)).any(|around| around == outer)
    }

    /// Whether a length decides: one of a list may only make a batch, one of a part of a value is of the domain.
    fn is_chosen_by_length(&self, outcome: Outcome, value: Value) -> bool {
        let of_part = || self.way(value).last().is_some_and(|step| matches!(step.way, Way::Field(_)));
        match outcome {
            Outcome::Refuses | Outcome::Chooses | Outcome::Selects => true,
            Outcome::Acts => of_part(),
            _ => false,
        }
    }

    /// Whether a list, or how many are in it, is what a function of the core found: that is its decision.
    fn is_said_by_core(&self, at: ExprId) -> bool {
        match self.body.expr(at) {
            Expr::MethodCall(list, name, _) if matches!(name.as_str(), "len" | "count") => self.is_said_by_core(*list),
            Expr::Path(_) if self.value(at).origin == Origin::Size => {
                self.local(at).and_then(|local| local.from).is_some_and(|from| self.is_said_by_core(from))
            }
            _ => self.value(at).origin == Origin::Decision,
        }
    }

    /// `status == Status::Paid`
    fn of_sameness(&self, id: ExprId, left: ExprId, right: ExprId) -> Option<Evidence> {
        let sides = [left, right].map(|side| (side, self.value(side)));
        if sides.iter().any(|(_, value)| matches!(value.origin, Origin::Technical | Origin::Unknown | Origin::Failure))
        {
            return None;
        }
        if sides.iter().any(|(_, value)| value.origin == Origin::Size) {
            return self.of_length(id, sides);
        }
        let (at, value) = sides.into_iter().find(|(side, value)| self.is_looked_into(*side, *value))?;
        let other = if at == left { right } else { left };
        if self.is_letter(other)
            || self.is_status(at)
            || self.finds_by_name(id, at, other)
            || self.is_change(id, at, other)
            || self.is_plural(id, other)
        {
            return None;
        }
        // Whether a function of its own has done anything is no secret.
        let helped = self.way(value).iter().any(|step| matches!(step.way, Way::Helper(_)));
        if helped && value.origin == Origin::Received && self.is_trivial(other) {
            return None;
        }
        let why = format!("compares {} with {}", self.said(value), self.beside(other));
        let found = self.decided_by_kind(id, value, why)?;
        // What a reply or a message says of itself is half the world's business.
        let strength = if self.is_of_shell(at) { Strength::Weak } else { found.strength };
        Some(Evidence { strength, ..found })
    }

    /// Whether comparing a value for sameness looks into domain data.
    fn is_looked_into(&self, at: ExprId, value: Value) -> bool {
        match value.origin {
            Origin::Domain => !matches!(self.nature(at), Nature::Technical | Nature::Failure),
            Origin::Received | Origin::Decision => self.nature(at) == Nature::Number,
            _ => false,
        }
    }

    /// The number by which a server or a program says how it went.
    pub(super) fn is_status(&self, at: ExprId) -> bool {
        let named = name_of(self.body, at).is_some_and(|name| {
            // What a reply of the shell calls its code is one as well; what the core calls so is of the domain.
            let code = (name == "code" || name.ends_with("_code")) && self.is_of_shell(at);
            name.ends_with("status") || name.ends_with("status_code") || code
        });
        named && self.nature(at) == Nature::Number
    }

    /// Whether two states of one part are compared to see whether it has changed.
    fn is_change(&self, id: ExprId, one: ExprId, other: ExprId) -> bool {
        let part = |at: ExprId| {
            self.way(self.value(at)).into_iter().rev().find_map(|step| match &step.way {
                Way::Field(name) => Some(name.clone()),
                _ => None,
            })
        };
        let same = part(one).is_some_and(|name| part(other) == Some(name));
        same && matches!(self.fate(id), Fate::Decides(Outcome::Acts, _))
    }

    /// Looking for a thing by what tells it from others decides nothing.
    fn finds_by_name(&self, id: ExprId, one: ExprId, other: ExprId) -> bool {
        let named = |at: ExprId| name_of(self.body, at).is_some_and(|name| is_identity(name)) || self.is_identifier(at);
        // `find_map(|one| (one.id == id).then_some(one.name))` looks for one as well.
        let fate = match self.fate(id) {
            Fate::Decides(Outcome::Chooses, at) if matches!(self.body.expr(at), Expr::MethodCall(..)) => self.fate(at),
            fate => fate,
        };
        let selects =
            matches!(fate, Fate::Decides(Outcome::Selects | Outcome::Skips | Outcome::Acts | Outcome::Leaves, _));
        // Which number somebody has is no name that is looked for.
        let chosen = [one, other].into_iter().any(
            |at| matches!(self.body.expr(at), Expr::Literal(LiteralKind::Integer, text) if !text.starts_with('0')),
        );
        let whole = |at: ExprId| self.is_whole_element(at) && !self.is_written(at);
        selects && !chosen && (named(one) || named(other) || whole(one) || whole(other))
    }

    /// Whether the type of a value says that it tells one thing from another: `OrderId`.
    fn is_identifier(&self, at: ExprId) -> bool {
        self.types.ty(at).referent().item().is_some_and(|item| {
            let name = &self.project.item(item).name;
            name.ends_with("Id") || name.ends_with("Uuid") || name.ends_with("Key")
        })
    }

    /// Whether a value is a part of a type that the shell declares: a reply, a message, a lock.
    pub(super) fn is_of_shell(&self, at: ExprId) -> bool {
        let base = match self.body.expr(at) {
            Expr::Field(base, _) => *base,
            Expr::MethodCall(receiver, ..) => *receiver,
            Expr::Reference(_, inner) | Expr::Unary(_, inner) => return self.is_of_shell(*inner),
            _ => return false,
        };
        self.is_shell_type(base)
    }

    /// A parameter of the closure itself, as in `any(|known| known == provider)`.
    fn is_whole_element(&self, at: ExprId) -> bool {
        let at = match self.body.expr(at) {
            Expr::Unary(_, inner) | Expr::Reference(_, inner) => *inner,
            _ => at,
        };
        let selects = self.parent(at).is_some_and(|test| matches!(self.fate(test), Fate::Decides(Outcome::Selects, _)));
        selects && self.local(at).is_some_and(|local| local.from.is_none() && local.pattern.is_some())
    }

    /// `matches!(state, State::Open | State::Held)`
    fn of_pattern(&self, id: ExprId, condition: ExprId) -> Option<Evidence> {
        let Expr::LetCondition(pattern, value) = self.body.expr(condition) else { return None };
        let origin = self.value(*value);
        if origin.origin != Origin::Domain || !self.names_variant(*pattern) {
            return None;
        }
        self.decided_by_kind(id, origin, format!("asks which kind {} is", self.said(origin)))
    }

    /// `if let Status::Open = order.status { … }`
    fn of_let(&self, id: ExprId, pattern: PatternId, value: ExprId) -> Option<Evidence> {
        let origin = self.value(value);
        if is_data(origin.origin) && self.is_range(pattern) && !self.is_status(value) {
            let why = format!("compares {} with a range that stands here", self.said(origin));
            return self.decided(id, origin, Strength::Strong, &why);
        }
        if origin.origin != Origin::Domain || !self.names_variant(pattern) {
            return None;
        }
        // A variant that nothing is taken out of is compared with, in other words.
        let asked = self.parent(id).is_some_and(|parent| !matches!(self.body.expr(parent), Expr::Macro(..)));
        if asked && matches!(self.body.pattern(pattern).kind, PatternKind::Path(_)) {
            let found = self.decided_by_kind(id, origin, format!("asks which kind {} is", self.said(origin)))?;
            // What a reply or a message says of itself is half the world's business.
            let strength = if self.is_of_shell(value) { Strength::Weak } else { found.strength };
            return Some(Evidence { strength, ..found });
        }
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            match self.body.expr(parent) {
                Expr::If(condition, ..) if *condition == at && self.outcome(parent) == Outcome::Refuses => {
                    // Taking out what the caller asks for, where nothing else can be asked for here, is no rule.
                    if self.is_request(origin) && self.takes_out(pattern) {
                        return None;
                    }
                    let why = format!("refuses by which kind {} is", self.said(origin));
                    return Some(self.evidence("guard", Strength::Strong, id, origin, why));
                }
                Expr::Binary(BinaryOperator::Logic, ..) => at = parent,
                _ => return None,
            }
        }
        None
    }

    /// Whether a value is what the caller handed in, as a whole.
    pub(super) fn is_request(&self, value: Value) -> bool {
        self.way(value).iter().all(|step| matches!(step.way, Way::Parameter(_) | Way::Bound(_)))
    }

    /// Whether a pattern takes out the parts of one variant, and asks nothing of them.
    fn takes_out(&self, pattern: PatternId) -> bool {
        let has_parts = matches!(
            &self.body.pattern(pattern).kind,
            PatternKind::TupleStruct(..) | PatternKind::Struct(..) | PatternKind::Reference(_)
        );
        has_parts && !self.tests_inside(pattern, Origin::Domain)
    }

    /// `let Status::Open = order.status else { return Err(…) };`
    fn of_let_else(&self, id: ExprId, pattern: PatternId, value: ExprId, diverge: ExprId) -> Option<Evidence> {
        let origin = self.value(value);
        if !is_data(origin.origin) || !self.makes_error(diverge) || !self.tests_inside(pattern, origin.origin) {
            return None;
        }
        let span = self.body.node(value).span;
        let why = format!("refuses by what {} is", self.said(origin));
        Some(Evidence { span, ..self.evidence("guard", Strength::Strong, id, origin, why) })
    }

    /// Whether a pattern asks for a variant without parts, a literal or a range: of what a port returned
    /// only what it asks of a part counts.
    fn tests_inside(&self, pattern: PatternId, origin: Origin) -> bool {
        match &self.body.pattern(pattern).kind {
            PatternKind::Path(path) => origin == Origin::Domain && is_variant(path),
            PatternKind::Literal(..) | PatternKind::Range => origin == Origin::Domain,
            PatternKind::TupleStruct(path, parts) => {
                let inside = if is_variant(path) { Origin::Domain } else { origin };
                parts.iter().any(|part| self.tests_inside(*part, inside))
            }
            PatternKind::Struct(_, parts) => parts.iter().any(|(_, part)| self.tests_inside(*part, Origin::Domain)),
            PatternKind::Binding(_, Some(inner)) | PatternKind::Reference(inner) => self.tests_inside(*inner, origin),
            PatternKind::Sequence(parts) | PatternKind::Or(parts) => {
                parts.iter().any(|part| self.tests_inside(*part, origin))
            }
            _ => false,
        }
    }

    /// Whether a pattern names a variant that is neither of an `Option` nor of a `Result`.
    pub(in crate::provenance) fn names_variant(&self, pattern: PatternId) -> bool {
        match &self.body.pattern(pattern).kind {
            PatternKind::Path(path) => is_variant(path),
            PatternKind::TupleStruct(path, parts) => {
                is_variant(path) || parts.iter().any(|part| self.names_variant(*part))
            }
            PatternKind::Struct(path, parts) => {
                is_variant(path) || parts.iter().any(|(_, part)| self.names_variant(*part))
            }
            PatternKind::Binding(name, None) => {
                name.starts_with(|first: char| first.is_uppercase()) && is_variant(name)
            }
            PatternKind::Binding(_, Some(inner)) | PatternKind::Reference(inner) => self.names_variant(*inner),
            PatternKind::Sequence(parts) | PatternKind::Or(parts) => parts.iter().any(|part| self.names_variant(*part)),
            PatternKind::Literal(kind, _) => !matches!(kind, LiteralKind::Boolean),
            PatternKind::Range => true,
            _ => false,
        }
    }

    /// `roles.is_empty()`, `name.ends_with(".exe")`, `stored.revoked_at.is_some()`
    fn of_test(&self, id: ExprId, receiver: ExprId, name: &str, arguments: &[ExprId]) -> Option<Evidence> {
        let value = self.value(receiver);
        let Fate::Decides(outcome, call) = self.fate(id) else { return None };
        match name {
            "is_some" | "is_none" => {
                let field = match self.body.expr(receiver) {
                    Expr::Field(..) => true,
                    // A method that shows a field is no more than the field.
                    Expr::MethodCall(_, _, arguments) => arguments.is_empty(),
                    _ => false,
                };
                let refuses = outcome == Outcome::Refuses || outcome == Outcome::Selects && self.refuses_one(call);
                if !field || value.origin != Origin::Domain || !refuses {
                    return None;
                }
                let strength = if name == "is_some" { Strength::Strong } else { Strength::Weak };
                Some(self.evidence("guard", strength, id, value, format!("refuses by {}", self.said(value))))
            }
            "is_empty"
                if outcome == Outcome::Refuses
                    && is_data(value.origin)
                    && !self.is_said_by_core(receiver)
                    && !self.went_well_or_not(receiver) =>
            {
                let strength = if value.origin == Origin::Domain { Strength::Strong } else { Strength::Weak };
                let why = format!("refuses by whether {} is empty", self.said(value));
                Some(self.evidence("guard", strength, id, value, why))
            }
            "contains" if self.is_choice_of(receiver, value) => {
                let argument = *arguments.first()?;
                let asked = self.value(argument);
                let one_of = (self.is_looked_into(argument, asked) && !self.is_status(argument)).then_some(asked)?;
                self.decided_by_kind(id, one_of, format!("asks whether {} is one of a few", self.said(one_of)))
            }
            // `(from..until).contains(&day)`: two comparisons in one.
            "contains" if matches!(self.body.expr(receiver), Expr::Range(..)) && is_data(value.origin) => {
                let asked = self.value(*arguments.first()?);
                let compared = is_data(asked.origin) || asked.origin == Origin::Clock;
                let why = format!("compares {} with {}", self.said(asked), self.said(value));
                compared.then(|| self.decided(id, value, Strength::Strong, &why))?
            }
            "is_positive" | "is_negative" | "is_sign_negative" | "is_sign_positive" | "is_zero"
                if value.origin == Origin::Domain =>
            {
                self.decided(id, value, Strength::Strong, &format!("compares {} with zero", self.said(value)))
            }
            "contains" | "starts_with" | "ends_with" | "is_match" => {
                let argument = *arguments.first()?;
                let sides = [(receiver, value), (argument, self.value(argument))];
                if sides.iter().any(|(_, value)| matches!(value.origin, Origin::Technical | Origin::Failure)) {
                    return None;
                }
                let (_, data) = sides.into_iter().find(|(_, value)| value.origin == Origin::Domain)?;
                let strength = match outcome {
                    Outcome::Refuses => Strength::Strong,
                    Outcome::Chooses if name != "contains" => Strength::Weak,
                    // How a text of the core looks may be a rule; where the text came from, it is a format.
                    Outcome::Acts if self.is_part_of_core(receiver) && self.is_written(argument) => Strength::Weak,
                    _ => return None,
                };
                let why = format!("asks what {} looks like", self.said(data));
                Some(self.evidence("comparison", strength, id, data, why))
            }
            _ => None,
        }
    }

    /// `if let Some(open) = orders.iter().find(…) { return Err(…) }`: what is looked for is refused.
    fn refuses_one(&self, call: ExprId) -> bool {
        let looks = matches!(self.body.expr(call), Expr::MethodCall(_, name, _) if name == "find");
        let Some(parent) = self.parent(call).filter(|_| looks) else { return false };
        match self.body.expr(parent) {
            Expr::Match(value, arms) if *value == call => {
                arms.iter().any(|arm| !self.is_absence(arm.pattern) && self.makes_error(arm.body))
            }
            Expr::LetCondition(pattern, _) if !self.is_absence(*pattern) => self.parent(parent).is_some_and(
                |decides| matches!(self.body.expr(decides), Expr::If(_, then, _) if self.makes_error(*then)),
            ),
            _ => false,
        }
    }

    /// `total.gt(&limit)`: an operator as a method. Where nothing is decided by it, it orders for `sort_by`,
    /// or builds a query: `Column::Total.gt(limit)`. Operators borrow what they compare with, queries take it.
    fn spelled_out(&self, id: ExprId, receiver: ExprId, name: &str, other: ExprId) -> Option<Evidence> {
        let Fate::Decides(outcome, _) = self.fate(id) else { return None };
        let borrowed =
            matches!(self.body.expr(other), Expr::Reference(..)) || matches!(self.types.ty(other), Ty::Reference(_));
        let compared = self.lent(other);
        match name {
            // Who passes over the case of letters reads what somebody wrote.
            "eq_ignore_ascii_case" => {
                let found = self.of_sameness(id, receiver, compared)?;
                let strength = if outcome == Outcome::Refuses { found.strength } else { Strength::Weak };
                Some(Evidence { strength, ..found })
            }
            "eq" | "ne" if borrowed => self.of_sameness(id, receiver, compared),
            _ if borrowed => self.of_size(id, receiver, compared),
            _ => None,
        }
    }

    /// What a reference in an argument lends.
    fn lent(&self, at: ExprId) -> ExprId {
        match self.body.expr(at) {
            Expr::Reference(_, inner) => self.lent(*inner),
            _ => at,
        }
    }

    /// Whether a list is what went well of several calls, or what failed: `partition(Result::is_ok)`.
    fn went_well_or_not(&self, list: ExprId) -> bool {
        let Some(from) = self.local(list).and_then(|local| local.from) else { return false };
        let from = if let Expr::Typed(inner, _) = self.body.expr(from) { *inner } else { from };
        let Expr::MethodCall(_, name, arguments) = self.body.expr(from) else { return false };
        let asked = arguments.first().and_then(|by| match self.body.expr(*by) {
            Expr::Closure(_, inner) => self.tail(*inner),
            _ => Some(*by),
        });
        let named = asked.and_then(|asked| name_of(self.body, asked)).map(|name| last_segment(name));
        name == "partition" && matches!(named, Some("is_ok" | "is_err"))
    }

    /// Whether an expression is a text of a value of the core, apart from what only tells it from others.
    fn is_part_of_core(&self, at: ExprId) -> bool {
        let base = match self.body.expr(at) {
            Expr::Field(base, name) if !is_identity(name) => *base,
            Expr::MethodCall(receiver, name, arguments) if arguments.is_empty() && is_transparent(name) => {
                return self.is_part_of_core(*receiver);
            }
            Expr::Reference(_, inner) => return self.is_part_of_core(*inner),
            _ => return false,
        };
        self.nature(base) == Nature::Core && self.nature(at) == Nature::Text
    }

    /// Whether an expression is a literal or a constant.
    fn is_written(&self, at: ExprId) -> bool {
        matches!(self.value(at).origin, Origin::Literal | Origin::Constant)
    }

    /// Whether the length is that of a text.
    fn counts_letters(&self, id: ExprId) -> bool {
        let Expr::Binary(_, left, right) = self.body.expr(id) else { return false };
        [left, right].into_iter().any(|side| match self.body.expr(*side) {
            Expr::MethodCall(receiver, name, _) => {
                let letters = matches!(self.body.expr(*receiver), Expr::MethodCall(_, inner, _) if inner == "chars");
                matches!(name.as_str(), "len" | "count") && (letters || self.nature(*receiver) == Nature::Text)
            }
            _ => false,
        })
    }

    /// Looking at single letters takes text apart.
    fn is_letter(&self, at: ExprId) -> bool {
        matches!(self.body.expr(at), Expr::Literal(LiteralKind::Character, _))
            || matches!(self.body.expr(at), Expr::Unary(_, inner) if self.is_letter(*inner))
    }

    /// `[Role::Admin, Role::Clerk]`, `18..65`
    fn is_choice_of(&self, at: ExprId, value: Value) -> bool {
        matches!(value.origin, Origin::Literal | Origin::Constant)
            && !matches!(self.body.expr(at), Expr::Literal(LiteralKind::Text, _))
    }

    /// Evidence of a comparison by size: what comes of it decides, whatever that is.
    fn decided(&self, id: ExprId, value: Value, strength: Strength, why: &str) -> Option<Evidence> {
        if self.is_technical_end(id) {
            return None;
        }
        match self.fate(id) {
            Fate::Decides(Outcome::Tells, _) | Fate::Told | Fate::Dropped => None,
            Fate::Decides(..) => Some(self.evidence("comparison", strength, id, value, why.to_owned())),
            Fate::Kept => Some(self.evidence("comparison", Strength::Weak, id, value, why.to_owned())),
        }
    }

    /// Evidence of a comparison for sameness: leaving early or telling someone is no rule.
    fn decided_by_kind(&self, id: ExprId, value: Value, why: String) -> Option<Evidence> {
        if self.is_technical_end(id) {
            return None;
        }
        // What the caller asks for says what to do: that is dispatch.
        let asked = self.is_request(value);
        let strength = match self.fate(id) {
            Fate::Decides(Outcome::Tells | Outcome::Leaves, _) | Fate::Told | Fate::Dropped => return None,
            Fate::Decides(Outcome::Acts, _) if asked => return None,
            Fate::Kept | Fate::Decides(Outcome::Skips, _) => Strength::Weak,
            Fate::Decides(..) => Strength::Strong,
        };
        Some(self.evidence("comparison", strength, id, value, why))
    }

    /// What stands on the other side of a comparison, in words.
    fn beside(&self, at: ExprId) -> String {
        let value = self.value(at);
        match self.body.expr(at) {
            Expr::Literal(_, text) => format!("`{text}`"),
            Expr::Path(path) if value.origin == Origin::Literal => format!("`{path}`"),
            _ => self.said(value),
        }
    }

    /// `0` or `1`
    pub(super) fn is_trivial(&self, at: ExprId) -> bool {
        is_trivial(self.body, at)
    }
}

fn is_trivial(body: &Body, at: ExprId) -> bool {
    match body.expr(at) {
        Expr::Literal(LiteralKind::Integer | LiteralKind::Float, text) => {
            let digits = text.trim_end_matches(|last: char| last.is_alphanumeric() && !last.is_ascii_digit());
            matches!(digits, "0" | "1" | "0.0" | "1.0" | "0." | "1.")
                || text.starts_with("0_")
                || text.starts_with("0u")
                || text.starts_with("1u")
        }
        Expr::Unary(_, inner) => is_trivial(body, *inner),
        _ => false,
    }
}

/// Whether a method is an operator that is spelled out.
fn is_operator(name: &str) -> bool {
    let order = matches!(name, "gt" | "ge" | "lt" | "le" | "cmp" | "partial_cmp" | "total_cmp");
    order || matches!(name, "eq" | "ne" | "eq_ignore_ascii_case")
}

fn is_variant(path: &str) -> bool {
    let last = last_segment(path);
    !matches!(last, "Some" | "None" | "Ok" | "Err" | "Ready" | "Pending")
        && last.starts_with(|first: char| first.is_uppercase())
}
