//! # unlinked-file
//!
//! ## What it does
//!
//! Reports Rust files of a package that no target reaches: no `mod` declaration leads to them, so
//! the compiler never sees them.
//!
//! ## Why
//!
//! Nobody compiles, tests or lints such a file, and its imports count for nothing. Most often a
//! `mod` line was forgotten, or the file was left behind when its module went.
//!
//! ## Bad
//!
//! ```text
//! src/lib.rs        mod price;
//! src/price.rs
//! src/old_price.rs  <- no module declares it
//! ```
//!
//! ## Good
//!
//! Declare the module, or delete the file. Files that are inputs of something else, such as
//! templates or test data, are left out by name:
//!
//! ```toml
//! [source]
//! exclude = ["templates/**"]
//! ```
//!
//! ## Options
//!
//! None.
//!
//! ## Limits
//!
//! Files below `tests`, `benches` and `examples` are not judged: they are often test data. A file
//! that only `include!` reads is reported, and so is one whose `mod` line a macro makes up. Migrations
//! that are named as `refinery` wants them, such as `migrations/V1__first.rs`, are compiled by its macro
//! and pass. So do files below a module that says of itself that it is generated, or that does not parse:
//! what it declares is not read.

use baton_core::finding::{Finding, Level};
use baton_core::link::{Content, Project};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{FileId, Place, Span};
use std::collections::BTreeSet;

/// The lint.
pub static LINT: Lint = Lint {
    name: "unlinked-file",
    level: Level::Warn,
    summary: "No target reaches a file, so nothing compiles it.",
    source: include_str!("unlinked_file.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    let candidates = project.files.iter().enumerate().filter(|(_, file)| file.packaged && !file.test);
    let candidates = candidates.filter(|(_, file)| matches!(file.content, Content::Facts(_)));
    let unread = project.files.iter().filter(|file| !matches!(file.content, Content::Facts(_)));
    let unread: BTreeSet<&str> = unread.flat_map(|file| folders(&file.path)).collect();
    let mut verdict = Verdict::default();
    for (number, file) in candidates {
        verdict.judged += 1;
        if !file.linked && !is_migration(&file.path) && !is_below(&unread, &file.path) {
            verdict.findings.push(Finding {
                rule: LINT.name,
                level: None,
                message: "no target reaches this file: the compiler never sees it".to_owned(),
                help: "declare it with `mod` where it belongs, delete it, or exclude it under `[source]`".to_owned(),
                place: Place::new(FileId(number as u32), Span::default()),
                item: String::new(),
                evidence: Vec::new(),
                chain: Vec::new(),
                imports: Vec::new(),
                trails: Vec::new(),
                fix: None,
            });
        }
    }
    verdict
}

/// The folders in which the modules of a file may lie.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    let module = path.strip_suffix(".rs");
    let root = module.and_then(|module| module.rsplit_once('/'));
    let around = root.filter(|(_, name)| matches!(*name, "mod" | "lib" | "main")).map(|(folder, _)| folder);
    module.into_iter().chain(around)
}

/// Whether a path lies in one of those folders, at any depth.
fn is_below(folders: &BTreeSet<&str>, path: &str) -> bool {
    path.match_indices('/').any(|(at, _)| folders.contains(&path[..at]))
}

