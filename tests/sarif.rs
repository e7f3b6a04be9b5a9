//! SARIF as its readers get it: reports on the fixtures against the schema of the standard, and what a
//! schema cannot say.
//!
//! The schema is that of OASIS. `.ci/run` fetches it, and the environment variable `BATON_SARIF_SCHEMA` says
//! where it is. Without it, the test says that it compared nothing with it.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "this test runs the program on the fixtures"
)]

use baton_lints::LINTS;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCHEMA: &str = "BATON_SARIF_SCHEMA";

#[test]
fn reports_are_what_the_schema_says() {
    let Some(path) = std::env::var_os(SCHEMA) else {
        eprintln!("LEFT OUT: the comparison with the schema of SARIF; {SCHEMA} may name its file");
        return;
    };
    // One pattern of the schema has a bracket that opens nowhere, which strict readers of patterns refuse.
    let text = fs::read_to_string(path).unwrap().replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}\\\\]?$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (project, log) in logs() {
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", project.display());
    }
    assert!(!validator.is_valid(&serde_json::json!({"version": "2.1.0"})), "the schema says what is wrong too");
}

#[test]
fn every_result_names_its_rule_and_a_place_in_its_line() {
    let (mut results, mut flows, mut suppressed) = (0, 0, 0);
    for (project, log) in logs() {
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), LINTS.len());
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(result["ruleId"], LINTS[index].name);
            assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string(), "{result}");
            each_location(result, &mut |physical| is_in_its_line(&project, physical));
            results += 1;
            flows += usize::from(result["codeFlows"].is_array());
            suppressed += usize::from(result["suppressions"] != serde_json::json!([]));
        }
    }
    assert!(results > 50 && flows > 5 && suppressed > 0, "{results} results, {flows} flows, {suppressed} suppressed");
}

/// A region is one that an editor can mark: from 1, in UTF-16 code units, within its line.
fn is_in_its_line(project: &Path, physical: &Value) {
    let path = physical["artifactLocation"]["uri"].as_str().unwrap();
    // Only fixtures whose paths need no escapes are looked into.
    if path.contains('%') {
        return;
    }
    let Ok(text) = fs::read_to_string(project.join(path)) else { return };
    let number = |key| usize::try_from(physical["region"][key].as_u64().unwrap()).unwrap();
    let lines: Vec<_> = text.split('\n').map(|line| line.trim_end_matches('\r').encode_utf16().count()).collect();
    let (start, end) = (number("startColumn"), number("endColumn"));
    assert!(1 <= start && start <= end && end <= lines[number("startLine") - 1] + 1, "{path}: {physical}");
}

fn each_location(value: &Value, look: &mut dyn FnMut(&Value)) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                if key == "physicalLocation" { look(value) } else { each_location(value, look) }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| each_location(value, look)),
        _ => {}
    }
}

/// The reports on the fixtures of all lints and on some more, with their folders.
fn logs() -> Vec<(PathBuf, Value)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut projects: Vec<_> = LINTS.iter().map(|lint| fixtures.join(lint.name).join("fires")).collect();
    projects.extend(["faulty-suppression/silent", "pattern/wrong"].map(|name| fixtures.join(name)));
    let log = |project: &PathBuf| {
        let run = Command::new(env!("CARGO_BIN_EXE_baton")).args(["check", "--format", "sarif"]).arg(project).output();
        serde_json::from_slice(&run.unwrap().stdout).unwrap()
    };
    projects
        .into_iter()
        .map(|project| {
            let log = log(&project);
            (project, log)
        })
        .collect()
}
