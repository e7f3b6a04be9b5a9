//! The page of a folder.

use super::frame::{Content, crumbs};
use super::here::{Here, linked};
use super::html::{Html, classed, element, list, prose, table, tag};
use super::words::{self, badge, cross_domain, facts, none, nothing, section, transaction, verdict, wide};
use super::{overview, picture};
use crate::render::tally::count;
use baton_core::inventory::{FileEntry, FolderEntry, ForbiddenEntry, Holder, Neighbour, SubfolderEntry};
use std::collections::BTreeSet;

/// How many findings a page lists. The rest is on the pages of the folders below.
const MOST_FINDINGS: usize = 100;

/// What the page says.
pub(super) fn content(here: &Here<'_>, folder: &FolderEntry) -> Content {
    let page = FolderPage { here, folder };
    let path = format!("{}/", folder.path);
    let mut body = tag("h1", &[], Html::text(&folder.title)).then(Html::raw("\n"));
    for piece in
        [page.card(), page.contract(), page.inventory(), page.assessment(), page.pairing(), page.dependencies()]
    {
        body.push(&piece);
    }
    Content { title: path, about: Some(folder.path.clone()), crumbs: crumbs(here, &folder.path), body }
}

struct FolderPage<'a> {
    here: &'a Here<'a>,
    folder: &'a FolderEntry,
}

