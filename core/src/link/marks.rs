//! What `#[baton::orchestrator(…)]` says of the code that it stands on.
//!
//! The attribute may also stand under `cfg_attr`: with a condition that never holds, such as
//! `any()`, it compiles without the crate that brings it.

use super::tree::ModuleId;
use super::{FunctionRef, ItemRef, Project};
use crate::facts::{Attribute, Item, ItemKind};
use crate::source::{Place, Span};
use smol_str::SmolStr;

/// The names of the attribute.
const NAMES: [&str; 4] =
    ["baton::orchestrator", "baton_runtime::orchestrator", "baton_macros::orchestrator", "orchestrator"];

/// What one attribute says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The layer.
    pub layer: Option<SmolStr>,
    /// The domains that the code may name besides its own.
    pub cross_domain: Vec<SmolStr>,
    /// Whether it says which those are, be it none.
    pub says_domains: bool,
    /// What it says of transactions.
    pub transaction: Option<SmolStr>,
}

/// Code that has a mark.
#[derive(Clone, Debug)]
pub struct Marked {
    /// What the mark says.
    pub mark: Mark,
    /// The path of the code without its crate.
    pub path: String,
    /// The module that the attribute stands in.
    pub module: ModuleId,
    /// The place of its name.
    pub place: Place,
    /// The code: a type with its `impl` blocks, an orchestrator with the functions it calls, a
    /// function, or one block.
    code: Vec<Place>,
    /// The module, if the attribute stands on one.
    inside: Option<ModuleId>,
}

impl Mark {
    /// What the attributes of an item say, if one of them is the mark.
    pub(super) fn of(attributes: &[Attribute]) -> Option<Self> {
        attributes.iter().find_map(|attribute| match attribute.path.as_str() {
            path if NAMES.contains(&path) => Some(Self::read(&attribute.arguments)),
            "cfg_attr" => parts(&attribute.arguments).skip(1).find_map(|part| {
                let (path, rest) = part.split_once('(').unwrap_or((part, ""));
                NAMES.contains(&path.trim()).then(|| Self::read(rest.trim_end().strip_suffix(')').unwrap_or(rest)))
            }),
            _ => None,
        })
    }

    fn read(arguments: &str) -> Self {
        let mut mark = Self::default();
        for (key, value) in parts(arguments).filter_map(|part| part.split_once('=')) {
            let mut texts = value.split('"').skip(1).step_by(2).map(SmolStr::from);
            match key.trim() {
                "layer" => mark.layer = texts.next(),
                "cross_domain" => (mark.cross_domain, mark.says_domains) = (texts.collect(), true),
                "transaction" => mark.transaction = texts.next(),
                _ => {}
            }
        }
        mark
    }
}

/// The parts of a list between its commas: not those inside of brackets or strings.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut quoted) = (0_i32, false);
    text.split(move |letter| {
        match letter {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0 && !quoted
    })
    .map(str::trim)
}

impl Marked {
    /// Whether code at a place of a module is what the mark speaks of.
    pub fn covers(&self, project: &Project, module: ModuleId, span: Span) -> bool {
        let file = project.module(module).file;
        let ancestors = || std::iter::successors(Some(module), |&at| project.module(at).parent);
        self.inside.is_some_and(|inside| ancestors().any(|at| at == inside))
            || self.code.iter().any(|place| place.file == file && place.span.contains(span))
    }
}

impl Project {
    /// Every mark outside of test code, sorted by place; one that several targets compile is one.
    pub fn marked(&self) -> Vec<Marked> {
        let mut found = Vec::new();
        for (id, _) in self.modules().filter(|(_, module)| !module.test) {
            for (index, item) in self.scope(id).items.iter().enumerate().filter(|(_, item)| !item.test) {
                let at = ItemRef { module: id, index: index as u32 };
                found.extend(Mark::of(&item.attributes).map(|mark| of_item(self, at, item, mark)));
                found.extend(of_functions(self, at, item));
            }
        }
        found.sort_by_key(|marked| marked.place);
        found.dedup_by_key(|marked| marked.place);
        found
    }
}

