//! What a file offers: its public items with their signatures, and the errors that its functions return.

use super::model::PublicItem;
use super::words::first_sentence;
use crate::facts::{Function, Item, ItemKind, PathType, Type, TypeKind, Visibility};
use crate::link::{ItemRef, ModuleId, Project, Space, Target};
use crate::report::{Report, ReportedFile};
use crate::source::Span;
use std::collections::BTreeSet;

/// What others may use of the modules of one file, in the order of the text.
pub(super) fn public_items(project: &Project, report: &Report, modules: &[ModuleId]) -> Vec<PublicItem> {
    let mut found: Vec<(u32, PublicItem)> = Vec::new();
    let mut seen = BTreeSet::new();
    for &module in modules {
        let Some(file) = report.file(project.module(module).file) else { continue };
        for item in project.scope(module).items.iter().filter(|item| !item.test && item.block.is_none()) {
            for (name_span, public) in of_item(file, item) {
                if seen.insert(name_span) {
                    found.push((name_span.start, public));
                }
            }
        }
    }
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, item)| item).collect()
}

fn of_item(file: &ReportedFile, item: &Item) -> Vec<(Span, PublicItem)> {
    let is_public = item.visibility != Visibility::Private;
    let own = is_public.then(|| {
        let docs = first_sentence(&item.docs).to_owned();
        (item.name_span, public(file, "", &item.name, item.span, item.name_span, docs))
    });
    match &item.kind {
        ItemKind::Impl(block) if block.of_trait.is_none() => {
            let owner = block.self_type.referent().path().map(PathType::last).unwrap_or_default();
            let functions = block.functions.iter().filter(|function| function.visibility != Visibility::Private);
            functions.filter(|function| !function.test).map(|function| method(file, owner, function)).collect()
        }
        ItemKind::Trait(declared) if is_public => {
            let functions = declared.functions.iter().map(|function| method(file, &item.name, function));
            own.into_iter().chain(functions).collect()
        }
        ItemKind::Struct(_)
        | ItemKind::Enum(_)
        | ItemKind::Function(_)
        | ItemKind::Constant(_)
        | ItemKind::Static(_)
        | ItemKind::Alias(_) => own.into_iter().collect(),
        _ => Vec::new(),
    }
}

fn method(file: &ReportedFile, owner: &str, function: &Function) -> (Span, PublicItem) {
    let docs = docs_before(&file.text, function.span.start);
    (function.name_span, public(file, owner, &function.name, function.span, function.name_span, docs))
}

fn public(file: &ReportedFile, owner: &str, name: &str, span: Span, name_span: Span, docs: String) -> PublicItem {
    let code = file.text.get(span.start as usize..span.end as usize).unwrap_or_default();
    PublicItem {
        owner: owner.to_owned(),
        name: name.to_owned(),
        signature: signature(code),
        docs,
        line: file.lines.line_column(&file.text, name_span.start).line,
    }
}

/// The declaration of an item without what it holds, on one line.
fn signature(code: &str) -> String {
    let (mut depth, mut out) = (0_i32, String::new());
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let next = &rest[c.len_utf8()..];
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
            continue;
        }
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' | ';' if depth == 0 => break,
            '=' if depth == 0 && out.ends_with(' ') && next.starts_with([' ', '\n']) => break,
            _ => {}
        }
        out.push(c);
        rest = next;
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ").replace("( ", "(").replace(", )", ")").replace("< ", "<").replace(", >", ">")
}

