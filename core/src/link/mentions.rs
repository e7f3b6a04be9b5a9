//! What the options of lints speak of has to exist in the project.

use super::names::Target;
use super::{ModuleId, Project};
use crate::config::{Config, ConfigError, Mention, MentionKind, suggestion};
use crate::facts::body::{Body, Expr};
use crate::facts::types::last_segment;
use crate::manifest::Workspace;
use std::collections::BTreeSet;

/// What the options of lints speak of, and the packages that it may belong to.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    path: String,
    all: Vec<Mention>,
    /// The packages that the project depends on, with the crates of the toolchain.
    packages: BTreeSet<String>,
}

impl Mentions {
    pub(super) fn new(config: &Config, workspace: &Workspace) -> Self {
        let overrides = config.overrides.iter().flat_map(|one| one.rules.values());
        let rules = config.rules.values().chain(overrides);
        let all: Vec<Mention> = rules.flat_map(|rule| &rule.mentions).cloned().collect();
        let dependencies = workspace.packages.iter().flat_map(|package| &package.dependencies);
        let packages = dependencies.map(|dependency| dependency.package.clone());
        let packages = packages.chain(["std", "core", "alloc"].map(str::to_owned)).collect();
        Self { path: config.path.clone(), all, packages }
    }
}

/// The errors of what does not exist: of crates that no package depends on, and of paths that the
/// project neither declares nor names.
pub(super) fn unmatched(project: &Project) -> Vec<ConfigError> {
    let mentions = &project.mentions;
    if mentions.all.is_empty() {
        return Vec::new();
    }
    let known = Known::new(project);
    let wrong = mentions.all.iter().filter_map(|mention| {
        let (message, help) = known.fault(mention)?;
        Some(ConfigError { message, help, span: mention.span, path: mentions.path.clone() })
    });
    wrong.collect()
}

/// What there is.
struct Known<'p> {
    project: &'p Project,
    /// The paths of items, and those of outside crates that are named, with `_` in the names of crates.
    paths: BTreeSet<String>,
    /// The last names of all that is named or called.
    words: BTreeSet<&'p str>,
}

impl<'p> Known<'p> {
    fn new(project: &'p Project) -> Self {
        let mut paths = BTreeSet::new();
        let mut words = BTreeSet::from(["mut"]);
        for edge in project.edges.iter() {
            if let Target::Outside(package, path) = &edge.to {
                let package = crate_name(package);
                paths.insert(if path.is_empty() { package } else { format!("{package}::{path}") });
            }
        }
        for (id, _) in project.modules() {
            paths.extend(items(project, id));
            let scope = project.scope(id);
            words.extend(scope.paths.iter().map(|used| last_segment(&used.path)));
            words.extend(scope.imports.iter().map(|import| last_segment(&import.path)));
            words.extend(scope.items.iter().map(|item| item.name.as_str()));
            let bodies = scope.items.iter().flat_map(|item| item.kind.functions()).filter_map(|one| one.body.as_ref());
            words.extend(bodies.flat_map(Body::nodes).filter_map(|(_, node)| match &node.expr {
                Expr::MethodCall(_, name, _) => Some(name.as_str()),
                _ => None,
            }));
        }
        Self { project, paths, words }
    }

    /// What is wrong, and what to do about it.
    fn fault(&self, mention: &Mention) -> Option<(String, String)> {
        let text = &mention.text;
        if mention.kind == MentionKind::Crate {
            return self.without_package(text, text);
        }
        let path = mention.path();
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        let named = self.is_named(path, mention.is_open());
        if named || (mention.is_phrase() || rest.is_empty()) && self.words.contains(last_segment(path)) {
            return None;
        }
        if rest.is_empty() && self.has_package(path) {
            return None;
        }
        let declared = self.paths.iter().any(|known| known.split("::").any(|segment| segment == first));
        if !self.has_package(first) && !declared && !mention.is_phrase() {
            return self.without_package(first, text);
        }
        // A method goes by its name: what it is called on is often not written down.
        if !rest.is_empty() && self.has_package(first) && !mention.is_open() && self.words.contains(last_segment(path))
        {
            return None;
        }
        let near = suggestion(path, self.paths.iter().map(String::as_str));
        let help = near.map_or_else(|| "correct or remove it".to_owned(), |near| format!("did you mean `{near}`?"));
        Some((format!("nothing in the project is called `{text}`"), help))
    }

    /// Whether the project declares or names a path, something behind it, or, where that is asked
    /// for, what begins like it.
    fn is_named(&self, path: &str, open: bool) -> bool {
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        let outside = if rest.is_empty() { crate_name(first) } else { format!("{}::{rest}", crate_name(first)) };
        let end = format!("::{path}");
        self.paths.iter().any(|known| {
            let behind = known.strip_prefix(path).or_else(|| known.strip_prefix(outside.as_str()));
            behind.is_some_and(|rest| open || rest.is_empty() || rest.starts_with("::"))
                || (!open && known.ends_with(&end))
        })
    }

    fn has_package(&self, name: &str) -> bool {
        self.project.mentions.packages.iter().any(|package| crate_name(package) == crate_name(name))
    }

    fn without_package(&self, name: &str, text: &str) -> Option<(String, String)> {
        if self.has_package(name) {
            return None;
        }
        let near = suggestion(name, self.project.mentions.packages.iter().map(String::as_str));
        let help = near.map_or_else(
            || "correct or remove it".to_owned(),
            |near| format!("did you mean `{}`?", text.replacen(name, near, 1)),
        );
        Some((format!("no package of the project depends on `{name}`"), help))
    }
}

/// The paths of what a module declares, without the crate and with it.
fn items(project: &Project, module: ModuleId) -> Vec<String> {
    let krate = &project.krate(project.module(module).krate).name;
    let own = project.scope(module).items.iter().filter(|item| !item.name.is_empty());
    own.flat_map(|item| {
        let path = project.path_in(module, &item.name);
        [format!("{}::{path}", crate_name(krate)), path]
    })
    .collect()
}

fn crate_name(package: &str) -> String {
    match package {
        "core" | "alloc" => "std".to_owned(),
        name => name.replace('-', "_"),
    }
}
