//! The promises in the book against the tests that it names, and those in the README.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PROMISES: &str = "../docs/book/src/runtime-promises.md";

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Texts between backticks, in their order.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_test_that_is_named_as_the_proof_of_a_promise_is_there() {
    let page = read(PROMISES);
    let mut named = 0;
    for row in page.lines().filter(|line| line.starts_with('|')) {
        let mut source = String::new();
        let column = row.trim_end_matches('|').rsplit('|').next().unwrap();
        for text in quoted(column) {
            if Path::new(text).extension().is_some_and(|extension| extension == "rs") {
                source = read(text);
            } else {
                let (before, _) =
                    source.split_once(&format!("fn {text}(")).unwrap_or_else(|| panic!("no test `{text}`"));
                let attributes = before.rsplit('}').next().unwrap();
                assert!(attributes.contains("test"), "`{text}` is no test");
                named += 1;
            }
        }
    }
    assert!(named > 25, "only {named} tests are named");
}

#[test]
fn each_promise_of_the_readme_is_in_the_book() {
    let numbers = |text: &str, before: &str, after: char| -> BTreeSet<u32> {
        let starts =
            text.lines().filter_map(|line| line.strip_prefix(before)?.split_once(after)?.0.trim().parse().ok());
        starts.collect()
    };
    let readme = numbers(&read("README.md"), "", '.');
    assert_eq!(readme, (1..=12).collect(), "the README numbers its promises");
    assert_eq!(numbers(&read(PROMISES), "| ", '|'), readme);
}
