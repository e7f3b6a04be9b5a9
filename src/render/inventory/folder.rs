//! The page of a folder.

use super::layout::{Layout, link};
use super::words::{bullets, code, cross_domain, list, prose, section, table, transaction, verdict};
use crate::render::graph::flowchart;
use baton_core::inventory::page::Part;
use baton_core::inventory::{
    FileEntry, FindingEntry, FolderEntry, ForbiddenEntry, Holder, Inventory, Neighbour, SubfolderEntry,
};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What a page shows where its contract says nothing.
const NOTHING: &str = "_Nothing is declared._\n";

/// Everything that one page is made from.
#[derive(Clone, Copy)]
pub(super) struct FolderPage<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) folder: &'a FolderEntry,
    pub(super) layout: Layout<'a>,
}

impl FolderPage<'_> {
    /// The parts of the page, in order.
    pub(super) fn parts(self) -> Vec<Part> {
        vec![
            Part::new("title", &self.title()),
            Part::new("purpose", &self.purpose()),
            Part::new(
                "belongs",
                &section("2. What Belongs Here", &declared(self.folder.belongs.iter().map(|text| prose(text)))),
            ),
            Part::new("must-not", &section("3. What Must NOT Be Here", &self.must_not())),
            Part::new("inventory", &section("4. Script Inventory", &self.inventory())),
            Part::new("assessment", &section("5. Assessment", &self.assessment())),
            Part::new("pairing", &section(&self.pairing_title(), &self.pairing())),
            Part::new("dependencies", &section("7. Dependencies", &self.dependencies())),
        ]
    }

    fn files(&self) -> impl Iterator<Item = &FileEntry> {
        self.folder.files.iter().filter_map(|path| self.file(path))
    }

    /// The files of the folders below that have no page of their own.
    fn files_below(&self) -> impl Iterator<Item = &FileEntry> {
        let below = self.folder.subfolders.iter().filter(|below| !below.governed);
        below.flat_map(|below| &below.files).filter_map(|path| self.file(path))
    }

    /// The path of a file as seen from the folder.
    fn inside<'f>(&self, file: &'f FileEntry) -> &'f str {
        let below = file.path.strip_prefix(&self.folder.path).and_then(|rest| rest.strip_prefix('/'));
        below.unwrap_or(&file.path)
    }

    fn file(&self, path: &str) -> Option<&FileEntry> {
        let files = &self.inventory.files;
        files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &files[at])
    }

    fn here(&self) -> String {
        self.layout.folder(&self.folder.path)
    }

    fn title(&self) -> String {
        let folder = self.folder;
        let layer = match (&folder.layer, &folder.role) {
            (Some(layer), _) => prose(layer),
            (None, Some(role)) => format!("{} (role)", prose(role)),
            (None, None) => "—".to_owned(),
        };
        let counts = folder.subfolders.iter().map(|below| format!(" + {} {}", self.counted(below), prose(&below.name)));
        let counts: String = counts.collect();
        format!(
            "# {} — Folder Summary\n\n{}**Layer:** {layer}\\\n**Scripts:** {}{counts}\n\n---\n\n",
            prose(&folder.title),
            path_line(&folder.path),
            folder.files.len(),
        )
    }

    /// How many files a folder below has, apart from those that only declare modules.
    fn counted(&self, below: &SubfolderEntry) -> usize {
        below.files.iter().filter_map(|path| self.file(path)).filter(|file| file.counts()).count()
    }

    fn purpose(&self) -> String {
        let purpose =
            self.folder.purpose.as_deref().map_or_else(|| NOTHING.to_owned(), |text| format!("{}\n", prose(text)));
        section("1. Purpose", &purpose)
    }

    fn must_not(&self) -> String {
        declared(self.folder.forbidden.iter().map(|entry| format!("{} — {}", prose(&entry.text), held(entry))))
    }

    fn inventory(&self) -> String {
        let rows: Vec<Vec<String>> = self.files().map(|file| self.row(file)).collect();
        let head = ["Script", "Purpose", "Kind", "Transaction", "Cross-domain", "Verdict"];
        let mut out = table(&head, &rows);
        if out.is_empty() {
            out.push_str("_No file lies directly in this folder._\n");
        }
        for below in &self.folder.subfolders {
            out.push('\n');
            out.push_str(&self.below(below));
        }
        out
    }

    fn row(&self, file: &FileEntry) -> Vec<String> {
        let role = file.role.as_deref().filter(|role| file.role != self.folder.role && *role != file.kind);
        vec![
            self.to(&file.name, file),
            prose(&file.title),
            role.map_or_else(|| file.kind.to_owned(), |role| format!("{} ({})", file.kind, prose(role))),
            transaction(&file.transaction),
            cross_domain(&file.domains),
            verdict(self.inventory, file),
        ]
    }

    /// A link to a file.
    fn to(&self, text: &str, file: &FileEntry) -> String {
        format!("[{}]({})", prose(text), link(&self.here(), &self.layout.shown_file(&file.path)))
    }

    fn below(&self, below: &SubfolderEntry) -> String {
        let name = code(&format!("{}/", below.name));
        let mut out = format!("### {} Subfolder ({name})\n\n", prose(&below.title));
        if let Some(purpose) = &below.purpose {
            let _ = writeln!(out, "{}\n", prose(purpose));
        }
        let files: Vec<&FileEntry> = below.files.iter().filter_map(|path| self.file(path)).collect();
        if below.governed {
            let (correct, of) = self.correct_below(below);
            let page = link(&self.here(), &self.layout.folder(&below.path));
            let _ = writeln!(out, "It has [a page of its own]({page}): {correct} of {of} files pass.");
            return out;
        }
        // A column that says the same of every file says nothing.
        let has = |is: &dyn Fn(&FileEntry) -> bool| files.iter().any(|file| is(file));
        let kinds: BTreeSet<&str> = files.iter().filter(|file| !file.only_modules).map(|file| file.kind).collect();
        let columns = [
            ("Kind", kinds.len() > 1),
            ("Transaction", has(&|file| !file.transaction.operations.is_empty())),
            ("Cross-domain", has(&|file| file.domains.declared)),
            ("Reference", has(&|file| !file.references.is_empty())),
            ("Verdict", has(&|file| !file.findings.is_empty() || !file.waived.is_empty())),
        ];
        let shown: Vec<&str> = columns.into_iter().filter(|(_, shown)| *shown).map(|(name, _)| name).collect();
        let head: Vec<&str> = ["Script", "Purpose"].into_iter().chain(shown.iter().copied()).collect();
        let rows: Vec<Vec<String>> = files.iter().map(|file| self.row_below(file, &shown)).collect();
        out + &table(&head, &rows)
    }

    fn row_below(&self, file: &FileEntry, columns: &[&str]) -> Vec<String> {
        let text =
            format!("[{}]({})", code(self.inside(file)), link(&self.here(), &self.layout.shown_file(&file.path)));
        let cells = columns.iter().map(|column| match *column {
            "Kind" => file.kind.to_owned(),
            "Transaction" => transaction(&file.transaction),
            // What only declares modules crosses nothing, and could not.
            "Cross-domain" if file.only_modules => "—".to_owned(),
            "Cross-domain" if file.domains.crosses => "yes".to_owned(),
            "Cross-domain" => cross_domain(&file.domains),
            "Reference" if file.references.is_empty() => "—".to_owned(),
            "Reference" => prose(&file.references.join(", ")),
            _ => verdict(self.inventory, file),
        });
        [text, prose(&file.title)].into_iter().chain(cells).collect()
    }

    fn assessment(&self) -> String {
        let assessment = &self.folder.assessment;
        let own = Some((assessment.correct, assessment.files)).filter(|(_, files)| *files > 0);
        let own = own.map(|(correct, files)| format!("{correct}/{files} scripts pass all governance checks"));
        let below = self.folder.subfolders.iter().filter(|below| !below.governed).map(|below| {
            let (correct, files) = self.correct_below(below);
            format!("{correct}/{files} in {}", code(&format!("{}/", below.name)))
        });
        let counts = own.into_iter().chain(below).collect::<Vec<_>>().join(", ");
        let mut out = format!("**Correct:** {counts}.\n");
        let standing = self.standing();
        if !standing.is_empty() {
            let _ = write!(out, "\n**Standing:**\n\n{standing}");
        }
        let waived = self.waived();
        if !waived.is_empty() {
            let _ = write!(out, "\n**Waived:**\n\n{waived}");
        }
        if !assessment.missing.is_empty() {
            out.push_str("\n**Missing:**\n\n");
            for missing in &assessment.missing {
                let _ = writeln!(out, "- {} — {}", prose(&missing.text), prose(&missing.why));
            }
        }
        out
    }

    /// How many files of a folder below pass, of how many. Those that only declare modules do not count.
    fn correct_below(&self, below: &SubfolderEntry) -> (usize, usize) {
        let files = below.files.iter().filter_map(|path| self.file(path)).filter(|file| file.counts());
        files.fold((0, 0), |(correct, of), file| (correct + usize::from(file.findings.is_empty()), of + 1))
    }

    /// Every finding that stands, those that say the same of the same file as one.
    fn standing(&self) -> String {
        let mut counts: Vec<(&FindingEntry, usize)> = Vec::new();
        for finding in self.folder.assessment.findings.iter().filter_map(|&at| self.inventory.findings.get(at)) {
            let key = |one: &FindingEntry| (one.file.clone(), one.rule, one.message.clone());
            match counts.iter_mut().find(|(known, _)| key(known) == key(finding)) {
                Some((_, count)) => *count += 1,
                None => counts.push((finding, 1)),
            }
        }
        bullets(counts.into_iter().map(|(finding, count)| {
            let target = link(&self.here(), &self.layout.shown_file(&finding.file));
            let name = prose(finding.file.rsplit('/').next().unwrap_or(&finding.file));
            let times = if count > 1 { format!(" ({count} ×)") } else { String::new() };
            format!("[{name}]({target}) — `{}`: {}{times}", finding.rule, prose(&finding.message))
        }))
    }

    /// What is waived in the folder's files and those below, with the reasons.
    fn waived(&self) -> String {
        bullets(self.files().chain(self.files_below()).flat_map(|file| {
            file.waived.iter().map(|one| {
                let (message, reason) = (prose(&one.message), prose(&one.reason));
                format!("{} — `{}`: {message}. *{reason}*", self.to(&file.name, file), one.rule)
            })
        }))
    }

    fn pairing_title(&self) -> String {
        self.folder
            .paired_layer
            .as_ref()
            .map_or_else(|| "6. Pairing Aggregate".to_owned(), |layer| format!("6. {} Pairing Aggregate", prose(layer)))
    }

    fn pairing(&self) -> String {
        let wired = self.folder.paired_layer.as_ref();
        let wired =
            wired.map_or_else(|| "Wired Consumers".to_owned(), |layer| format!("Wired {} Consumers", prose(layer)));
        let below = self.files_below().filter(|file| !file.only_modules);
        // The table is about the folder's own files. Those below are in it where it has none, or where there is
        // something to say.
        let says = |file: &&FileEntry| {
            let pairing = &file.pairing;
            !(pairing.serves.is_empty() && pairing.consumers.is_empty() && pairing.gaps.is_empty())
        };
        let below = below.filter(|file| self.folder.files.is_empty() || says(file));
        let rows = self.files().chain(below).map(|file| {
            let serves = &file.pairing.serves;
            let serves = if serves.is_empty() { "_none_".to_owned() } else { prose(&serves.join(", ")) };
            let (consumers, gaps) = (file.pairing.consumers.len(), file.pairing.gaps.len());
            vec![self.to(self.inside(file), file), serves, consumers.to_string(), gaps.to_string()]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let out = table(&["Script", "Serves Domains", &wired, "Gaps"], &rows);
        if out.is_empty() { NOTHING.to_owned() } else { out }
    }

    fn dependencies(&self) -> String {
        let folder = self.folder;
        let mut out = String::new();
        if !folder.picture.arrows.is_empty() {
            let _ = writeln!(out, "```mermaid\n{}```\n", flowchart(&folder.picture));
        }
        let _ = writeln!(out, "**Inbound:** {}\n", neighbours(&folder.inbound));
        let _ = writeln!(out, "**Outbound:** {}", neighbours(&folder.outbound));
        let files = self.files().chain(self.files_below());
        let names: Vec<String> = files.flat_map(|file| file.orchestrators.iter().map(|one| one.name.clone())).collect();
        if !names.is_empty() {
            let _ = writeln!(out, "\n**Orchestrators:** {}", list(&names));
        }
        out
    }
}

/// The line of a page that says which folder it is about.
pub(super) fn path_line(folder: &str) -> String {
    format!("**Path:** {}\\\n", code(&format!("{folder}/")))
}

/// Some texts as a list, or that nothing is declared.
fn declared(texts: impl Iterator<Item = String>) -> String {
    let listed = bullets(texts);
    if listed.is_empty() { NOTHING.to_owned() } else { listed }
}

/// What holds an entry, and whether it holds.
fn held(entry: &ForbiddenEntry) -> String {
    let holder = match &entry.held_by {
        None => return "no rule holds this".to_owned(),
        Some(Holder::Rule(name)) => format!("held by `{name}`"),
        Some(Holder::Contract(name)) => format!("held by the contract {}", code(name)),
    };
    match entry.findings {
        0 => holder,
        1 => format!("{holder}, **1 finding**"),
        several => format!("{holder}, **{several} findings**"),
    }
}

fn neighbours(neighbours: &[Neighbour]) -> String {
    if neighbours.is_empty() {
        return "_none_".to_owned();
    }
    let shown = neighbours.iter().map(|one| format!("{} ({})", code(&format!("{}/", one.folder)), one.files));
    shown.collect::<Vec<_>>().join(", ")
}
