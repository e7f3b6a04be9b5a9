//! The documents against the program: generated pages are current, links lead somewhere, the picture
//! in the README is what the program prints, and the configurations shown are ones that it takes.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "this test reads the documents and runs the program"
)]

use baton_core::config;
use baton_lints::LINTS;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::book;

const AGAIN: &str = "run `cargo xtask book` and commit what it writes";

#[test]
fn the_generated_pages_are_current() {
    let pages = book::pages(LINTS);
    for (path, text) in &pages {
        let there = fs::read_to_string(root().join(path)).unwrap_or_default();
        assert_eq!(there, *text, "{path} is out of date: {AGAIN}");
    }
    let there = xtask::disk::list(root(), book::RULES).unwrap();
    assert_eq!(book::stale(&there, &pages), Vec::<String>::new(), "{AGAIN}");
}

#[test]
fn the_contents_list_every_page() {
    let text = read(book::SUMMARY);
    assert_eq!(text, book::summary(&text, LINTS).unwrap(), "{AGAIN}");
    let listed = links(&text);
    let pages = root().join("docs/book/src");
    let mut there = Vec::new();
    for folder in ["", "rules/"] {
        for entry in fs::read_dir(pages.join(folder)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                there.push(format!("{folder}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    there.retain(|page| page != "SUMMARY.md");
    for page in &there {
        assert!(listed.contains(page), "SUMMARY.md leaves out {page}");
    }
    assert_eq!(listed.len(), there.len(), "{listed:?}");
}

#[test]
fn every_link_between_documents_leads_to_a_file() {
    let mut documents: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"].map(|path| root().join(path)).into();
    for folder in ["docs/book/src", book::RULES] {
        let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        documents.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    for document in documents {
        for link in links(&fs::read_to_string(&document).unwrap()) {
            if !link.contains("://") {
                let file = link.split('#').next().unwrap_or_default();
                let target = document.parent().unwrap().join(file);
                assert!(target.exists(), "{}: `{link}` leads nowhere", document.display());
            }
        }
    }
}

#[test]
fn the_configurations_in_the_book_are_right() {
    let page = read("docs/book/src/configuration.md");
    let blocks = blocks(&page, "toml");
    assert_eq!(
        blocks.len(),
        9,
        "a whole file, what is extended, contracts, domains, a folder, pages, a registry, an override and the part of a \
         manifest"
    );
    for block in &blocks {
        let metadata = config::open_metadata("Cargo.toml", block).unwrap();
        let config = metadata.unwrap_or_else(|| config::Layers::new("baton.toml", block)).read(LINTS).unwrap();
        let says = !config.roles.is_empty()
            || config.domains.is_some()
            || !config.folders.is_empty()
            || config.inventory.declared
            || !config.registries.is_empty()
            || !config.overrides.is_empty()
            || config.sources.len() > 1
            || !config.contracts.is_empty();
        assert!(says, "{block}");
    }
}

#[test]
fn the_page_on_presets_shows_each_as_it_is() {
    let shown = blocks(&read("docs/book/src/presets.md"), "toml");
    for preset in config::PRESETS {
        assert!(shown.contains(&preset.text.to_owned()), "{} is shown otherwise than it is", preset.name);
    }
}

#[test]
fn the_readme_shows_what_the_program_prints_and_its_commands_are_run_somewhere() {
    let readme = read("README.md");
    // Here, by the tests themselves, and in `tests/git/readme.rs`.
    let commands = blocks(&readme, "sh");
    assert_eq!(commands[..2], ["cargo run --release -- check fixtures/checkout\n", "cargo test --workspace\n"]);
    assert!(commands.len() == 3 && commands[2].contains("\nbaton init "), "{commands:?}");
    let output = Command::new(env!("CARGO_BIN_EXE_baton"))
        .args(["check", "fixtures/checkout"])
        .current_dir(root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    let pictures = blocks(&readme, "text");
    assert_eq!(pictures.len(), 1);
    // The parts between the `…` follow each other in what is printed.
    let mut rest = printed.as_str();
    for part in pictures[0].split('…') {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("README.md shows\n\n{part}\nand the program prints\n\n{printed}");
        };
        rest = after;
    }
    assert_eq!(rest, "", "the picture leaves out the end");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// The blocks of code of that kind in a Markdown text.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let start = format!("```{kind}\n");
    text.split(&start).skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// The targets of the links of a Markdown text, outside its blocks of code.
fn links(text: &str) -> Vec<String> {
    let mut in_code = false;
    let prose = text.lines().filter(|line| {
        in_code ^= line.starts_with("```");
        !in_code
    });
    let of_line = |line: &str| -> Vec<String> {
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        targets.map(|(target, _)| target.to_owned()).collect()
    };
    prose.flat_map(of_line).collect()
}
