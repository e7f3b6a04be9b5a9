//! Cargo on all cases at once: one workspace holds the packages of each, under names of their own.

use crate::case::{Case, Files};
use crate::project::Project;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use toml::Table;

/// What the compiler has against a case.
pub(crate) type Errors = BTreeMap<String, String>;

/// Compiles the files of all these cases, and of those with tests the tests too.
pub(crate) fn errors<'a>(cases: impl Iterator<Item = (&'a Case, Files)>, with_tests: bool) -> Errors {
    let shared = Project::new([]);
    let mut members = BTreeSet::new();
    let mut tested = Vec::new();
    let mut errors = Errors::new();
    for (case, files) in cases {
        if inherits(&files) {
            let alone = Project::new([]);
            write(&alone, &case.name, files);
            let manifest = alone.root().join(&case.name).join("Cargo.toml");
            errors.extend(check(alone.root(), &["--manifest-path", manifest.to_str().unwrap(), "--workspace"]));
            continue;
        }
        let packages = renamed(&shared, case, files);
        if with_tests && case.has_tests() {
            tested.extend(packages.iter().flat_map(|(_, package)| ["-p".to_owned(), package.clone()]));
        }
        members.extend(packages.into_iter().map(|(folder, _)| folder));
    }
    let members: Vec<_> = members.iter().map(|member| format!("{member:?}")).collect();
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n[profile.dev]\ndebug = false\nincremental = false\n",
        members.join(", ")
    );
    shared.write("Cargo.toml", workspace);
    errors.extend(check(shared.root(), &["--workspace"]));
    if !tested.is_empty() {
        let mut arguments = vec!["--all-targets"];
        arguments.extend(tested.iter().map(String::as_str));
        errors.extend(check(shared.root(), &arguments));
    }
    errors
}

/// Whether packages of a case take something from their workspace: it needs a workspace of its own.
fn inherits(files: &Files) -> bool {
    files.get("Cargo.toml").is_some_and(|root| root.contains("[workspace.") || root.contains("exclude ="))
}

fn write(project: &Project, folder: &str, files: Files) {
    for (path, text) in files {
        project.write(&format!("{folder}/{path}"), text);
    }
}

/// Writes a case into the shared workspace. Gives the folder and the name of each of its packages.
fn renamed(shared: &Project, case: &Case, mut files: Files) -> Vec<(String, String)> {
    let mut packages = Vec::new();
    let manifests: Vec<_> = files.keys().filter(|path| path.ends_with("Cargo.toml")).cloned().collect();
    for path in manifests {
        let folder = path.trim_end_matches("Cargo.toml");
        let mut manifest: Table = files[&path].parse().unwrap_or_else(|error| panic!("{}: {path}: {error}", case.name));
        manifest.remove("workspace");
        let Some(package) = manifest.get_mut("package").and_then(|package| package.as_table_mut()) else {
            files.remove(&path);
            continue;
        };
        let name = package["name"].as_str().unwrap().to_owned();
        let own = own_name(case, &name);
        package.insert("name".to_owned(), own.clone().into());
        if files.contains_key(&format!("{folder}src/lib.rs")) {
            let lib = manifest.entry("lib").or_insert_with(|| Table::new().into()).as_table_mut().unwrap();
            lib.entry("name").or_insert_with(|| name.replace('-', "_").into());
        }
        for (_, feature) in manifest.get_mut("features").and_then(|all| all.as_table_mut()).into_iter().flatten() {
            for part in feature.as_array_mut().unwrap() {
                if let Some(dependency) = part.as_str().and_then(|part| part.strip_prefix("dep:")) {
                    *part = format!("dep:{}", own_name(case, dependency)).into();
                }
            }
        }
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            rename_dependencies(case, manifest.get_mut(section));
        }
        for (_, target) in manifest.get_mut("target").and_then(|all| all.as_table_mut()).into_iter().flatten() {
            rename_dependencies(case, target.get_mut("dependencies"));
        }
        packages.push((format!("{}/{folder}", case.name), own));
        files.insert(path, manifest.to_string());
    }
    write(shared, &case.name, files);
    packages
}

/// A dependency keeps the name that the code knows it by: that of the library, or a new one.
fn rename_dependencies(case: &Case, section: Option<&mut toml::Value>) {
    let Some(section) = section.and_then(|section| section.as_table_mut()) else { return };
    for (key, mut dependency) in std::mem::take(section) {
        let key = match dependency.get_mut("package") {
            Some(package) => {
                *package = own_name(case, package.as_str().unwrap()).into();
                key
            }
            None => own_name(case, &key),
        };
        section.insert(key, dependency);
    }
}

fn own_name(case: &Case, package: &str) -> String {
    let kind = if case.is_leak { "leak" } else { "near" };
    format!("{kind}-{}--{package}", case.name)
}

/// The first error of each case in the folder, by the name of its folder there.
fn check(root: &Path, arguments: &[&str]) -> Errors {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap());
    // Code that nobody uses is no fault here, and what the environment asks for is for another build.
    cargo.env("CARGO_ENCODED_RUSTFLAGS", "-Awarnings").env_remove("RUSTFLAGS");
    cargo.args(["check", "--offline", "--quiet", "--keep-going", "--message-format", "json", "--target-dir"]);
    let output = cargo.arg(root.join("target")).args(arguments).current_dir(root).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let mut errors = Errors::new();
    let root = root.canonicalize().unwrap();
    for message in out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if message["message"]["level"] == "error" {
            let manifest = Path::new(message["manifest_path"].as_str().unwrap());
            let manifest = manifest.strip_prefix(&root).unwrap().to_string_lossy();
            let case = manifest.split(['/', '\\']).next().unwrap().to_owned();
            let text = message["message"]["rendered"].as_str().unwrap();
            errors.entry(case).or_insert_with(|| text.to_owned());
        }
    }
    let told = output.status.success() || !errors.is_empty();
    assert!(told, "cargo compiles nothing: {}", String::from_utf8_lossy(&output.stderr));
    errors
}
