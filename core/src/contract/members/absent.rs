//! Layers that need not exist: which absence is meant, and which is a slip of the pen.

use super::{Container, Found, Members};
use crate::config::{LayerMember, LayerRule, MemberKind, Pattern, PatternKind, nearest, suggestion};
use crate::graph::NodeId;
use crate::link::RoleKind;
use std::collections::BTreeSet;

impl Members<'_> {
    /// The nodes of a member of `layers`; none for one that may be absent, and is so on purpose.
    ///
    /// A word has to be the name of a role, which may have no code. A pattern may match nothing, unless
    /// a name is near that is in no other layer: then it is misspelt.
    ///
    /// # Errors
    ///
    /// A member that stands for nothing.
    pub(in crate::contract) fn layer_nodes(&self, one: &LayerMember, layers: &[LayerRule]) -> Found<Vec<NodeId>> {
        let found = self.nodes(&one.member);
        let Err(error) = found else { return found };
        let is_near = |pattern: &Pattern, candidates: &[&str]| {
            let near =
                nearest(pattern, candidates).and_then(|text| Pattern::new(pattern.kind, &text, pattern.span).ok());
            near.is_some_and(|near| !self.is_in_another(&near, layers))
        };
        let is_meant = match &one.member.kind {
            _ if !one.optional => false,
            MemberKind::Word(name) | MemberKind::Role(name) => self.is_role(name),
            MemberKind::Module(pattern) => {
                !is_near(pattern, &self.named().map(|named| named.module.as_str()).collect::<Vec<_>>())
            }
            MemberKind::Path(pattern) => !is_near(pattern, &self.named().map(|named| named.file).collect::<Vec<_>>()),
            MemberKind::Package(pattern) => {
                let names: Vec<&str> = self.packages.iter().map(String::as_str).collect();
                nearest(pattern, &names).is_none()
            }
            MemberKind::Crate(name) => suggestion(name, self.crate_names()).is_none(),
            MemberKind::Domain(name) => {
                let names = self.project.domain_names();
                !names.is_empty() && suggestion(name, names.iter().map(String::as_str)).is_none()
            }
            MemberKind::Inside(_) => false,
        };
        if is_meant { Ok(Vec::new()) } else { Err(error) }
    }

    /// Whether a role is declared, or is one that every project may have.
    fn is_role(&self, name: &str) -> bool {
        let names = self.role_names();
        let is_built_in = RoleKind::from_name(name) != RoleKind::Other;
        names.contains(name) || (is_built_in && suggestion(name, names.iter().map(String::as_str)).is_none())
    }

    /// Whether all that a pattern matches belongs to one of `layers`.
    fn is_in_another(&self, pattern: &Pattern, layers: &[LayerRule]) -> bool {
        let members = layers.iter().flat_map(|layer| &layer.members);
        let taken: BTreeSet<NodeId> = members.filter_map(|one| self.nodes(&one.member).ok()).flatten().collect();
        let is_path = pattern.kind == PatternKind::Path;
        let mut found =
            self.modules.iter().filter(|(_, named)| pattern.matches(if is_path { named.file } else { &named.module }));
        found.all(|(node, _)| taken.contains(node))
    }

    /// What to do about a layer that none of the containers has: the name that is near, if no layer has it.
    pub(in crate::contract) fn nowhere_help(
        &self,
        one: &LayerMember,
        layers: &[LayerRule],
        containers: &[Container],
    ) -> String {
        const OTHERWISE: &str = "correct or remove it: a layer has to exist in one container at least";
        let MemberKind::Inside(segments) = &one.member.kind else { return OTHERWISE.to_owned() };
        let texts: BTreeSet<String> = layers.iter().flat_map(|layer| &layer.members).map(inside_text).collect();
        let mut known = BTreeSet::new();
        for container in containers {
            known.extend(self.paths_in(container, segments.len()).filter(|path| !texts.contains(path)));
        }
        match suggestion(&segments.join("::"), known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => OTHERWISE.to_owned(),
        }
    }

    /// The paths of that many names that lead somewhere from a container.
    fn paths_in(&self, container: &Container, length: usize) -> impl Iterator<Item = String> {
        self.around(container).iter().filter_map(move |(_, named)| {
            let path = match container {
                Container::Module(path) => named.module.strip_prefix(path.as_str())?.strip_prefix("::")?.to_owned(),
                Container::Folder(path) => {
                    let inside = named.file.strip_prefix(path.as_str())?.strip_prefix('/')?;
                    inside.strip_suffix(".rs").unwrap_or(inside).replace('/', "::")
                }
            };
            let mut names = path.match_indices("::").map(|(at, _)| at).chain([path.len()]);
            names.nth(length - 1).map(|end| path[..end].to_owned())
        })
    }
}

/// A layer of a container with `::` between its names.
fn inside_text(one: &LayerMember) -> String {
    match &one.member.kind {
        MemberKind::Inside(segments) => segments.join("::"),
        _ => one.member.text.clone(),
    }
}
