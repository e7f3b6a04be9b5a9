//! How tests make orchestrators: which test makes which one, and how often.
//!
//! What a test does is only known by the names that it calls. A call makes an orchestrator if it means
//! one of its associated functions, a literal of it, or a function that makes it in turn.

use super::names::{ItemRef, Space, Target};
use super::{ModuleId, Orchestrator, Project};
use crate::facts::types::last_segment;
use crate::facts::{Attribute, Function, ItemKind, TestBody};
use crate::source::Place;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The function of the runtime that makes an orchestrator anew and compares.
const CHECK: &str = "assert_recreatable";

/// How many functions of test code may call each other until something is made.
const MOST_HELPERS: u8 = 4;

/// How tests make one orchestrator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeByTests {
    /// The name of the first test that makes it.
    pub first: Option<Place>,
    /// Whether a test makes it twice.
    pub twice: bool,
    /// Whether that is what the test is for: it says so by its name, or uses the runtime's check.
    pub proven: bool,
}

/// A function of test code.
struct TestFunction<'p> {
    module: ModuleId,
    declared: &'p Function,
    body: &'p TestBody,
    /// The name of the type that it belongs to; empty if it is free.
    owner: SmolStr,
}

impl Project {
    /// How tests make the orchestrators that are types.
    pub fn made_by_tests(&self) -> BTreeMap<ItemRef, MadeByTests> {
        let structs = self.orchestrators.iter().filter(|one| !one.is_function);
        let mut made: BTreeMap<ItemRef, MadeByTests> = structs.map(|one| (one.item, MadeByTests::default())).collect();
        let mut search = Search::new(self);
        for number in 0..search.functions.len() {
            let function = &search.functions[number];
            if !is_test(&function.declared.attributes) {
                continue;
            }
            let (module, name, name_span) =
                (function.module, function.declared.name.clone(), function.declared.name_span);
            let says_so = ["recreat", "restart", "rebuil", "anew"].iter().any(|word| name.contains(word));
            let (counts, checked) = search.test(number);
            for (item, count) in counts {
                let Some(known) = made.get_mut(&item) else { continue };
                let twice = count > 1 || checked;
                known.first.get_or_insert(self.place(module, name_span));
                known.twice |= twice;
                known.proven |= twice && (says_so || checked);
            }
        }
        made
    }
}

/// `#[test]`, `#[tokio::test]`, `#[rstest]`, `#[test_case(…)]`
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| last_segment(&attribute.path).contains("test"))
}

struct Search<'p> {
    project: &'p Project,
    functions: Vec<TestFunction<'p>>,
    /// The functions of test code by the module, the type and the name.
    by_name: FxHashMap<(ModuleId, SmolStr, SmolStr), usize>,
    orchestrators: FxHashMap<ItemRef, &'p Orchestrator>,
    /// What a path makes in a module.
    known: FxHashMap<(ModuleId, SmolStr), BTreeSet<ItemRef>>,
}

impl<'p> Search<'p> {
    fn new(project: &'p Project) -> Self {
        let functions = functions(project);
        let keys = functions.iter().enumerate();
        let by_name = keys.map(|(at, one)| ((one.module, one.owner.clone(), one.declared.name.clone()), at)).collect();
        let orchestrators = project.orchestrators.iter().map(|one| (one.item, one)).collect();
        Self { project, functions, by_name, orchestrators, known: FxHashMap::default() }
    }

    /// How often a test makes which orchestrators, and whether it hands them to the runtime's check.
    fn test(&mut self, number: usize) -> (BTreeMap<ItemRef, u32>, bool) {
        let function = &self.functions[number];
        let (module, body, owner) = (function.module, function.body, function.owner.clone());
        let checked = body.names.iter().any(|(path, _)| last_segment(path) == CHECK);
        let mut counts: BTreeMap<ItemRef, u32> = BTreeMap::new();
        for (path, calls) in &body.names {
            let count = if body.repeats { calls * 2 } else { *calls };
            if count == 0 && !checked {
                continue;
            }
            for item in self.makes(module, &owner, path, 0) {
                *counts.entry(item).or_default() += count;
            }
        }
        (counts, checked)
    }

    /// The orchestrators that a call of a path makes.
    fn makes(&mut self, module: ModuleId, owner: &SmolStr, path: &SmolStr, depth: u8) -> BTreeSet<ItemRef> {
        let path = match path.strip_prefix("Self::") {
            Some(rest) => format!("{owner}::{rest}").into(),
            None => path.clone(),
        };
        if let Some(known) = self.known.get(&(module, path.clone())) {
            return known.clone();
        }
        // Functions that call each other make nothing by that.
        self.known.insert((module, path.clone()), BTreeSet::new());
        let found = self.find(module, &path, depth);
        self.known.insert((module, path), found.clone());
        found
    }

