//! Decision tables: what comes out is looked up by what kind the domain data is.

use super::{Evidence, Strength};
use crate::facts::body::{Arm, Expr, ExprId, LeaveKind, LiteralKind, PatternId, PatternKind};
use crate::facts::types::last_segment;
use crate::provenance::{Fate, Nature, Origin, Provenance, Value};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What an arm yields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Yield {
    /// A variant, with what it is made of.
    Variant(String),
    /// A number, a truth, several of something.
    Chosen(String),
    /// A text, which is for people.
    Text,
    /// A further table.
    Table,
    /// Nothing that was chosen here.
    Other,
}

impl Provenance<'_> {
    pub(super) fn table(&self, id: ExprId) -> Option<Evidence> {
        let (scrutinee, arms) = match self.body.expr(id) {
            Expr::Match(scrutinee, arms) => (scrutinee, arms),
            Expr::Index(table, key) => return self.looked_up(id, *table, *key),
            Expr::MethodCall(table, name, arguments) if name == "get" => {
                return self.looked_up(id, *table, *arguments.first()?);
            }
            _ => return None,
        };
        let value = self.asked(*scrutinee)?;
        let variants = arms.iter().filter(|arm| self.names_variant(arm.pattern)).count();
        if variants == 0 || arms.len() < 2 || self.is_inner_table(id) || self.is_about_absence(arms) {
            return None;
        }
        // From where to where a reply is good is what its protocol says.
        let ranges = arms.iter().any(|arm| self.is_range(arm.pattern));
        let replies = ranges && self.is_status(*scrutinee);
        if let Some(refused) = self.refusal(id, *scrutinee, arms).filter(|_| !replies) {
            return Some(refused);
        }
        if self.is_technical_end(id) || matches!(self.fate(id), Fate::Dropped) && !self.leaves(arms) {
            return None;
        }
        let counts = arms.iter().any(|arm| self.acts(arm.body));
        let yields: Vec<Yield> = arms
            .iter()
            .map(|arm| match self.yielded(arm.body) {
                // Where others do something, nothing and one say how much was done.
                Yield::Chosen(text) if counts && matches!(text.as_str(), "0" | "1" | "true" | "false") => Yield::Other,
                // What a number is called for people is read from it; how it is graded, is a rule.
                Yield::Text if ranges && !replies => Yield::Chosen(self.text_key(arm.body)),
                other => other,
            })
            .collect();
        let chosen = yields.iter().filter(|one| is_chosen(one)).count();
        if chosen < 2 || chosen * 2 < arms.len() || self.is_translation(arms, &yields) {
            return None;
        }
        let why = format!("looks up what follows from which kind {} is", self.said(value));
        // What a text stands for is read from it.
        let reads = arms.iter().any(|arm| self.is_text_pattern(arm.pattern))
            && !yields.iter().any(|one| matches!(one, Yield::Chosen(_)));
        let strength = if reads { Strength::Weak } else { Strength::Strong };
        Some(self.evidence("table", strength, id, value, why))
    }

    /// `SURCHARGES[order.tier as usize]`, `percents.get(&order.tier)`: the same table as data.
    fn looked_up(&self, id: ExprId, table: ExprId, key: ExprId) -> Option<Evidence> {
        let written = matches!(self.value(table).origin, Origin::Literal | Origin::Constant);
        let value = self.value(key);
        let known = value.origin == Origin::Domain && !matches!(self.nature(key), Nature::Text | Nature::Technical);
        if !written || !known || self.is_technical_end(id) {
            return None;
        }
        let why = format!("looks up what follows from what {} is, in a table that stands here", self.said(value));
        Some(self.evidence("table", Strength::Strong, id, value, why))
    }

    /// The domain data that a `match` asks about, if it asks about any.
    fn asked(&self, scrutinee: ExprId) -> Option<Value> {
        if let Expr::Tuple(parts) = self.body.expr(scrutinee) {
            return parts.iter().find_map(|part| self.asked(*part));
        }
        let value = self.value(scrutinee);
        let nature = self.nature(scrutinee);
        let data = matches!(value.origin, Origin::Domain | Origin::Received);
        (data && !matches!(nature, Nature::Failure | Nature::Technical | Nature::Flag)).then_some(value)
    }

    /// Whether every arm is about whether something is there, or worked.
    fn is_about_absence(&self, arms: &[Arm]) -> bool {
        arms.iter().all(|arm| self.is_absence(arm.pattern) || !self.names_variant(arm.pattern))
    }

    /// Whether a table stands in an arm of another, which is reported instead.
    fn is_inner_table(&self, id: ExprId) -> bool {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            match self.body.expr(parent) {
                Expr::Match(_, arms) => {
                    return arms.iter().any(|arm| arm.body == at)
                        && self.table(parent).is_some_and(|one| one.kind == "table");
                }
                Expr::Block(statements, true) if statements.last() == Some(&at) => at = parent,
                Expr::Leave(..) | Expr::Call(..) => at = parent,
                _ => return false,
            }
        }
        false
    }

    /// Arms that make an error for some kinds of domain data.
    fn refusal(&self, id: ExprId, scrutinee: ExprId, arms: &[Arm]) -> Option<Evidence> {
        let value = self.asked(scrutinee).filter(|value| value.origin == Origin::Domain)?;
        // Where the others are named, the rest is what is refused.
        let named = arms.iter().any(|arm| self.names_variant(arm.pattern) && !self.is_absence(arm.pattern));
        let refuses = |arm: &&Arm| named && !self.is_absence(arm.pattern) && self.makes_error(arm.body);
        let goes_on = arms.iter().any(|arm| !self.makes_error(arm.body));
        arms.iter().find(refuses).filter(|_| goes_on)?;
        if self.is_dispatch(value, arms) {
            return None;
        }
        // What a text or a reply means is read from it.
        if arms.iter().any(|arm| self.is_text_pattern(arm.pattern)) {
            return None;
        }
        let strength = if self.is_of_shell(scrutinee) { Strength::Weak } else { Strength::Strong };
        let why = format!("refuses by which kind {} is", self.said(value));
        Some(self.evidence("guard", strength, id, value, why))
    }

    /// Whether each kind of what the caller asks for has its own call, and only the rest is refused.
    fn is_dispatch(&self, value: Value, arms: &[Arm]) -> bool {
        let asked = self.is_request(value);
        let (named, rest): (Vec<&Arm>, Vec<&Arm>) = arms.iter().partition(|arm| self.names_variant(arm.pattern));
        asked
            && !rest.is_empty()
            && named.iter().all(|arm| !self.makes_error(arm.body) && arm.guard.is_none())
            && named.iter().any(|arm| self.acts(arm.body))
    }

    fn leaves(&self, arms: &[Arm]) -> bool {
        arms.iter().any(|arm| matches!(self.body.expr(arm.body), Expr::Leave(LeaveKind::Return, Some(_))))
    }

    fn yielded(&self, body: ExprId) -> Yield {
        match self.body.expr(body) {
            Expr::Block(statements, _) => statements.last().map_or(Yield::Other, |last| self.yielded(*last)),
            Expr::Leave(LeaveKind::Return, Some(value)) => self.yielded(*value),
            Expr::Literal(LiteralKind::Text | LiteralKind::Character, _) => Yield::Text,
            Expr::Literal(_, text) => Yield::Chosen(text.to_string()),
            Expr::Path(path) if is_choice(path) => Yield::Variant(path.to_string()),
            Expr::Reference(_, inner) | Expr::Typed(inner, _) | Expr::Unary(_, inner) | Expr::Index(inner, _) => {
                self.yielded(*inner)
            }
            Expr::Call(callee, arguments) => self.made(*callee, arguments),
            Expr::MethodCall(receiver, name, _)
                if matches!(name.as_str(), "to_string" | "to_owned" | "into" | "clone") =>
            {
                self.yielded(*receiver)
            }
            Expr::Macro(name, parts) if last_segment(name) == "vec" => self.several(parts),
            Expr::Array(parts) => self.several(parts),
            // `()` is nothing.
            Expr::Tuple(parts) if parts.is_empty() => Yield::Other,
            Expr::Tuple(parts) => match self.several(parts) {
                Yield::Chosen(text) if !parts.iter().any(|part| matches!(self.yielded(*part), Yield::Chosen(_))) => {
                    Yield::Variant(text)
                }
                other => other,
            },
            Expr::Struct(path, fields, _) => {
                let chosen = fields.iter().map(|(_, value)| self.yielded(*value)).filter(is_chosen).count();
                if chosen == 0 { Yield::Other } else { Yield::Chosen(format!("{path} {}", self.text_key(body))) }
            }
            Expr::Match(_, arms) if arms.len() > 1 => {
                let chosen = arms.iter().filter(|arm| is_chosen(&self.yielded(arm.body))).count();
                if chosen > 1 { Yield::Table } else { Yield::Other }
            }
            Expr::If(_, then, Some(otherwise)) => {
                let both = [self.yielded(*then), self.yielded(*otherwise)];
                if both.iter().all(is_chosen) { Yield::Table } else { Yield::Other }
            }
            _ => Yield::Other,
        }
    }

    fn made(&self, callee: ExprId, arguments: &[ExprId]) -> Yield {
        let Expr::Path(path) = self.body.expr(callee) else { return Yield::Other };
        match (last_segment(path), arguments) {
            ("Ok" | "Some", [only]) => self.yielded(*only),
            ("Err", _) => Yield::Other,
            (last, _) if last.starts_with(|first: char| first.is_uppercase()) => {
                let parts: Vec<String> = arguments.iter().map(|one| self.text_key(*one)).collect();
                Yield::Variant(format!("{path}({})", parts.join(",")))
            }
            // `Money::from(15)` is a number by another name.
            (_, [only]) if path.contains("::") => match self.yielded(*only) {
                Yield::Chosen(text) => Yield::Chosen(text),
                _ => Yield::Other,
            },
            _ => Yield::Other,
        }
    }

    fn several(&self, parts: &[ExprId]) -> Yield {
        let chosen = parts.iter().map(|part| self.yielded(*part)).any(|one| is_chosen(&one));
        if chosen || parts.is_empty() {
            Yield::Chosen(parts.iter().map(|part| self.text_key(*part)).collect::<Vec<_>>().join(","))
        } else {
            Yield::Other
        }
    }

    fn is_text_pattern(&self, pattern: PatternId) -> bool {
        match &self.body.pattern(pattern).kind {
            PatternKind::Literal(LiteralKind::Text | LiteralKind::Character, _) => true,
            PatternKind::Or(parts) => parts.iter().any(|part| self.is_text_pattern(*part)),
            _ => false,
        }
    }

    /// Whether a pattern holds for numbers from one to another.
    pub(super) fn is_range(&self, pattern: PatternId) -> bool {
        match &self.body.pattern(pattern).kind {
            PatternKind::Range => true,
            PatternKind::Or(parts) | PatternKind::Sequence(parts) => parts.iter().any(|part| self.is_range(*part)),
            PatternKind::TupleStruct(_, parts) => parts.iter().any(|part| self.is_range(*part)),
            PatternKind::Binding(_, Some(inner)) | PatternKind::Reference(inner) => self.is_range(*inner),
            _ => false,
        }
    }

    /// Something that is the same for the same code.
    fn text_key(&self, at: ExprId) -> String {
        match self.body.expr(at) {
            Expr::Path(path) => path.to_string(),
            Expr::Literal(_, text) => text.to_string(),
            _ => format!("{}", at.index()),
        }
    }

    /// Whether each kind of one type becomes its own kind of another: that is mapping, no rule.
    fn is_translation(&self, arms: &[Arm], yields: &[Yield]) -> bool {
        let simple = arms.iter().all(|arm| arm.guard.is_none() && self.is_single(arm.pattern));
        let outputs: BTreeSet<&Yield> = yields.iter().collect();
        let variants = yields.iter().filter(|one| matches!(one, Yield::Variant(_))).count();
        let others = yields.iter().filter(|one| matches!(one, Yield::Text | Yield::Other)).count();
        let distinct = outputs.len() + others.saturating_sub(usize::from(others > 0)) >= arms.len();
        simple && variants + others == arms.len() && distinct && !self.stays_in_type(arms, yields)
    }

    /// A name, or one variant whose parts are only taken out.
    fn is_single(&self, pattern: PatternId) -> bool {
        match &self.body.pattern(pattern).kind {
            PatternKind::Path(_) | PatternKind::Wild | PatternKind::Binding(_, None) | PatternKind::Literal(..) => true,
            PatternKind::TupleStruct(path, parts) if matches!(last_segment(path), "Some" | "Ok") => {
                parts.iter().all(|part| self.is_single(*part))
            }
            // `Reply::Media(Media::Call(call))` is one kind, told in two steps.
            PatternKind::TupleStruct(_, parts) if parts.len() == 1 && self.names_variant(parts[0]) => {
                let inner = &self.body.pattern(parts[0]).kind;
                matches!(inner, PatternKind::TupleStruct(..) | PatternKind::Struct(..)) && self.is_single(parts[0])
            }
            PatternKind::TupleStruct(_, parts) => parts.iter().all(|part| !self.names_variant(*part)),
            PatternKind::Struct(_, parts) => parts.iter().all(|(_, part)| !self.names_variant(*part)),
            PatternKind::Reference(inner) => self.is_single(*inner),
            _ => false,
        }
    }

    /// Whether kinds of a type lead to kinds of the same type: which may follow which is a rule.
    fn stays_in_type(&self, arms: &[Arm], yields: &[Yield]) -> bool {
        let from: BTreeSet<SmolStr> = arms.iter().filter_map(|arm| self.holder(arm.pattern)).collect();
        yields.iter().any(|one| match one {
            Yield::Variant(path) => path.rsplit_once("::").is_some_and(|(holder, _)| from.contains(holder)),
            _ => false,
        })
    }

    fn holder(&self, pattern: PatternId) -> Option<SmolStr> {
        match &self.body.pattern(pattern).kind {
            PatternKind::Path(path) | PatternKind::TupleStruct(path, _) | PatternKind::Struct(path, _) => {
                let (holder, _) = path.rsplit_once("::")?;
                Some(holder.into())
            }
            PatternKind::Or(parts) => self.holder(*parts.first()?),
            _ => None,
        }
    }
}

const fn is_chosen(one: &Yield) -> bool {
    matches!(one, Yield::Variant(_) | Yield::Chosen(_) | Yield::Table)
}

/// `State::Paid`, `LIMIT`
fn is_choice(path: &str) -> bool {
    let last = last_segment(path);
    last.starts_with(|first: char| first.is_uppercase()) && last != "None" && last != "Self"
}
