#![expect(clippy::needless_raw_string_hashes, reason = "the update of the snapshots writes them")]

use super::{ContractKind, ContractRule, MemberKind};
use crate::config::parse;
use crate::config::testing::{LINTS, check};
use crate::finding::Level;
use expect_test::{Expect, expect};

fn contracts(text: &str) -> Vec<ContractRule> {
    parse("baton.toml", &format!("version = 1\n{text}"), LINTS).unwrap().contracts
}

/// Compares what is wrong with a contract of those lines.
#[track_caller]
fn wrong(lines: &str, expected: &Expect) {
    check(&format!("version = 1\n[[contract]]\n{lines}"), expected);
}

#[test]
fn every_kind_is_read() {
    let all = contracts(
        r#"
[[contract]]
name = "one way down"
kind = "layers"
layers = ["entry", "(orchestrator)", "engine | adapter", "a : b"]
closed = ["orchestrator", "engine  |  adapter"]
level = "warn"
except = [{ from = "crate::core", to = "package:sqlx", reason = "moves out with version 2" }]
[[contract]]
name = "the same in every domain"
kind = "layers"
layers = ["api::http", "api/grpc", "role:core"]
containers = ["src/domains/*", "crate::billing"]
[[contract]]
name = "no database"
kind = "forbidden"
source = ["core"]
forbidden = ["package:sqlx", "domain:billing", "module:app"]
direct = true
[[contract]]
name = "ledger"
kind = "protected"
protected = ["path:ledger"]
importers = ["src/billing/**"]
[[contract]]
name = "domains"
kind = "independent"
members = ["src/domains/*"]
[[contract]]
name = "no knots"
kind = "acyclic"
within = ["crate"]
[[contract]]
name = "traced"
kind = "required"
source = ["role:entry"]
required = ["crate::trace"]
"#,
    );
    let kinds: Vec<_> = all.iter().map(|contract| contract.kind.name()).collect();
    assert_eq!(kinds, ["layers", "layers", "forbidden", "protected", "independent", "acyclic", "required"]);
    assert_eq!((all[0].level, all[0].direct, all[0].except.len()), (Some(Level::Warn), false, 1));
    let ContractKind::Layers { layers, .. } = &all[0].kind else { panic!() };
    let shown: Vec<_> = layers.iter().map(|layer| (layer.text.as_str(), layer.independent, layer.closed)).collect();
    let expected = [
        ("entry", true, false),
        ("orchestrator", true, true),
        ("engine | adapter", true, true),
        ("a : b", false, false),
    ];
    assert_eq!(shown, expected);
    assert!(layers[1].members[0].optional && !layers[0].members[0].optional);
    let ContractKind::Layers { layers, containers } = &all[1].kind else { panic!() };
    assert!(containers[0].is_group() && !containers[1].is_group());
    assert!(matches!(&layers[1].members[0].member.kind, MemberKind::Inside(path) if path == &["api", "grpc"]));
    assert!(matches!(&layers[2].members[0].member.kind, MemberKind::Role(name) if name == "core"));
    let ContractKind::Forbidden { forbidden, .. } = &all[2].kind else { panic!() };
    assert!(matches!(forbidden[0].kind, MemberKind::Package(_)) && all[2].direct);
    assert!(matches!(&forbidden[1].kind, MemberKind::Domain(name) if name == "billing"));
    assert!(matches!(forbidden[2].kind, MemberKind::Module(_)));
    let ContractKind::Protected { protected, importers } = &all[3].kind else { panic!() };
    assert!(matches!((&protected[0].kind, &importers[0].kind), (MemberKind::Path(_), MemberKind::Path(_))));
}

