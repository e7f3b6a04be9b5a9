//! The site of an inventory in a real browser: opened from a disk, read, searched and clicked through.
//!
//! A browser is moved by a script for Node and the driver Playwright. `BATON_BROWSER` names the browser and
//! `BATON_BROWSER_DRIVER` the folder `node_modules` with `playwright-core`. Where neither is set the test looks
//! for a browser and `target/browser`, which `.ci/run` fills, and says that it opened nothing where there is
//! none; where one is set, that is a failure.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "another program is started; a step that fails is a test that fails"
)]

#[path = "site/samples.rs"]
mod samples;

use samples::{sample, strange};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const BROWSER: &str = "BATON_BROWSER";
const DRIVER: &str = "BATON_BROWSER_DRIVER";
/// What browsers of this kind are called.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

#[test]
fn a_browser_shows_the_site_from_a_disk() {
    let is_asked = std::env::var_os(BROWSER).is_some() || std::env::var_os(DRIVER).is_some();
    let (browser, driver) = match found() {
        Ok(found) => found,
        Err(missing) => {
            assert!(!is_asked, "{BROWSER} or {DRIVER} is set, but there is no {missing}");
            // Past the test harness, which keeps to itself what a test that passes prints.
            let _ = writeln!(
                std::io::stderr(),
                "LEFT OUT: the site in a browser, because there is no {missing}; {BROWSER} and {DRIVER} may name them"
            );
            return;
        }
    };
    let strange = strange();
    let projects =
        [("checkout", sample("checkout")), ("inventory", sample("inventory")), ("strange", strange.path().to_owned())];
    let sites = tempfile::tempdir().unwrap();
    for (name, project) in &projects {
        let output = sites.path().join(name);
        let mut baton = Command::new(env!("CARGO_BIN_EXE_baton"));
        let run =
            baton.arg("inventory").arg(project).args(["--format", "html", "--output"]).arg(output).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/drive.mjs");
    let run = Command::new("node").arg(script).args([&browser, &driver]).arg(sites.path()).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    // A script that checks nothing would prove nothing.
    let last = out.lines().last().unwrap_or_default();
    let checked = last.split(' ').next().and_then(|number| number.parse::<usize>().ok());
    assert!(checked.is_some_and(|checks| checks >= 12), "{out}");
}

/// The browser and the folder of its driver, or what is missing.
fn found() -> Result<(PathBuf, PathBuf), &'static str> {
    if Command::new("node").arg("--version").output().is_err() {
        return Err("Node");
    }
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser/node_modules");
    let driver = std::env::var_os(DRIVER).map_or_else(own, PathBuf::from);
    if !driver.join("playwright-core/index.mjs").is_file() {
        return Err("`playwright-core`");
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let installed =
        || folders.iter().flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|path| path.is_file());
    let browser = std::env::var_os(BROWSER).map(PathBuf::from).or_else(installed);
    browser.filter(|path| path.is_file()).map(|browser| (browser, driver)).ok_or("browser")
}
