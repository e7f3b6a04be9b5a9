//! Texts of others inside of Markdown, and what values are called.

use crate::render::clean;
use baton_core::inventory::{DomainsEntry, FileEntry, Inventory, Standing, TransactionEntry};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A text of others as a piece of Markdown: what stands in backticks is code, and outside of them nothing
/// is read as HTML, as a link into the documentation, or as the end of a cell.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, piece) in clean::line(text).split('`').enumerate() {
        let is_code = number % 2 == 1;
        if number > 0 {
            out.push('`');
        }
        let piece = if is_code { piece.to_owned() } else { piece.replace('<', "\\<").replace("__", "\\_\\_") };
        out.push_str(&piece);
    }
    // A backtick without its other half is none.
    if text.matches('`').count() % 2 == 1 {
        out = out.replace('`', "\\`");
    }
    // At the start of a line these would begin a heading, a quotation or a list.
    let begins = out.starts_with(['#', '>', '-', '+', '*']);
    without_links(&if begins { format!("\\{out}") } else { out })
}

/// Links of documentation lead to items, which no page has: only their texts stay. Addresses stay too, and
/// so does what is code.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['[', '`']) {
        let (before, link) = rest.split_at(start);
        out.push_str(before);
        let close = if link.starts_with('[') { ']' } else { '`' };
        let is_escaped = before.ends_with('\\');
        let Some(end) = link[1..].find(close).map(|end| end + 1).filter(|_| !is_escaped) else {
            out.push_str(&link[..1]);
            rest = &link[1..];
            continue;
        };
        if close == '`' {
            out.push_str(&link[..=end]);
            rest = &link[end + 1..];
        } else {
            let (shown, behind) = without_link(&link[1..end], &link[end + 1..]);
            out.push_str(&shown);
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// What stands for `[inside]` and what is `behind` it, and the text that is left to look at.
fn without_link<'t>(inside: &str, behind: &'t str) -> (String, &'t str) {
    if let Some((address, rest)) = behind.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let is_address = address.starts_with("http://") || address.starts_with("https://");
        let shown = if is_address { format!("[{inside}]({address})") } else { inside.to_owned() };
        return (shown, rest);
    }
    if let Some((_, rest)) = behind.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (inside.to_owned(), rest);
    }
    // `[load]` and `` [`load`] `` name items where the words are such as items have.
    let is_item = |c: char| c.is_alphanumeric() || "_:`!()@".contains(c);
    let names_item = !inside.is_empty() && inside.chars().all(is_item) && inside.chars().any(char::is_alphabetic);
    (if names_item { inside.to_owned() } else { format!("\\[{inside}\\]") }, behind)
}

/// A text as code.
pub(super) fn code(text: &str) -> String {
    let text = clean::line(text);
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A section with its heading, and an empty line behind it.
pub(super) fn section(title: &str, body: &str) -> String {
    format!("## {title}\n\n{}\n\n", body.trim_end())
}

/// A list with a line for each text; nothing where there is none.
pub(super) fn bullets(texts: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for text in texts {
        let _ = writeln!(out, "- {text}");
    }
    out
}

/// A Markdown table. A table without rows is nothing. A bar in a cell would end it, also in code.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut out = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

/// What a file may do with transactions, and whether it keeps to it.
pub(in crate::render) fn transaction(entry: &TransactionEntry) -> String {
    let verbs: BTreeSet<&str> = entry.operations.iter().map(|operation| operation.verb).collect();
    let verbs = verbs.into_iter().collect::<Vec<_>>().join(", ");
    match entry.standing {
        Standing::Open => "—".to_owned(),
        Standing::Forbidden => "Forbidden".to_owned(),
        Standing::Allowed => "Allowed".to_owned(),
        Standing::Owns => "OWNS COMMIT".to_owned(),
        Standing::Provides => format!("Provides: {verbs}"),
        Standing::Undeclared => format!("Undeclared: {verbs}"),
        Standing::Breaks => format!("Breaks: {verbs}"),
    }
}

/// Which other domains a file knows.
pub(super) fn cross_domain(entry: &DomainsEntry) -> String {
    match (entry.declared, entry.crosses) {
        (false, _) => "—".to_owned(),
        (true, false) => "no".to_owned(),
        (true, true) => prose(&entry.names.join(", ")),
    }
}

/// What the rules say of a file.
pub(super) fn verdict(inventory: &Inventory, file: &FileEntry) -> String {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in file.findings.iter().filter_map(|&number| inventory.findings.get(number)) {
        *rules.entry(finding.rule).or_default() += 1;
    }
    let counts = rules.into_iter().map(|(rule, count)| format!("{count} × `{rule}`"));
    let reasons: BTreeSet<&str> = file.waived.iter().map(|waived| waived.reason.as_str()).collect();
    let reasons: Vec<String> = reasons.into_iter().map(prose).collect();
    let waived = (!reasons.is_empty()).then(|| format!("Waived: {}", reasons.join("; ")));
    let parts: Vec<String> = counts.chain(waived).collect();
    if parts.is_empty() { "OK".to_owned() } else { parts.join(", ") }
}

/// Each of some texts as code, or that there is none.
pub(super) fn list(texts: &[String]) -> String {
    if texts.is_empty() {
        return "_none_".to_owned();
    }
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_becomes_plain_markdown() {
        assert_eq!(prose("Takes `Vec<T>` | a <b>"), "Takes `Vec<T>` | a \\<b>");
        assert_eq!(
            prose("See [`load`], [the map](crate::map), [a][b] and [Order]."),
            "See `load`, the map, a and Order."
        );
        assert_eq!(prose("Of `[[registry]]`, `a[0]` and [ ]"), "Of `[[registry]]`, `a[0]` and \\[ \\]");
        assert_eq!(prose("At [home](https://a.b/c)"), "At [home](https://a.b/c)");
        assert_eq!(prose("an odd ` one"), "an odd \\` one");
        assert_eq!(prose("an open [ one"), "an open [ one");
    }

    #[test]
    fn code_and_tables() {
        assert_eq!(prose("# Not a `heading` of __init__.rs"), "\\# Not a `heading` of \\_\\_init\\_\\_.rs");
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(table(&["A", "B"], &[vec!["1".to_owned(), "2".to_owned()]]), "| A | B |\n|---|---|\n| 1 | 2 |\n");
        assert_eq!(table(&["A"], &[vec![code("a|b")]]), "| A |\n|---|\n| `a\\|b` |\n");
        assert_eq!(table(&["A"], &[]), "");
    }
}
