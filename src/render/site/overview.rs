//! The first page: what the project consists of, and how it stands.

use super::frame::Content;
use super::here::{Here, linked};
use super::html::{Html, classed, element, list, prose, table, tag};
use super::route;
use super::words::{self, badge, facts, none, nothing, section, wide};
use baton_core::finding::Level;
use baton_core::inventory::FolderEntry;
use baton_core::report::OrchestratorRow;
use std::collections::BTreeMap;

/// What the page says.
pub(super) fn content(here: &Here<'_>) -> Content {
    let name = here.site.name().map_or_else(|| "Inventory".to_owned(), |name| format!("Inventory of {name}"));
    let (governed, others): (Vec<_>, Vec<_>) = here.site.inventory.folders.iter().partition(|folder| folder.governed);
    let body = [
        element("h1", "", &name),
        Html::raw("\n"),
        lead(here),
        counts(here),
        notices(here),
        section("rules", "Rules", rules(here)),
        some("contracts", "Folders with a contract", folders(here, &governed)),
        some("folders", if governed.is_empty() { "Folders" } else { "Other folders" }, folders(here, &others)),
        section("roles", "Roles", roles(here)),
        some("orchestrators", "Orchestrators", orchestrators(here)),
    ];
    Content { title: String::new(), about: None, crumbs: Vec::new(), body: body.into_iter().collect() }
}

fn some(id: &'static str, title: &str, body: Html) -> Html {
    if body.is_empty() { body } else { section(id, title, body) }
}

fn lead(here: &Here<'_>) -> Html {
    let files = &here.site.inventory.files;
    let correct = files.iter().filter(|file| file.findings.is_empty()).count();
    let unjudged =
        here.site.report.unjudged.as_deref().map(|why| {
            classed("p", "notice deny", Html::raw("<strong>Nothing was judged:</strong> ").then(prose(why)))
        });
    let text = match files.len() {
        0 => "There is no file with code that is no test.".to_owned(),
        all => format!("{}.", words::passing(correct, all)),
    };
    unjudged.unwrap_or_default().then(element("p", "lead", &text)).then(Html::raw("\n"))
}

fn counts(here: &Here<'_>) -> Html {
    let (inventory, report) = (here.site.inventory, here.site.report);
    let number = |number: usize| Html::number(number);
    facts(
        "counts",
        [
            ("files", number(inventory.files.len())),
            ("folders", number(inventory.folders.len())),
            ("orchestrators", number(report.orchestrators.len())),
            ("rules that ran", number(report.rules.len())),
            ("errors", number(report.summary.deny)),
            ("warnings", number(report.summary.warn)),
        ],
    )
}

fn notices(here: &Here<'_>) -> Html {
    let notices = list("notices", here.site.report.notices.iter().map(|notice| prose(notice)));
    if notices.is_empty() { notices } else { classed("div", "notice", notices).then(Html::raw("\n")) }
}

fn rules(here: &Here<'_>) -> Html {
    let (inventory, report) = (here.site.inventory, here.site.report);
    let mut levels: BTreeMap<&str, Level> = BTreeMap::new();
    for finding in &inventory.findings {
        let level = levels.entry(finding.rule).or_insert(finding.level);
        *level = (*level).max(finding.level);
    }
    let found = report.rules.iter().filter(|row| row.findings > 0);
    let rows = found.map(|row| {
        let summary = here.site.lints.get(row.rule).map_or_else(nothing, |lint| prose(lint.summary));
        let deny = usize::from(levels.get(row.rule) == Some(&Level::Deny));
        let judged = Html::raw("of ").then(Html::number(row.judged));
        vec![here.rule(row.rule), summary, badge(deny, row.findings), judged].into()
    });
    let table = table("Rules with findings", &["Rule", "What it finds", "Found", "Judged"], rows);
    let clean = report.rules.iter().filter(|row| row.findings == 0);
    let clean = Html::joined(clean.map(|row| here.rule(row.rule)), ", ");
    let clean = if clean.is_empty() {
        clean
    } else {
        let lead = if table.is_empty() { "No rule that ran has a finding: " } else { "Without a finding: " };
        classed("p", "small", Html::raw(lead).then(clean)).then(Html::raw("\n"))
    };
    wide(table).then(clean)
}

fn folders(here: &Here<'_>, folders: &[&FolderEntry]) -> Html {
    let rows = folders.iter().map(|folder| {
        let assessment = &folder.assessment;
        let layer = folder.layer.as_deref().or(folder.role.as_deref());
        let correct = match assessment.files {
            0 => nothing(),
            files => Html::text(&format!("{}/{files}", assessment.correct)),
        };
        vec![
            here.folder(&folder.path, &folder.path),
            words::optional(folder.purpose.as_deref()),
            layer.map_or_else(nothing, Html::text),
            correct,
            words::standing(here.site, assessment),
        ]
        .into()
    });
    wide(table("Folders", &["Folder", "Purpose", "Layer", "Correct", "Verdict"], rows))
}

/// How many files each role has, and how they stand.
fn roles(here: &Here<'_>) -> Html {
    let mut roles: BTreeMap<Option<&str>, (usize, usize, Vec<usize>)> = BTreeMap::new();
    for file in &here.site.inventory.files {
        let (files, correct, findings) = roles.entry(file.role.as_deref()).or_default();
        *files += 1;
        *correct += usize::from(file.findings.is_empty());
        findings.extend(&file.findings);
    }
    // What has no role comes last.
    let nameless = roles.remove_entry(&None);
    let rows = roles.into_iter().chain(nameless).map(|(role, (files, correct, findings))| {
        let role = role.map_or_else(|| element("span", "none", "no role"), Html::code);
        let deny = words::denied(here.site, &findings);
        vec![role, Html::number(files), Html::text(&format!("{correct}/{files}")), badge(deny, findings.len())].into()
    });
    let table = table("Roles", &["Role", "Files", "Correct", "Verdict"], rows);
    if table.is_empty() { none("There is no file.") } else { wide(table) }
}

fn orchestrators(here: &Here<'_>) -> Html {
    let rows = here.site.report.orchestrators.iter().filter_map(|one| orchestrator(here, one)).map(Into::into);
    wide(table("Orchestrators", &["Orchestrator", "File", "Receives", "Operations", "Verdict"], rows))
}

fn orchestrator(here: &Here<'_>, one: &OrchestratorRow) -> Option<Vec<Html>> {
    let path = &here.site.report.file(one.place.file)?.path;
    let file = here.site.files.get(path.as_str());
    let name = one.item.rsplit("::").next().unwrap_or(&one.item);
    let entry = file.and_then(|file| file.orchestrators.iter().find(|entry| entry.name == name));
    let address = here.file_address(path).map(|address| format!("{address}#orchestrators"));
    let receives = Html::joined(one.collaborators.iter().map(|name| Html::code(name)), ", ");
    let operations =
        Html::joined(entry.into_iter().flat_map(|entry| &entry.operations).map(|name| Html::code(name)), ", ");
    let or_none = |html: Html| if html.is_empty() { nothing() } else { html };
    Some(vec![
        linked(address, Html::code(&one.item)),
        here.file(path, path),
        or_none(receives),
        or_none(operations),
        badge(usize::from(one.findings > 0), one.findings),
    ])
}

/// A link to the overview's table of roles.
pub(super) fn role(here: &Here<'_>, role: Option<&str>) -> Html {
    let address = format!("{}#roles", here.address(route::OVERVIEW));
    role.map_or_else(nothing, |role| tag("a", &[("href", &address)], Html::text(role)))
}
