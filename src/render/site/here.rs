//! A page that is being written, and the ways from it to others.

use super::html::{Html, element, link, tag};
use super::{Site, route};

/// How many modules are shown at first.
const MOST_NAMES: usize = 40;

/// A page that is being written.
pub(super) struct Here<'a> {
    pub(super) site: &'a Site<'a>,
    /// Its own path in the site.
    pub(super) page: String,
}

impl Here<'_> {
    /// The address of another page as seen from this one.
    pub(super) fn address(&self, page: &str) -> String {
        route::address(&self.page, page)
    }

    /// The address of a folder's page, if it has one.
    pub(super) fn folder_address(&self, path: &str) -> Option<String> {
        self.site.folders.contains_key(path).then(|| self.address(&route::folder(path)))
    }

    /// The address of a file's page, if it has one.
    pub(super) fn file_address(&self, path: &str) -> Option<String> {
        self.site.files.contains_key(path).then(|| self.address(&route::file(path)))
    }

    /// A file, with a link to its page if it has one.
    pub(super) fn file(&self, path: &str, shown: &str) -> Html {
        linked(self.file_address(path), Html::code(shown))
    }

    /// A folder by its path, with a link to its page if it has one.
    pub(super) fn folder(&self, path: &str, shown: &str) -> Html {
        linked(self.folder_address(path), Html::code(&format!("{shown}/")))
    }

    /// A module or a crate, with a link to the page of its file if there is one.
    pub(super) fn module(&self, name: &str) -> Html {
        let path = self.site.modules.get(name).copied().unwrap_or(name);
        self.file(path, name)
    }

    /// Modules, one after the other. Where they are many, most are shown when somebody asks for them.
    pub(super) fn modules(&self, names: &[String]) -> Html {
        let shown = |names: &[String]| Html::joined(names.iter().map(|name| self.module(name)), ", ");
        let Some((first, rest)) = names.split_at_checked(MOST_NAMES).filter(|(_, rest)| !rest.is_empty()) else {
            return shown(names);
        };
        let summary = element("summary", "", &format!("and {} more", rest.len()));
        shown(first).then(tag("details", &[], summary.then(shown(rest))))
    }

    /// A rule, with a link to its page if it has one.
    pub(super) fn rule(&self, name: &str) -> Html {
        let ran = self.site.report.rules.iter().any(|row| row.rule == name);
        linked(ran.then(|| self.address(&route::rule(name))), Html::code(name))
    }

    /// The address of a finding by its position, if it is shown somewhere: on the page of its file, or else on
    /// that of its rule.
    pub(super) fn finding_address(&self, number: usize) -> Option<String> {
        let finding = self.site.inventory.findings.get(number)?;
        let page = if self.site.on_files.contains(&number) {
            route::file(&finding.file)
        } else {
            self.site.report.rules.iter().find(|row| row.rule == finding.rule)?;
            route::rule(finding.rule)
        };
        Some(format!("{}#{}", self.address(&page), anchor(&finding.fingerprint)))
    }
}

/// What a finding is called on its page.
pub(super) fn anchor(fingerprint: &str) -> String {
    format!("finding-{fingerprint}")
}

/// A piece that leads somewhere, if there is an address.
pub(super) fn linked(address: Option<String>, inside: Html) -> Html {
    match address {
        Some(address) => link(&address, inside),
        None => inside,
    }
}
