//! The types of function bodies, each worked out once for all who ask.

use super::BodyTypes;
use crate::link::{FunctionRef, ModuleId, Project};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The functions of a module, each with the types of its body once someone has asked.
type Module = FxHashMap<(u32, u32), OnceLock<Box<BodyTypes>>>;

/// The types of function bodies. Several lints look at the same ones, and finding the types of a body
/// costs more than most of what is asked about them.
#[derive(Debug, Default)]
pub(crate) struct Bodies {
    modules: Vec<OnceLock<Module>>,
    /// Whether someone will ask which `impl` blocks bodies use without naming them: to find them is dear.
    with_uses: bool,
}

impl Bodies {
    /// Room for the bodies of that many modules, with all that they use without naming it if that is asked for.
    pub(crate) fn of_modules(count: usize, with_uses: bool) -> Self {
        Self { modules: std::iter::repeat_with(OnceLock::new).take(count).collect(), with_uses }
    }

    /// Whether what bodies use without naming it is asked for.
    pub(super) const fn with_uses(&self) -> bool {
        self.with_uses
    }

    /// The types of a body, found by `find` where nobody has asked before; `None` where there is no body.
    pub(super) fn get(
        &self,
        project: &Project,
        function: FunctionRef,
        find: impl FnOnce() -> BodyTypes,
    ) -> Option<&BodyTypes> {
        let FunctionRef { item, index } = function;
        let module = self.modules.get(item.module.0 as usize)?.get_or_init(|| functions(project, item.module));
        Some(module.get(&(item.index, index))?.get_or_init(|| Box::new(find())))
    }
}

/// The functions of a module that have bodies.
fn functions(project: &Project, module: ModuleId) -> Module {
    let items = project.scope(module).items.iter().enumerate();
    let functions = items.flat_map(|(at, item)| {
        let with_bodies = item.kind.functions().enumerate().filter(|(_, function)| function.body.is_some());
        with_bodies.map(move |(number, _)| (at as u32, number as u32))
    });
    functions.map(|key| (key, OnceLock::new())).collect()
}