impl FolderPage<'_> {
    fn files(&self) -> impl Iterator<Item = &FileEntry> {
        self.here.site.entries(&self.folder.files)
    }

    fn card(&self) -> Html {
        let folder = self.folder;
        let below = folder.subfolders.iter().map(|below| self.code_files(below).count()).sum();
        let files = match (folder.files.len(), below) {
            (own, 0) => Html::number(own),
            (own, below) => Html::text(&format!("{own}, and {below} in folders below")),
        };
        let module = folder.module_file.as_deref();
        facts(
            "card",
            [
                ("Path", Html::code(&format!("{}/", folder.path))),
                ("Layer", words::optional(folder.layer.as_deref())),
                ("Role", overview::role(self.here, folder.role.as_deref())),
                ("Files", files),
                ("Module", module.map_or_else(nothing, |path| self.here.file(path, path))),
                ("Verdict", words::standing(self.here.site, &folder.assessment)),
            ],
        )
    }

    /// The files of a folder below that do more than declare modules.
    fn code_files<'s>(&'s self, below: &'s SubfolderEntry) -> impl Iterator<Item = &'s FileEntry> {
        self.here.site.entries(&below.files).filter(|file| file.counts())
    }

    /// How many files of a folder below have no finding, of how many.
    fn correct_below(&self, below: &SubfolderEntry) -> (usize, usize) {
        let correct = self.code_files(below).filter(|file| file.findings.is_empty()).count();
        (correct, self.code_files(below).count())
    }

    /// What the folder is for. Where no contract speaks of it, only what its own documentation says.
    fn contract(&self) -> Html {
        let folder = self.folder;
        let undeclared = || none("Nothing is declared.");
        let purpose = folder.purpose.as_deref().map_or_else(undeclared, |text| classed("p", "", prose(text)));
        let purpose = section("purpose", "Purpose", purpose);
        if !folder.governed {
            return purpose;
        }
        let belongs = list("", folder.belongs.iter().map(|text| prose(text)));
        let belongs = if belongs.is_empty() { undeclared() } else { belongs };
        let rows = folder.forbidden.iter().map(|entry| self.forbidden(entry).into());
        let forbidden = table("What must not be here", &["What", "Held by", "State"], rows);
        let forbidden = if forbidden.is_empty() { undeclared() } else { wide(forbidden) };
        purpose.then(section("belongs", "What belongs here", belongs)).then(section(
            "must-not",
            "What must not be here",
            forbidden,
        ))
    }

    fn forbidden(&self, entry: &ForbiddenEntry) -> Vec<Html> {
        let (holder, state) = match &entry.held_by {
            None => (element("span", "none", "no rule holds this"), nothing()),
            Some(Holder::Rule(name)) => (self.here.rule(name), badge(entry.findings, entry.findings)),
            Some(Holder::Contract(name)) => {
                (Html::raw("the contract ").then(Html::code(name)), badge(entry.findings, entry.findings))
            }
        };
        vec![prose(&entry.text), holder, state]
    }

    fn inventory(&self) -> Html {
        let head = ["File", "Purpose", "Kind", "Transaction", "Cross-domain", "Verdict"];
        let files = wide(table("Files", &head, self.files().map(|file| self.row(file).into())));
        let files = if files.is_empty() { none("No file lies directly in this folder.") } else { files };
        let below: Html = if self.folder.governed {
            self.folder.subfolders.iter().map(|below| self.below(below)).collect()
        } else {
            self.summary()
        };
        section("inventory", "Inventory", files.then(below))
    }

    fn row(&self, file: &FileEntry) -> Vec<Html> {
        let role = file.role.as_deref().filter(|_| file.role != self.folder.role);
        let kind = role.map_or_else(|| file.kind.to_owned(), |role| format!("{} ({role})", file.kind));
        vec![
            self.here.file(&file.path, &file.name),
            prose(&file.title),
            Html::text(&kind),
            transaction(&file.transaction),
            cross_domain(&file.domains),
            verdict(self.here, file),
        ]
    }

    /// The folders below one that no contract speaks of: each has a page that says more.
    fn summary(&self) -> Html {
        let rows = self.folder.subfolders.iter().map(|below| {
            let files: Vec<&FileEntry> = self.code_files(below).collect();
            let findings: Vec<usize> = files.iter().flat_map(|file| file.findings.iter().copied()).collect();
            vec![
                self.here.folder(&below.path, &below.name),
                words::optional(below.purpose.as_deref()),
                Html::number(files.len()),
                badge(words::denied(self.here.site, &findings), findings.len()),
            ]
            .into()
        });
        let table = table("Folders below", &["Folder", "Purpose", "Files", "Verdict"], rows);
        if table.is_empty() { table } else { Html::raw("<h3>Folders below</h3>\n").then(wide(table)) }
    }

    /// A folder below one with a contract: its files, in columns of its own.
    fn below(&self, below: &SubfolderEntry) -> Html {
        let path = classed("span", "place", self.here.folder(&below.path, &below.name));
        let heading = Html::text(&below.title).then(Html::raw(" ")).then(path);
        let heading = tag("h3", &[], heading).then(Html::raw("\n"));
        let purpose = below.purpose.as_deref().map(|text| classed("p", "", prose(text)).then(Html::raw("\n")));
        let heading = heading.then(purpose.unwrap_or_default());
        let files: Vec<&FileEntry> = self.here.site.entries(&below.files).collect();
        if below.governed {
            let (correct, of) = self.correct_below(below);
            let text = format!(": {correct} of {} pass.", count(of, "file"));
            let page = linked(self.here.folder_address(&below.path), Html::raw("a page of its own"));
            return heading.then(tag("p", &[], Html::raw("It has ").then(page).then(Html::text(&text))));
        }
        // A column that says the same of every file says nothing.
        let has = |is: &dyn Fn(&FileEntry) -> bool| files.iter().any(|file| is(file));
        let kinds: BTreeSet<&str> = files.iter().filter(|file| !file.only_modules).map(|file| file.kind).collect();
        let columns = [
            ("Kind", kinds.len() > 1),
            ("Transaction", has(&|file| !file.transaction.operations.is_empty())),
            ("Cross-domain", has(&|file| file.domains.declared)),
            ("Reference", has(&|file| !file.references.is_empty())),
            ("Verdict", true),
        ];
        let shown: Vec<&str> = columns.into_iter().filter(|(_, shown)| *shown).map(|(name, _)| name).collect();
        let head: Vec<&str> = ["File", "Purpose"].into_iter().chain(shown.iter().copied()).collect();
        let rows = files.iter().map(|file| self.row_below(below, file, &shown).into());
        heading.then(wide(table(&below.name, &head, rows)))
    }

    fn row_below(&self, below: &SubfolderEntry, file: &FileEntry, columns: &[&str]) -> Vec<Html> {
        let inside = file.path.strip_prefix(&below.path).and_then(|rest| rest.strip_prefix('/'));
        let cells = columns.iter().map(|column| match *column {
            "Kind" => Html::text(file.kind),
            "Transaction" => transaction(&file.transaction),
            // What only declares modules crosses nothing, and could not.
            "Cross-domain" if file.only_modules => nothing(),
            "Cross-domain" if file.domains.crosses => Html::text("yes"),
            "Cross-domain" => cross_domain(&file.domains),
            "Reference" if file.references.is_empty() => nothing(),
            "Reference" => Html::text(&file.references.join(", ")),
            _ => verdict(self.here, file),
        });
        let name = self.here.file(&file.path, inside.unwrap_or(&file.name));
        [name, prose(&file.title)].into_iter().chain(cells).collect()
    }

    fn assessment(&self) -> Html {
        let assessment = &self.folder.assessment;
        let below =
            self.folder.subfolders.iter().filter(|below| !below.governed).map(|below| self.correct_below(below));
        let (correct, of) = below.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let own = match assessment.files {
            0 => "No file lies directly in this folder".to_owned(),
            files => words::passing(assessment.correct, files),
        };
        let below = if of == 0 { ".".to_owned() } else { format!("; {correct} of {of} in folders below.") };
        let mut body = element("p", "", &format!("{own}{below}")).then(Html::raw("\n"));
        body.push(&self.standing());
        body.push(&self.waived());
        if !assessment.missing.is_empty() {
            let missing = assessment.missing.iter().map(|missing| {
                tag("strong", &[], prose(&missing.text)).then(Html::raw(" — ")).then(prose(&missing.why))
            });
            body.push(&Html::raw("<h3 id=\"missing\">Missing</h3>\n").then(list("missing", missing)));
        }
        section("assessment", "Assessment", body)
    }

    /// The findings that stand in the folder.
    fn standing(&self) -> Html {
        let findings = &self.folder.assessment.findings;
        let start = if self.folder.path == "." { 0 } else { self.folder.path.len() + 1 };
        let rows = findings.iter().take(MOST_FINDINGS).filter_map(|&number| {
            let finding = self.here.site.inventory.findings.get(number)?;
            let place = format!("{}:{}", finding.file.get(start..).unwrap_or(&finding.file), finding.line);
            let level = element("span", words::level_class(finding.level), words::level(finding.level));
            let place = linked(self.here.finding_address(number), Html::code(&place));
            Some(vec![place, level, self.here.rule(finding.rule), prose(&finding.message)].into())
        });
        let table = wide(table("Standing", &["Place", "Level", "Rule", "What is wrong"], rows));
        if table.is_empty() {
            return table;
        }
        let more = match findings.len().checked_sub(MOST_FINDINGS) {
            None | Some(0) => Html::default(),
            Some(more) => element("p", "none", &format!("And {more} more, on the pages of the folders below.")),
        };
        Html::raw("<h3>Standing</h3>\n").then(table).then(more)
    }

    /// What is waived in the folder's files and those below, with the reasons.
    fn waived(&self) -> Html {
        let below = self.folder.subfolders.iter().filter(|below| !below.governed);
        let files = self.files().chain(below.flat_map(|below| self.here.site.entries(&below.files)));
        let waived = files.flat_map(|file| file.waived.iter().map(move |one| (file, one))).map(|(file, one)| {
            let (name, rule) = (self.here.file(&file.path, &file.name), self.here.rule(one.rule));
            let what = name.then(Html::raw(" — ")).then(rule).then(Html::raw(": ")).then(prose(&one.message));
            what.then(Html::raw(". ")).then(tag("em", &[], prose(&one.reason)))
        });
        let waived = list("", waived);
        if waived.is_empty() { waived } else { Html::raw("<h3>Waived</h3>\n").then(waived) }
    }

    fn pairing(&self) -> Html {
        let layer = self.folder.paired_layer.as_deref();
        let title = layer.map_or_else(|| "Pairing".to_owned(), |layer| format!("Pairing with {layer}"));
        let wired = layer.map_or_else(|| "Consumers".to_owned(), |layer| format!("Wired {layer} consumers"));
        let rows = self.files().map(|file| {
            let serves = &file.pairing.serves;
            let gaps = file.pairing.gaps.len();
            let address = self.here.file_address(&file.path).map(|address| format!("{address}#pairing"));
            vec![
                linked(address, Html::code(&file.name)),
                if serves.is_empty() { nothing() } else { Html::text(&serves.join(", ")) },
                Html::number(file.pairing.consumers.len()),
                if gaps == 0 { nothing() } else { element("span", "badge warn", &count(gaps, "gap")) },
            ]
            .into()
        });
        let table = table(&title, &["File", "Serves domains", &wired, "Gaps"], rows);
        if table.is_empty() { table } else { section("pairing", &title, wide(table)) }
    }

    fn dependencies(&self) -> Html {
        let folder = self.folder;
        let mut body = picture::of_folder(self.here, folder);
        let sides = [("Imported by", &folder.inbound), ("Imports", &folder.outbound)];
        let sides: Html = sides.into_iter().map(|(title, side)| self.neighbours(title, side)).collect();
        body.push(&classed("div", "sides", sides));
        let names = self.files().flat_map(|file| file.orchestrators.iter().map(move |one| (file, one)));
        let names = names.map(|(file, one)| {
            let address = self.here.file_address(&file.path).map(|address| format!("{address}#orchestrators"));
            linked(address, Html::code(&one.name))
        });
        let names = Html::joined(names, ", ");
        if !names.is_empty() {
            body.push(&tag("p", &[], Html::raw("<strong>Orchestrators:</strong> ").then(names)));
        }
        section("dependencies", "Dependencies", body)
    }

    fn neighbours(&self, title: &str, neighbours: &[Neighbour]) -> Html {
        let rows = neighbours
            .iter()
            .map(|one| vec![self.here.folder(&one.folder, &one.folder), Html::number(one.files)].into());
        let table = table(title, &["Folder", "Files"], rows);
        let table = if table.is_empty() { none("none") } else { wide(table) };
        tag("div", &[], element("h3", "", title).then(table)).then(Html::raw("\n"))
    }
}
