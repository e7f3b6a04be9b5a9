//! The entries of files.

use super::boundary::Boundary;
use super::code;
use super::kind::{Kinds, is_only_modules};
use super::links::Links;
use super::model::{
    DependencyEntry, DomainsEntry, FileEntry, FindingEntry, ImportGroup, OrchestratorEntry, Pairing, WaivedEntry,
};
use super::requirements::{UNMET, is_below};
use super::words::{first_sentence, module_docs, references, telling_name};
use crate::config::FolderRule;
use crate::facts::ItemKind;
use crate::graph::role_name;
use crate::link::{Marked, Orchestrator, Project};
use crate::report::Report;
use crate::source::FileId;
use std::collections::{BTreeMap, BTreeSet};

/// What all entries ask of the project.
pub(super) struct Files<'p> {
    project: &'p Project,
    report: &'p Report,
    pub(super) links: Links<'p>,
    kinds: Kinds<'p>,
    boundary: Boundary<'p>,
    marks: Vec<Marked>,
    /// The other domains that the code of each file names.
    crossings: BTreeMap<FileId, BTreeSet<String>>,
    governed: BTreeMap<&'p str, &'p FolderRule>,
    /// The operations of each file that a registry lacks.
    unregistered: BTreeMap<FileId, Vec<String>>,
}

impl<'p> Files<'p> {
    pub(super) fn new(project: &'p Project, report: &'p Report) -> Self {
        let mut crossings: BTreeMap<FileId, BTreeSet<String>> = BTreeMap::new();
        for crossing in project.crossings() {
            let file = project.module(crossing.edge.from).file;
            crossings.entry(file).or_default().insert(project.domain_name(crossing.to).to_owned());
        }
        let mut unregistered: BTreeMap<FileId, Vec<String>> = BTreeMap::new();
        for (item, _) in
            project.registries().iter().flat_map(|one| &one.operations).filter(|(_, place)| place.is_none())
        {
            let path = project.item_path(*item);
            unregistered.entry(project.module(item.module).file).or_default().push(path);
        }
        Self {
            project,
            report,
            links: Links::new(project),
            kinds: Kinds::new(project),
            boundary: Boundary::new(project, report),
            marks: project.marked(),
            crossings,
            governed: project.governed_folders(),
            unregistered,
        }
    }

