//! Domains, folders and registries: what the configuration says of them against the project.

use super::{project, try_project};
use expect_test::{Expect, expect};

const FILES: &str = "
//- src/lib.rs
pub mod domains { pub mod billing; pub mod orders; pub mod shipping; }
//- src/domains/billing.rs
pub struct Invoice;
//- src/domains/orders.rs
use crate::domains::billing::Invoice;
#[cfg(test)] mod tests { use crate::domains::shipping::Parcel; }
//- src/domains/shipping.rs
pub struct Parcel;
//- baton.toml
version = 1
";

#[track_caller]
fn errors(configuration: &str, expected: &Expect) {
    let errors = try_project(&format!("{FILES}{configuration}")).err().unwrap_or_default();
    let lines: Vec<_> = errors.iter().map(|error| format!("{}; {}", error.message, error.help)).collect();
    expected.assert_eq(&lines.join("\n"));
}

fn allowing(from: &str, to: &str) -> String {
    format!(
        "[domains]\npaths = [\"src/domains/*\"]\n[[domains.allow]]\nfrom = \"{from}\"\nto = \"{to}\"\nreason = \"r\"\n"
    )
}

#[test]
fn what_no_code_does_is_not_allowed() {
    errors(&allowing("orders", "billing"), &expect![[""]]);
    errors(
        &allowing("billing", "orders"),
        &expect!["no code of `billing` names `orders`; remove the section: what it allows is not there"],
    );
    errors(
        &allowing("orders", "shipping"),
        &expect!["no code of `orders` names `shipping`; remove the section: what it allows is not there"],
    );
    errors(&allowing("*", "billing"), &expect![[""]]);
    errors(
        &allowing("*", "orders"),
        &expect!["no code of another domain names `orders`; remove the section: what it allows is not there"],
    );
    errors(&allowing("orders", "*"), &expect!["there is no domain `*`; known here: `billing`, `orders`, `shipping`"]);
    errors(&allowing("orders", "biling"), &expect!["there is no domain `biling`; did you mean `billing`?"]);
}

#[test]
fn a_crossing_is_a_place_that_names_another_domain() {
    let project = project(&format!("{FILES}[domains]\npaths = [\"src/domains/*\"]\n"));
    let name = |domain| project.domain_name(domain);
    let crossings = project.crossings();
    let shown: Vec<_> = crossings.iter().map(|crossing| (crossing.from.map(name), name(crossing.to))).collect();
    assert_eq!(shown, [(Some("orders"), "billing")], "test code crosses freely");
    assert_eq!(project.domain_names(), ["billing", "orders", "shipping"]);
}

#[test]
fn a_folder_holds_files_that_no_later_one_takes() {
    let folder = |path: &str| format!("[[folder]]\npath = \"{path}\"\ntransaction = \"owner\"\n");
    errors(&folder("src/domains"), &expect![[""]]);
    errors(&folder("src/domain"), &expect!["`src/domain` matches no file or folder; did you mean `src/domains`?"]);
    errors(
        &(folder("src/domains/orders.rs") + &folder("src/domains")),
        &expect![
            "`src/domains/orders.rs` has no file: every file it matches belongs to a later folder; the last folder that matches a file wins; move this one down or narrow the others"
        ],
    );
    errors(&(folder("src/domains") + &folder("src/domains/orders.rs")), &expect![[""]]);
}

#[test]
fn a_registry_has_files_and_operations() {
    let registry = |rest: &str| format!("[[registry]]\npaths = [\"src/domains/billing.rs\"]\n{rest}\n");
    errors(&registry("types = [\"Parcel\"]"), &expect![[""]]);
    errors(
        &registry("types = [\"Parcl\", \"Invoice\"]"),
        &expect![[r#"
        `Parcl` matches no type in those files; did you mean `Parcel`?
        `Invoice` matches no type in those files; correct or remove it"#]],
    );
    errors(
        &registry("operations = [\"src/domains/shiping.rs\"]\ntraits = [\"Run\"]"),
        &expect!["`src/domains/shiping.rs` matches no file; did you mean `src/domains/shipping.rs`?"],
    );
    errors(
        "[[registry]]\npaths = [\"src/registry.rs\"]\nfunctions = [\"run\"]",
        &expect![
            "`src/registry.rs` matches no file; `src` exists, but the rest of the pattern matches nothing in it; correct or remove it"
        ],
    );
    let project = project(&format!("{FILES}{}", registry("types = [\"*\"]")));
    let shown: Vec<_> = project.registries()[0]
        .operations
        .iter()
        .map(|(item, place)| (project.item_path(*item), place.is_some()))
        .collect();
    assert_eq!(shown, [("domains::shipping::Parcel".to_owned(), false)], "what stands in the registry is none");
}
