//! The page of a file.

use super::finding::{finding, waived};
use super::frame::{Content, crumbs};
use super::here::Here;
use super::html::{Html, Row, classed, element, list, prose, table, tag};
use super::overview;
use super::words::{self, cross_domain, facts, none, nothing, section, transaction, verdict, wide};
use baton_core::inventory::{FileEntry, OrchestratorEntry, PublicItem};
use std::collections::BTreeSet;

/// What the page says.
pub(super) fn content(here: &Here<'_>, file: &FileEntry) -> Content {
    let page = FilePage { here, file };
    let mut body = tag("h1", &[], Html::code(&file.name)).then(Html::raw("\n"));
    for piece in [
        page.purpose(),
        page.card(),
        page.findings(),
        page.imports(),
        page.transaction(),
        page.orchestrators(),
        page.public(),
        page.errors(),
        page.pairing(),
    ] {
        body.push(&piece);
    }
    Content { title: file.path.clone(), about: Some(file.path.clone()), crumbs: crumbs(here, &file.path), body }
}

/// What an item is called on the page of its file.
pub(super) fn anchor(line: u32) -> String {
    format!("line-{line}")
}

struct FilePage<'a> {
    here: &'a Here<'a>,
    file: &'a FileEntry,
}

impl FilePage<'_> {
    fn purpose(&self) -> Html {
        let purpose = self.file.purpose.as_deref();
        purpose
            .map_or_else(|| none("The module has no documentation."), |text| classed("p", "lead", prose(text)))
            .then(Html::raw("\n"))
    }

    /// Where the file stands.
    fn card(&self) -> Html {
        let (here, file) = (self.here, self.file);
        let around = here.site.folder_around(&file.path).map_or(file.folder.as_str(), |folder| &folder.path);
        let module = if file.module.is_empty() {
            element("span", "none", "no target reaches it")
        } else {
            Html::code(&file.module)
        };
        facts(
            "card",
            [
                ("File", Html::code(&file.path)),
                ("Folder", here.folder(around, around)),
                ("Module", module),
                ("Role", overview::role(here, file.role.as_deref())),
                ("Layer", words::optional(file.layer.as_deref())),
                ("Kind", Html::text(file.kind)),
                ("Transaction", transaction(&file.transaction)),
                ("Cross-domain", cross_domain(&file.domains)),
                (
                    "References",
                    if file.references.is_empty() { nothing() } else { Html::text(&file.references.join(", ")) },
                ),
                ("Verdict", verdict(here, file)),
            ],
        )
    }

    fn findings(&self) -> Html {
        let findings = self.file.findings.iter().map(|&number| finding(self.here, number));
        let findings: Html = findings.chain(self.file.waived.iter().map(|one| waived(self.here, one))).collect();
        if findings.is_empty() { findings } else { section("findings", "Findings", findings) }
    }

    fn imports(&self) -> Html {
        let imports = self.file.imports.iter();
        let rows = imports.map(|group| vec![Html::text(&group.kind), self.here.modules(&group.names)].into());
        let imports = wide(table("Imports", &["From", "What"], rows));
        let imports = if imports.is_empty() { none("It imports nothing.") } else { imports };
        let inbound = self.here.modules(&self.file.inbound);
        let inbound = if inbound.is_empty() { Html::raw("<span class=\"none\">nothing</span>") } else { inbound };
        let inbound = Html::raw("<strong>Imported by:</strong> ").then(inbound);
        section("imports", "Imports", imports.then(classed("div", "names", inbound)).then(Html::raw("\n")))
    }

    fn transaction(&self) -> Html {
        let operations = &self.file.transaction.operations;
        if operations.is_empty() {
            return section("transaction", "Transaction boundary", none("It begins and ends no transaction."));
        }
        let verbs = [("Begins", "begins"), ("Runs", "runs"), ("Commits", "commits"), ("Rolls back", "rolls back")];
        let rows = verbs.into_iter().map(|(name, verb)| {
            let found = operations.iter().filter(|operation| operation.verb == verb).map(|operation| {
                let (what, function) = (Html::code(&operation.what), Html::code(&operation.function));
                let line = element("span", "place", &format!("line {}", operation.line));
                what.then(Html::raw(" in ")).then(function).then(Html::raw(", ")).then(line)
            });
            let found = Html::joined(found, "<br>");
            let answer = if found.is_empty() { "no" } else { "yes" };
            vec![Html::text(name), Html::text(answer), if found.is_empty() { nothing() } else { found }].into()
        });
        let table = table("Transaction boundary", &["What", "Does it?", "Where"], rows);
        section("transaction", "Transaction boundary", wide(table))
    }

    fn orchestrators(&self) -> Html {
        let orchestrators: Html = self.file.orchestrators.iter().map(orchestrator).collect();
        if orchestrators.is_empty() { orchestrators } else { section("orchestrators", "Orchestrators", orchestrators) }
    }

    fn public(&self) -> Html {
        // Several items may begin in one line; an address leads to the first.
        let mut taken = BTreeSet::new();
        let rows = self.file.public.iter().map(|item| {
            let id = taken.insert(item.line).then(|| anchor(item.line));
            Row { id, cells: public(item) }
        });
        let rows: Vec<Row> = rows.collect();
        let table = wide(table("Public items", &["Signature", "What it does", "Line"], rows));
        section("public", "Public items", if table.is_empty() { none("Nothing here is public.") } else { table })
    }

    fn errors(&self) -> Html {
        let errors = list("", self.file.errors.iter().map(|error| Html::code(error)));
        if errors.is_empty() { errors } else { section("errors", "Errors it can return", errors) }
    }

    fn pairing(&self) -> Html {
        let pairing = &self.file.pairing;
        let gaps = list("gaps", pairing.gaps.iter().map(|gap| prose(gap)));
        let or_none = |html: Html| if html.is_empty() { nothing() } else { html };
        let facts = facts(
            "pairs",
            [
                ("Serves domains", or_none(Html::text(&pairing.serves.join(", ")))),
                ("Consumers", or_none(self.here.modules(&pairing.consumers))),
                ("Gaps", or_none(gaps)),
            ],
        );
        section("pairing", "Pairing", facts)
    }
}

fn orchestrator(one: &OrchestratorEntry) -> Html {
    let rows = one.dependencies.iter().map(|dependency| {
        let kind = if dependency.port { "port" } else { "type" };
        vec![Html::code(&dependency.name), Html::code(&dependency.shown), Html::text(kind)].into()
    });
    let receives = wide(table("What it receives", &["Dependency", "What", "Kind"], rows));
    let receives = if receives.is_empty() { none("It receives nothing.") } else { receives };
    let operations = Html::joined(one.operations.iter().map(|name| Html::code(name)), ", ");
    let operations = if operations.is_empty() { nothing() } else { operations };
    let operations = tag("p", &[], Html::raw("<strong>Operations:</strong> ").then(operations));
    tag("h3", &[], Html::code(&one.name)).then(Html::raw("\n")).then(receives).then(operations).then(Html::raw("\n"))
}

fn public(item: &PublicItem) -> Vec<Html> {
    let owner = if item.owner.is_empty() {
        Html::default()
    } else {
        element("span", "owner", &item.owner).then(Html::raw(" "))
    };
    let docs = if item.docs.is_empty() { nothing() } else { prose(&item.docs) };
    vec![owner.then(Html::code(&item.signature)), docs, Html::text(&item.line.to_string())]
}
