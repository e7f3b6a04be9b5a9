//! Questions about types that lead to others of their kind: each is answered once, and one that
//! leads back to itself ends there.

use super::Types;
use super::ty::{Bound, Parameter, Trait, Ty};
use super::unify::Substitution;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::sync::Arc;

/// How many questions may be open: more is a cycle that the compiler would reject.
const MOST_OPEN: usize = 32;

/// A question about a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Question {
    /// The bounds that a parameter is declared with.
    Declared(Parameter),
    /// Every trait that a type has by its bounds.
    Bounds(Ty),
    /// The associated type of that name, of a certain trait if one is given.
    Associated(Ty, Option<Trait>, SmolStr),
    /// Whether a block is for a type, and with which parameters.
    Fits(u32, Ty),
    /// Whether a type has a trait.
    Holds(Ty, Trait),
}

#[derive(Clone, Debug)]
pub(super) enum Answer {
    Bounds(Arc<[Bound]>),
    Type(Ty),
    Fits(Option<Arc<Substitution>>),
    Holds(Option<bool>),
}

/// What was asked.
#[derive(Debug, Default)]
pub(super) struct Questions {
    answers: FxHashMap<Question, Answer>,
    open: Vec<Question>,
    /// How many answers were cut short because their question was open already.
    cuts: u32,
}

impl Types<'_> {
    /// Answers a question, or says `otherwise` if it leads back to itself.
    pub(super) fn ask(
        &mut self,
        question: Question,
        otherwise: Answer,
        answer: impl FnOnce(&mut Self) -> Answer,
    ) -> Answer {
        if let Some(known) = self.questions.answers.get(&question) {
            return known.clone();
        }
        if self.questions.open.len() >= MOST_OPEN || self.questions.open.contains(&question) {
            self.questions.cuts += 1;
            return otherwise;
        }
        let before = self.questions.cuts;
        self.questions.open.push(question.clone());
        let found = answer(self);
        self.questions.open.pop();
        // What was cut short on the way is no answer to keep, unless the question stood first.
        if self.questions.cuts == before || self.questions.open.is_empty() {
            self.questions.answers.insert(question, found.clone());
        }
        found
    }
}
