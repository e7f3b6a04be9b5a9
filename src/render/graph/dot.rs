//! A graph in the language of Graphviz.

use super::{label, shown};
use crate::render::clean;
use baton_core::graph::{Group, View};
use baton_core::link::RoleKind;
use baton_core::report::Report;
use std::fmt::Write;

const HEAD: &str = "digraph imports {
    rankdir=TB
    bgcolor=\"transparent\"
    node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, color=\"#6b7280\", fillcolor=\"#f1f3f5\"]
    edge [fontname=\"Helvetica\", fontsize=9, color=\"#6b7280\", fontcolor=\"#6b7280\"]
";

/// The view for Graphviz.
pub(super) fn dot(view: &View, report: &Report) -> String {
    let mut out = String::from(HEAD);
    for group in &view.groups {
        let _ = writeln!(out, "    {}{};", quoted(&group.id()), attributes(group));
    }
    for arrow in &view.arrows {
        let (from, to) = (&view.groups[arrow.from], &view.groups[arrow.to]);
        let (path, line) = shown(report, arrow.sample);
        let tooltip = format!("{} -> {}  {path}:{line}  {}", from.name, to.name, arrow.path);
        let mark = if arrow.violations.is_empty() {
            ""
        } else {
            ", style=dashed, penwidth=2, color=\"#d1242f\", fontcolor=\"#d1242f\""
        };
        let (from, to) = (quoted(&from.id()), quoted(&to.id()));
        let (label, tooltip) = (quoted(&label(arrow)), quoted(&tooltip));
        let _ = writeln!(out, "    {from} -> {to} [label={label}, tooltip={tooltip}{mark}];");
    }
    out.push_str("}\n");
    out
}

fn attributes(group: &Group) -> String {
    let mut attributes = Vec::new();
    if group.outside {
        attributes.push(format!("label={}, shape=ellipse, style=dashed", quoted(&group.name)));
    } else if group.neighbour {
        attributes.push("style=\"rounded,dashed\"".to_owned());
    }
    let colours = match group.kind().filter(|_| !group.outside) {
        Some(RoleKind::Core) => Some(("#2f7d4f", "#dcf3e3")),
        Some(RoleKind::Shell) => Some(("#2b6cb0", "#dcebfa")),
        Some(RoleKind::Orchestrator) => Some(("#6b46c1", "#ece3fa")),
        Some(RoleKind::Entry) => Some(("#b7791f", "#fdf0d0")),
        _ => None,
    };
    attributes.extend(colours.map(|(line, fill)| format!("color=\"{line}\", fillcolor=\"{fill}\"")));
    if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) }
}

/// A text in quotes. Graphviz reads `\` and `"` there, and `&` as the beginning of an entity.
fn quoted(text: &str) -> String {
    let text = clean::line(text).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::graph::testing;
    use crate::render::testing::report;
    use expect_test::expect;

    #[test]
    fn groups_arrows_and_violations() {
        let text = dot(&testing::view(), &report());
        expect![[r##"
                "core" [color="#2f7d4f", fillcolor="#dcf3e3"];
                "no role" [style="rounded,dashed"];
                "shell" [color="#2b6cb0", fillcolor="#dcebfa"];
                "outside:sqlx" [label="sqlx", shape=ellipse, style=dashed];
                "core" -> "shell" [label="1 of 3 breaks core-imports-shell", tooltip="core -> shell  src/domain/a.rs:2  shared::cache", style=dashed, penwidth=2, color="#d1242f", fontcolor="#d1242f"];
                "no role" -> "core" [label="1", tooltip="no role -> core  src/shared.rs:2  shared::cache"];
                "shell" -> "core" [label="12", tooltip="shell -> core  src/domain/a.rs:2  shared::cache"];
                "shell" -> "outside:sqlx" [label="2", tooltip="shell -> sqlx  src/shared.rs:2  shared::cache"];
            }
        "##]].assert_eq(text.strip_prefix(HEAD).unwrap_or_default());
    }

    #[test]
    fn nothing_in_a_name_ends_the_quotes() {
        assert_eq!(quoted("a\"b\\N&lt;\n"), "\"a\\\"b\\\\N&amp;lt;␊\"");
    }
}
