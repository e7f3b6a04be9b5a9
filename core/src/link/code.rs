//! The code of orchestrators, function by function.

use super::{FunctionRef, Orchestrator, Project};
use std::collections::BTreeSet;

impl Project {
    /// Every function that counts as an orchestrator's code, with the orchestrator, sorted by those.
    /// What several orchestrators share, or several targets compile, comes once.
    pub fn orchestrator_code(&self) -> Vec<(&Orchestrator, FunctionRef)> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for orchestrator in &self.orchestrators {
            for &function in &orchestrator.code {
                let Some(declared) = self.function(function) else { continue };
                if seen.insert(self.place(function.item.module, declared.name_span)) {
                    found.push((orchestrator, function));
                }
            }
        }
        found
    }
}
