//! How something is said: one thing and several.

use crate::facts::body::{Expr, ExprId, LiteralKind};
use crate::facts::types::last_segment;
use crate::provenance::Provenance;

impl Provenance<'_> {
    /// `if count == 1 { "1 order" } else { "several orders" }`: how it is said. Both sides say the same of
    /// one and of several, or one shows the number; two words that have nothing in common are two answers.
    pub(super) fn is_plural(&self, id: ExprId, other: ExprId) -> bool {
        let Some(Expr::If(condition, then, Some(otherwise))) = self.parent(id).map(|parent| self.body.expr(parent))
        else {
            return false;
        };
        let one = self.is_trivial(other)
            && matches!(self.body.expr(other), Expr::Literal(LiteralKind::Integer, text) if text.starts_with('1'));
        let branches = [*then, *otherwise];
        let worded = branches.into_iter().all(|branch| self.is_worded(branch));
        *condition == id && one && worded && self.says_the_same(branches)
    }

    /// Whether one of two texts is put together, or a word of one begins a word of the other.
    fn says_the_same(&self, branches: [ExprId; 2]) -> bool {
        let (mut words, mut shows) = ([Vec::new(), Vec::new()], false);
        for (branch, words) in branches.into_iter().zip(&mut words) {
            for (id, node) in self.body.nodes() {
                match &node.expr {
                    Expr::Macro(..) if id == branch || self.is_inside(id, branch) => shows = true,
                    Expr::Literal(LiteralKind::Text, text) if id == branch || self.is_inside(id, branch) => {
                        let letters = |letter: char| !letter.is_alphabetic();
                        words.extend(text.split(letters).filter(|word| word.len() > 2));
                    }
                    _ => {}
                }
            }
        }
        let [one, other] = words;
        let alike = |left: &str, right: &str| left.starts_with(right) || right.starts_with(left);
        shows || one.iter().any(|left| other.iter().any(|right| alike(left, right)))
    }

    /// Whether nothing but text is written here.
    fn is_worded(&self, at: ExprId) -> bool {
        match self.body.expr(at) {
            Expr::Literal(LiteralKind::Text, _) => true,
            Expr::Macro(name, _) => last_segment(name) == "format",
            Expr::MethodCall(receiver, name, _) => {
                matches!(name.as_str(), "to_string" | "to_owned" | "into") && self.is_worded(*receiver)
            }
            Expr::Call(callee, parts) => {
                matches!(self.body.expr(*callee), Expr::Path(path) if path == "String::from")
                    && parts.iter().all(|part| self.is_worded(*part))
            }
            Expr::Tuple(parts) => !parts.is_empty() && parts.iter().all(|part| self.is_worded(*part)),
            Expr::Block(statements, true) => {
                matches!(statements.as_slice(), [only] if self.is_worded(*only))
            }
            _ => false,
        }
    }
}
