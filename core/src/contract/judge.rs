//! Judges each contract by its kind.

use super::acyclic;
use super::members::{Container, Group, Members};
use super::question::{Exceptions, Judge, Question, Told};
use super::view::View;
use super::{Breach, Import, Judged, Outcome, Why};
use crate::config::{ConfigError, ContractKind, ContractRule, LayerRule, Member};
use crate::facts::{self, ImportKind, Item, ItemKind, Visibility};
use crate::finding::Level;
use crate::graph::{self, Fault, NodeId, Side};
use crate::source::Span;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Judges one contract.
pub(super) fn judge(rule: &ContractRule, members: &Members<'_>) -> Judged {
    let mut errors = Vec::new();
    let outcome = Contract::judge(rule, members, &mut errors);
    Judged { outcome: (rule.level != Some(Level::Allow)).then_some(outcome), errors }
}

/// One contract that is being judged.
struct Contract<'a, 'e> {
    rule: &'a ContractRule,
    judge: Judge<'a>,
    errors: &'e mut Vec<ConfigError>,
    /// The nodes whose imports are looked at.
    subjects: BTreeSet<NodeId>,
    /// The exceptions that are needed.
    used: BTreeSet<usize>,
}

impl<'a> Contract<'a, '_> {
    fn judge(rule: &'a ContractRule, members: &'a Members<'a>, errors: &mut Vec<ConfigError>) -> Outcome {
        let before = errors.len();
        let imports = &members.imports;
        let exceptions = Exceptions::new(&rule.except, members, errors);
        let judge = Judge { imports, members, exceptions: &exceptions };
        let mut contract = Contract { rule, judge, errors, subjects: BTreeSet::new(), used: BTreeSet::new() };
        let breaches = contract.breaches();
        let Contract { subjects, used, errors, .. } = contract;
        let judged = match rule.kind {
            ContractKind::Required { .. } => subjects.len(),
            _ => subjects.iter().map(|&node| imports.count(node)).sum(),
        };
        // What is wrong with the members makes the rest meaningless.
        if errors.len() == before {
            errors.extend(exceptions.unused(&used, imports, members));
            if judged == 0 && !subjects.iter().any(|&node| members.is_unread(node)) {
                let (why, help) = match rule.kind {
                    ContractKind::Required { .. } => ("nothing in `source` holds code", "let `source` name code"),
                    _ => ("nothing that it speaks of imports anything", "let it name code that imports something"),
                };
                let message = format!("the contract `{}` judged nothing: {why}", rule.name);
                errors.push(members.error(rule.name_span, message, format!("{help}, or remove it")));
            }
        }
        Outcome { contract: rule.name.clone(), level: rule.level, judged, breaches }
    }

    fn breaches(&mut self) -> Vec<Breach> {
        let imports = match &self.rule.kind {
            ContractKind::Layers { layers, containers } if containers.is_empty() => self.layers(layers),
            ContractKind::Layers { layers, containers } => self.containers(layers, containers),
            ContractKind::Forbidden { source, forbidden } => self.forbidden(source, forbidden),
            ContractKind::Protected { protected, importers } => self.protected(protected, importers),
            ContractKind::Independent { members } => self.independent(members),
            ContractKind::Acyclic { members, within } => self.acyclic(members, within),
            ContractKind::Required { source, required } => return self.required(source, required),
        };
        imports.into_iter().map(|import| Breach::Import(Box::new(import))).collect()
    }

    /// A question that closes the nodes of `named`, which have to be all that the contract speaks of.
    fn question(&self, named: impl IntoIterator<Item = NodeId>, direct: bool) -> Question {
        Question::new(View::new(self.judge.imports, self.judge.exceptions, named), direct)
    }

    /// Asks, and tells what is found by the groups at both ends.
    fn ask(&mut self, question: &Question, goal: &str, from: impl Fn(NodeId) -> (Arc<str>, Why)) -> Vec<Told> {
        self.used.extend(self.judge.needed(question));
        let to: Arc<str> = goal.into();
        let told = self.judge.ask(question).into_iter().filter_map(|breach| {
            let (from, why) = from(*breach.chain.first()?);
            Some(Told { breach, view: Arc::clone(question.view()), why, from, to: Arc::clone(&to) })
        });
        told.collect()
    }

    fn layers(&mut self, layers: &[LayerRule]) -> Vec<Import> {
        let mut stack = Stack::default();
        for layer in layers {
            let mut groups = Vec::new();
            for one in &layer.members {
                match self.judge.members.layer_nodes(one, layers) {
                    Ok(nodes) if nodes.is_empty() && one.optional => {}
                    Ok(nodes) => groups.push((Group { label: one.member.text.clone(), nodes }, layer.span)),
                    Err(error) => self.errors.push(error),
                }
            }
            stack.push(layer, groups);
        }
        let told = self.stack(&stack);
        self.check_stacks(&[stack], "fewer than two of its layers exist");
        self.judge.tell(told)
    }

    fn containers(&mut self, layers: &[LayerRule], containers: &[Member]) -> Vec<Import> {
        let mut found = Vec::new();
        for member in containers {
            match self.judge.members.containers(member) {
                Ok(containers) => found.extend(containers),
                Err(error) => self.errors.push(error),
            }
        }
        let stacks = self.stacks(layers, &found);
        let mut told = Vec::new();
        for stack in &stacks {
            told.extend(self.stack(stack));
        }
        self.check_stacks(&stacks, "no container has two of its layers");
        self.judge.tell(told)
    }

    /// The layers of each container. One that no container has is misspelt, also if it may be absent.
    fn stacks(&mut self, layers: &[LayerRule], containers: &[Container]) -> Vec<Stack> {
        let members = self.judge.members;
        let (mut present, mut missing) = (BTreeSet::new(), Vec::new());
        let mut stacks = Vec::new();
        for container in containers {
            let mut stack = Stack::default();
            for layer in layers {
                let mut groups = Vec::new();
                for one in &layer.members {
                    let text = one.member.text.as_str();
                    match members.inside(container, &one.member) {
                        Ok(nodes) if nodes.is_empty() => missing.push((container, layer.span, one)),
                        Ok(nodes) => {
                            present.insert(text);
                            let label = format!("{text}` of `{}", members.container(container));
                            groups.push((Group { label, nodes }, layer.span));
                        }
                        Err(error) => self.errors.push(error),
                    }
                }
                stack.push(layer, groups);
            }
            stacks.push(stack);
        }
        for (container, span, one) in missing {
            let text = one.member.text.as_str();
            if !present.contains(text) {
                let help = members.nowhere_help(one, layers, containers);
                self.errors.push(members.error(span, format!("no container has `{text}`"), help));
            } else if !one.optional {
                let message = format!("`{}` has no `{text}`", members.container(container));
                let help = format!("write `({text})` for a layer that not every container has");
                self.errors.push(members.error(span, message, help));
            }
        }
        stacks
    }

    /// Says so if no import could break any of the stacks; `missing` is why where there is a lack of layers.
    fn check_stacks(&mut self, stacks: &[Stack], missing: &str) {
        let has_module =
            |(group, _): &(Group, Span)| group.nodes.iter().any(|&node| self.judge.members.module(node).is_some());
        let can_break = |stack: &Stack| {
            graph::must_not_import(&stack.levels).iter().any(|(from, ..)| has_module(&stack.groups[*from]))
        };
        if !self.errors.is_empty() || stacks.iter().any(can_break) {
            return;
        }
        let are_two = stacks.iter().any(|stack| stack.groups.len() > 1);
        let why = if are_two { "no layer that holds code of the project has another to leave alone" } else { missing };
        let message = format!("nothing can break the contract `{}`: {why}", self.rule.name);
        self.errors.push(self.judge.members.error(
            self.rule.name_span,
            message,
            "name two layers at least that exist together",
        ));
    }

    fn stack(&mut self, stack: &Stack) -> Vec<Told> {
        if !self.are_apart(&stack.groups) {
            return Vec::new();
        }
        let pairs = graph::must_not_import(&stack.levels);
        let labels: Vec<Arc<str>> = stack.groups.iter().map(|(group, _)| group.label.as_str().into()).collect();
        let closed = self.question(nodes_of(&stack.groups), self.rule.direct);
        let mut told = Vec::new();
        for (goal, (target, _)) in stack.groups.iter().enumerate() {
            let sources: Vec<_> = pairs.iter().filter(|(_, to, _)| *to == goal).collect();
            let mut question = closed.clone();
            for (from, ..) in &sources {
                question.set(&stack.groups[*from].0.nodes, Side::From);
            }
            question.set(&target.nodes, Side::Goal);
            let of = |node: NodeId| {
                let source = sources.iter().find(|(from, ..)| stack.groups[*from].0.nodes.binary_search(&node).is_ok());
                let why = match source.map(|(.., fault)| *fault) {
                    Some(Fault::Sideways) => Why::Sideways,
                    Some(Fault::Past(level)) => Why::Past(stack.texts[level].clone()),
                    Some(Fault::Upwards) | None => Why::Upwards,
                };
                (source.map_or_else(Arc::default, |(from, ..)| Arc::clone(&labels[*from])), why)
            };
            told.extend(self.ask(&question, &target.label, of));
        }
        told
    }

    /// Whether no module is in two groups; what is wrong has been said then. Their imports are looked at.
    fn are_apart(&mut self, groups: &[(Group, Span)]) -> bool {
        let before = self.errors.len();
        let nodes = self.judge.imports.graph.nodes().len();
        let mut owner: Vec<Option<usize>> = vec![None; nodes];
        for (number, (group, span)) in groups.iter().enumerate() {
            let both = group.nodes.iter().find_map(|&node| Some((node, owner[node.0 as usize]?)));
            if let Some((node, other)) = both {
                let name = self.judge.members.name(node);
                let message = format!("`{}` and `{}` share code, such as `{name}`", groups[other].0.label, group.label);
                self.errors.push(self.judge.members.error(*span, message, "name parts of the project that lie apart"));
            }
            for node in &group.nodes {
                owner[node.0 as usize] = Some(number);
            }
            self.subjects.extend(&group.nodes);
        }
        self.errors.len() == before
    }

    fn forbidden(&mut self, source: &[Member], forbidden: &[Member]) -> Vec<Import> {
        let goal = self.judge.members.all(forbidden, self.errors);
        let mut from = self.judge.members.all(source, self.errors);
        from.retain(|node| goal.binary_search(node).is_err());
        let labels = self.labels(source);
        if from.is_empty() && self.errors.is_empty() {
            let message = format!("everything in `source` of the contract `{}` is `forbidden` too", self.rule.name);
            self.errors.push(self.judge.members.error(self.rule.name_span, message, "name a source beside it"));
        }
        self.subjects.extend(&from);
        let closed = self.question(goal.iter().chain(&from).copied(), self.rule.direct);
        let mut told = Vec::new();
        for (target, nodes) in self.labels(forbidden) {
            let mut question = closed.clone();
            question.set(&from, Side::From);
            question.set(&nodes, Side::Goal);
            told.extend(self.ask(&question, &target, |node| (label_of(&labels, node), Why::Forbidden)));
        }
        self.judge.tell(told)
    }

    /// The members with their nodes; what is wrong with them has been said.
    fn labels(&self, members: &[Member]) -> Vec<Labelled> {
        let found = members
            .iter()
            .filter_map(|member| Some((member.text.as_str().into(), self.judge.members.nodes(member).ok()?)));
        found.collect()
    }

    fn protected(&mut self, protected: &[Member], importers: &[Member]) -> Vec<Import> {
        let goal = self.judge.members.all(protected, self.errors);
        let allowed = self.judge.members.all(importers, self.errors);
        let others: Vec<NodeId> = self.judge.members.modules().collect();
        self.subjects.extend(&others);
        let names: Vec<String> = importers.iter().map(|member| member.text.clone()).collect();
        let closed = self.question(others.iter().chain(&allowed).chain(&goal).copied(), true);
        let mut told = Vec::new();
        for (target, nodes) in self.labels(protected) {
            let mut question = closed.clone();
            question.set(&others, Side::From);
            question.set(&allowed, Side::Closed);
            // What is protected may import itself, and all that is protected with it.
            question.set(&goal, Side::Closed);
            question.set(&nodes, Side::Goal);
            let members = self.judge.members;
            let of = |node| (Arc::clone(members.name(node)), Why::Protected(names.clone()));
            told.extend(self.ask(&question, &target, of));
        }
        self.judge.tell(told)
    }

    fn groups(&mut self, members: &[Member]) -> Vec<(Group, Span)> {
        let mut groups = Vec::new();
        for member in members {
            match self.judge.members.groups(member) {
                Ok(found) => groups.extend(found.into_iter().map(|group| (group, member.span))),
                Err(error) => self.errors.push(error),
            }
        }
        if let (1, [member]) = (groups.len(), members) {
            let message = format!("`{}` matches one member only, `{}`", member.text, groups[0].0.label);
            let help = "a contract among members needs two at least";
            self.errors.push(self.judge.members.error(member.span, message, help));
        }
        groups
    }

    fn independent(&mut self, members: &[Member]) -> Vec<Import> {
        let groups = self.groups(members);
        if !self.are_apart(&groups) {
            return Vec::new();
        }
        let labels: Vec<Labelled> =
            groups.iter().map(|(group, _)| (group.label.as_str().into(), group.nodes.clone())).collect();
        let mut others = self.question(nodes_of(&groups), self.rule.direct);
        for (group, _) in &groups {
            others.set(&group.nodes, Side::From);
        }
        let mut told = Vec::new();
        for (target, _) in &groups {
            let mut question = others.clone();
            question.set(&target.nodes, Side::Goal);
            told.extend(self.ask(&question, &target.label, |node| (label_of(&labels, node), Why::Independent)));
        }
        self.judge.tell(told)
    }

    fn acyclic(&mut self, members: &[Member], within: &[Member]) -> Vec<Import> {
        let mut found = Vec::new();
        if within.is_empty() {
            let groups = self.groups(members);
            if self.are_apart(&groups) {
                let groups: Vec<Group> = groups.into_iter().map(|(group, _)| group).collect();
                found.extend(self.cycles(&groups, &BTreeSet::new()));
            }
            return found;
        }
        for member in within {
            let containers = match self.judge.members.containers(member) {
                Ok(containers) => containers,
                Err(error) => {
                    self.errors.push(error);
                    continue;
                }
            };
            let sets: Vec<_> = containers.iter().map(|container| self.judge.members.children(container)).collect();
            if sets.iter().all(|set| set.len() < 2) {
                let message = format!("`{}` has fewer than two children", member.text);
                self.errors.push(self.judge.members.error(
                    member.span,
                    message,
                    "name a module or folder with several in it",
                ));
            }
            for groups in sets {
                self.subjects.extend(groups.iter().flat_map(|group| &group.nodes));
                // Nearly everything imports the module around it, and that imports nearly everything in it.
                let parents = self.judge.members.parents(&groups);
                found.extend(self.cycles(&groups, &parents));
            }
        }
        found
    }

    fn cycles(&mut self, groups: &[Group], parents: &BTreeSet<NodeId>) -> Vec<Import> {
        let (found, used) = acyclic::judge(&self.judge, groups, parents, self.rule.direct);
        self.used.extend(used);
        found
    }

    fn required(&mut self, source: &[Member], required: &[Member]) -> Vec<Breach> {
        let from = self.judge.members.all(source, self.errors);
        let from: Vec<NodeId> = from.into_iter().filter(|&node| self.has_code(node)).collect();
        self.subjects.extend(&from);
        let mut missing = Vec::new();
        for member in required {
            let goal = match self.judge.members.nodes(member) {
                Ok(goal) => goal,
                Err(error) => {
                    self.errors.push(error);
                    continue;
                }
            };
            if !from.is_empty() && from.iter().all(|node| goal.binary_search(node).is_ok()) {
                let message =
                    format!("everything in `source` of the contract `{}` is `{}` itself", self.rule.name, member.text);
                self.errors.push(self.judge.members.error(member.span, message, "require what lies beside it"));
            }
            let reached = self.reaching(&goal);
            for &node in from.iter().filter(|node| !reached[node.0 as usize]) {
                let excused = self.judge.exceptions.matching(node, &goal);
                let Some(module) = self.judge.members.module(node).filter(|_| excused.is_empty()) else {
                    self.used.extend(excused);
                    continue;
                };
                let required = member.text.clone();
                missing.push(Breach::Missing { module, required, indirect: !self.rule.direct });
            }
        }
        missing
    }

    /// Whether a module has more in it than other modules and offers of what is in them.
    fn has_code(&self, node: NodeId) -> bool {
        let project = self.judge.imports.project;
        let is_code = |item: &Item| !item.test && !matches!(item.kind, ItemKind::Module(_));
        let is_import = |import: &facts::Import| {
            !import.test && import.visibility == Visibility::Private && import.kind != ImportKind::ExternCrate
        };
        self.judge.members.module(node).is_some_and(|module| {
            let scope = project.scope(module);
            scope.items.iter().any(is_code) || scope.imports.iter().any(is_import)
        })
    }

    /// Which nodes import one of `goal`, or are one.
    fn reaching(&self, goal: &[NodeId]) -> Vec<bool> {
        let imports = self.judge.imports;
        if !self.rule.direct {
            return imports.leading_to(goal.iter().copied());
        }
        let mut reached = vec![false; imports.graph.nodes().len()];
        for &node in goal {
            reached[node.0 as usize] = true;
            for importer in imports.importers(node) {
                reached[importer.0 as usize] = true;
            }
        }
        reached
    }
}

/// A name with the nodes that it stands for, sorted.
type Labelled = (Arc<str>, Vec<NodeId>);

fn label_of(labels: &[Labelled], node: NodeId) -> Arc<str> {
    let found = labels.iter().find(|(_, nodes)| nodes.binary_search(&node).is_ok());
    found.map(|(label, _)| Arc::clone(label)).unwrap_or_default()
}

fn nodes_of(groups: &[(Group, Span)]) -> impl Iterator<Item = NodeId> {
    groups.iter().flat_map(|(group, _)| group.nodes.iter().copied())
}

/// A stack of layers whose members have been found.
#[derive(Default)]
struct Stack {
    levels: Vec<graph::Level>,
    texts: Vec<String>,
    groups: Vec<(Group, Span)>,
}

impl Stack {
    fn push(&mut self, layer: &LayerRule, groups: Vec<(Group, Span)>) {
        let first = self.groups.len();
        self.groups.extend(groups);
        let members = (first..self.groups.len()).collect();
        // A layer of which there is nothing cannot be gone through.
        let closed = layer.closed && self.groups.len() > first;
        self.levels.push(graph::Level { members, independent: layer.independent, closed });
        self.texts.push(layer.text.clone());
    }
}
