//! The scaffold of a lint: from its name to the texts of its files. Pure; [`disk`](crate::disk) writes them.
//!
//! A lint is one file, one folder of fixtures and two lines of the registry. What is made here
//! compiles at once and fails its tests until somebody writes the rule.

use crate::Refusal;

/// The registry of lints, relative to the repository.
pub const REGISTRY: &str = "lints/src/lib.rs";

const TEMPLATE: &str = include_str!("template/a_new_rule.rs");
const TEMPLATE_NAME: &str = "a-new-rule";
const TEMPLATE_MODULE: &str = "a_new_rule";

/// The name of a lint that is to be: lower-case words joined by hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    text: String,
    module: String,
}

/// What has to be written for a new lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where the lint goes, and its text.
    pub lint: (String, String),
    /// The folder of its fixtures.
    pub fixtures: String,
    /// The files in that folder, by their path below it, and their texts.
    pub fixture_files: Vec<(String, String)>,
    /// The new text of the [`REGISTRY`].
    pub registry: String,
}

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    ///
    /// The text cannot be the name of a lint, or not that of its file.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !text.split('-').all(is_word) {
            return Err(Refusal(format!(
                "`{text}` is no name for a rule: write lower-case words joined by hyphens, such as `swallowed-error`"
            )));
        }
        let module = text.replace('-', "_");
        let is_taken = ["lib", "testing"].contains(&module.as_str());
        if is_taken || syn::parse_str::<syn::Ident>(&module).is_err() {
            return Err(Refusal(format!("`{text}` is no name for a rule: no module can be called `{module}`")));
        }
        Ok(Self { text: text.to_owned(), module })
    }

    /// Where the lint goes.
    pub fn lint_path(&self) -> String {
        format!("lints/src/{}.rs", self.module)
    }

    /// Where its fixtures go.
    pub fn fixtures_path(&self) -> String {
        format!("fixtures/{}", self.text)
    }
}

/// Plans a lint of that name. `registry` is the text of the [`REGISTRY`] as it is, and `off` are the
/// rules that do not run by themselves: a fixture turns them on, because every lint judges every fixture.
///
/// # Errors
///
/// The registry has the name already, or is not laid out as this program knows it.
pub fn plan(name: &Name, registry: &str, off: &[&str]) -> Result<Plan, Refusal> {
    let registry = with_entry(&with_module(registry, name)?, name)?;
    let text = TEMPLATE.replace(TEMPLATE_NAME, &name.text).replace(TEMPLATE_MODULE, &name.module);
    Ok(Plan {
        lint: (name.lint_path(), text),
        fixtures: name.fixtures_path(),
        fixture_files: fixtures(name, off),
        registry,
    })
}

/// Adds the `pub mod` line before the first module that sorts after it.
fn with_module(registry: &str, name: &Name) -> Result<String, Refusal> {
    let declared = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')).map(str::to_owned)
    };
    insert(registry, name, &format!("pub mod {};", name.module), declared)
}

/// Adds the line of the list of lints before the first lint that sorts after it.
fn with_entry(registry: &str, name: &Name) -> Result<String, Refusal> {
    let listed = |line: &str| {
        let line = line.strip_prefix("    &")?;
        line.strip_suffix("::LINT,").map(str::to_owned)
    };
    insert(registry, name, &format!("    &{}::LINT,", name.module), listed)
}

/// Puts `line` among those that `key` knows, at its sorted place. Attributes stay with what they stand on.
fn insert(text: &str, name: &Name, line: &str, key: impl Fn(&str) -> Option<String>) -> Result<String, Refusal> {
    let mut lines: Vec<&str> = text.lines().collect();
    let known: Vec<(usize, String)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, key(line)?))).collect();
    if known.iter().any(|(_, other)| *other == name.module) {
        return Err(Refusal(format!("`{REGISTRY}` already has a lint called `{}`", name.text)));
    }
    let Some(&(last, _)) = known.last() else {
        return Err(Refusal(format!("`{REGISTRY}` has no line like `{}` to put the new one beside", line.trim())));
    };
    let mut at = known.iter().find(|(_, other)| *other > name.module).map_or(last + 1, |&(at, _)| at);
    while at > 0 && at <= last && lines[at - 1].starts_with("#[") {
        at -= 1;
    }
    lines.insert(at, line);
    Ok(lines.join("\n") + "\n")
}

/// Two tiny projects: one that breaks the rule, and one that nearly does.
fn fixtures(name: &Name, off: &[&str]) -> Vec<(String, String)> {
    let breaking = "/// Write here what breaks the rule.\npub fn breaks_the_rule() {}\n";
    let sound = "/// Write here what nearly breaks the rule, and is fine.\npub fn nearly_breaks_it() {}\n";
    let mut files = Vec::new();
    for (folder, code) in [("fires", breaking), ("silent", sound)] {
        let mut add = |path: &str, text: String| files.push((format!("{folder}/{path}"), text));
        add("Cargo.toml", manifest(name, folder));
        add("baton.toml", configuration(name, off));
        add("src/lib.rs", format!("//! The rule `{}`.\n\n{code}", name.text));
        add(EXPECTED, format!("{PLACEHOLDER}\n"));
    }
    files
}

