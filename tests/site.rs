//! The site of an inventory, as the real program writes it: every link leads somewhere, nothing of others is
//! touched, and the same project gives the same bytes.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "site/html.rs"]
mod html;
#[path = "site/samples.rs"]
mod samples;

use samples::{MARKUP, sample, strange, write};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(project: &Path, output: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.arg("inventory").arg(project).args(["--format", "html", "--output"]).arg(output).args(more);
    command.output().unwrap()
}

/// Writes the site of a project, and gives what was said.
fn made(project: &Path, output: &Path) -> String {
    let run = run(project, output, &[]);
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success() && run.stdout.is_empty(), "{said}");
    said
}

/// The texts of all files below a folder, by their paths.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn pages(texts: &BTreeMap<String, String>) -> BTreeMap<&str, html::Page> {
    let pages = texts.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|ending| ending == "html"));
    pages.map(|(path, text)| (path.as_str(), html::read(path, text))).collect()
}

/// Checks that whatever a page leads to is there, and that every page is led to.
fn walk(texts: &BTreeMap<String, String>) -> usize {
    let pages = pages(texts);
    let mut links = 0;
    let mut reached: BTreeSet<String> = ["index.html".to_owned()].into();
    for (path, page) in &pages {
        for address in page.addresses.iter().filter(|address| !address.starts_with("https://")) {
            let (target, fragment) = address.split_once('#').unwrap_or((address, ""));
            let target = if target.is_empty() { (*path).to_owned() } else { resolved(path, target) };
            assert!(texts.contains_key(&target), "{path}: `{address}` leads nowhere");
            let has = |page: &html::Page| fragment.is_empty() || page.ids.contains(fragment);
            assert!(pages.get(target.as_str()).is_none_or(has), "{path}: `{address}` names nothing there");
            reached.insert(target);
            links += 1;
        }
    }
    let missed: Vec<_> = pages.keys().filter(|path| !reached.contains(**path)).collect();
    assert!(missed.is_empty(), "no link leads to {missed:?}");
    links
}

/// The path that an address means on a page.
fn resolved(page: &str, address: &str) -> String {
    let mut parts: Vec<String> = page.split('/').map(str::to_owned).collect();
    parts.pop();
    for part in address.split('/') {
        if part == ".." {
            parts.pop().unwrap();
        } else {
            parts.push(decoded(part));
        }
    }
    parts.join("/")
}

fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn every_link_leads_somewhere() {
    let strange = strange();
    for project in [&sample("inventory"), &sample("checkout"), strange.path()] {
        let output = tempfile::tempdir().unwrap();
        made(project, output.path());
        let links = walk(&texts(output.path()));
        assert!(links > 300, "{} has only {links} links", project.display());
    }
}

#[test]
fn no_text_of_others_becomes_markup() {
    let (project, output) = (strange(), tempfile::tempdir().unwrap());
    made(project.path(), output.path());
    let texts = texts(output.path());
    let mut told = 0;
    for (path, page) in pages(&texts) {
        let handlers = page.attributes.iter().filter(|(key, _)| key.starts_with("on") || key == "style");
        assert_eq!(handlers.count(), 0, "{path} has a handler or a style of its own");
        let raw = &texts[path];
        assert!(!raw.contains("<img") && !raw.contains("<script>"), "{path}");
        assert!(!raw.contains('\u{202e}'), "{path} turns the reading order round");
        assert!(page.addresses.iter().all(|address| !address.starts_with("javascript:")), "{path}");
        told += page.text.matches(MARKUP).count();
    }
    assert!(told > 3, "the text is shown as text: {told} times");
}

#[test]
fn pages_load_nothing_from_elsewhere_and_know_no_machine() {
    let (project, output) = (sample("inventory"), tempfile::tempdir().unwrap());
    made(&project, output.path());
    for (path, text) in texts(output.path()) {
        for stranger in ["http://", "https://", "@import", "url(//"] {
            let found = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!found.contains(stranger), "{path} has {stranger}");
        }
        let root = env!("CARGO_MANIFEST_DIR");
        assert!(
            !text.contains(root) && !text.contains(output.path().to_str().unwrap()),
            "{path} names a place on disk"
        );
    }
}

#[test]
fn the_same_project_gives_the_same_bytes() {
    let strange = strange();
    for project in [&sample("inventory"), strange.path()] {
        let outputs = ["1", "2", "7"].map(|threads| {
            let output = tempfile::tempdir().unwrap();
            assert!(run(project, output.path(), &["--threads", threads]).status.success());
            texts(output.path())
        });
        assert!(outputs[0] == outputs[1] && outputs[0] == outputs[2], "{}", project.display());
    }
}

