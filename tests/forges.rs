//! What runs on forges: the archive of a release, its installation, and the run of the action.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "the scripts are run on files; a step that fails is a test that fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A script of the folder `ci`, without the variables of a pipeline that runs the tests.
fn script(name: &str) -> Command {
    let mut command = Command::new("bash");
    command.arg(Path::new(ROOT).join("ci").join(name)).current_dir(ROOT);
    for variable in
        ["VERSION", "ACTION_REF", "ACTION_REPOSITORY", "SERVER", "GITHUB_STEP_SUMMARY", "SARIF", "ARGUMENTS"]
    {
        command.env_remove(variable);
    }
    command
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The folder of the programs under test.
fn programs() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_baton")).parent().unwrap().to_owned()
}

fn target() -> String {
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    match system {
        "macos" => format!("{machine}-apple-darwin"),
        _ => format!("{machine}-unknown-linux-musl"),
    }
}

/// Where a server keeps the files of its one release.
fn releases(server: &TempDir) -> PathBuf {
    server.path().join(format!("owner/baton/releases/download/v{}", env!("CARGO_PKG_VERSION")))
}

/// A server with one release. The script that makes releases packs it once for all tests.
fn server() -> TempDir {
    static PACKED: LazyLock<TempDir> = LazyLock::new(|| {
        let packed = tempfile::tempdir().unwrap();
        let mut archive = script("archive.sh");
        archive.args([target().as_str(), programs().to_str().unwrap()]).arg(packed.path());
        let output = archive.output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        packed
    });
    let server = tempfile::tempdir().unwrap();
    fs::create_dir_all(releases(&server)).unwrap();
    for entry in fs::read_dir(PACKED.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), releases(&server).join(entry.file_name())).unwrap();
    }
    server
}

/// Installs a version from a server; `variable` says who asks for it.
fn install(server: &TempDir, variable: &str, version: &str) -> (Output, TempDir) {
    let into = tempfile::tempdir().unwrap();
    let mut command = script("install.sh");
    command.arg(into.path()).env(variable, version).env("ACTION_REPOSITORY", "owner/baton");
    command.env("SERVER", format!("file://{}", server.path().display()));
    // Nothing is built here: where a test comes to that, it fails.
    command.env("CARGO_HOME", into.path()).env("PATH", "/usr/bin:/bin");
    (command.output().unwrap(), into)
}

#[test]
fn a_release_is_packed_and_installed() {
    let server = server();
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    for variable in ["VERSION", "ACTION_REF"] {
        let (output, into) = install(&server, variable, version);
        assert!(output.status.success(), "{}", text(&output));
        assert_eq!(text(&output).trim(), concat!("baton ", env!("CARGO_PKG_VERSION")));
        assert!(into.path().join("cargo-baton").is_file());
    }
}

#[test]
fn a_download_that_is_not_what_was_published_is_refused() {
    let server = server();
    let mut files = fs::read_dir(releases(&server)).unwrap().map(|entry| entry.unwrap().path());
    let sum = files.find(|path| path.extension().is_some_and(|end| end == "sha256")).unwrap();
    fs::write(sum, "0000  baton.tar.gz\n").unwrap();
    let (output, into) = install(&server, "VERSION", concat!("v", env!("CARGO_PKG_VERSION")));
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("is not what its sum says"), "{}", text(&output));
    assert!(!into.path().join("baton").exists());
}

#[test]
fn a_version_that_was_asked_for_by_name_is_not_replaced() {
    let server = server();
    let (output, _) = install(&server, "VERSION", "v9.9.9");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("there is no release v9.9.9 for this machine"), "{}", text(&output));
}

#[test]
fn the_action_annotates_and_writes_its_reports() {
    let out = tempfile::tempdir().unwrap();
    let (summary, sarif) = (out.path().join("summary.md"), out.path().join("baton.sarif"));
    let mut command = script("check.sh");
    command.env("PATH", format!("{}:{}", programs().display(), std::env::var("PATH").unwrap()));
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary).env("SARIF", &sarif);
    command.env("ARGUMENTS", "--threads 2").current_dir(Path::new(ROOT).join("fixtures/checkout"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(text(&output).contains("\n::error file=src/core/price.rs,"), "{}", text(&output));
    assert!(fs::read_to_string(summary).unwrap().contains("core-imports-shell"));
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(sarif).unwrap()).unwrap();
    assert_eq!(report["version"], "2.1.0");
}
