//! The limits of size that `CONTRIBUTING.md` names: what is longer does two things.
//!
//! Blank lines and comments don't count, because neither a pause nor a reason should be saved on.
//! Test code doesn't either: most of it is expected text, which is read line by line. A function's
//! lines are those between its braces, as clippy counts them.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "this test reads the sources of the repository")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

const FUNCTION_LINES: usize = 70;
const FILE_LINES: usize = 500;
const FOLDERS: [&str; 6] = ["core/src", "lints/src", "runtime/src", "runtime/macros/src", "src", "xtask/src"];

#[test]
fn functions_and_files_are_short() {
    let mut too_long = String::new();
    let mut functions = 0;
    let files = files();
    for path in &files {
        let source = Source::read(path);
        functions += source.functions.len();
        for (name, line, lines) in source.functions.iter().filter(|(_, _, lines)| *lines > FUNCTION_LINES) {
            let _ = writeln!(too_long, "{path}:{line}: `{name}` has {lines} lines, more than {FUNCTION_LINES}");
        }
        if source.lines > FILE_LINES {
            let _ = writeln!(too_long, "{path}: {} lines of code without tests, more than {FILE_LINES}", source.lines);
        }
    }
    assert!(files.len() > 50 && functions > 300, "only {} files, {functions} functions were found", files.len());
    assert!(too_long.is_empty(), "{too_long}split what is too long by noun; CONTRIBUTING.md says why");
}

#[test]
fn the_numbers_in_the_documents_are_these() {
    let sentence = format!("at most {FUNCTION_LINES} lines, files at most {FILE_LINES} lines of code");
    for path in ["CONTRIBUTING.md", "docs/architecture.md"] {
        let text = fs::read_to_string(root().join(path)).unwrap();
        assert!(text.to_lowercase().contains(&sentence), "{path} does not say: {sentence}");
    }
    let clippy = fs::read_to_string(root().join("clippy.toml")).unwrap();
    assert!(clippy.contains(&format!("too-many-lines-threshold = {FUNCTION_LINES}")), "clippy.toml differs");
}

#[test]
fn only_code_is_counted() {
    let text = "\
//! A file.

/// A function.
fn first(
    value: u32,
) -> u32 {
    // A reason.
    value

}

#[cfg(test)]
mod tests {
    #[test]
    fn second() {
        assert_eq!(super::first(1), 1);
    }
}
";
    let source = Source::new("a.rs", text);
    assert_eq!(source.functions, [("first".to_owned(), 4, 1)]);
    assert_eq!(source.lines, 5);
    for path in ["a/tests.rs", "a/tests/b.rs"] {
        let source = Source::new(path, text);
        assert!(source.lines == 0 && source.functions.is_empty(), "a file of tests has no limit");
    }
}

/// What is measured of one file.
struct Source {
    /// Lines of code without tests.
    lines: usize,
    /// Each function's name, first line and lines of code.
    functions: Vec<(String, usize, usize)>,
}

impl Source {
    fn read(path: &str) -> Self {
        Self::new(path, &fs::read_to_string(root().join(path)).unwrap())
    }

    fn new(path: &str, text: &str) -> Self {
        let syntax = syn::parse_file(text).unwrap();
        let mut measure = Measure { code: text.lines().map(is_code).collect(), ..Measure::default() };
        measure.visit_file(&syntax);
        let Measure { code, mut functions, tests } = measure;
        let is_test_file = path.ends_with("/tests.rs") || path.contains("/tests/");
        let is_test = |line: usize| is_test_file || tests.iter().any(|&(start, end)| (start..=end).contains(&line));
        functions.retain(|&(_, line, _)| !is_test(line));
        let lines = code.iter().enumerate().filter(|&(at, &code)| code && !is_test(at + 1)).count();
        Self { lines, functions }
    }
}

#[derive(Default)]
struct Measure {
    /// Whether each line holds code.
    code: Vec<bool>,
    functions: Vec<(String, usize, usize)>,
    /// The first and last lines of the modules of tests.
    tests: Vec<(usize, usize)>,
}

impl Measure {
    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let start = signature.fn_token.span().start().line;
        let braces = block.brace_token.span;
        let (open, close) = (braces.open().end().line, braces.close().start().line);
        // The lines of the braces themselves are the function's frame.
        let inside = self.code.get(open..close.saturating_sub(1)).unwrap_or_default();
        self.functions.push((signature.ident.to_string(), start, inside.iter().filter(|code| **code).count()));
    }
}

impl<'ast> Visit<'ast> for Measure {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if let Some(attribute) = module.attrs.iter().find(|attribute| is_cfg_test(attribute)) {
            let end = module.content.as_ref().map_or(module.mod_token.span(), |(brace, _)| brace.span.close());
            self.tests.push((attribute.pound_token.span().start().line, end.end().line));
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.function(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with("//")
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files of the measured folders, relative to the repository, sorted.
fn files() -> Vec<String> {
    let mut open: Vec<PathBuf> = FOLDERS.iter().map(|folder| root().join(folder)).collect();
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let path = path.strip_prefix(root()).unwrap();
                files.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}
