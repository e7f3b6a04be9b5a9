//! The ports that a type stands behind.

use super::super::Project;
use super::super::names::ItemRef;
use super::super::roles::RoleKind;
use super::Collaborator;
use super::known::is_value_name;
use super::nature::Natures;
use crate::facts::ItemKind;

impl Project {
    /// The traits of the project that a type implements and that are ports: those that an orchestrator
    /// receives, that look like one, or that the core or the orchestrators declare. None for a value.
    pub fn ports_of(&self, item: ItemRef) -> Vec<ItemRef> {
        if is_value_name(&self.item(item).name) {
            return Vec::new();
        }
        let natures = Natures::new(self);
        let mut ports: Vec<ItemRef> = natures
            .ports_of(item)
            .filter(|port| self.is_received(*port) || natures.is_port(*port) || self.is_asked_for(*port))
            .collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    fn is_received(&self, port: ItemRef) -> bool {
        let mut collaborators = self.orchestrators.iter().flat_map(|one| &one.collaborators);
        collaborators.any(|one| Collaborator::own_port(one) == Some(port))
    }

    /// Whether a trait with methods is declared by those who ask, rather than by those who answer.
    fn is_asked_for(&self, port: ItemRef) -> bool {
        let role = self.module(port.module).role_kind();
        let ItemKind::Trait(declared) = &self.item(port).kind else { return false };
        matches!(role, Some(RoleKind::Core | RoleKind::Orchestrator))
            && declared.functions.iter().any(|function| function.receiver.is_some())
    }
}