fn of_item(project: &Project, at: ItemRef, item: &Item, mark: Mark) -> Marked {
    let mut code = vec![project.place(at.module, item.span)];
    code.extend(project.impls(at).map(|(block, _)| project.place(block.module, project.item(block).span)));
    let orchestrators = project.orchestrators.iter().filter(|one| one.item == at);
    for function in orchestrators.flat_map(|one| &one.code) {
        code.extend(project.function(*function).map(|inner| project.place(function.item.module, inner.span)));
    }
    let children = &project.module(at.module).children;
    let is_module = matches!(item.kind, ItemKind::Module(_));
    let inside = children.iter().find(|(name, _)| is_module && *name == item.name).map(|(_, child)| *child);
    let path = match &item.kind {
        ItemKind::Impl(block) => {
            let name = block.self_type.referent().path().map(|path| path.last().to_owned()).unwrap_or_default();
            project.path_in(at.module, &name)
        }
        _ => project.item_path(at),
    };
    Marked { mark, path, module: at.module, place: project.place(at.module, item.name_span), code, inside }
}

/// The functions of an `impl` or a trait that have a mark of their own.
fn of_functions(project: &Project, at: ItemRef, item: &Item) -> Vec<Marked> {
    let functions = match &item.kind {
        ItemKind::Impl(block) => &block.functions,
        ItemKind::Trait(declared) => &declared.functions,
        _ => return Vec::new(),
    };
    let marked = functions.iter().enumerate().filter(|(_, function)| !function.test).filter_map(|(index, function)| {
        let mark = Mark::of(&function.attributes)?;
        let path = project.function_path(FunctionRef { item: at, index: index as u32 });
        let code = vec![project.place(at.module, function.span)];
        let place = project.place(at.module, function.name_span);
        Some(Marked { mark, path, module: at.module, place, code, inside: None })
    });
    marked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(path: &str, arguments: &str) -> Option<Mark> {
        Mark::of(&[Attribute { path: path.into(), arguments: arguments.into() }])
    }

    #[test]
    fn an_attribute_says_layer_domains_and_transactions() {
        let all = mark(
            "baton::orchestrator",
            "layer = \"application\", cross_domain = [\"billing\", \"a,b\",], transaction = \"owner\"",
        );
        let expected = Mark {
            layer: Some("application".into()),
            cross_domain: vec!["billing".into(), "a,b".into()],
            says_domains: true,
            transaction: Some("owner".into()),
        };
        assert_eq!(all, Some(expected));
        assert_eq!(mark("orchestrator", ""), Some(Mark::default()));
        assert_eq!(mark("baton_runtime::orchestrator", ""), Some(Mark::default()));
        assert_eq!(mark("orchestrators", ""), None);
        assert!(mark("orchestrator", "cross_domain = []").is_some_and(|mark| mark.says_domains));
    }

    #[test]
    fn an_attribute_under_a_condition_counts() {
        let one = Mark { cross_domain: vec!["billing".into()], says_domains: true, ..Mark::default() };
        let text = "any(), baton::orchestrator(cross_domain = [\"billing\"])";
        assert_eq!(mark("cfg_attr", text), Some(one.clone()));
        assert_eq!(
            mark("cfg_attr", "all(a, b), derive(Debug), baton :: orchestrator"),
            None,
            "not how anybody writes it"
        );
        assert_eq!(mark("cfg_attr", "any(), derive(Debug), orchestrator"), Some(Mark::default()));
        assert_eq!(mark("cfg_attr", "any(), orchestrator (cross_domain=[ \"billing\" ] )"), Some(one));
        assert_eq!(mark("cfg_attr", "orchestrator"), None, "that is the condition");
    }
}