    fn find(&mut self, module: ModuleId, path: &str, depth: u8) -> BTreeSet<ItemRef> {
        let names = self.project.names();
        if let Some((of, name)) = path.rsplit_once("::")
            && let Target::Item(of) = names.type_item(module, of)
        {
            if let Some(orchestrator) = self.orchestrators.get(&of) {
                return if self.is_maker(orchestrator, name) { BTreeSet::from([of]) } else { BTreeSet::new() };
            }
            let owner = self.project.item(of).name.clone();
            return self.helper(of.module, &owner, name, depth);
        }
        match names.resolve(module, path, Space::Values).target {
            Target::Item(item) if self.orchestrators.contains_key(&item) => BTreeSet::from([item]),
            Target::Item(item) => {
                let made = self.constructs(item);
                if made.is_empty() {
                    let name = self.project.item(item).name.clone();
                    return self.helper(item.module, &SmolStr::default(), &name, depth);
                }
                made
            }
            _ => match names.type_item(module, path) {
                Target::Item(item) if self.orchestrators.contains_key(&item) => BTreeSet::from([item]),
                _ => BTreeSet::new(),
            },
        }
    }

    /// Whether an associated function of an orchestrator makes one.
    fn is_maker(&self, orchestrator: &Orchestrator, name: &str) -> bool {
        let is_own = |function: &super::FunctionRef| {
            let declared = self.project.function(*function);
            declared.is_some_and(|declared| declared.name == name && declared.receiver.is_none())
        };
        matches!(name, "default" | "new" | "builder") || orchestrator.code.iter().any(is_own)
    }

    /// What a function of test code makes, by what it calls.
    fn helper(&mut self, module: ModuleId, owner: &SmolStr, name: &str, depth: u8) -> BTreeSet<ItemRef> {
        let Some(&number) = self.by_name.get(&(module, owner.clone(), name.into())) else { return BTreeSet::new() };
        if depth >= MOST_HELPERS {
            return BTreeSet::new();
        }
        let body = self.functions[number].body;
        let called = body.names.iter().filter(|(_, count)| *count > 0);
        called.flat_map(|(path, _)| self.makes(module, owner, path, depth + 1)).collect()
    }

    /// What a function outside of `#[test]` code makes: by what it returns, or by what it names.
    fn constructs(&self, item: ItemRef) -> BTreeSet<ItemRef> {
        let project = self.project;
        let declared = project.item(item);
        if !matches!(declared.kind, ItemKind::Function(_)) {
            return BTreeSet::new();
        }
        let returned = self.orchestrators.values().filter(|one| {
            one.constructors
                .iter()
                .any(|constructor| constructor.function.is_some_and(|function| function.item == item))
        });
        let mut found: BTreeSet<ItemRef> = returned.map(|one| one.item).collect();
        let paths = declared.paths.start as usize..declared.paths.end as usize;
        for used in project.scope(item.module).paths.get(paths).unwrap_or_default() {
            let Some((of, name)) = used.path.rsplit_once("::") else { continue };
            if let Target::Item(of) = project.names().type_item_at(item.module, of, used.span)
                && let Some(orchestrator) = self.orchestrators.get(&of)
                && self.is_maker(orchestrator, name)
            {
                found.insert(of);
            }
        }
        found
    }
}

/// The functions of test code that make something.
fn functions(project: &Project) -> Vec<TestFunction<'_>> {
    let mut found = Vec::new();
    for (module, declared) in project.modules() {
        let Some(facts) = project.file(declared.file).facts().filter(|facts| !facts.tests.is_empty()) else { continue };
        let body = |function: &Function| {
            let first = facts.tests.partition_point(|body| body.span.start < function.span.start);
            facts.tests.get(first).filter(|body| function.span.contains(body.span))
        };
        for item in &project.scope(module).items {
            let (owner, functions): (SmolStr, &[Function]) = match &item.kind {
                ItemKind::Function(function) => (SmolStr::default(), std::slice::from_ref(&**function)),
                ItemKind::Impl(block) => {
                    let name = block.self_type.referent().path().map(|path| path.last().into()).unwrap_or_default();
                    (name, &block.functions)
                }
                _ => continue,
            };
            let with_bodies = functions.iter().filter_map(|function| Some((function, body(function)?)));
            found.extend(with_bodies.map(|(declared, body)| TestFunction {
                module,
                declared,
                body,
                owner: owner.clone(),
            }));
        }
    }
    found
}
