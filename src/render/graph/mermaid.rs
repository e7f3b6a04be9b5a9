//! A flowchart in the language of Mermaid, as GitHub and GitLab draw it.

use super::label;
use crate::render::clean;
use baton_core::graph::{Arrow, Group, View};
use baton_core::link::RoleKind;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The colours say on their own whether they stand on light or on dark.
const CLASSES: &str = "    \
    classDef core fill:#dcf3e3,stroke:#2f7d4f,color:#12351f
    classDef shell fill:#dcebfa,stroke:#2b6cb0,color:#10304f
    classDef orchestrator fill:#ece3fa,stroke:#6b46c1,color:#2a1a52
    classDef entry fill:#fdf0d0,stroke:#b7791f,color:#4a3208
    classDef plain fill:#f1f3f5,stroke:#6b7280,color:#1f2328
    classDef outside fill:#ffffff,stroke:#6b7280,color:#1f2328,stroke-dasharray:2 3
    classDef neighbour stroke-dasharray:6 3
";

/// The view as a flowchart, with the number of places at each arrow.
pub(super) fn mermaid(view: &View) -> String {
    let ids: Vec<String> = (0..view.groups.len()).map(|number| format!("n{number}")).collect();
    drawn(view, &ids, |arrow| Some(label(arrow)))
}

/// The view as a flowchart in which only arrows that break a rule say something, and boxes are known by their
/// names: numbers of places and of boxes would change with every edit.
pub(in crate::render) fn flowchart(view: &View) -> String {
    drawn(view, &ids(view), |arrow| {
        let rules: BTreeSet<_> = arrow.violations.iter().map(|violation| violation.rule).collect();
        (!rules.is_empty()).then(|| rules.into_iter().collect::<Vec<_>>().join(", "))
    })
}

/// A word for each group, made of its name. Two of one word are told apart by a number.
fn ids(view: &View) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let words = view.groups.iter().map(|group| {
        let word: String = group.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        // `end` and the like are words of the language.
        let word = format!("x_{word}");
        let count = seen.entry(word.clone()).or_default();
        *count += 1;
        if *count == 1 { word } else { format!("{word}_{count}") }
    });
    words.collect()
}

fn drawn(view: &View, ids: &[String], label: impl Fn(&Arrow) -> Option<String>) -> String {
    let mut out = String::from("flowchart TD\n");
    for (number, group) in view.groups.iter().enumerate() {
        let (open, close) = if group.outside { ("([\"", "\"])") } else { ("[\"", "\"]") };
        let _ = writeln!(out, "    {}{open}{}{close}:::{}", ids[number], text(&group.name), class(group));
    }
    let around = view.groups.iter().enumerate().filter(|(_, group)| group.neighbour);
    let around: Vec<_> = around.map(|(number, _)| ids[number].as_str()).collect();
    if !around.is_empty() {
        let _ = writeln!(out, "    class {} neighbour", around.join(","));
    }
    let mut broken = Vec::new();
    for (number, arrow) in view.arrows.iter().enumerate() {
        let line = if arrow.violations.is_empty() { "-->" } else { "-.->" };
        let label = label(arrow).map(|label| format!("|\"{}\"|", text(&label))).unwrap_or_default();
        let _ = writeln!(out, "    {} {line}{label} {}", ids[arrow.from], ids[arrow.to]);
        if !arrow.violations.is_empty() {
            broken.push(number.to_string());
        }
    }
    if !broken.is_empty() {
        let _ = writeln!(out, "    linkStyle {} stroke:#d1242f,color:#d1242f,stroke-width:2px", broken.join(","));
    }
    let used = |line: &&str| {
        let name = line.split_whitespace().nth(1).unwrap_or_default();
        view.groups.iter().any(|group| class(group) == name || (group.neighbour && name == "neighbour"))
    };
    out.extend(CLASSES.lines().filter(used).flat_map(|line| [line, "\n"]));
    out
}

fn class(group: &Group) -> &'static str {
    match group.kind() {
        _ if group.outside => "outside",
        Some(role @ (RoleKind::Core | RoleKind::Shell | RoleKind::Orchestrator | RoleKind::Entry)) => role.name(),
        _ => "plain",
    }
}

/// A text inside of quotes. Mermaid reads `#35;` as the character of that number, and whatever is
/// no letter, digit or plain separator could mean something to it or to HTML.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean::line(text).chars() {
        if c.is_alphanumeric() || "_:./-, ".contains(c) {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", c as u32);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::graph::testing;
    use expect_test::expect;

    #[test]
    fn groups_arrows_and_violations() {
        let chart = mermaid(&testing::view());
        expect![[r#"
            flowchart TD
                n0["core"]:::core
                n1["no role"]:::plain
                n2["shell"]:::shell
                n3(["sqlx"]):::outside
                class n1 neighbour
                n0 -.->|"1 of 3 breaks core-imports-shell"| n2
                n1 -->|"1"| n0
                n2 -->|"12"| n0
                n2 -->|"2"| n3
                linkStyle 0 stroke:#d1242f,color:#d1242f,stroke-width:2px
        "#]]
        .assert_eq(chart.split("    classDef").next().unwrap_or_default());
    }

    #[test]
    fn boxes_may_be_known_by_their_names() {
        let mut view = testing::view();
        view.groups[1].name = "core".to_owned();
        assert_eq!(ids(&view), ["x_core", "x_core_2", "x_shell", "x_sqlx"]);
        assert!(flowchart(&view).contains("x_core -.->|\"core-imports-shell\"| x_shell\n    x_core_2 --> x_core\n"));
    }

    #[test]
    fn nothing_in_a_name_is_read_as_mermaid_or_html() {
        assert_eq!(text("a::b-c/d.rs"), "a::b-c/d.rs");
        assert_eq!(text("\"];<b>#1\u{202e}`"), "#34;#93;#59;#60;b#62;#35;1#92;u#123;202e#125;#96;");
    }
}
