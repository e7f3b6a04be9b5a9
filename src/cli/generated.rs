//! What is made from the definition of the arguments: completions for shells, and manual pages.

use super::arguments::Arguments;
use crate::error::Failure;
use baton_core::config::suggestion;
use baton_lints::LINTS;
use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use std::fmt::Write;

/// The script with which a shell completes commands, options, formats and the names of rules.
pub(super) fn completions(shell: Shell) -> String {
    let mut text = Vec::new();
    generate(shell, &mut described(), "baton", &mut text);
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if shell == Shell::Fish {
        // The generator leaves out values that are no option's.
        let rules: Vec<_> = LINTS.iter().map(|lint| lint.name).collect();
        let rules = rules.join(" ");
        let _ = writeln!(text, "complete -c baton -n \"__fish_baton_using_subcommand explain\" -f -a \"{rules}\"");
    }
    text
}

/// The manual page of the program, or that of one of its commands, such as `baseline create`.
///
/// # Errors
///
/// There is no such command.
pub(super) fn manual(words: &[String]) -> Result<String, Failure> {
    let mut command = described();
    command.build();
    let mut name = "baton".to_owned();
    for word in words {
        let Some(found) = command.find_subcommand(word).cloned() else {
            let known = command.get_subcommands().map(|one| one.get_name().to_owned()).collect::<Vec<_>>();
            let hint = match suggestion(word, known.iter().map(String::as_str)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {}", known.join(", ")),
            };
            return Err(Failure::new(format!("`{name}` has no command `{word}`"), hint));
        };
        name = format!("{name} {word}");
        command = found;
    }
    let mut text = Vec::new();
    Man::new(command)
        .source(concat!("baton ", env!("CARGO_PKG_VERSION")))
        .render(&mut text)
        .map_err(|error| Failure::new(format!("the page could not be made: {error}"), ""))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The definition, with the names of rules where one is asked for. Those who run the program get a better answer to a
/// name that is wrong than the parser of arguments has.
fn described() -> Command {
    let names = PossibleValuesParser::new(LINTS.iter().map(|lint| lint.name));
    Arguments::command().mut_subcommand("explain", |explain| explain.mut_arg("rule", |rule| rule.value_parser(names)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_shell_gets_the_commands_and_the_rules() {
        for shell in Shell::value_variants() {
            let script = completions(*shell);
            assert!(script.contains("cargo-check") && script.contains("deny-warnings"), "{shell}");
            // Two of them cannot complete a value that is no option's.
            if !matches!(shell, Shell::Elvish | Shell::PowerShell) {
                assert!(script.contains("core-imports-shell"), "{shell}");
            }
        }
    }

    #[test]
    fn every_command_has_a_page() {
        let page = |words: &str| manual(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(page("").unwrap().contains("Exit codes"));
        assert!(page("check").unwrap().contains("\\-\\-deny\\-warnings"));
        assert!(page("baseline create").unwrap().contains(".TH baton-baseline-create"));
        assert!(page("chek").unwrap_err().hint.contains("did you mean `check`?"));
        assert!(page("baseline nothing").unwrap_err().hint.contains("create"));
    }
}