#[test]
fn a_contract_says_its_name_and_kind() {
    wrong(
        "kind = \"acyclic\"\nwithin = [\"crate\"]",
        &expect![[r#"
        [[contract]]
        ^^^^^^^^^^^^ a contract without a name
        help: say in a few words what it is for: `name = "one way down"`
    "#]],
    );
    wrong(
        "name = \" \"\nkind = \"layer\"",
        &expect![[r#"
        name = " "
               ^^^ an empty name
               help: say in a few words what it is for: `name = "one way down"`
        kind = "layer"
               ^^^^^^^ `layer` is no kind of contract
               help: did you mean `layers`?
    "#]],
    );
    wrong(
        "name = \"a\"",
        &expect![[r#"
        [[contract]]
        ^^^^^^^^^^^^ a contract without a kind
        help: write `kind = "layers"`, or another: one of `layers`, `forbidden`, `protected`, `independent`, `acyclic`, `required`
    "#]],
    );
    wrong(
        "name = \"a\"\nkind = \"onion\"\ntype = \"layers\"",
        &expect![[r#"
        kind = "onion"
               ^^^^^^^ `onion` is no kind of contract
               help: one of `layers`, `forbidden`, `protected`, `independent`, `acyclic`, `required`
    "#]],
    );
    check(
        "version = 1\n[contract]\nname = \"a\"",
        &expect![[r#"
        [contract]
        ^^^^^^^^^^ `contract` must be a list of sections, not a table
        help: write `[[contract]]`, once for each contract
    "#]],
    );
    wrong(
        r#"name = "a"
kind = "acyclic"
within = ["crate"]
[[contract]]
name = "a"
kind = "acyclic"
within = ["crate::core"]"#,
        &expect![[r#"
            name = "a"
                   ^^^ a second contract is called `a`
                   help: give each contract a name of its own: findings are told by it
        "#]],
    );
}

#[test]
fn keys_of_another_kind_and_unknown_ones_are_told_apart() {
    wrong(
        r#"name = "a"
kind = "forbidden"
source_modules = ["core"]
source = ["core"]
forbidden = ["shell"]
layers = ["core"]
colour = "red""#,
        &expect![[r#"
            source_modules = ["core"]
            ^^^^^^^^^^^^^^ unknown key `source_modules` in `[[contract]]`
            help: did you mean `source`?
            layers = ["core"]
            ^^^^^^ `layers` does not belong to a contract of kind `forbidden`
            help: its keys are `source`, `forbidden`, `direct`
            colour = "red"
            ^^^^^^ unknown key `colour` in `[[contract]]`
            help: known here: `name`, `kind`, `level`, `except`, `source`, `forbidden`, `direct`
        "#]],
    );
    wrong(
        "name = \"a\"\nkind = \"protected\"\nprotected = [\"a\"]\nimporters = [\"b\"]\ndirect = true",
        &expect![[r#"
        direct = true
        ^^^^^^ `direct` does not belong to a contract of kind `protected`
        help: remove it: such a contract is about direct imports, and who may import may be gone through
    "#]],
    );
}

#[test]
fn an_empty_contract_is_none() {
    wrong(
        "name = \"a\"\nkind = \"forbidden\"\nsource = []",
        &expect![[r#"
        [[contract]]
        ^^^^^^^^^^^^ a contract of kind `forbidden` without `forbidden`
        help: write `forbidden = ["…"]`
        source = []
                 ^^ an empty contract: `source` names nothing
                 help: name a role, a module, a folder or a crate
    "#]],
    );
    wrong(
        "name = \"a\"\nkind = \"layers\"\nlayers = [\"core\"]",
        &expect![[r#"
        layers = ["core"]
                 ^^^^^^^^ a stack of fewer than two layers
                 help: name two layers at least, from the top to the bottom; for one, `kind = "independent"` is meant
    "#]],
    );
    wrong(
        "name = \"a\"\nkind = \"independent\"\nmembers = [\"core\"]",
        &expect![[r#"
        members = ["core"]
                   ^^^^^^ a contract of kind `independent` with one member
                   help: name two members at least, or several at once with a `*`
    "#]],
    );
    wrong(
        "name = \"a\"\nkind = \"acyclic\"",
        &expect![[r#"
        [[contract]]
        ^^^^^^^^^^^^ an empty contract: it has neither `members` nor `within`
        help: write `within = ["crate"]` for the children of a module, or `members` for a set of your own
    "#]],
    );
    wrong(
        "name = \"a\"\nkind = \"acyclic\"\nmembers = [\"a\", \"b\"]\nwithin = [\"crate\"]",
        &expect![[r#"
        within = ["crate"]
        ^^^^^^ `members` and `within` at once
        help: keep `members` for a set of your own, or `within` for the children of a module or folder
    "#]],
    );
}

#[test]
fn members_are_named_in_known_ways() {
    wrong(
        r#"name = "a"
kind = "independent"
members = ["", "crte:core", "package:", "a:b", "two words", "crate::a-b", "/src/core", "package:sqlx::Pool", "core", "core"]"#,
        &expect![[r#"
            members = ["", "crte:core", "package:", "a:b", "two words", "crate::a-b", "/src/core", "package:sqlx::Pool", "core", "core"]
                       ^^ an empty member
                       help: name a role, a module, a folder or a crate
                           ^^^^^^^^^^^ `crte:` says nothing of what is named
                           help: known are `role:`, `crate:`, `module:`, `path:`, `package:`, `domain:`; a module is written with `::`
                                        ^^^^^^^^^^ `package:` names nothing
                                        help: write a name behind it
                                                    ^^^^^ `a:` says nothing of what is named
                                                    help: known are `role:`, `crate:`, `module:`, `path:`, `package:`, `domain:`; a module is written with `::`
                                                           ^^^^^^^^^^^ `two words` names nothing
                                                           help: name a role or a crate, a module as `crate::core`, files as `src/core/**`, or `package:sqlx`
                                                                        ^^^^^^^^^^^^ `crate::a-b` is not a module path
                                                                        help: write `crate::core`, with `*` for one segment and `**` for any number
                                                                                      ^^^^^^^^^^^ an absolute path
                                                                                      help: paths are relative to the project's root, without a leading `/`
                                                                                                   ^^^^^^^^^^^^^^^^^^^^ `sqlx::Pool` is not the name of a package
                                                                                                   help: write it as in `Cargo.toml`, with `*` for any characters: `aws-sdk-*`
                                                                                                                                 ^^^^^^ `core` stands twice in `members`
                                                                                                                                 help: remove one of the two
        "#]],
    );
}

#[test]
fn layers_are_written_as_others_write_them() {
    wrong(
        r#"name = "a"
kind = "layers"
layers = ["a | b : c", "a", "b | a", "(b)"]
closed = ["shel", "b"]"#,
        &expect![[r#"
            layers = ["a | b : c", "a", "b | a", "(b)"]
                      ^^^^^^^^^^^ a layer with two kinds of siblings
                      help: siblings that must not import each other stand between ` | `, others between ` : `; not both in one layer
                                        ^^^^^^^ `a` stands in two layers
                                        help: keep it in one of them
                                                 ^^^^^ `b` stands in two layers
                                                 help: keep it in one of them
            closed = ["shel", "b"]
                      ^^^^^^ `shel` is none of the `layers`
                      help: known here: `a`, `b | a`, `b`
        "#]],
    );
    wrong(
        r#"name = "a"
kind = "layers"
containers = ["crate::domains::*"]
layers = ["crate::api", "src/*", "core"]"#,
        &expect![[r#"
            layers = ["crate::api", "src/*", "core"]
                      ^^^^^^^^^^^^ `crate::api` is no path inside of a container
                      help: write `api`, from the container on, or leave out `containers`
                                    ^^^^^^^ `src/*` is no path inside of a container
                                    help: layers of containers are names inside of them: `api`, `api::http`; or roles: `role:core`
        "#]],
    );
}

#[test]
fn a_closed_layer_lies_between_two_others() {
    let closed =
        |closed: &str| format!("name = \"a\"\nkind = \"layers\"\nlayers = [\"a\", \"(b)\", \"c\"]\nclosed = {closed}");
    wrong(
        &closed(r#"["a", "b", "(b)", "c"]"#),
        &expect![[r#"
        closed = ["a", "b", "(b)", "c"]
                  ^^^ `a` is the top layer, and nobody can go past it
                  help: remove it: nothing lies above it
                            ^^^^^ `(b)` stands twice in `closed`
                            help: remove one of the two
                                   ^^^ `c` is the bottom layer, and nobody can go past it
                                   help: remove it: nothing lies below it
    "#]],
    );
    wrong(
        &closed("[]"),
        &expect![[r#"
        closed = []
                 ^^ `closed` names no layer
                 help: name one, or remove the key
    "#]],
    );
    wrong(&closed(r#"["(b)"]"#), &expect!["fine"]);
}

#[test]
fn an_exception_has_a_reason() {
    wrong(
        r#"name = "a"
kind = "acyclic"
within = ["crate"]
level = "error"
direct = "yes"
except = [{ from = "core", to = "shell" }, { from = "core", too = "shell", reason = " " }, "core -> shell"]"#,
        &expect![[r#"
            level = "error"
                    ^^^^^^^ `error` is no level
                    help: known here: `allow`, `warn`, `deny`
            direct = "yes"
                     ^^^^^ `direct` must be a switch, not a string
                     help: write `true` or `false`
            except = [{ from = "core", to = "shell" }, { from = "core", too = "shell", reason = " " }, "core -> shell"]
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an exception without `reason`
                      help: say why this import is fine: `reason = "…"`
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an exception without `to`
                                                       help: an exception names who imports and what: `from = "…", to = "…"`
                                                                        ^^^ unknown key `too` in an entry of `except`
                                                                        help: did you mean `to`?
                                                                                                ^^^ `reason` is empty
                                                                                                       ^^^^^^^^^^^^^^^ `except` must be a list of tables, not a string
                                                                                                       help: write `except = [{ from = "…", to = "…", reason = "…" }]`
        "#]],
    );
    wrong(
        "name = \"a\"\nkind = \"acyclic\"\nwithin = [\"crate\"]\nexcept = \"core -> shell\"",
        &expect![[r#"
        except = "core -> shell"
                 ^^^^^^^^^^^^^^^ `except` must be a list of tables, not a string
                 help: write `except = [{ from = "…", to = "…", reason = "…" }]`
    "#]],
    );
}