/// Whether a path is of a migration as `refinery::embed_migrations!` finds it: `V1__first.rs`.
fn is_migration(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let numbered = name.strip_prefix(['V', 'U']).and_then(|rest| rest.split_once("__"));
    folder.split('/').any(|part| part == "migrations")
        && numbered.is_some_and(|(number, _)| {
            !number.is_empty() && number.chars().all(|one| one.is_ascii_digit() || matches!(one, '_' | '.'))
        })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::{LINT, folders, is_below};
    use crate::testing::{check, judged};
    use expect_test::expect;

    #[test]
    fn a_file_that_no_module_declares_is_reported_and_its_neighbour_is_not() {
        check(
            &LINT,
            "
            //- src/lib.rs
            mod price;
            //- src/price.rs
            pub fn price() {}
            //- src/old_price.rs
            pub fn price() {}
            ",
            &expect![[r#"
                //- src/old_price.rs
                pub fn price() {}
                ^ no target reaches this file: the compiler never sees it
                help: declare it with `mod` where it belongs, delete it, or exclude it under `[source]`
            "#]],
        );
    }

    #[test]
    fn what_a_module_declares_that_does_not_parse_is_not_known() {
        check(
            &LINT,
            "
            //- src/lib.rs
            mod price;
            mod books;
            //- src/price.rs
            mod tax
            //- src/price/tax.rs
            //- src/old_price.rs
            pub fn price() {}
            //- src/books.rs
            //- src/books/old.rs
            ",
            &expect![[r#"
                //- src/books/old.rs

                ^ no target reaches this file: the compiler never sees it
                //- src/old_price.rs
                pub fn price() {}
                ^ no target reaches this file: the compiler never sees it
                help: declare it with `mod` where it belongs, delete it, or exclude it under `[source]`
            "#]],
        );
        check(&LINT, "//- src/lib.rs\nmod price\n//- src/price.rs\n//- src/books/old.rs", &expect![""]);
    }

    #[test]
    fn migrations_that_a_macro_compiles_pass_and_others_do_not() {
        check(
            &LINT,
            "
            //- src/lib.rs
            refinery::embed_migrations!(\"src/migrations\");
            //- src/migrations/V1__first.rs
            pub fn migration() -> String { String::new() }
            //- src/migrations/Very__old.rs
            pub fn migration() -> String { String::new() }
            ",
            &expect![[r#"
                //- src/migrations/Very__old.rs
                pub fn migration() -> String { String::new() }
                ^ no target reaches this file: the compiler never sees it
                help: declare it with `mod` where it belongs, delete it, or exclude it under `[source]`
            "#]],
        );
    }

    #[test]
    fn a_root_has_its_modules_beside_it_and_any_other_file_in_a_folder_of_its_name() {
        let of = |path| folders(path).collect::<Vec<_>>();
        assert_eq!(of("src/gen/mod.rs"), ["src/gen/mod", "src/gen"]);
        assert_eq!(of("src/gen.rs"), ["src/gen"]);
        assert_eq!(of("build.rs"), ["build"]);
        let generated = of("src/gen.rs").into_iter().collect();
        assert!(is_below(&generated, "src/gen/a.rs") && is_below(&generated, "src/gen/a/b.rs"));
        assert!(!is_below(&generated, "src/gen.rs") && !is_below(&generated, "src/general/a.rs"));
    }

    #[test]
    fn what_a_generated_module_may_declare_passes_and_what_lies_beside_it_does_not() {
        check(
            &LINT,
            "
            //- src/lib.rs
            mod models;
            //- src/models/mod.rs
            // @generated by a tool
            pub mod contact;
            //- src/models/contact.rs
            pub struct Contact;
            //- src/contact.rs
            pub struct Contact;
            ",
            &expect![[r#"
                //- src/contact.rs
                pub struct Contact;
                ^ no target reaches this file: the compiler never sees it
                help: declare it with `mod` where it belongs, delete it, or exclude it under `[source]`
            "#]],
        );
    }

    #[test]
    fn every_way_to_reach_a_file_counts() {
        check(
            &LINT,
            r#"
            //- src/lib.rs
            mod plain;
            mod folder;
            mod inline { mod inner; }
            #[path = "odd/name.rs"]
            mod moved;
            #[cfg_attr(windows, path = "on_windows.rs")]
            #[cfg_attr(unix, path = "on_unix.rs")]
            mod platform;
            cfg_if::cfg_if! { if #[cfg(unix)] { mod left; } else { mod right; } }
            #[cfg(test)]
            mod tests;
            macro_rules! keep { ($($item:item)*) => { $($item)* } }
            keep! { mod kept; }
            //- src/plain.rs
            //- src/folder/mod.rs
            mod child;
            //- src/folder/child.rs
            //- src/inline/inner.rs
            //- src/odd/name.rs
            //- src/on_windows.rs
            //- src/on_unix.rs
            //- src/left.rs
            //- src/right.rs
            //- src/tests.rs
            //- src/kept.rs
            //- src/bin/tool.rs
            fn main() {}
            //- build.rs
            fn main() {}
            "#,
            &expect![[r#""#]],
        );
    }

    #[test]
    fn what_is_reached_only_from_an_unreached_file_is_unreached() {
        check(
            &LINT,
            "
            //- src/lib.rs
            //- src/old.rs
            mod part;
            //- src/old/part.rs
            ",
            &expect![[r#"
                //- src/old.rs
                mod part;
                ^ no target reaches this file: the compiler never sees it
                //- src/old/part.rs

                ^ no target reaches this file: the compiler never sees it
                help: declare it with `mod` where it belongs, delete it, or exclude it under `[source]`
            "#]],
        );
    }

    #[test]
    fn a_comment_or_a_text_declares_nothing() {
        check(
            &LINT,
            r#"
            //- src/lib.rs
            // mod price;
            const TEXT: &str = "mod price;";
            //- src/price.rs
            "#,
            &expect![[r#"
                //- src/price.rs

                ^ no target reaches this file: the compiler never sees it
                help: declare it with `mod` where it belongs, delete it, or exclude it under `[source]`
            "#]],
        );
    }

    #[test]
    fn test_data_and_files_outside_every_package_are_not_judged() {
        let project = "
            //- app/Cargo.toml
            [package]
            name = \"app\"
            //- app/src/lib.rs
            //- app/tests/data/case.rs
            //- app/examples/parts/helper.rs
            //- scripts/tool.rs
        ";
        check(&LINT, project, &expect![[r#""#]]);
        assert_eq!(judged(&LINT, project), 1);
    }

    #[test]
    fn what_does_not_parse_or_was_generated_is_not_reported_again() {
        check(
            &LINT,
            "
            //- src/lib.rs
            //- src/broken.rs
            fn (
            //- src/made.rs
            // @generated
            ",
            &expect![[r#""#]],
        );
    }
}
