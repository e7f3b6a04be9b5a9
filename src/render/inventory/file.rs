//! The page of a file.

use super::layout::{Layout, link};
use super::words::{bullets, code, cross_domain, list, prose, section, table, transaction, verdict};
use baton_core::inventory::page::Part;
use baton_core::inventory::{FileEntry, Inventory};
use std::fmt::Write;

/// How many modules a card names. The rest is counted.
const MOST_NAMES: usize = 12;

/// What the inventory calls a file that does not parse.
const UNREADABLE: &str = "unreadable";

/// Everything that one page is made from.
#[derive(Clone, Copy)]
pub(super) struct FilePage<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) file: &'a FileEntry,
    pub(super) layout: Layout<'a>,
    /// The folder that governs the file.
    pub(super) folder: &'a str,
}

impl FilePage<'_> {
    /// The parts of the page, in order.
    pub(super) fn parts(self) -> Vec<Part> {
        let (title, findings) = (self.title(), section("Findings", &self.findings()));
        if self.file.kind == UNREADABLE {
            // What such a file holds is not known, and nothing is not what it holds.
            return vec![Part::new("title", &title), Part::new("findings", &findings)];
        }
        vec![
            Part::new("title", &title),
            Part::new("purpose", &section("Purpose", &self.purpose())),
            Part::new("findings", &findings),
            Part::new("imports", &section("Imports", &self.imports())),
            Part::new("transaction", &section("Transaction Boundary", &self.transaction())),
            Part::new("orchestrators", &section("Orchestrators", &self.orchestrators())),
            Part::new("public", &section("Public Items", &self.public())),
            Part::new("errors", &section("Errors", &errors(&self.file.errors))),
            Part::new("pairing", &section("Pairing", &self.pairing())),
        ]
    }

    fn here(&self) -> String {
        self.layout.file(&self.file.path)
    }

    fn title(&self) -> String {
        let file = self.file;
        let folder = link(&self.here(), &self.layout.folder(self.folder));
        let source = link(&self.here(), &file.path);
        let none = || "—".to_owned();
        let optional = |text: &Option<String>| text.as_deref().map_or_else(none, prose);
        let rows: Vec<Vec<String>> = [
            ("File", format!("{}({source})", file_cell(&file.path))),
            ("Folder", format!("[{}]({folder})", code(&format!("{}/", self.folder)))),
            ("Module", if file.module.is_empty() { "_no target reaches it_".to_owned() } else { code(&file.module) }),
            ("Role", optional(&file.role)),
            ("Layer", optional(&file.layer)),
            ("Kind", file.kind.to_owned()),
            ("Inbound", some(&file.inbound)),
            ("Outbound", some(&file.outbound)),
            ("Transaction", transaction(&file.transaction)),
            ("Cross-domain", cross_domain(&file.domains)),
            ("Purpose", prose(&file.title)),
            ("References", if file.references.is_empty() { none() } else { prose(&file.references.join(", ")) }),
            ("Violations", verdict(self.inventory, file)),
        ]
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
        // A folder's own module is called as all others are.
        let is_common = matches!(file.name.as_str(), "mod.rs" | "lib.rs" | "main.rs");
        let name = if is_common { file.path.as_str() } else { file.name.as_str() };
        format!("# {}\n\n{}\n", prose(name), table(&["Placement", ""], &rows))
    }

    fn purpose(&self) -> String {
        self.file.purpose.as_deref().map_or_else(|| "_The module has no documentation._".to_owned(), prose)
    }

    fn findings(&self) -> String {
        let mut lines: Vec<(String, usize)> = Vec::new();
        for finding in self.file.findings.iter().filter_map(|&number| self.inventory.findings.get(number)) {
            let is_named = finding.item.is_empty() || finding.message.contains(&finding.item);
            let item = if is_named { String::new() } else { format!(" in {}", code(&finding.item)) };
            let (message, help) = (prose(&finding.message), prose(&finding.help));
            let line = format!("`{}`{item}: {message}.\n  *{help}*", finding.rule);
            match lines.iter_mut().find(|(known, _)| *known == line) {
                Some((_, count)) => *count += 1,
                None => lines.push((line, 1)),
            }
        }
        let listed = bullets(lines.into_iter().map(|(line, count)| match count {
            1 => line,
            _ => format!("{count} × {line}"),
        }));
        let waived = bullets(self.file.waived.iter().map(|one| {
            let (message, reason) = (prose(&one.message), prose(&one.reason));
            format!("Waived, `{}`: {message}.\n  *{reason}*", one.rule)
        }));
        if listed.is_empty() && waived.is_empty() { "_none_".to_owned() } else { listed + &waived }
    }

    fn imports(&self) -> String {
        let rows = self.file.imports.iter().map(|group| vec![prose(&group.kind), list(&group.names)]);
        let rows: Vec<Vec<String>> = rows.collect();
        if rows.is_empty() { "_none_".to_owned() } else { table(&["From", "What"], &rows) }
    }

    fn transaction(&self) -> String {
        let operations = &self.file.transaction.operations;
        let rows = [("Begins", "begins"), ("Runs", "runs"), ("Commits", "commits"), ("Rolls back", "rolls back")];
        let rows = rows.into_iter().map(|(name, verb)| {
            let found: Vec<String> = operations
                .iter()
                .filter(|operation| operation.verb == verb)
                .map(|operation| format!("{} in {}", code(&operation.what), code(&operation.function)))
                .collect();
            let places = if found.is_empty() { "—".to_owned() } else { found.join(", ") };
            vec![name.to_owned(), if found.is_empty() { "no" } else { "yes" }.to_owned(), places]
        });
        table(&["", "", "Where"], &rows.collect::<Vec<_>>())
    }

    fn orchestrators(&self) -> String {
        let mut out = String::new();
        for one in &self.file.orchestrators {
            let _ = writeln!(out, "### {}\n", code(&one.name));
            let rows = one.dependencies.iter().map(|dependency| {
                let kind = if dependency.port { "port" } else { "type" };
                vec![code(&dependency.name), code(&dependency.shown), kind.to_owned()]
            });
            let rows: Vec<Vec<String>> = rows.collect();
            let dependencies = table(&["Dependency", "What", "Kind"], &rows);
            out.push_str(if dependencies.is_empty() { "It receives nothing.\n" } else { &dependencies });
            let _ = writeln!(out, "\n**Operations:** {}\n", list(&one.operations));
        }
        if out.is_empty() { "_none_".to_owned() } else { out }
    }

    fn public(&self) -> String {
        let rows = self.file.public.iter().map(|item| {
            let docs = if item.docs.is_empty() { "—".to_owned() } else { prose(&item.docs) };
            let owner = if item.owner.is_empty() { String::new() } else { format!("{} · ", code(&item.owner)) };
            vec![format!("{owner}{}", code(&item.signature)), docs]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        if rows.is_empty() { "_none_".to_owned() } else { table(&["Signature", "What it does"], &rows) }
    }

    fn pairing(&self) -> String {
        let pairing = &self.file.pairing;
        let gaps = bullets(pairing.gaps.iter().map(|gap| prose(gap)));
        let gaps = if gaps.is_empty() { "_none_\n".to_owned() } else { format!("\n\n{gaps}") };
        format!(
            "**Serves domains:** {}\n\n**Consumers:** {}\n\n**Gaps:** {gaps}",
            list(&pairing.serves),
            list(&pairing.consumers),
        )
    }
}

/// What of a page says which file it is about, up to the address.
pub(super) fn file_cell(path: &str) -> String {
    format!("[{}]", code(path))
}

fn errors(errors: &[String]) -> String {
    if errors.is_empty() {
        return "_none_".to_owned();
    }
    bullets(errors.iter().map(|error| code(error)))
}

/// The first of several names, and how many more there are.
fn some(names: &[String]) -> String {
    match names.len().checked_sub(MOST_NAMES) {
        None | Some(0) => list(names),
        Some(more) => format!("{} and {more} more", list(&names[..MOST_NAMES])),
    }
}