    /// Every file that is asked for and is no test, sorted by path.
    pub(super) fn all(&self, findings: &[FindingEntry], is_asked: &dyn Fn(&str) -> bool) -> Vec<FileEntry> {
        let mut of_file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.rule != UNMET) {
            of_file.entry(finding.file.as_str()).or_default().push(number);
        }
        let files = (0..self.project.files.len() as u32).map(FileId);
        // What could not be listed is no file, but is among them.
        let is_code = |path: &str| path.strip_suffix(".rs").is_some();
        let is_wanted = |path: &str| is_code(path) && is_asked(path);
        let files = files.filter(|id| !self.project.file(*id).test && is_wanted(&self.project.file(*id).path));
        files
            .map(|id| self.entry(id, of_file.remove(self.project.file(id).path.as_str()).unwrap_or_default()))
            .collect()
    }

    /// The governed folder that a file belongs to: the innermost.
    pub(super) fn folder_rule(&self, path: &str) -> Option<&'p FolderRule> {
        let around = self.governed.iter().filter(|(folder, _)| is_below(path, folder));
        around.max_by_key(|(folder, _)| folder.len()).map(|(_, rule)| *rule)
    }

    fn entry(&self, id: FileId, findings: Vec<usize>) -> FileEntry {
        let path = self.project.file(id).path.as_str();
        let modules = self.links.modules_of(id);
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let purpose = self.docs(id).filter(|docs| !docs.is_empty());
        let sentence = purpose.as_deref().map(first_sentence).filter(|sentence| !sentence.is_empty());
        let role = role_name(self.project, self.project.file(id).role).map(str::to_owned);
        FileEntry {
            path: path.to_owned(),
            folder: folder.to_owned(),
            name: name.to_owned(),
            module: if modules.is_empty() { String::new() } else { self.links.module(id) },
            title: sentence.map_or_else(|| format!("Module: {}", telling_name(path)), str::to_owned),
            role,
            layer: self.folder_rule(path).and_then(|rule| rule.layer.clone()),
            kind: self.kinds.of(id, modules),
            only_modules: is_only_modules(self.project, modules),
            transaction: self.boundary.of(id),
            domains: self.domains(id),
            references: self.report.file(id).map(|file| references(&module_docs(&file.text))).unwrap_or_default(),
            purpose,
            findings,
            waived: self.waived(id),
            imports: self.imports(id),
            inbound: self.links.names(self.links.inbound(id)),
            outbound: self.links.names(self.links.outbound(id)),
            orchestrators: self.orchestrators(id),
            public: code::public_items(self.project, self.report, modules),
            errors: code::errors(self.project, self.report, modules),
            pairing: self.pairing(id),
        }
    }

    /// What suppressions waive in a file, and then what the baseline does.
    fn waived(&self, id: FileId) -> Vec<WaivedEntry> {
        const BASELINE: &str = "accepted in the baseline";
        let suppressed = self.report.suppressed.iter().map(|one| (&one.finding, one.reason.as_str()));
        let accepted = self.report.accepted.iter().map(|judged| (&judged.finding, BASELINE));
        let here = suppressed.chain(accepted).filter(|(finding, _)| finding.place.file == id);
        let entries = here.map(|(finding, reason)| WaivedEntry {
            rule: finding.rule,
            message: finding.message.clone(),
            reason: reason.to_owned(),
        });
        entries.collect()
    }

    /// What a file's module says of itself: inside the file, or where it is declared.
    pub(super) fn docs(&self, id: FileId) -> Option<String> {
        let facts = self.project.file(id).facts()?;
        let inside = facts.scopes.first().map(|scope| scope.docs.clone()).unwrap_or_default();
        if !inside.is_empty() {
            return Some(inside);
        }
        let module = self.project.module(*self.links.modules_of(id).first()?);
        let parent = module.parent?;
        let items = &self.project.scope(parent).items;
        let declared = |kind: &ItemKind| matches!(kind, ItemKind::Module(_));
        items.iter().find(|item| declared(&item.kind) && item.name == module.name).map(|item| item.docs.clone())
    }

    /// The domain that a file belongs to.
    fn domain(&self, id: FileId) -> Option<&'p str> {
        let module = self.links.modules_of(id).first()?;
        Some(self.project.domain_name(self.project.domain_of(*module)?))
    }

    fn domains(&self, id: FileId) -> DomainsEntry {
        let own = self.domain(id);
        let names: Vec<String> = self.crossings.get(&id).into_iter().flatten().cloned().collect();
        let declared = self.marks.iter().filter(|mark| mark.place.file == id).flat_map(|mark| &mark.mark.cross_domain);
        let declared: BTreeSet<String> = declared.map(ToString::to_string).collect();
        DomainsEntry {
            declared: self.project.has_domains(),
            own: own.map(str::to_owned),
            // Code of no domain that knows one serves it; if it declares to cross over, it mediates.
            crosses: names.len() > usize::from(own.is_none() && declared.is_empty()),
            names,
            cross_domain: declared.into_iter().collect(),
        }
    }

    fn imports(&self, id: FileId) -> Vec<ImportGroup> {
        let folder = folder_of(&self.project.file(id).path);
        let own = self.domain(id);
        let mut groups: BTreeMap<(u8, String), Vec<FileId>> = BTreeMap::new();
        for other in self.links.outbound(id) {
            let file = self.project.file(other);
            let domain = self.domain(other).filter(|domain| own != Some(*domain));
            let key = match (folder_of(&file.path) == folder, domain, role_name(self.project, file.role)) {
                (true, ..) => (0, "same folder".to_owned()),
                (_, Some(domain), _) => (2, format!("domain {domain}")),
                (_, None, Some(role)) => (1, role.to_owned()),
                (_, None, None) => (3, "no role".to_owned()),
            };
            groups.entry(key).or_default().push(other);
        }
        let own = groups.into_iter().map(|((_, kind), files)| ImportGroup { kind, names: self.links.names(files) });
        let packages = self.links.packages(id);
        let outside = ImportGroup { kind: "outside crates".to_owned(), names: packages };
        own.chain([outside]).filter(|group| !group.names.is_empty()).collect()
    }

    fn orchestrators(&self, id: FileId) -> Vec<OrchestratorEntry> {
        let here = self.project.orchestrators.iter().filter(|one| one.place.file == id);
        here.map(|one| self.orchestrator(one)).collect()
    }

    fn orchestrator(&self, one: &Orchestrator) -> OrchestratorEntry {
        let dependencies = one.collaborators.iter().map(|collaborator| DependencyEntry {
            name: collaborator.name.to_string(),
            shown: collaborator.shown.to_string(),
            port: collaborator.port.is_some(),
        });
        let operations = one.operations.iter().filter(|operation| operation.visible);
        OrchestratorEntry {
            name: self.project.item(one.item).name.to_string(),
            dependencies: dependencies.collect(),
            operations: operations.map(|operation| operation.name.to_string()).collect(),
        }
    }

    fn pairing(&self, id: FileId) -> Pairing {
        let path = &self.project.file(id).path;
        let folder = folder_of(path);
        let domains = self.domains(id);
        let users: Vec<FileId> = self.links.inbound(id).collect();
        let serves: BTreeSet<&str> = users.iter().filter_map(|&user| self.domain(user)).collect();
        let serves = serves.into_iter().filter(|domain| domains.own.as_deref() != Some(domain));
        let serves = serves.map(str::to_owned).collect();
        let paired = self.folder_rule(path).and_then(|rule| rule.paired.as_ref());
        let consumers = users.into_iter().filter(|&user| {
            let file = self.project.file(user);
            match paired {
                Some(paired) => role_name(self.project, file.role) == Some(paired.role.as_str()),
                // Who only hands it on does not use it.
                None => folder_of(&file.path) != folder && !is_only_modules(self.project, self.links.modules_of(user)),
            }
        });
        let named: BTreeSet<&String> = domains.names.iter().collect();
        let declared: BTreeSet<&String> = domains.cross_domain.iter().collect();
        let idle =
            declared.difference(&named).map(|domain| format!("declares the domain `{domain}` and names nothing of it"));
        let silent = named.difference(&declared).filter(|_| domains.crosses && !declared.is_empty());
        let silent = silent.map(|domain| format!("names the domain `{domain}` and does not declare it"));
        let unregistered = self.unregistered.get(&id).into_iter().flatten();
        let unregistered = unregistered.map(|operation| format!("`{operation}` is in no registry"));
        let gaps = idle.chain(silent).chain(unregistered).collect();
        Pairing { serves, consumers: self.links.names(consumers), gaps }
    }
}

/// The folder of a path; `.` for the root.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}