/// The first sentence of the documentation that stands in front of a place. Attributes may lie between.
fn docs_before(text: &str, start: u32) -> String {
    let before = text.get(..start as usize).unwrap_or_default();
    // What stands in front on the item's own line is its indentation.
    let mut lines: Vec<&str> = before.lines().collect();
    if !before.ends_with('\n') {
        lines.pop();
    }
    let mut docs = Vec::new();
    for line in lines.into_iter().rev().map(str::trim) {
        match line.strip_prefix("///") {
            Some(doc) => docs.push(doc.trim()),
            None if docs.is_empty() && (line.starts_with("#[") || line.ends_with(']')) => {}
            None => break,
        }
    }
    docs.reverse();
    let paragraph: Vec<&str> = docs.into_iter().take_while(|line| !line.is_empty()).collect();
    first_sentence(&paragraph.join(" ")).to_owned()
}

/// The errors that the public functions of a file return, sorted.
pub(super) fn errors(project: &Project, report: &Report, modules: &[ModuleId]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for &module in modules {
        for item in project.scope(module).items.iter().filter(|item| !item.test && item.block.is_none()) {
            let of_trait = matches!(&item.kind, ItemKind::Impl(block) if block.of_trait.is_some());
            let is_seen = |function: &&Function| of_trait || function.visibility != Visibility::Private;
            let is_trait = matches!(item.kind, ItemKind::Trait(_)) && item.visibility != Visibility::Private;
            let functions = item.kind.functions().filter(|function| is_trait || is_seen(function));
            let outputs = functions.filter_map(|function| function.output.as_ref());
            found.extend(outputs.filter_map(|output| error_of(project, report, module, output)));
        }
    }
    found.into_iter().collect()
}

fn error_of(project: &Project, report: &Report, module: ModuleId, output: &Type) -> Option<String> {
    let TypeKind::Path(path) = &output.kind else { return None };
    let shown = |module: ModuleId, ty: &Type| {
        let text = &report.file(project.module(module).file)?.text;
        let written = text.get(ty.span.start as usize..ty.span.end as usize)?;
        Some(written.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    if path.last() != "Result" && !path.last().ends_with("Result") {
        return None;
    }
    if let (true, [_, error]) = (path.last() == "Result", path.arguments.as_slice()) {
        return shown(module, error);
    }
    // An alias says which error it means.
    match project.names().resolve_at(module, &path.path, Space::Types, path.span).target {
        Target::Item(item) => of_alias(project, item).and_then(|error| shown(item.module, error)),
        Target::Outside(package, inside) => {
            let around = inside.rsplit_once("::").map_or("", |(around, _)| around);
            Some(if around.is_empty() { format!("{package}::Error") } else { format!("{package}::{around}::Error") })
        }
        Target::Module(_) | Target::Unknown => None,
    }
}

fn of_alias(project: &Project, item: ItemRef) -> Option<&Type> {
    let ItemKind::Alias(alias) = &project.item(item).kind else { return None };
    alias.ty.path().filter(|path| path.last() == "Result")?.arguments.get(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_stands_before_the_body() {
        let code = "pub async fn place(\n    &self,\n    order: Order, // what\n) -> Result<Receipt, [u8; 2]>\nwhere\n    T: Clone,\n{\n body }";
        assert_eq!(
            signature(code),
            "pub async fn place(&self, order: Order) -> Result<Receipt, [u8; 2]> where T: Clone,"
        );
        assert_eq!(signature("pub struct Price(pub u8);"), "pub struct Price(pub u8)");
        assert_eq!(signature("pub const MAX: usize = 4;"), "pub const MAX: usize");
        assert_eq!(signature("pub type Shared<T> = Arc<T>;"), "pub type Shared<T>");
        assert_eq!(signature("fn run(&self) -> bool;"), "fn run(&self) -> bool");
    }

    #[test]
    fn documentation_stands_before_attributes() {
        let text = "impl A {\n    /// Runs it. Twice.\n    ///\n    /// More.\n    #[must_use]\n    pub fn run() {}\n\n    pub fn stop() {}\n";
        let at = |what: &str| text.find(what).unwrap() as u32;
        assert_eq!(docs_before(text, at("pub fn run")), "Runs it.");
        assert_eq!(docs_before(text, at("pub fn stop")), "");
    }
}