/// The file of a fixture that holds what the linter says about it.
const EXPECTED: &str = "expected.txt";
const PLACEHOLDER: &str = "Not written yet: the rule first, then what the linter says about this folder.";

fn manifest(name: &Name, folder: &str) -> String {
    let package = format!("{}-{folder}", name.text);
    format!("[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n")
}

fn configuration(name: &Name, off: &[&str]) -> String {
    let mut rules: Vec<_> = off.iter().map(|rule| format!("{rule} = \"warn\"\n")).collect();
    rules.push(format!("{} = \"deny\"\n", name.text));
    rules.sort();
    format!("version = 1\n\n[[role]]\nname = \"core\"\npaths = [\"src/**\"]\n\n[rules]\n{}", rules.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    const REGISTRY_TEXT: &str = "\
//! The lints.

pub mod core_imports_shell;
#[cfg(test)]
mod testing;
pub mod unlinked_file;

pub static LINTS: &[&Lint] = &[
    &core_imports_shell::LINT,
    &unlinked_file::LINT,
];
";

    fn planned(name: &str) -> Result<Plan, String> {
        Name::new(name).and_then(|name| plan(&name, REGISTRY_TEXT, &["unassigned-module"])).map_err(|refusal| refusal.0)
    }

    fn registered(name: &str) -> String {
        let registry = planned(name).unwrap().registry;
        let new: Vec<_> = registry.lines().filter(|line| !line.contains("//!") && !line.is_empty()).collect();
        new.join("\n") + "\n"
    }

    #[test]
    fn a_lint_takes_its_sorted_place_and_attributes_stay_where_they_are() {
        expect![[r"
            pub mod core_imports_shell;
            pub mod swallowed_error;
            #[cfg(test)]
            mod testing;
            pub mod unlinked_file;
            pub static LINTS: &[&Lint] = &[
                &core_imports_shell::LINT,
                &swallowed_error::LINT,
                &unlinked_file::LINT,
            ];
        "]]
        .assert_eq(&registered("swallowed-error"));
    }

    #[test]
    fn the_first_and_the_last_place_are_places_too() {
        let first = registered("bypassed-orchestrator");
        assert!(first.starts_with("pub mod bypassed_orchestrator;\npub mod core_imports_shell;"), "{first}");
        assert!(first.contains("= &[\n    &bypassed_orchestrator::LINT,\n    &core_imports_shell::LINT,"), "{first}");
        let last = registered("unstoppable-task");
        assert!(last.contains("pub mod unlinked_file;\npub mod unstoppable_task;\n"), "{last}");
        assert!(last.ends_with("    &unlinked_file::LINT,\n    &unstoppable_task::LINT,\n];\n"), "{last}");
    }

    #[test]
    fn every_trace_of_the_templates_name_is_gone() {
        let plan = planned("swallowed-error").unwrap();
        assert_eq!(plan.lint.0, "lints/src/swallowed_error.rs");
        assert_eq!(plan.fixtures, "fixtures/swallowed-error");
        let texts = plan.fixture_files.iter().map(|(_, text)| text).chain([&plan.lint.1, &plan.registry]);
        for text in texts {
            assert!(!text.contains(TEMPLATE_NAME) && !text.contains(TEMPLATE_MODULE), "{text}");
        }
        assert!(plan.lint.1.starts_with("//! # swallowed-error\n"));
        assert!(plan.lint.1.contains("include_str!(\"swallowed_error.rs\")"));
    }

    #[test]
    fn a_fixture_turns_on_its_rule_and_those_that_are_off() {
        let plan = planned("swallowed-error").unwrap();
        let text = |wanted: &str| plan.fixture_files.iter().find(|(path, _)| path == wanted).unwrap().1.as_str();
        expect![[r#"
            version = 1

            [[role]]
            name = "core"
            paths = ["src/**"]

            [rules]
            swallowed-error = "deny"
            unassigned-module = "warn"
        "#]]
        .assert_eq(text("silent/baton.toml"));
        assert!(text("fires/Cargo.toml").contains("name = \"swallowed-error-fires\""));
    }

    #[test]
    fn what_is_no_name_of_a_rule_is_refused() {
        for bad in ["", "Swallowed", "swallowed_error", "-error", "error-", "a--b", "a b", "a/b", "..", "é", "e2e"] {
            let refusal = planned(bad).unwrap_err();
            assert!(refusal.contains("joined by hyphens"), "{bad}: {refusal}");
        }
        for taken in ["match", "crate", "lib", "testing"] {
            let refusal = planned(taken).unwrap_err();
            assert!(refusal.contains("no module can be called"), "{taken}: {refusal}");
        }
    }

    #[test]
    fn a_name_that_exists_and_a_registry_of_another_shape_are_refused() {
        assert!(planned("unlinked-file").unwrap_err().contains("already has a lint"));
        let name = Name::new("swallowed-error").unwrap();
        let refusal = plan(&name, "pub mod a;\nstatic LINTS: &[&Lint] = &[&a::LINT];\n", &[]).unwrap_err();
        assert!(refusal.0.contains("&swallowed_error::LINT"), "{refusal:?}");
    }
}
