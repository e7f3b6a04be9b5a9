use super::*;
use crate::orchestrators::{Drawing, Ends, Order, Output, Presentation, Request};
use crate::render::{Format, GraphFormat, InventoryFormat};
use baton_core::finding::Level;
use baton_core::graph::{Grouping, Selection};
use baton_core::lint::{Check, Verdict};
use std::path::PathBuf;

fn arguments(program: &Program, words: &str) -> Result<Arguments, String> {
    let words = words.split(' ').map(OsString::from);
    parse(program, words).map_err(|error| error.to_string())
}

fn check(words: &str) -> (Request, Presentation) {
    match arguments(&BATON, words).unwrap().verb {
        Verb::Check(arguments) => arguments.split(),
        verb => panic!("{verb:?}"),
    }
}

#[test]
fn the_definition_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn check_asks_for_the_full_format_and_nothing_else() {
    for words in ["baton check", "baton check --no-cache"] {
        let (request, presentation) = check(words);
        assert_eq!((request.paths.len(), request.config, request.threads), (0, None, 0));
        assert_eq!(presentation, Presentation::default());
    }
}

#[test]
fn every_argument_arrives() {
    let words = "baton check a b --format json --output concise=out=1.txt --output full=f --config c.toml \
                 --threads 3 --statistics --deny-warnings --color never";
    let (request, presentation) = check(words);
    assert_eq!(request.paths, [PathBuf::from("a"), "b".into()]);
    assert_eq!((request.config, request.threads), (Some("c.toml".into()), 3));
    let output = |format, path: &str| Output { format, path: path.into() };
    let expected = Presentation {
        format: Format::Json,
        outputs: vec![output(Format::Concise, "out=1.txt"), output(Format::Full, "f")],
        annotate: false,
        statistics: true,
        deny_warnings: true,
        explain: None,
    };
    assert_eq!(presentation, expected);
    assert_eq!(arguments(&BATON, words).unwrap().color, ColorMode::Never);
}

#[test]
fn ci_annotates_where_no_format_is_asked_for() {
    let ci = |words: &str| match arguments(&BATON, words).unwrap().verb {
        Verb::Ci(arguments) => arguments.split().1,
        verb => panic!("{verb:?}"),
    };
    let expected = Presentation { annotate: true, deny_warnings: true, ..Presentation::default() };
    assert_eq!(ci("baton ci"), expected);
    let expected = Presentation { annotate: false, ..expected };
    assert_eq!(ci("baton ci --format full"), expected);
}

#[test]
fn every_argument_of_graph_and_why_arrives() {
    let graph = |words: &str| match arguments(&BATON, words).unwrap().verb {
        Verb::Graph(arguments) => arguments.split(),
        verb => panic!("{verb:?}"),
    };
    let request = Request { paths: vec!["a".into()], config: Some("c.toml".into()), threads: 3, ..Request::default() };
    let selection = Selection { by: Some(Grouping::Folder), depth: Some(2), outside: true, neighbours: true };
    let drawing = Drawing { selection, format: GraphFormat::Dot, output: Some("a.svg".into()) };
    let words = "baton graph a --by folder --depth 2 --outside --neighbours --format dot --output a.svg \
                 --config c.toml --threads 3";
    assert_eq!(graph(words), Ok((request, drawing)));
    assert_eq!(graph("baton graph"), Ok((Request::default(), Drawing::default())));
    let ends = |words: &str| match arguments(&BATON, words).unwrap().verb {
        Verb::Why(arguments) => arguments.split(),
        verb => panic!("{verb:?}"),
    };
    let request = Request { paths: vec!["p".into()], config: Some("c.toml".into()), threads: 3, ..Request::default() };
    let asked = |json| Ends { from: "a::b".to_owned(), to: "role:c".to_owned(), json };
    let words = "baton why a::b role:c --format json --project p --config c.toml --threads 3";
    assert_eq!(ends(words), (request, asked(true)));
    assert_eq!(ends("baton why a::b role:c"), (Request::default(), asked(false)));
}

#[test]
fn an_output_of_an_inventory_is_for_one_format() {
    let inventory = |words: &str| match arguments(&BATON, words).unwrap().verb {
        Verb::Inventory(arguments) => arguments.split(),
        verb => panic!("{verb:?}"),
    };
    let order = |words: &str| inventory(words).map(|(_, order)| order);
    let formats = vec![InventoryFormat::Markdown, InventoryFormat::Html];
    let expected = Order { formats, output: Some("site".into()), ..Order::default() };
    assert_eq!(order("baton inventory --format md,html --output site"), Ok(expected));
    assert!(order("baton inventory --format json,html").is_ok(), "each has a place of its own");
    let refused = |words: &str| inventory(words).unwrap_err().message;
    assert!(refused("baton inventory --format json,html --output a").contains("`json` and `html` would both"));
    assert!(refused("baton inventory --output a").contains("is for the formats `json` and `html`"));
    assert!(refused("baton inventory --check --format html").contains("`--check` compares pages"));
}

#[test]
fn slips_are_usage_errors_that_say_what_is_possible() {
    let error = |words| arguments(&BATON, words).unwrap_err();
    assert!(error("baton check --format ful").contains("'full'"));
    assert!(error("baton check --output xml=a").contains("no format `xml`, only full, concise, json"));
    assert!(error("baton check --output json").contains("FORMAT=PATH"));
    assert!(error("baton check --output json=").contains("the path is empty"));
    assert!(error("baton check --threads 0").contains("--threads"));
    assert!(error("baton chek").contains("'check'"));
    assert!(error("baton baton check").contains("'baton'"), "only cargo repeats the name");
}

#[test]
fn cargo_repeats_the_name_once() {
    for words in ["cargo-baton baton rules", "cargo-baton rules"] {
        assert!(matches!(arguments(&CARGO_BATON, words).unwrap().verb, Verb::Rules));
    }
    assert!(arguments(&CARGO_BATON, "cargo-baton baton --help").unwrap_err().contains("Usage: cargo baton"));
}

#[test]
fn an_unknown_rule_brings_a_suggestion() {
    const LINT: Lint = Lint {
        name: "impure-core",
        level: Level::Deny,
        summary: "",
        source: "",
        options: &[],
        check: Check::Whole(|_, _| Verdict::default()),
    };
    const LINTS: &[&Lint] = &[&LINT];
    assert_eq!(find(LINTS, "impure-core").map(|lint| lint.name), Ok("impure-core"));
    let failure = |name| find(LINTS, name).err().map(|failure| failure.hint).unwrap_or_default();
    assert_eq!(failure("inpure-core"), "did you mean `impure-core`?");
    assert_eq!(failure("stale-baseline"), "`baton rules` lists all rules");
}
