//! # does-not-parse
//!
//! ## What it does
//!
//! Reports every file that cannot be judged because it cannot be read as Rust: it does not parse,
//! is not UTF-8, cannot be opened, is larger than 8 MiB, or nests deeper than a parser can follow
//! safely. Module declarations that lead to no file, or back to a file they are part of, are
//! reported too. The other files are judged all the same.
//!
//! ## Why
//!
//! A linter that skips what it cannot read is green by accident: the file that breaks every rule
//! passes, as long as it is broken enough.
//!
//! ## Bad
//!
//! ```rust,ignore
//! pub fn price(order: &Order) -> Money {
//!     order.total( // the parenthesis never closes
//! }
//! ```
//!
//! ## Good
//!
//! ```rust,ignore
//! pub fn price(order: &Order) -> Money {
//!     order.total()
//! }
//! ```
//!
//! A file that is not meant to compile, such as a template, is left out by name:
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
//! The grammar is that of `syn`: syntax that only a nightly compiler accepts may be refused. Where no
//! rule looks into function bodies, which is in test code and in files without a role that do not lie
//! between the core and the shell, bodies are only checked to be balanced: a mistake inside one is the
//! compiler's to tell. So is documentation that documents nothing. A module declaration under a
//! `cfg` may have its file made by a build, so its absence is not reported. The tokens inside a
//! macro call are only checked to be balanced.

use baton_core::finding::{Finding, Level};
use baton_core::link::{Content, Project};
use baton_core::lint::{Check, Lint, Options, Verdict};
use baton_core::source::{FileId, Place};

/// The lint.
pub static LINT: Lint = Lint {
    name: "does-not-parse",
    level: Level::Deny,
    summary: "A file cannot be read as Rust, so nothing in it is judged.",
    source: include_str!("does_not_parse.rs"),
    options: &[],
    check: Check::Whole(check),
};

fn check(project: &Project, _: &Options) -> Verdict {
    let mut findings = Vec::new();
    for (number, file) in project.files.iter().enumerate() {
        if let Content::Failed(failure) = &file.content {
            let place = Place::new(FileId(number as u32), failure.span);
            findings.push(finding(failure.message.clone(), failure.help.clone(), place));
        }
    }
    for fault in &project.faults {
        findings.push(finding(fault.message.clone(), fault.help.clone(), fault.place));
    }
    Verdict { judged: project.files.len(), findings }
}

fn finding(message: String, help: String, place: Place) -> Finding {
    Finding {
        rule: LINT.name,
        level: None,
        message,
        help,
        place,
        item: String::new(),
        evidence: Vec::new(),
        chain: Vec::new(),
        imports: Vec::new(),
        trails: Vec::new(),
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "the command that updates the snapshots writes them")]

    use super::LINT;
    use crate::testing::{check, judged};
    use expect_test::{Expect, expect};

    #[track_caller]
    fn says(project: &str, expected: &Expect) {
        check(&LINT, project, expected);
    }

    #[test]
    fn a_syntax_error_is_reported_at_its_token_and_the_other_files_go_on() {
        let project = "
            //- src/core/price.rs
            pub fn price(order u8) {}
            //- src/core/tax.rs
            pub fn tax() {}
        ";
        says(
            project,
            &expect![[r#"
            //- src/core/price.rs
            pub fn price(order u8) {}
                               ^^ syntax error: expected `:`
            help: fix the syntax, or exclude the file under `[source]` if it is not meant to compile
        "#]],
        );
        assert_eq!(judged(&LINT, project), 3, "the two and `src/lib.rs`");
    }

    #[test]
    fn an_unbalanced_brace_and_a_text_without_end() {
        says(
            r#"
            //- src/core/price.rs
            pub fn price() {
                if true {
            }
            //- src/core/tax.rs
            const NAME: &str = "tax;
            "#,
            &expect![[r#"
                //- src/core/price.rs
                pub fn price() {
                               ^ syntax error: a bracket, string or comment is not closed, or closed twice, or a character fits nowhere
                //- src/core/tax.rs
                const NAME: &str = "tax;
                                   ^ syntax error: a bracket, string or comment is not closed, or closed twice, or a character fits nowhere
                help: fix the syntax, or exclude the file under `[source]` if it is not meant to compile
            "#]],
        );
    }

    #[test]
    fn an_unbalanced_macro_call_is_one_and_strange_tokens_in_it_are_none() {
        says(
            "
            //- src/core/price.rs
            price!(a b => ) c);
            //- src/core/tax.rs
            tax!(a b => @ c);
            ",
            &expect![[r#"
                //- src/core/price.rs
                price!(a b => ) c);
                                 ^ syntax error: a bracket, string or comment is not closed, or closed twice, or a character fits nowhere
                help: fix the syntax, or exclude the file under `[source]` if it is not meant to compile
            "#]],
        );
    }

    #[test]
    fn nesting_that_no_stack_holds_is_refused_and_deep_but_sane_nesting_is_not() {
        let nested = |depth| format!("//- src/core/a.rs\nconst A: u8 = {}1{};", "(".repeat(depth), ")".repeat(depth));
        check(&LINT, &nested(30), &expect![[r#""#]]);
        let project = format!("//- src/core/a.rs\nconst A: u8 =\n{}1{};", "(".repeat(9_000), ")\n".repeat(9_000));
        let found = crate::testing::messages(&LINT, &project);
        assert!(matches!(&found[..], [one] if one.starts_with("nested ")), "{found:?}");
    }

    #[test]
    fn a_module_without_a_file_is_reported_and_one_that_a_build_may_make_is_not() {
        says(
            r#"
            //- src/lib.rs
            mod price;
            mod absent;
            #[cfg(feature = "tables")]
            mod tables;
            #[path = "elsewhere.rs"]
            mod moved;
            //- src/price.rs
            pub fn price() {}
            "#,
            &expect![[r#"
                //- src/lib.rs
                mod absent;
                    ^^^^^^ module `absent` has no file: neither src/absent.rs nor src/absent/mod.rs is there
                mod moved;
                    ^^^^^ module `moved` has no file: src/elsewhere.rs is not there
                help: add the file or remove the declaration; a file that git ignores is not read
            "#]],
        );
    }

    #[test]
    fn a_module_that_is_part_of_itself_has_no_end() {
        says(
            r#"
            //- src/lib.rs
            mod a;
            //- src/a.rs
            #[path = "a.rs"]
            mod again;
            "#,
            &expect![[r#"
                //- src/a.rs
                mod again;
                    ^^^^^ module `again` is src/a.rs again, which it is part of: the module tree has no end
                help: let the `#[path]` name another file
            "#]],
        );
    }

    #[test]
    fn old_and_new_syntax_both_parse() {
        says(
            r#"
            //- src/core/a.rs
            #!/usr/bin/env run
            pub async fn run(f: impl AsyncFn(u8) -> u8) { let Some(x) = Some(1) else { return }; f(x).await; }
            unsafe extern "C" { safe fn abs(x: i32) -> i32; }
            fn old(x: Box<dyn Fn() + 'static>) where for<'a> &'a str: Sized { drop(x) }
            const fn raw() -> &'static std::ffi::CStr { c"text" }
            "#,
            &expect![[r#""#]],
        );
    }
}
