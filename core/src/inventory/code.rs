//! What a file offers: its public items with their signatures, and the errors that its functions return.

use super::model::PublicItem;
use super::words::first_sentence;
use crate::facts::types::last_segment;
use crate::facts::{
    Function, Import, ImportKind, Item, ItemKind, PathType, Scope, ScopeId, Type, TypeKind, Visibility,
};
use crate::link::{ItemRef, ModuleId, Project, Space, Target};
use crate::report::{Report, ReportedFile};
use crate::source::Span;
use std::collections::BTreeSet;

/// What others may use of the modules of one file, in the order of the text.
pub(super) fn public_items(project: &Project, report: &Report, modules: &[ModuleId]) -> Vec<PublicItem> {
    let mut found: Vec<(u32, PublicItem)> = Vec::new();
    let mut seen = BTreeSet::new();
    for &module in modules.iter().filter(|module| is_open(project, **module)) {
        let Some(file) = report.file(project.module(module).file) else { continue };
        let scope = project.scope(module);
        let items = scope.items.iter().filter(|item| !item.test && item.block.is_none());
        for (place, public) in items.flat_map(|item| of_item(file, item)).chain(reexports(file, scope)) {
            if seen.insert(place) {
                found.push((place.start, public));
            }
        }
    }
    found.sort_by_key(|(start, _)| *start);
    found.into_iter().map(|(_, item)| item).collect()
}

/// Whether a module of a file can be reached from outside of the file: the file's own can, an inline one where it
/// is public.
fn is_open(project: &Project, id: ModuleId) -> bool {
    let module = project.module(id);
    let Some(parent) = module.parent.filter(|_| module.scope != ScopeId::ROOT) else { return true };
    let declares = |item: &Item| matches!(item.kind, ItemKind::Module(_)) && item.name == module.name;
    let declared = project.scope(parent).items.iter().find(|item| declares(item));
    declared.is_none_or(|item| item.visibility != Visibility::Private) && is_open(project, parent)
}

fn reexports(file: &ReportedFile, scope: &Scope) -> Vec<(Span, PublicItem)> {
    let handed_on =
        |import: &&Import| import.visibility != Visibility::Private && !import.test && import.block.is_none();
    let items = scope.imports.iter().filter(handed_on).map(|import| {
        let end = match (import.kind, &import.name) {
            (ImportKind::Glob, _) => "::*".to_owned(),
            (_, Some(name)) if *name != last_segment(&import.path) => format!(" as {name}"),
            _ => String::new(),
        };
        let public = PublicItem {
            owner: String::new(),
            name: import.name.as_deref().unwrap_or("*").to_owned(),
            signature: format!("use {}{end}", import.path),
            docs: String::new(),
            line: file.lines.line_column(&file.text, import.span.start).line,
        };
        (import.span, public)
    });
    items.collect()
}

fn of_item(file: &ReportedFile, item: &Item) -> Vec<(Span, PublicItem)> {
    let is_public = item.visibility != Visibility::Private;
    let own = is_public.then(|| {
        let docs = first_sentence(&item.docs).to_owned();
        let has_value = matches!(item.kind, ItemKind::Constant(_) | ItemKind::Static(_) | ItemKind::Alias(_));
        (item.name_span, public(file, "", (&item.name, item.name_span), item.span, has_value, docs))
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
    let named = (function.name.as_str(), function.name_span);
    (function.name_span, public(file, owner, named, function.span, false, docs))
}

fn public(
    file: &ReportedFile,
    owner: &str,
    (name, name_span): (&str, Span),
    span: Span,
    has_value: bool,
    docs: String,
) -> PublicItem {
    // What an item has in front of its keyword is not among its tokens, nor is the end of one without a body.
    let (before, code) = file.text.split_at_checked(span.start as usize).unwrap_or_default();
    PublicItem {
        owner: owner.to_owned(),
        name: name.to_owned(),
        signature: format!("{}{}", qualifiers(before), signature(code, has_value)),
        docs,
        line: file.lines.line_column(&file.text, name_span.start).line,
    }
}

/// The words in front of an item's keyword, apart from who may see it: `const `, `unsafe extern "C" `.
fn qualifiers(before: &str) -> String {
    let line = before.rsplit(['\n', ';', '{', '}', ']']).next().unwrap_or_default().trim();
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(')').map_or("", |(_, rest)| rest),
        Some(rest) => rest,
        None => line,
    };
    let known = |word: &&str| {
        matches!(*word, "const" | "async" | "unsafe" | "safe" | "extern" | "default" | "auto") || word.starts_with('"')
    };
    let words: Vec<&str> = line.split_whitespace().filter(known).collect();
    words.iter().flat_map(|word| [*word, " "]).collect()
}

/// The declaration of an item without what it holds, on one line.
fn signature(code: &str, has_value: bool) -> String {
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
            '=' if depth == 0 && has_value => break,
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
    // What stands in front on the item's own line is its indentation, or nothing.
    let lines = before.rsplit('\n').skip(1);
    let mut docs = Vec::new();
    for line in lines.map(str::trim) {
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
        if !is_open(project, module) {
            continue;
        }
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
        let expected = "pub async fn place(&self, order: Order) -> Result<Receipt, [u8; 2]> where T: Clone,";
        assert_eq!(signature(code, false), expected);
        assert_eq!(signature("struct Price(pub u8);", false), "struct Price(pub u8)");
        assert_eq!(signature("const MAX: usize = 4;", true), "const MAX: usize");
        assert_eq!(signature("type Shared<T> = Arc<T>;", true), "type Shared<T>");
        assert_eq!(signature("fn run(&self) -> bool;\n fn next() {}", false), "fn run(&self) -> bool");
        assert_eq!(
            signature("fn all() -> impl Iterator<Item = u8> { x }", false),
            "fn all() -> impl Iterator<Item = u8>"
        );
        assert_eq!(signature("struct G<const N: usize = 4> {}", false), "struct G<const N: usize = 4>");
    }

    #[test]
    fn what_stands_before_the_keyword_is_kept_but_for_the_visibility() {
        assert_eq!(qualifiers("}\n\n    pub(crate) const unsafe "), "const unsafe ");
        assert_eq!(qualifiers("/// Says.\npub extern \"C\" "), "extern \"C\" ");
        assert_eq!(qualifiers("#[must_use] pub "), "");
        assert_eq!(qualifiers(""), "");
    }

    #[test]
    fn documentation_stands_before_attributes() {
        let text = "impl A {\n    /// Runs it. Twice.\n    ///\n    /// More.\n    #[must_use]\n    pub fn run() {}\n\n    pub fn stop() {}\n";
        let at = |what: &str| text.find(what).unwrap() as u32;
        assert_eq!(docs_before(text, at("pub fn run")), "Runs it.");
        assert_eq!(docs_before(text, at("pub fn stop")), "");
    }
}
