//! What came of comparing pages with what they should be.

use crate::error::Failure;
use crate::render::clean;
use crate::render::tally::count;
use baton_core::inventory::page::is_page;
use baton_core::inventory::{Objection, Planned};
use similar::TextDiff;
use std::fmt::Write;

/// The plans, if there are any.
///
/// # Errors
///
/// There is nothing that a page could be about.
pub fn some(plans: Vec<Planned>) -> Result<Vec<Planned>, Failure> {
    let hint = "declare one in `baton.toml`: `[[folder]]` with its `path`, its `purpose` and what belongs there";
    let nothing = || Failure::new("no folder here has a contract, so there is no page to write", hint);
    if plans.is_empty() { Err(nothing()) } else { Ok(plans) }
}

/// The difference between every page as it is and as it should be, as unified diffs.
pub fn differences(plans: &[Planned]) -> String {
    let mut out = String::new();
    for plan in plans.iter().filter(|plan| !plan.is_current()) {
        let (before, after) = (plan.before.as_deref().unwrap_or_default(), plan.after.as_deref().unwrap_or_default());
        let name = |side: &str, text: &Option<String>| {
            text.as_ref().map_or_else(|| "/dev/null".to_owned(), |_| format!("{side}/{}", clean::line(&plan.path)))
        };
        let diff = TextDiff::from_lines(before, after);
        let shown = diff.unified_diff().header(&name("a", &plan.before), &name("b", &plan.after)).to_string();
        out.push_str(&clean::lines(&shown));
        out.push('\n');
    }
    out
}

/// What may not just be written, and what to do about it, a line or two each.
pub fn objections(plans: &[Planned]) -> String {
    let mut out = String::new();
    for plan in plans {
        let path = clean::line(&plan.path);
        match &plan.objection {
            None => {}
            Some(Objection::Notes) => {
                let _ = writeln!(
                    out,
                    "{path}: no folder or file asks for this page any more, and somebody wrote on it\n  = help: move what is worth keeping, and remove the page"
                );
            }
            Some(Objection::Edited(edited)) => {
                for one in edited {
                    let _ = writeln!(
                        out,
                        "{path}:{}: the generated part `{}` was edited by hand\n  = help: put what you want to keep outside of the markers; `baton inventory --force` writes over the part",
                        one.line, one.name
                    );
                }
            }
        }
    }
    out
}

/// The pages that people had before there were any, and that have parts now; a line each.
pub fn adopted(plans: &[Planned]) -> String {
    let has_page = |text: &Option<String>| text.as_ref().is_some_and(|text| is_page(text));
    let adopted = plans.iter().filter(|plan| plan.objection.is_none() && plan.before.is_some());
    let adopted = adopted.filter(|plan| !has_page(&plan.before) && has_page(&plan.after));
    let mut out = String::new();
    for plan in adopted {
        let path = clean::line(&plan.path);
        let _ = writeln!(out, "{path}: what stood there stays, and the generated parts were put below it");
    }
    out
}

/// What was done, in a line.
pub fn written(plans: &[Planned]) -> String {
    let done = |is: &dyn Fn(&Planned) -> bool| plans.iter().filter(|plan| plan.objection.is_none() && is(plan)).count();
    let current = done(&|plan| plan.is_current());
    let removed = done(&|plan| plan.after.is_none());
    let written = done(&|plan| !plan.is_current() && plan.after.is_some());
    let objections = plans.iter().filter(|plan| plan.objection.is_some()).count();
    let mut parts = vec![format!("wrote {}", count(written, "page")), format!("{current} current")];
    if removed > 0 {
        parts.push(format!("removed {removed}"));
    }
    if objections > 0 {
        parts.push(format!("left {objections} alone"));
    }
    format!("{}\n", parts.join("; "))
}

/// Whether the pages are current, in a line.
pub fn compared(plans: &[Planned]) -> String {
    let stale = plans.iter().filter(|plan| !plan.is_current()).count();
    match stale {
        0 => format!("{}: all current\n", count(plans.len(), "page")),
        1 => "1 page is out of date: run `baton inventory`\n".to_owned(),
        several => format!("{several} pages are out of date: run `baton inventory`\n"),
    }
}
