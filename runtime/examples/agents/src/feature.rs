//! What is planned, coded and checked: pure functions over values. Where these functions stand, yours call a model.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What somebody wants. A part that ends with a question mark is one that nobody can make sense of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) feature: String,
    pub(crate) parts: Vec<String>,
}

/// The functions to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) functions: Vec<String>,
}

/// The functions that are written, with their bodies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) bodies: BTreeMap<String, String>,
}

/// What is wrong with the code, by function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) issues: BTreeMap<String, String>,
}

const UNFINISHED: &str = "todo!()";

pub(crate) fn plan(wish: &Wish) -> Plan {
    let function = |part: &String| part.to_lowercase().replace(' ', "_");
    Plan { functions: wish.parts.iter().map(function).collect() }
}

pub(crate) fn write(plan: &Plan) -> Code {
    Code { bodies: plan.functions.iter().map(|function| (function.clone(), UNFINISHED.to_owned())).collect() }
}

pub(crate) fn inspect(code: &Code) -> Report {
    let unfinished = code.bodies.iter().filter(|(_, body)| *body == UNFINISHED);
    let issue = |(function, _): (&String, &String)| (function.clone(), format!("`{function}` is not finished"));
    Report { issues: unfinished.map(issue).collect() }
}

/// Finishes the first function that can be: one at a time, as a careful fixer does.
pub(crate) fn repair(code: &Code, report: &Report) -> Code {
    let mut repaired = code.clone();
    if let Some(function) = report.issues.keys().find(|function| !function.ends_with('?')) {
        repaired.bodies.insert(function.clone(), format!("self.store.{function}()"));
    }
    repaired
}

/// The wish without what nobody can make sense of.
pub(crate) fn clarified(wish: &Wish) -> Wish {
    let clear = |part: &&String| !part.ends_with('?');
    Wish { feature: wish.feature.clone(), parts: wish.parts.iter().filter(clear).cloned().collect() }
}

/// Whether there is anything to write.
pub(crate) fn is_complete(plan: &Plan) -> Result<(), String> {
    if plan.functions.is_empty() { Err("it has no functions".to_owned()) } else { Ok(()) }
}

/// Whether nothing is wrong.
pub(crate) fn is_clean(report: &Report) -> Result<(), String> {
    let issues: Vec<_> = report.issues.values().map(String::as_str).collect();
    if issues.is_empty() { Ok(()) } else { Err(issues.join(", ")) }
}
