use super::*;
use crate::link::tests::project;
use expect_test::{Expect, expect};
use std::fmt::Write;

const SHOP: &str = "
//- Cargo.toml
[package]
name = \"my-shop\"
edition = \"2024\"
[dependencies]
aws-sdk = \"1\"
//- src/lib.rs
pub mod core;
pub mod shell;
#[cfg(test)]
mod tests { fn a() {} }
//- src/main.rs
mod core;
fn main() {}
//- src/core.rs
pub mod price;
pub fn price() {}
//- src/core/price.rs
pub struct Price;
//- src/shell.rs
use aws_sdk::Client;
pub mod aws_sdk_like;
pub mod orchestrators;
//- src/shell/aws_sdk_like.rs
//- src/shell/orchestrators.rs
//- tests/all.rs
//- baton.toml
version = 1
[[role]]
name = \"core\"
paths = [\"src/core.rs\", \"src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\", \"src/shell/**\"]
[[role]]
name = \"orchestrator\"
paths = [\"src/shell/orchestrators.rs\"]
";

/// Compares what each of the names stands for with `expected`.
#[track_caller]
fn check(fixture: &str, names: &[&str], expected: &Expect) {
    let project = project(fixture);
    let graph = ImportGraph::new(&project);
    let mut out = String::new();
    for name in names {
        let _ = match end(&project, &graph, name) {
            Ok(End { nodes, item }) => {
                let shown = |id: &NodeId| match graph.node(*id) {
                    Node::Module(module) => {
                        let krate = &project.krate(project.module(*module).krate);
                        format!("{:?} {}", krate.kind, project.module_path(*module))
                    }
                    Node::Package(package) => format!("outside {package}"),
                };
                let nodes: Vec<_> = nodes.iter().map(shown).collect();
                let item = item.map_or(String::new(), |item| format!(" item {}", project.item(item).name));
                writeln!(out, "{name}: {}{item}", nodes.join(", "))
            }
            Err(NoEnd::Unknown(near)) => writeln!(out, "{name}: unknown, near {}", near.unwrap_or_default()),
            Err(NoEnd::Ambiguous(meanings)) => writeln!(out, "{name}: ambiguous, {}", meanings.join(" or ")),
            Err(NoEnd::Test) => writeln!(out, "{name}: test code"),
        };
    }
    expected.assert_eq(&out);
}

#[test]
fn a_module_is_called_with_or_without_its_crate_and_holds_those_in_it() {
    check(
        SHOP,
        &["core::price", "crate::core::price", "my_shop::core::price", "my-shop::shell"],
        &expect![[r#"
        core::price: Lib core::price, Bin core::price
        crate::core::price: Lib core::price, Bin core::price
        my_shop::core::price: Lib core::price, Bin core::price
        my-shop::shell: Lib shell, Lib shell::aws_sdk_like, Lib shell::orchestrators
    "#]],
    );
}

#[test]
fn files_and_folders() {
    check(
        SHOP,
        &["src/core", "./src/shell/", "src/core/price.rs", "src"],
        &expect![[r#"
        src/core: Lib core::price, Bin core::price
        ./src/shell/: Lib shell::aws_sdk_like, Lib shell::orchestrators
        src/core/price.rs: Lib core::price, Bin core::price
        src: Lib my_shop, Bin my_shop, Lib core, Bin core, Lib core::price, Bin core::price, Lib shell, Lib shell::aws_sdk_like, Lib shell::orchestrators
    "#]],
    );
}

#[test]
fn crates_packages_and_roles() {
    check(
        SHOP,
        &["my-shop", "my_shop", "role:shell", "orchestrator", "aws-sdk", "aws_sdk", "outside:aws-sdk"],
        &expect![[r#"
        my-shop: Lib my_shop, Bin my_shop, Lib core, Bin core, Lib core::price, Bin core::price, Lib shell, Lib shell::aws_sdk_like, Lib shell::orchestrators
        my_shop: Lib my_shop, Bin my_shop, Lib core, Bin core, Lib core::price, Bin core::price, Lib shell, Lib shell::aws_sdk_like, Lib shell::orchestrators
        role:shell: Lib shell, Lib shell::aws_sdk_like
        orchestrator: Lib shell::orchestrators
        aws-sdk: outside aws-sdk
        aws_sdk: outside aws-sdk
        outside:aws-sdk: outside aws-sdk
    "#]],
    );
}

#[test]
fn what_names_the_same_code_twice_is_clear_and_what_names_other_code_is_not() {
    check(
        SHOP,
        &["core", "shell", "role:core"],
        &expect![[r#"
        core: Lib core, Bin core, Lib core::price, Bin core::price
        shell: ambiguous, my_shop::shell or role:shell
        role:core: Lib core, Bin core, Lib core::price, Bin core::price
    "#]],
    );
    let twice = "
//- Cargo.toml
[workspace]
members = [\"a\", \"b\"]
//- a/Cargo.toml
[package]
name = \"a\"
//- a/src/lib.rs
mod error;
//- a/src/error.rs
//- b/Cargo.toml
[package]
name = \"b\"
//- b/src/lib.rs
mod error;
//- b/src/error.rs
";
    check(
        twice,
        &["error", "a::error", "crate::error", "b"],
        &expect![[r#"
        error: ambiguous, a::error or b::error
        a::error: Lib error
        crate::error: ambiguous, a::error or b::error
        b: Lib b, Lib error
    "#]],
    );
}

#[test]
fn each_of_several_things_can_be_written() {
    let fixture = "
//- Cargo.toml
[workspace]
members = [\"app\", \"main\"]
//- app/Cargo.toml
[package]
name = \"app\"
[dependencies]
shop = \"1\"
//- app/src/lib.rs
pub mod core;
//- app/src/core.rs
use shop::Shop;
//- main/Cargo.toml
[package]
name = \"main\"
//- main/src/main.rs
mod app;
mod shop;
//- main/src/app.rs
mod core;
//- main/src/app/core.rs
//- main/src/shop.rs
//- baton.toml
version = 1
[domains]
paths = [\"main/src/shop.rs\", \"main/src/app\"]
[[role]]
name = \"shop\"
paths = [\"app/src/core.rs\"]
";
    let names = [
        "app",
        "crate:app",
        "module:app",
        "main::app",
        "shop",
        "main::shop",
        "role:shop",
        "package:shop",
        "outside:shop",
        "domain:shop",
        "app::core",
        "module:app::core",
        "path:main/src/shop.rs",
        "path:**/core.rs",
        "crate::*::core",
        "*/src/*.rs",
        "crate",
    ];
    check(
        fixture,
        &names,
        &expect![[r#"
            app: ambiguous, main::app or crate:app
            crate:app: Lib app, Lib core
            module:app: Lib app, Lib core
            main::app: Bin app, Bin app::core
            shop: ambiguous, main::shop or role:shop or package:shop
            main::shop: Bin shop
            role:shop: Lib core
            package:shop: outside shop
            outside:shop: outside shop
            domain:shop: Bin shop
            app::core: ambiguous, module:app::core or main::app::core
            module:app::core: Lib core
            path:main/src/shop.rs: Bin shop
            path:**/core.rs: Lib core, Bin app::core
            crate::*::core: Bin app::core
            */src/*.rs: Lib app, Lib core, Bin main, Bin app, Bin shop
            crate: ambiguous, module:app or module:main
        "#]],
    );
}

#[test]
fn names_that_exist_deeper_are_near() {
    let names = [
        "price",
        "orchestratorss",
        "Price",
        "Prise",
        "shell::Price",
        "price.rs",
        "module:my_shop::cor",
        "package:aws",
        "path:src/cor",
        "crate:my-shp",
        "pkg:aws-sdk",
    ];
    check(
        SHOP,
        &names,
        &expect![[r#"
        price: unknown, near core::price
        orchestratorss: unknown, near shell::orchestrators
        Price: unknown, near core::price::Price
        Prise: unknown, near core::price::Price
        shell::Price: unknown, near shell
        price.rs: unknown, near src/core/price.rs
        module:my_shop::cor: unknown, near module:my_shop::core
        package:aws: unknown, near package:aws-sdk
        path:src/cor: unknown, near path:src/core
        crate:my-shp: unknown, near crate:my-shop
        pkg:aws-sdk: unknown, near 
    "#]],
    );
}

#[test]
fn items_are_found_where_nothing_else_has_the_name() {
    check(
        SHOP,
        &["core::price::Price", "crate::core::price", "my_shop::core::price::Price"],
        &expect![[r#"
        core::price::Price: Lib core::price item Price
        crate::core::price: Lib core::price, Bin core::price
        my_shop::core::price::Price: Lib core::price item Price
    "#]],
    );
}

#[test]
fn unknown_names_bring_the_nearest_that_there_is() {
    let names = [
        "core::prise",
        "crate::core::prise",
        "my_shop::core::prise",
        "src/cor",
        "role:shel",
        "orchestrators",
        "aws-sdc",
        "outside:aws",
        "core::price::Prise",
        "nothing_like_it",
        "role:core::price",
        "",
    ];
    check(
        SHOP,
        &names,
        &expect![[r#"
            core::prise: unknown, near core::price
            crate::core::prise: unknown, near crate::core::price
            my_shop::core::prise: unknown, near my_shop::core::price
            src/cor: unknown, near src/core
            role:shel: unknown, near role:shell
            orchestrators: unknown, near shell::orchestrators
            aws-sdc: unknown, near aws-sdk
            outside:aws: unknown, near outside:aws-sdk
            core::price::Prise: unknown, near core::price::Price
            nothing_like_it: unknown, near 
            role:core::price: unknown, near role:core
            : unknown, near 
        "#]],
    );
}

#[test]
fn test_code_is_no_part_of_the_graph() {
    check(
        SHOP,
        &["crate::tests", "tests/all.rs"],
        &expect![[r#"
        crate::tests: test code
        tests/all.rs: test code
    "#]],
    );
}
