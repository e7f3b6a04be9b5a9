//! The projects whose sites are looked at.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "projects of a test are written to a disk")]

use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A manifest.
pub(crate) const MANIFEST: &str = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

/// Text that would do something if it were taken for markup.
pub(crate) const MARKUP: &str = "</script><img src=x onerror=\"window.pwned=1\">";

/// A sample of this repository.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// Writes files below a folder.
pub(crate) fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A project whose texts and names are such as to break a careless page, with a configuration and findings.
pub(crate) fn strange() -> TempDir {
    let project = tempfile::tempdir().unwrap();
    let config = format!(
        "version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/core/**\"]\n[[role]]\nname = \"shell\"\n\
         paths = [\"src/shell.rs\"]\n[[folder]]\npath = \"src/core\"\ntitle = '''{MARKUP}'''\npurpose = '''{MARKUP} \
         and [x](javascript:alert(1))'''\nbelongs = ['''{MARKUP}''']\nforbidden = [{{ text = '''{MARKUP}''' }}]\n"
    );
    let long = format!("a_{}", "very_".repeat(30));
    let price = format!(
        "//! {MARKUP} \u{202e}backwards `{MARKUP}`\n\nuse crate::shell::Table; // {MARKUP}\n\n/// {MARKUP}\n\
         pub fn price(_: &Table) -> Result<u8, {long}> {{ Err({long}) }}\n\npub struct {long};\n"
    );
    let files = [
        ("baton.toml", config.as_str()),
        ("Cargo.toml", MANIFEST),
        ("src/lib.rs", "pub mod core;\npub mod shell;\n"),
        ("src/core/mod.rs", "pub mod price;\n"),
        ("src/core/price.rs", price.as_str()),
        ("src/shell.rs", "pub struct Table;\n"),
        ("src/core/a b#1%20&'()!.rs", "//! An odd name.\npub fn odd() {}\n"),
        ("src/core/ß漢字/x?.rs", "fn unseen() {}\n"),
    ];
    write(project.path(), &files);
    project
}