#[test]
fn a_second_run_writes_only_what_changed_and_removes_only_its_own() {
    let project = tempfile::tempdir().unwrap();
    let around = tempfile::tempdir().unwrap();
    let output = around.path().join("a/site");
    write(
        project.path(),
        &[
            ("Cargo.toml", samples::MANIFEST),
            ("src/lib.rs", "pub mod core;\n"),
            ("src/core/mod.rs", "pub mod price;\npub mod tax;\n"),
            ("src/core/price.rs", "//! Prices.\npub fn price() {}\n"),
            ("src/core/tax.rs", "//! Taxes.\n"),
        ],
    );
    assert!(made(project.path(), &output).starts_with("wrote "));
    let before = texts(&output);
    let when = |path: &str| fs::metadata(output.join(path)).unwrap().modified().unwrap();
    let style = when("assets/site.css");
    let said = made(project.path(), &output);
    assert!(said.starts_with("wrote 0 files; "), "{said}");
    // Files of others stay, and so does what is no page any more and somebody changed.
    fs::write(output.join("CNAME"), "example.org").unwrap();
    fs::write(output.join("code/src/core/notes.txt"), "theirs").unwrap();
    fs::remove_file(project.path().join("src/core/tax.rs")).unwrap();
    fs::write(project.path().join("src/core/mod.rs"), "pub mod price;\n").unwrap();
    let said = made(project.path(), &output);
    assert!(said.contains("; removed 1: "), "{said}");
    let after = texts(&output);
    assert!(before.contains_key("code/src/core/tax.rs.html") && !after.contains_key("code/src/core/tax.rs.html"));
    assert_eq!(after["CNAME"], "example.org");
    assert_eq!(after["code/src/core/notes.txt"], "theirs");
    assert_eq!(when("assets/site.css"), style, "what is the same is not written again");
    fs::write(output.join("code/src/core/price.rs.html"), "by hand").unwrap();
    fs::remove_dir_all(project.path().join("src/core")).unwrap();
    fs::write(project.path().join("src/lib.rs"), "pub fn all() {}\n").unwrap();
    let said = made(project.path(), &output);
    assert!(
        said.contains("code/src/core/price.rs.html: no page any more, and somebody changed it; it stays"),
        "{said}"
    );
    assert_eq!(texts(&output)["code/src/core/price.rs.html"], "by hand");
}

#[test]
fn a_folder_of_others_is_refused() {
    let (project, theirs) = (sample("checkout"), tempfile::tempdir().unwrap());
    let refused = |output: &Path, part: &str| {
        let run = run(&project, output, &[]);
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(run.status.code() == Some(2) && said.contains(part) && said.contains("help: "), "{said}");
    };
    fs::write(theirs.path().join("notes.md"), "mine").unwrap();
    refused(theirs.path(), "holds other things than a site");
    refused(&theirs.path().join("notes.md"), "cannot make the folder");
    assert_eq!(texts(theirs.path()).len(), 1, "nothing was written");
    fs::write(theirs.path().join("baton-site.json"), "{}").unwrap();
    refused(theirs.path(), "cannot be understood");
    // In a site of ours a file of others is in the way.
    let output = theirs.path().join("site");
    made(&sample("inventory"), &output);
    fs::create_dir_all(output.join("code/src/core")).unwrap();
    fs::write(output.join("code/src/core/price.rs.html"), "mine").unwrap();
    refused(&output, "is in the way and belongs to somebody else");
    assert_eq!(texts(&output)["code/src/core/price.rs.html"], "mine");
}

#[test]
fn a_site_is_about_a_whole_project_and_lies_in_its_target_folder() {
    let project = tempfile::tempdir().unwrap();
    write(
        project.path(),
        &[("Cargo.toml", samples::MANIFEST), ("src/lib.rs", "pub mod core;\n"), ("src/core.rs", "pub fn price() {}\n")],
    );
    let inventory = |path: &Path| {
        let command =
            Command::new(env!("CARGO_BIN_EXE_baton")).arg("inventory").arg(path).args(["--format", "html"]).output();
        let run = command.unwrap();
        (run.status.code(), String::from_utf8(run.stderr).unwrap())
    };
    let (code, said) = inventory(&project.path().join("src/core.rs"));
    assert!(code == Some(2) && said.contains("a part of it was asked for"), "{said}");
    assert!(!project.path().join("target").exists());
    let (code, said) = inventory(project.path());
    assert!(code == Some(0) && said.ends_with("target/baton-site/index.html\n"), "{said}");
    assert!(project.path().join("target/baton-site/code/src/core.rs.html").is_file());
}
